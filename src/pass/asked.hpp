// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "reference/reference.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pysup::pass {

/// What a reference asks for, as the state database keeps it: about 20 bytes a file, because each
/// path is written as what differs from the one before it. Equal references give equal text.
std::string encode_asked(const reference::Reference& reference);

/// Reads that back; nullopt where it is not what encode_asked() writes.
std::optional<reference::Reference> decode_asked(std::string name, reference::Kind kind,
                                                 std::string_view asked);

} // namespace pysup::pass
