// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace pysup::plan {

namespace {

/// That many of the largest sources are compiled first. Sorting all by size would scatter the
/// writes over the directories, which costs more than it gains.
constexpr std::size_t largest_first = 64;

os::Text in_the_way(const Fact& fact) {
  switch (fact.present) {
  case Present::packaged:
    return "belongs to package " + fact.owner + ", left as it is";
  case Present::other:
    return "was not made by python-support, left as it is";
  default:
    return {};
  }
}

/// Whether a wanted link or file cannot be had because something else has its place.
bool is_blocked(const Fact& fact) {
  return fact.wanted && !fact.right &&
         (fact.present == Present::other || fact.present == Present::packaged);
}

class Planner {
 public:
  Planner(const std::vector<Fact>& facts, const Policy& policy) : facts_(facts), policy_(policy) {}

  Plan run() {
    assert(facts_.size() < none);
    for (Index i = 0; i < facts_.size(); ++i) {
      const Fact& fact = facts_[i];
      if (!fact.wanted) {
        unwanted(i);
      } else if (fact.kind == Kind::bytecode) {
        wanted_bytecode(i);
      } else {
        wanted_file(i);
      }
    }
    order();
    return std::move(plan_);
  }

 private:
  void add(Do what, Index fact, os::Text note = {}) { plan_.actions.push_back({what, fact, note}); }

  void unwanted(Index i) {
    const Fact& fact = facts_[i];
    const bool is_cache = fact.kind == Kind::bytecode; // may have been rewritten by an interpreter
    switch (fact.present) {
    case Present::ours:
      return add(Do::remove, i);
    case Present::other:
      if (is_cache && fact.recorded) {
        return add(Do::remove, i);
      }
      [[fallthrough]];
    case Present::packaged:
      if (fact.recorded) {
        add(Do::forget, i, in_the_way(fact));
      }
      return;
    case Present::nothing:
      if (fact.recorded) {
        add(Do::forget, i);
      }
      return;
    }
  }

  void wanted_file(Index i) {
    const Fact& fact = facts_[i];
    if (is_blocked(fact)) {
      return add(Do::leave, i, in_the_way(fact));
    }
    if (!fact.right || (fact.forced && fact.present == Present::ours)) {
      return add(Do::make, i);
    }
    if (!fact.recorded && fact.present == Present::ours) {
      add(Do::record, i);
    }
  }

  void wanted_bytecode(Index i) {
    const Fact& fact = facts_[i];
    if (fact.link != none && is_blocked(facts_[fact.link])) {
      if (fact.recorded) { // nothing that we made is there to be compiled
        add(fact.present == Present::packaged ? Do::forget : Do::remove, i);
      }
      return;
    }
    if (fact.present == Present::packaged) {
      return add(Do::leave, i, in_the_way(fact));
    }
    if (fact.forced) {
      return compile(i);
    }
    switch (fact.fitness) {
    case Fitness::fresh:
      plan_.up_to_date.push_back(i);
      return;
    case Fitness::unrecorded:
      plan_.up_to_date.push_back(i);
      return add(Do::record, i);
    case Fitness::header_only:
      return add(Do::rewrite_header, i);
    case Fitness::stale:
    case Fitness::stale_unchecked:
      return compile(i);
    case Fitness::hopeless:
      plan_.hopeless.push_back(i);
      return;
    }
  }

  void compile(Index i) {
    if (policy_.compile) {
      return add(Do::compile, i);
    }
    plan_.deferred.push_back(i);
    // An interpreter passes over stale bytecode by itself, unless it was told not to look.
    if (facts_[i].fitness == Fitness::stale_unchecked) {
      add(Do::remove, i);
    }
  }

  /// Removals, forgotten rows, then what is made, then what is compiled.
  [[nodiscard]] static int stage(const Action& action) {
    switch (action.what) {
    case Do::remove:
      return 0;
    case Do::forget:
    case Do::leave:
      return 1;
    case Do::make:
      return 2;
    case Do::record:
    case Do::rewrite_header:
      return 3;
    case Do::compile:
      return 4;
    }
    return 0;
  }

  void order() {
    std::stable_sort(plan_.actions.begin(), plan_.actions.end(),
                     [this](const Action& a, const Action& b) {
                       const Fact& left = facts_[a.fact];
                       const Fact& right = facts_[b.fact];
                       const int stages = stage(a) - stage(b);
                       if (stages != 0) {
                         return stages < 0;
                       }
                       if (stage(a) >= 3 && left.version != right.version) {
                         return left.version < right.version;
                       }
                       return left.path < right.path;
                     });
    auto first = std::find_if(plan_.actions.begin(), plan_.actions.end(),
                              [](const Action& a) { return a.what == Do::compile; });
    while (first != plan_.actions.end()) {
      const Version version = facts_[first->fact].version;
      const auto end = std::find_if(first, plan_.actions.end(), [&](const Action& a) {
        return facts_[a.fact].version != version;
      });
      move_largest_first(first, end);
      first = end;
    }
  }

  void move_largest_first(std::vector<Action>::iterator first, std::vector<Action>::iterator end) {
    const auto count = static_cast<std::size_t>(std::distance(first, end));
    const auto small = count <= largest_first ? end : move_large(first, end, count);
    std::stable_sort(first, small,
                     [this](const Action& a, const Action& b) { return size(a) > size(b); });
  }

  /// Puts those that are larger than the next after the largest first; returns their end.
  std::vector<Action>::iterator move_large(std::vector<Action>::iterator first,
                                           std::vector<Action>::iterator end, std::size_t count) {
    std::vector<std::uint64_t> sizes;
    sizes.reserve(count);
    std::for_each(first, end, [&](const Action& a) { sizes.push_back(size(a)); });
    std::nth_element(sizes.begin(), sizes.begin() + largest_first, sizes.end(), std::greater<>());
    const std::uint64_t bound = sizes[largest_first];
    return std::stable_partition(first, end, [&](const Action& a) { return size(a) > bound; });
  }

  [[nodiscard]] std::uint64_t size(const Action& action) const {
    return facts_[action.fact].source_size;
  }

  const std::vector<Fact>& facts_;
  const Policy& policy_;
  Plan plan_;
};

} // namespace

std::string_view to_text(Do what) {
  switch (what) {
  case Do::remove:
    return "remove";
  case Do::make:
    return "make";
  case Do::compile:
    return "compile";
  case Do::rewrite_header:
    return "rewrite header";
  case Do::record:
    return "record";
  case Do::forget:
    return "forget";
  case Do::leave:
    return "leave";
  }
  return "";
}

Plan make_plan(const std::vector<Fact>& facts, const Policy& policy) {
  return Planner(facts, policy).run();
}

} // namespace pysup::plan
