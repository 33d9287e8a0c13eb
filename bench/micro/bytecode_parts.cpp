// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixtures.hpp"
#include "parts.hpp"
#include "streams.hpp"

#include "bytecode/normal_form.hpp"

namespace pysup::bench {

Operation normalize_streams(std::size_t modules) {
  const auto streams = std::make_shared<const Streams>(modules);
  return {{}, [streams] {
            for (std::size_t number = 0; number < streams->size(); ++number) {
              keep(must(bytecode::normalize(version, (*streams)[number])));
            }
            return streams->size();
          }};
}

} // namespace pysup::bench
