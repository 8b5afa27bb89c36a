#include "history_table.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

HistoryEntry* HistoryTable::put(Handle organization, Handle account) noexcept {
  if (HistoryEntry* const found = find(organization, account)) return found;
  const bool reuses = free_ != no_handle;
  const Handle at = reuses ? free_ : traces_.size();
  if (!reuses && traces_.try_push_back() == nullptr) return nullptr;
  HistoryEntry& history = traces_[at];
  const Handle next_free = history.next_free;
  const std::uint32_t slot = hash(organization, account);
  if (table_.insert(
          slot, slot, IdSlot{slot, at}, [](IdSlot) noexcept { return false; }, hash_of_id) != Put::done) {
    if (!reuses) traces_.pop();
    return nullptr;
  }
  if (reuses) free_ = next_free;
  history = HistoryEntry{};
  history.organization = organization;
  history.account = account;
  return &history;
}

void HistoryTable::drop(Handle organization, Handle account) noexcept {
  const Handle at = place(organization, account);
  if (at == no_handle) return;
  table_.erase(
      hash(organization, account), [&](IdSlot slot) noexcept { return slot.handle == at; }, hash_of_id);
  traces_[at] = HistoryEntry{};
  traces_[at].next_free = free_;
  free_ = at;
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
