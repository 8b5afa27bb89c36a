// ListPool: the organizations of each account, as short lists of handles in order of joining.
//
// There are as many lists as accounts, and most are short. A malloc block for each would double the memory by its
// headers. Freeing many small blocks also delays some later call, which merges them.
#ifndef ROSTER_MEMORY_LIST_POOL_HPP
#define ROSTER_MEMORY_LIST_POOL_HPP

#include <cstdint>
#include <span>

#include "chunked.hpp"
#include "limits.hpp"
#include "portability.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// One list. Its memory belongs to the pool.
class HandleList {
 public:
  std::uint32_t size() const noexcept { return size_and_kind_ >> 5; }

 private:
  friend class ListPool;
  std::uint32_t kind() const noexcept { return size_and_kind_ & 31; }
  void set(std::uint32_t size, std::uint32_t kind) noexcept { size_and_kind_ = size << 5 | kind; }

  std::uint32_t at_ = 0;             ///< kind 0: the only handle itself; `paged`: a page list; else a block
  std::uint32_t size_and_kind_ = 0;  ///< the kind is 0, the size class of its block, or `paged`
};
static_assert(sizeof(HandleList) == 8);

class ListPool {
 public:
  static constexpr std::uint32_t size_max = limits::organizations_joined;

  ListPool() noexcept;
  ~ListPool();
  ListPool(const ListPool&) = delete;
  ListPool& operator=(const ListPool&) = delete;

  Handle get(const HandleList& list, std::uint32_t i) const noexcept {
    if (list.kind() == 0) return list.at_;
    if (list.kind() == paged) return block(pages_of_[list.at_].pages[i / page_handles])[i % page_handles];
    return block(list.at_)[i];
  }

  /// Returns false if an allocation failed. `expected` is the likely number of appended handles, this one included.
  [[nodiscard]] bool append(HandleList& list, Handle handle, std::uint32_t expected = 1) noexcept {
    const std::uint32_t size = list.size();
    if (size >= capacity_of[list.kind()]) return append_slow(list, handle, expected);
    block(list.at_)[size] = handle;
    list.size_and_kind_ += 1u << 5;
    return true;
  }
  /// Appends all of `handles`, or none.
  [[nodiscard]] bool append(HandleList& list, std::span<const Handle> handles) noexcept;
  /// Starts the memory access of a later append().
  void prefetch(const HandleList& list) const noexcept {
    if (list.kind() != 0 && list.kind() != paged) portability::prefetch_to_write(block(list.at_) + list.size());
  }
  /// Removes the last handle.
  void pop(HandleList& list) noexcept { erase_at(list, list.size() - 1); }
  /// Removes `handle` and keeps the order of the others.
  void erase(HandleList& list, Handle handle) noexcept;

  std::uint64_t bytes() const noexcept;

 private:
  static constexpr std::uint32_t paged = 31;
  /// 1 KiB; longer lists are lists of pages. Pages are small, because only an empty page can serve another size class.
  static constexpr std::uint32_t page_handles = 256;
  static constexpr std::uint32_t page_units = 128;  ///< a block is identified by its position in units of 8 bytes
  static constexpr std::uint32_t largest = 7;
  /// The capacity of each kind. The numbers are even, and as many blocks as possible fit into a page. They about
  /// double: finer steps would save less memory than the free blocks of lists that have grown would cost. The kinds
  /// without a block, 0 and `paged`, are always full.
  static constexpr std::uint16_t capacity_of[paged + 1] = {0, 4, 12, 24, 42, 84, 170, 256};
  static constexpr std::uint32_t no_page = 0xFFFFFFFFu;

  struct Page {
    std::uint32_t handles[page_handles];
  };
  /// A page has blocks of one class. An empty page can serve any class.
  struct PageState {
    std::uint32_t next = no_page, previous = no_page;  ///< among the pages of its class with free space
    std::uint16_t used = 0;                            ///< blocks in use
    std::uint16_t fresh = 0;                           ///< the first block that was never used
    std::uint16_t free = 0xFFFF;                       ///< unit of the first freed block
    std::uint8_t kind = 0;
  };
  struct PageList {
    std::uint32_t* pages = nullptr;
    std::uint32_t room = 0;
    std::uint32_t next_free = no_page;
    ~PageList() { release(pages); }
  };

  std::uint32_t* block(std::uint32_t at) noexcept {
    return pages_[at / page_units].handles + std::size_t{at % page_units} * 2;
  }
  const std::uint32_t* block(std::uint32_t at) const noexcept {
    return pages_[at / page_units].handles + std::size_t{at % page_units} * 2;
  }
  bool append_slow(HandleList& list, Handle handle, std::uint32_t expected) noexcept;
  bool append_paged(HandleList& list, Handle handle) noexcept;
  std::span<Handle> room_behind(const HandleList& list) noexcept;
  bool to_pages(HandleList& list) noexcept;
  void erase_at(HandleList& list, std::uint32_t position) noexcept;
  std::uint32_t take(std::uint32_t kind) noexcept;  ///< no_page if an allocation failed
  void give_back(std::uint32_t at) noexcept;
  void link(std::uint32_t page) noexcept;
  void unlink(std::uint32_t page) noexcept;

  Chunked<Page, 6> pages_;
  Chunked<PageState, 8> states_;
  Chunked<PageList, 4> pages_of_;
  std::uint32_t with_room_[largest + 1];
  std::uint32_t free_page_ = no_page;
  std::uint32_t free_page_list_ = no_page;
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
