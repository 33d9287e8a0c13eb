// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytecode/marshal_dialect.hpp"

#include <algorithm>
#include <array>

namespace pysup::bytecode {
namespace {

struct Entry {
  Version first;
  Version last;
  MarshalDialect dialect;
};

const std::array entries = {
    Entry{{2, 7}, {2, 7}, {2, "0NFTS.iIlfgxystuR([{<>c", &code_layout_2_7}},
    Entry{{3, 8}, {3, 10}, {4, "0NFTS.iIlfgxystuaAzZ()[{<>cr", &code_layout_3_8}},
    Entry{{3, 11}, {3, 13}, {4, "0NFTS.iIlfgxystuaAzZ()[{<>cr", &code_layout_3_11}},
    Entry{{3, 14}, {3, 14}, {5, "0NFTS.iIlfgxystuaAzZ()[{<>cr:", &code_layout_3_11}},
    Entry{{3, 15}, {3, 15}, {6, "0NFTS.iIlfgxystuaAzZ()[{<>cr:}", &code_layout_3_11}},
};

} // namespace

const MarshalDialect* find_dialect(Version version) {
  const auto* const found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
    return entry.first <= version && version <= entry.last;
  });
  return found == entries.end() ? nullptr : &found->dialect;
}

} // namespace pysup::bytecode
