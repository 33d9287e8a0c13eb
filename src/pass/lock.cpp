// SPDX-License-Identifier: GPL-2.0-or-later
#include "pass/lock.hpp"

#include "pass/tree.hpp"
#include "state/store.hpp"

namespace pysup::pass {

Result<os::Lock> take_lock(const os::Root& root, const Request& request, Observer& observer) {
  // The last component is not resolved: python-support 1.0 had a link there, to the trees.
  const std::string directory = state::directory;
  if (const auto info = root.link_info(directory); info && info->type == os::FileType::symlink) {
    return fail(root.host_path(directory) + ": is a symbolic link, as python-support 1.0 made " +
                "it; nothing is done until it is removed");
  }
  const auto parent = place_of(root, std::string(os::parent_of(directory)));
  if (!parent) {
    return tl::unexpected(parent.error());
  }
  return os::Lock::take(root, *parent + '/' + std::string(os::name_of(directory)), "lock",
                        request.who,
                        [&](const std::string& holder) { observer.waiting_for(holder); });
}

} // namespace pysup::pass
