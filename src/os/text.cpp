// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/text.hpp"

#include "os/process_seed.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <xxhash.h>

namespace pysup::os {

/// What stands before names, to the last slash and with it.
struct Text::Folder {
  std::string_view bytes;
  std::uint32_t hash;
};

/// Its name follows it in memory, with a NUL.
struct Text::Record {
  const Folder* folder;
  std::uint32_t hash;
  std::uint32_t id;
  std::uint32_t length; ///< bytes of the name

  /// The name begins behind the last member, in the padding where there is some.
  static constexpr std::size_t name_offset = sizeof(void*) + 3 * sizeof(std::uint32_t);

  [[nodiscard]] std::string_view name() const {
    return {reinterpret_cast<const char*>(this) + name_offset, length};
  }
};

namespace {

using Folder = Text::Folder;

/// Memory for records, which are never given back one by one.
class Arena {
 public:
  void* take(std::size_t size) {
    size = (size + alignof(void*) - 1) / alignof(void*) * alignof(void*);
    if (size > block_size) {
      return blocks_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(size)).get();
    }
    if (size > left_) {
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_size));
      next_ = blocks_.back().get();
      left_ = block_size;
    }
    void* const memory = next_;
    next_ += size;
    left_ -= size;
    return memory;
  }

 private:
  static constexpr std::size_t block_size = 65536;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
};

/// Pointers to things that know their hash; open addressing with linear probing.
template <typename Thing>
class Table {
 public:
  /// The thing with HASH for which IS(thing) holds, or what MAKE() gives.
  template <typename Is, typename Make>
  Thing* find_or_make(std::uint32_t hash, Is is, Make make) {
    if (4 * (count_ + 1) > 3 * slots_.size()) {
      grow();
    }
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != nullptr) {
      if (slots_[at]->hash == hash && is(*slots_[at])) {
        return slots_[at];
      }
      at = (at + 1) & (slots_.size() - 1);
    }
    ++count_;
    return slots_[at] = make();
  }

 private:
  void grow() {
    std::vector<Thing*> old(std::max<std::size_t>(1024, 2 * slots_.size()), nullptr);
    old.swap(slots_);
    for (Thing* const thing : old) {
      if (thing != nullptr) {
        std::size_t at = thing->hash & (slots_.size() - 1);
        while (slots_[at] != nullptr) {
          at = (at + 1) & (slots_.size() - 1);
        }
        slots_[at] = thing;
      }
    }
  }

  std::vector<Thing*> slots_;
  std::size_t count_ = 0;
};

/// Looking up takes less time than putting a thread to sleep would.
class SpinLock {
 public:
  void lock() {
    while (held_.test_and_set(std::memory_order_acquire)) {
      std::this_thread::yield();
    }
  }
  void unlock() { held_.clear(std::memory_order_release); }

 private:
  std::atomic_flag held_;
};

class Texts {
 public:
  Text::Record* find(std::string_view bytes) {
    const std::size_t slash = bytes.rfind('/') + 1; // npos + 1 is 0
    const std::lock_guard guard(lock_);
    return find(find_folder(bytes.substr(0, slash)), bytes.substr(slash));
  }

  Text::Record* find_beside(const Folder* folder, std::string_view name) {
    const std::lock_guard guard(lock_);
    return find(folder, name);
  }

 private:
  Text::Record* find(const Folder* folder, std::string_view name) {
    const std::uint32_t hash = hash_of(folder, name);
    return records_.find_or_make(
        hash,
        [&](const Text::Record& record) {
          return record.folder == folder && record.name() == name;
        },
        [&] { return make(folder, name, hash); });
  }

  /// Paths come by directory, so the last two (sources' and bytecode's) are looked at first.
  const Folder* find_folder(std::string_view bytes) {
    if (recent_[0] != nullptr && recent_[0]->bytes == bytes) {
      return recent_[0];
    }
    std::swap(recent_[0], recent_[1]);
    if (recent_[0] == nullptr || recent_[0]->bytes != bytes) {
      const std::uint32_t hash = hash_of(nullptr, bytes);
      recent_[0] = folders_.find_or_make(
          hash, [&](const Folder& folder) { return folder.bytes == bytes; },
          [&] { return make_folder(bytes, hash); });
    }
    return recent_[0];
  }

  static std::uint32_t hash_of(const Folder* folder, std::string_view bytes) {
    static const std::uint64_t seed = process_seed();
    return static_cast<std::uint32_t>(XXH3_64bits_withSeed(
        bytes.data(), bytes.size(), seed + (folder == nullptr ? 0 : folder->hash)));
  }

  Folder* make_folder(std::string_view bytes, std::uint32_t hash) {
    auto* const copy = static_cast<char*>(arena_.take(bytes.size() + 1));
    std::copy(bytes.begin(), bytes.end(), copy);
    return new (arena_.take(sizeof(Folder))) Folder{{copy, bytes.size()}, hash};
  }

  Text::Record* make(const Folder* folder, std::string_view name, std::uint32_t hash) {
    assert(name.size() < std::numeric_limits<std::uint32_t>::max() &&
           last_id_ < std::numeric_limits<std::uint32_t>::max());
    constexpr std::size_t offset = Text::Record::name_offset;
    auto* const memory =
        static_cast<char*>(arena_.take(std::max(sizeof(Text::Record), offset + name.size() + 1)));
    auto* const record = new (memory)
        Text::Record{folder, hash, ++last_id_, static_cast<std::uint32_t>(name.size())};
    std::copy(name.begin(), name.end(), memory + offset);
    memory[offset + name.size()] = '\0';
    return record;
  }

  SpinLock lock_;
  Arena arena_;
  Table<Folder> folders_;
  Table<Text::Record> records_;
  Folder* recent_[2] = {nullptr, nullptr};
  std::uint32_t last_id_ = 0;
};

/// Never destroyed: texts may be in use until the very end.
Texts& texts() {
  static Texts& all = *new Texts;
  return all;
}

} // namespace

const Text::Record* Text::intern(std::string_view bytes) {
  return bytes.empty() ? nullptr : texts().find(bytes);
}

std::string Text::str() const {
  std::string text;
  text.reserve(size());
  return text.append(folder()).append(name());
}

Text Text::with_name(std::string_view name) const {
  assert(name.find('/') == std::string_view::npos);
  return folder().empty() ? Text(name) : Text(texts().find_beside(record_->folder, name));
}

std::string_view Text::folder() const {
  return record_ == nullptr ? std::string_view() : record_->folder->bytes;
}

std::string_view Text::parent() const {
  return folder().size() > 1 ? folder().substr(0, folder().size() - 1) : folder();
}

std::string_view Text::name() const {
  return record_ == nullptr ? std::string_view("") : record_->name();
}

std::size_t Text::size() const {
  return folder().size() + name().size();
}

bool Text::starts_with(std::string_view head) const {
  const std::string_view first = folder();
  return head.size() <= first.size()
             ? first.starts_with(head)
             : head.starts_with(first) && name().starts_with(head.substr(first.size()));
}

bool Text::ends_with(std::string_view tail) const {
  return tail.size() <= name().size() ? name().ends_with(tail)
                                      : std::string_view(str()).ends_with(tail);
}

std::uint32_t Text::id() const {
  return record_ == nullptr ? 0 : record_->id;
}

std::strong_ordering Text::compare(Text a, Text b) {
  if (a.record_ == b.record_) {
    return std::strong_ordering::equal;
  }
  if (a.record_ == nullptr || b.record_ == nullptr) {
    return a.size() <=> b.size();
  }
  const std::string_view left = a.record_->folder->bytes;
  const std::string_view right = b.record_->folder->bytes;
  if (a.record_->folder == b.record_->folder) {
    return a.name() <=> b.name();
  }
  const std::size_t common = std::min(left.size(), right.size());
  const int folders = left.substr(0, common).compare(right.substr(0, common));
  return folders != 0 ? folders <=> 0 : a.str() <=> b.str();
}

bool Text::has_bytes(std::string_view bytes) const {
  return size() == bytes.size() && starts_with(bytes);
}

bool TextSet::insert(Text text) {
  if (contains(text)) {
    return false;
  }
  if (text.id() >= bits_.size()) {
    bits_.resize(std::max<std::size_t>(text.id() + std::size_t{1}, 2 * bits_.size()));
  }
  bits_[text.id()] = true;
  ++count_;
  return true;
}

void TextSet::erase(Text text) {
  if (contains(text)) {
    bits_[text.id()] = false;
    --count_;
  }
}

} // namespace pysup::os
