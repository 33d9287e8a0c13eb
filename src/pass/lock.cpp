// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/lock.hpp"

#include "pass/tree.hpp"
#include "state/state_directory.hpp"
#include "state/store.hpp"

namespace pysup::pass {

Result<os::Lock> take_lock(const os::Root& root, const Request& request, Observer& observer) {
  // Makes the directory, and takes away the link that python-support 1.0 had in its place.
  if (const auto made = state::open_state_directory(root, state::Missing::is_made); !made) {
    return tl::unexpected(made.error());
  }
  const std::string directory = state::directory;
  const auto parent = place_of(root, std::string(os::parent_of(directory)));
  if (!parent) {
    return tl::unexpected(parent.error());
  }
  return os::Lock::take(root, *parent + '/' + std::string(os::name_of(directory)), "lock",
                        request.who,
                        [&](const std::string& holder) { observer.waiting_for(holder); });
}

} // namespace pysup::pass
