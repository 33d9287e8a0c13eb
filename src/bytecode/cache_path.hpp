// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "interpreter/version.hpp"

#include <string>
#include <string_view>

namespace pysup::bytecode {

/// Where the bytecode of SOURCE belongs. 3.x: PEP 3147 and PEP 488, "/d/x.py" gives
/// "/d/__pycache__/x.TAG.pyc", with ".opt-LEVEL" before ".pyc" for levels from 1 on; the stem is
/// what stands before the last dot ("foo.bar.py" gives "foo.bar.TAG.pyc"), as
/// importlib.util.cache_from_source has it. 2.7: "/d/x.pyc", for levels from 1 on "/d/x.pyo".
std::string cache_path(Version version, std::string_view cache_tag, std::string_view source,
                       int level);

/// The last component of that: "x.TAG.pyc" of a source called NAME.
std::string cache_name(Version version, std::string_view cache_tag, std::string_view name,
                       int level);

} // namespace pysup::bytecode
