#include "list_pool.hpp"

#include <algorithm>
#include <cstring>

namespace roster::inline ROSTER_ABI {
namespace memory {

ListPool::ListPool() noexcept {
  for (std::uint32_t& first : with_room_) first = no_page;
}
ListPool::~ListPool() = default;

void ListPool::link(std::uint32_t page) noexcept {
  PageState& state = states_[page];
  std::uint32_t& first = with_room_[state.kind];
  state.next = first;
  state.previous = no_page;
  if (first != no_page) states_[first].previous = page;
  first = page;
}

void ListPool::unlink(std::uint32_t page) noexcept {
  const PageState& state = states_[page];
  if (state.previous != no_page)
    states_[state.previous].next = state.next;
  else
    with_room_[state.kind] = state.next;
  if (state.next != no_page) states_[state.next].previous = state.previous;
}

std::uint32_t ListPool::take(std::uint32_t kind) noexcept {
  const std::uint32_t capacity = capacity_of[kind], blocks = page_handles / capacity;
  std::uint32_t page = with_room_[kind];
  if (page == no_page) {
    if (free_page_ != no_page) {
      page = free_page_;
      free_page_ = states_[page].next;
    } else {
      if (pages_.size() == limits::list_pages || states_.try_push_back() == nullptr) return no_page;
      // The pages stay uninitialised, so unused ones are never touched.
      if (!pages_.reserve(std::uint64_t{pages_.size()} + 1)) {
        states_.pop();
        return no_page;
      }
      page = pages_.unchecked_append_uninitialized();
    }
    states_[page] = PageState{};
    states_[page].kind = static_cast<std::uint8_t>(kind);
    link(page);
  }
  PageState& state = states_[page];
  std::uint32_t unit;
  if (state.free != 0xFFFF) {
    unit = state.free;
    std::uint32_t next;
    std::memcpy(&next, block(page * page_units + unit), sizeof next);
    state.free = static_cast<std::uint16_t>(next);
  } else {
    unit = state.fresh * (capacity / 2);
    ++state.fresh;
  }
  if (++state.used == blocks) unlink(page);
  return page * page_units + unit;
}

void ListPool::give_back(std::uint32_t at) noexcept {
  const std::uint32_t page = at / page_units, unit = at % page_units;
  PageState& state = states_[page];
  const std::uint32_t blocks = page_handles / capacity_of[state.kind];
  if (state.used == blocks) link(page);
  if (--state.used == 0) {
    unlink(page);
    state.next = free_page_;
    free_page_ = page;
    return;
  }
  *block(at) = state.free;
  state.free = static_cast<std::uint16_t>(unit);
}

bool ListPool::append_slow(HandleList& list, Handle handle, std::uint32_t expected) noexcept {
  const std::uint32_t size = list.size();
  if (size == 0 && expected == 1) {
    list.at_ = handle;
    list.set(1, 0);
    return true;
  }
  if (list.kind() == paged) return append_paged(list, handle);
  if (size == page_handles) return to_pages(list) && append_paged(list, handle);
  const std::uint32_t wanted = std::min(page_handles, size + expected);
  std::uint32_t kind = list.kind() + 1;
  while (capacity_of[kind] < wanted) ++kind;
  const std::uint32_t to = take(kind);
  if (to == no_page) return false;
  std::uint32_t* const handles = block(to);
  if (list.kind() == 0) {
    handles[0] = list.at_;
  } else {
    std::memcpy(handles, block(list.at_), size * sizeof(Handle));
    give_back(list.at_);
  }
  handles[size] = handle;
  list.at_ = to;
  list.set(size + 1, kind);
  return true;
}

/// The free space for the next handles.
std::span<Handle> ListPool::room_behind(const HandleList& list) noexcept {
  const std::uint32_t size = list.size();
  if (list.kind() == 0) return {};
  if (list.kind() != paged) return {block(list.at_) + size, capacity_of[list.kind()] - size};
  const std::uint32_t used = size % page_handles;  // used in the last page; 0: the page is full
  if (used == 0) return {};
  return {block(pages_of_[list.at_].pages[size / page_handles]) + used, std::min(page_handles - used, size_max - size)};
}

bool ListPool::append(HandleList& list, std::span<const Handle> handles) noexcept {
  for (std::size_t written = 0; written < handles.size();) {
    const auto left = static_cast<std::uint32_t>(handles.size() - written);
    const std::span<Handle> room = room_behind(list);
    if (room.empty()) {
      if (!append_slow(list, handles[written], left)) {
        while (written-- > 0) pop(list);
        return false;
      }
      ++written;
      continue;
    }
    const std::size_t fitting = std::min(room.size(), handles.size() - written);
    std::memcpy(room.data(), handles.data() + written, fitting * sizeof(Handle));
    list.size_and_kind_ += static_cast<std::uint32_t>(fitting) << 5;
    written += fitting;
  }
  return true;
}

bool ListPool::to_pages(HandleList& list) noexcept {
  auto* const pages = allocate<std::uint32_t>(8);
  if (pages == nullptr) return false;
  std::uint32_t index = free_page_list_;
  if (index != no_page) {
    free_page_list_ = pages_of_[index].next_free;
  } else {
    index = pages_of_.size();
    if (pages_of_.try_push_back() == nullptr) {
      release(pages);
      return false;
    }
  }
  pages_of_[index].pages = pages;
  pages_of_[index].room = 8;
  pages[0] = list.at_;
  list.at_ = index;
  list.set(list.size(), paged);
  return true;
}

bool ListPool::append_paged(HandleList& list, Handle handle) noexcept {
  const std::uint32_t size = list.size(), page = size / page_handles;
  if (size == size_max) return false;
  PageList& pages = pages_of_[list.at_];
  if (size % page_handles == 0) {
    if (page == pages.room) {
      auto* const fresh = allocate<std::uint32_t>(std::size_t{pages.room} * 2);
      if (fresh == nullptr) return false;
      std::memcpy(fresh, pages.pages, pages.room * sizeof(std::uint32_t));
      release(pages.pages);
      pages.pages = fresh;
      pages.room *= 2;
    }
    const std::uint32_t taken = take(largest);
    if (taken == no_page) return false;
    pages.pages[page] = taken;
  }
  block(pages.pages[page])[size % page_handles] = handle;
  list.set(size + 1, paged);
  return true;
}

void ListPool::erase(HandleList& list, Handle handle) noexcept {
  for (std::uint32_t i = 0; i < list.size(); ++i)
    if (get(list, i) == handle) return erase_at(list, i);
}

void ListPool::erase_at(HandleList& list, std::uint32_t position) noexcept {
  const std::uint32_t left = list.size() - 1;
  std::uint32_t kind = list.kind();
  if (kind == paged) {
    PageList& pages = pages_of_[list.at_];
    const auto slot = [&](std::uint32_t i) { return block(pages.pages[i / page_handles]) + i % page_handles; };
    for (std::uint32_t i = position; i < left; ++i) *slot(i) = *slot(i + 1);
    if (left % page_handles == 0) give_back(pages.pages[left / page_handles]);
    if (left == page_handles) {
      const std::uint32_t only = pages.pages[0];
      release(pages.pages);
      pages.pages = nullptr;
      pages.next_free = free_page_list_;
      free_page_list_ = list.at_;
      list.at_ = only;
      kind = largest;
    }
  } else if (kind != 0) {
    std::uint32_t* const handles = block(list.at_);
    std::memmove(handles + position, handles + position + 1, (left - position) * sizeof(Handle));
    if (left == 0) {
      give_back(list.at_);
      kind = 0;
    }
  }
  list.set(left, kind);
}

std::uint64_t ListPool::bytes() const noexcept {
  std::uint64_t sum = pages_.bytes() + states_.bytes() + pages_of_.bytes();
  for (std::uint32_t i = 0; i < pages_of_.size(); ++i)
    if (pages_of_[i].pages != nullptr) sum += pages_of_[i].room * sizeof(std::uint32_t);
  return sum;
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
