// HistoryTable: additional data of memberships that were changed since their add, or were not added as plain members.
// An entry has the time of the last write, the actor of the invitation, suspension or removal, and the two ends. It
// also has the key of the write before the last end or return. Most memberships have no entry, so the entries are
// stored beside the records and not in them.
#ifndef ROSTER_MEMORY_HISTORY_TABLE_HPP
#define ROSTER_MEMORY_HISTORY_TABLE_HPP

#include <cstdint>

#include "chunked.hpp"
#include "hash.hpp"
#include "roster/identity.hpp"
#include "slot_table.hpp"
#include "string_arena.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

struct HistoryEntry {
  Handle organization = no_handle, account = no_handle;
  Handle by = no_handle;  ///< no_handle: no actor, or one unknown to the store
  Handle next_free = no_handle;
  IdempotencyKey before;    ///< if the membership moved(): the key of the write before that
  Time written_at{};        ///< of the last write
  Time valid_until{};       ///< if the membership sets_expiry()
  Time invitation_until{};  ///< of an invitation, 0: never; of its tombstone, the time of the removal
};

class HistoryTable {
 public:
  HistoryEntry* find(Handle organization, Handle account) noexcept {
    const Handle at = place(organization, account);
    return at == no_handle ? nullptr : &traces_[at];
  }
  const HistoryEntry* find(Handle organization, Handle account) const noexcept {
    const Handle at = place(organization, account);
    return at == no_handle ? nullptr : &traces_[at];
  }
  /// Finds or creates the entry of that membership. Null if an allocation failed.
  HistoryEntry* put(Handle organization, Handle account) noexcept;
  void drop(Handle organization, Handle account) noexcept;
  std::uint64_t bytes() const noexcept { return traces_.bytes() + table_.bytes(); }

 private:
  static std::uint32_t hash(Handle organization, Handle account) noexcept {
    const std::uint64_t both = (std::uint64_t{organization} << 32 | account) * 0x9E3779B97F4A7C15u;
    return static_cast<std::uint32_t>((both ^ (both >> 29)) * 0xBF58476D1CE4E5B9u >> 32);
  }
  Handle place(Handle organization, Handle account) const noexcept {
    if (table_.size() == 0) return no_handle;
    const std::uint32_t at = hash(organization, account);
    return table_
        .find(at, at,
              [&](IdSlot slot) noexcept {
                return traces_[slot.handle].organization == organization && traces_[slot.handle].account == account;
              })
        .handle;
  }

  Chunked<HistoryEntry, 6> traces_;
  IdTable table_;
  Handle free_ = no_handle;
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
