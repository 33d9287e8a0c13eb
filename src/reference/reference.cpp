// SPDX-License-Identifier: GPL-2.0-or-later
#include "reference/reference.hpp"

#include <cassert>

namespace pysup::reference {

std::string_view to_text(Kind kind) {
  switch (kind) {
  case Kind::public_list:
    return "public";
  case Kind::private_list:
    return "private";
  case Kind::dirs:
    return "dirs";
  case Kind::tree:
    return "tree";
  case Kind::calls:
    return "py3compile";
  }
  assert(false && "not a kind");
  return "";
}

} // namespace pysup::reference
