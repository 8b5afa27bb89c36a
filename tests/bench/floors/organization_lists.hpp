// Each account's list of organization handles, from a pool of size classes: malloc for lists this small is what makes
// the worst single add of layout F slow.
#ifndef ROSTER_BENCH_FLOORS_ORGANIZATION_LISTS_HPP
#define ROSTER_BENCH_FLOORS_ORGANIZATION_LISTS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <vector>

namespace floors {

class OrganizationLists {
 public:
  OrganizationLists() = default;
  OrganizationLists(const OrganizationLists&) = delete;
  OrganizationLists& operator=(const OrganizationLists&) = delete;
  ~OrganizationLists() {
    for (void* const block : blocks_) ::operator delete(block);
  }

  void add_account() { lists_.push_back({}); }
  std::span<const std::uint32_t> of(std::uint32_t account) const {
    return {lists_[account].entries, lists_[account].size};
  }
  /// `more` is how many may follow in the same bulk, this one included: at most one growth a list and bulk.
  void append(std::uint32_t account, std::uint32_t organization, std::uint32_t more = 1) {
    List& list = lists_[account];
    if (list.size == list.capacity) [[unlikely]]
      grow(list, list.size + more);
    list.entries[list.size++] = organization;
  }

 private:
  struct List {
    std::uint32_t* entries = nullptr;
    std::uint32_t size = 0, capacity = 0;
  };
  struct Free {
    Free* next;
  };
  static constexpr std::uint32_t classes = 32, smallest = 4;
  static constexpr std::size_t block_bytes = 64 * 1024;

  /// Classes of 4, 6, 8, 12, 16, 24... entries: one half more each time, on average.
  static std::uint32_t class_of(std::uint32_t size) {
    if (size <= smallest) return 0;
    const std::uint32_t power = static_cast<std::uint32_t>(std::bit_width(size - 1)) - 1;  // 2^power < size
    return 2 * (power - 2) + (size <= 3u << (power - 1) ? 1 : 2);
  }
  static std::uint32_t capacity_of(std::uint32_t size_class) {
    return (size_class & 1) != 0 ? 6u << (size_class / 2) : 4u << (size_class / 2);
  }
  void grow(List& list, std::uint32_t needed) {
    const std::uint32_t size_class = class_of(needed), capacity = capacity_of(size_class);
    auto* const fresh = static_cast<std::uint32_t*>(take(size_class, capacity * sizeof(std::uint32_t)));
    if (list.size != 0) std::memcpy(fresh, list.entries, list.size * sizeof(std::uint32_t));
    if (list.capacity != 0) {
      const std::uint32_t old_class = class_of(list.capacity);
      auto* const gone = reinterpret_cast<Free*>(list.entries);
      gone->next = free_[old_class];
      free_[old_class] = gone;
    }
    list.entries = fresh;
    list.capacity = capacity;
  }
  void* take(std::uint32_t size_class, std::size_t bytes) {
    if (Free* const free = free_[size_class]) {
      free_[size_class] = free->next;
      return free;
    }
    if (bytes > left_) {
      const std::size_t block = bytes > block_bytes ? bytes : block_bytes;
      at_ = static_cast<std::byte*>(::operator new(block));
      left_ = block;
      blocks_.push_back(at_);
    }
    void* const taken = at_;
    at_ += bytes;
    left_ -= bytes;
    return taken;
  }

  std::vector<List> lists_;
  Free* free_[2 * classes] = {};
  std::vector<void*> blocks_;
  std::byte* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace floors

#endif
