// Members: the memberships of one organization in order of joining, with a table of positions by account.
#ifndef ROSTER_MEMORY_MEMBERS_HPP
#define ROSTER_MEMORY_MEMBERS_HPP

#include <algorithm>
#include <cstdint>
#include <limits>

#include "allocation.hpp"
#include "hash.hpp"
#include "limits.hpp"
#include "portability.hpp"
#include "roster/facts.hpp"
#include "slot_table.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// A stored membership. Its size is 48 bytes, because a store may have a hundred million of them.
struct MemberRecord {
  MembershipId id;
  IdempotencyKey idempotency_key;
  Handle account = no_handle;           ///< no_handle: an erased record
  std::uint32_t version_and_state = 0;  ///< version, returned(), sets_expiry(), two bits of state
  std::uint64_t time_and_role = 0;      ///< milliseconds since 1970 above 16 bits of role

  static constexpr std::int64_t time_max = (std::int64_t{1} << 48) - 1;
  static std::uint64_t pack(Time time, std::uint16_t role) noexcept {
    const std::int64_t at = static_cast<std::int64_t>(time);
    const std::int64_t kept = std::clamp<std::int64_t>(at / 1000, 0, time_max);
    return static_cast<std::uint64_t>(kept) << 16 | role;
  }
  static std::uint32_t pack(std::uint32_t version, MembershipState state, bool sets_expiry = false,
                            bool returned = false) noexcept {
    return version << 4 | (returned ? 8u : 0u) | (sets_expiry ? 4u : 0u) | static_cast<std::uint32_t>(state);
  }

  /// Sets another state in packed bits whose state is active.
  static std::uint32_t in_state(std::uint32_t active, MembershipState state) noexcept {
    return active | static_cast<std::uint32_t>(state);
  }
  /// True if the packed membership is active without expiry: its add then creates no history entry.
  static bool is_plain(std::uint32_t version_and_state) noexcept { return (version_and_state & 15u) == 0; }

  std::uint16_t role() const noexcept { return static_cast<std::uint16_t>(time_and_role); }
  Time time() const noexcept { return Time{static_cast<std::int64_t>(time_and_role >> 16) * 1000}; }
  Version version() const noexcept { return Version{version_and_state >> 4}; }
  bool sets_expiry() const noexcept { return (version_and_state & 4u) != 0; }  ///< the expiry is in the history
  bool returned() const noexcept { return (version_and_state & 8u) != 0; }     ///< the previous end is in the history
  /// True if suspended, removed or returned: the history entry has the key of the write before that.
  bool moved() const noexcept { return (version_and_state & (8u | 2u)) != 0; }
  /// The bits of a membership that sets_expiry(), moved() or is_invited(). Its history entry has data for every query.
  static constexpr std::uint32_t history_bits = 8u | 4u | 2u | 1u;
  bool active() const noexcept { return (version_and_state & 3u) == 0; }
  bool is_invited() const noexcept { return state() == MembershipState::invited; }
  bool removed() const noexcept { return state() == MembershipState::removed; }
  MembershipState state() const noexcept { return static_cast<MembershipState>(version_and_state & 3u); }
  /// Sets the state and increments the version.
  void move_to(MembershipState state, bool sets_expiry, bool returned) noexcept {
    version_and_state = pack((version_and_state >> 4) + 1, state, sets_expiry, returned);
  }
};
static_assert(sizeof(MemberRecord) == 48);

static_assert(MembershipState::active == MembershipState{0} && MembershipState::invited == MembershipState{1} &&
              MembershipState::suspended == MembershipState{2} && MembershipState::removed == MembershipState{3});

/// 6 bits of hash above 26 bits of position. The hash excludes most other slots without an access to their records.
struct MemberSlot {
  std::uint32_t bits;
  static constexpr MemberSlot none() noexcept { return {0xFFFFFFFFu}; }
  static constexpr std::uint32_t sixteenths = 13;  ///< how full a segment may be
  bool vacant() const noexcept { return bits == 0xFFFFFFFFu; }
  bool may_be(std::uint32_t tag) const noexcept { return (bits ^ tag) < 1u << limits::position_bits; }
};

class Members {
 public:
  static constexpr std::uint32_t position_mask = (1u << limits::position_bits) - 1;
  static constexpr std::uint32_t size_max = position_mask;  ///< all ones is a vacant slot
  static constexpr std::uint32_t none = 0xFFFFFFFFu;
  static constexpr std::uint32_t scan_max = 8;  ///< up to this size a scan of all records is faster than a table

  Members() noexcept = default;
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;
  ~Members();

  /// Positions in use, those of erased members included.
  std::uint32_t positions() const noexcept { return used_; }
  std::uint32_t size() const noexcept { return used_ - erased_; }
  MemberRecord& operator[](std::uint32_t position) noexcept { return chunks_[position / chunk][position % chunk]; }
  const MemberRecord& operator[](std::uint32_t position) const noexcept {
    return chunks_[position / chunk][position % chunk];
  }

  /// The position of a member; `hash` is Hasher::handle(account).
  [[gnu::always_inline]] inline std::uint32_t find(Handle account, std::uint64_t hash) const noexcept {
    std::uint32_t position = none;
    (void)seek(account, hash, position);
    return position;
  }
  /// The record of a member, and its position; null and none for another account.
  [[gnu::always_inline]] inline const MemberRecord* seek(Handle account, std::uint64_t hash,
                                                         std::uint32_t& position) const noexcept {
    if (!tabled_) {
      position = scan(account);
      return position == none ? nullptr : &(*this)[position];
    }
    const MemberRecord* seen = nullptr;
    const MemberSlot slot = table_.find(slot_hash(hash), tag_of(hash), [&](MemberSlot candidate) noexcept {
      seen = &(*this)[candidate.bits & position_mask];
      return seen->account == account;
    });
    position = slot.vacant() ? none : slot.bits & position_mask;
    return slot.vacant() ? nullptr : seen;
  }

  /// Finds many members in an organization that is_tabled(), until the organization changes. Queries often have the
  /// joining order of the members. In that case the next record is compared first, and the table is not read.
  class Reader {
   public:
    explicit Reader(const Members& members) noexcept
        : table_(members.table_), chunks_(members.chunks_), used_(members.used_) {}
    /// Null: not a member.
    [[gnu::always_inline]] inline const MemberRecord* find(Handle account, std::uint64_t hash) noexcept {
      if (next_ != run_end_ && next_->account == account) [[likely]] {
        portability::prefetch(next_, prefetched_ahead);
        return next_++;
      }
      return look_up(account, hash);
    }
    bool in_order() const noexcept { return next_ != run_end_; }

   private:
    [[gnu::always_inline]] inline const MemberRecord* look_up(Handle account, std::uint64_t hash) noexcept {
      if (next_ == run_end_ && next_ != nullptr && expected_ < used_) {  // at the end of a chunk
        const MemberRecord* const first = chunks_[expected_ / chunk];
        if (first->account == account) return follow(first, expected_);
      }
      const MemberRecord* record = nullptr;
      const MemberSlot slot = table_.find(slot_hash(hash), tag_of(hash), [&](MemberSlot candidate) noexcept {
        const std::uint32_t position = candidate.bits & position_mask;
        record = chunks_[position / chunk] + position % chunk;
        return record->account == account;
      });
      if (slot.vacant()) return nullptr;
      const std::uint32_t position = slot.bits & position_mask;
      if (position == expected_) return follow(record, position);
      next_ = run_end_ = nullptr;
      expected_ = position + 1;
      return record;
    }
    [[gnu::always_inline]] inline const MemberRecord* follow(const MemberRecord* record,
                                                             std::uint32_t position) noexcept {
      expected_ = std::min(position / chunk * chunk + chunk, used_);
      next_ = record + 1;
      run_end_ = record + (expected_ - position);
      return record;
    }

    /// A number and no pointer, because the prefetched record may be beyond the end of this chunk.
    static constexpr std::uintptr_t prefetched_ahead = 24 * sizeof(MemberRecord);

    SlotTable<MemberSlot>::Reader table_;
    const MemberRecord* const* chunks_;
    const MemberRecord *next_ = nullptr, *run_end_ = nullptr;  ///< within one chunk; equal: no member is expected next
    std::uint32_t expected_ = none;                            ///< the position after the last member found
    std::uint32_t used_;
  };
  bool is_tabled() const noexcept { return tabled_; }

  /// prefetch_slot() and prefetch_record() start the two memory accesses of a later find(). Without a table they do
  /// nothing.
  bool worth_prefetching() const noexcept { return used_ >= prefetch_min; }
  void prefetch_slot(std::uint64_t hash) const noexcept { table_.prefetch(slot_hash(hash)); }
  /// The same for a later add().
  void prefetch_end() const noexcept {
    if (used_ < capacity_) portability::prefetch_to_write(&(*this)[used_]);
  }
  void prefetch_record(std::uint64_t hash) const noexcept {
    const std::uint32_t tag = tag_of(hash);
    const MemberSlot slot = table_.find(slot_hash(hash), tag, [](MemberSlot) noexcept { return true; });
    if (!slot.vacant()) portability::prefetch(&(*this)[slot.bits & position_mask]);
  }

  /// Appends a record for `account` unless it is a member. On Put::done `record` is the new one, raw but for its
  /// account, and the caller fills it in.
  [[gnu::always_inline]] inline Put add(Handle account, std::uint64_t hash, const Hasher& hasher,
                                        MemberRecord*& record) noexcept {
    const std::uint32_t position = used_;
    if (position == capacity_ || !tabled_) [[unlikely]] {
      const Put ready = make_room(account, hasher);
      if (ready != Put::done) return ready;
    }
    if (tabled_) [[likely]] {
      const std::uint32_t tag = tag_of(hash);
      const Put put = table_.insert(
          slot_hash(hash), tag, MemberSlot{tag | used_}, [&](MemberSlot slot) noexcept { return is(slot, account); },
          [&](MemberSlot slot) noexcept { return hash_of(slot, hasher); });
      if (put != Put::done) [[unlikely]]
        return put;
    }
    record = &(*this)[used_++];
    record->account = account;
    return Put::done;
  }
  /// Adds many, one after the other, like add(). finish() makes them part of the organization.
  class Writer {
   public:
    Writer(Members& members, const Hasher& hasher) noexcept
        : members_(members), hasher_(hasher), table_(members.table_) {
      begin();
    }
    [[gnu::always_inline]] inline Put add(Handle account, std::uint64_t hash, MemberRecord*& record) noexcept {
      if (next_ == end_) [[unlikely]]
        return add_slowly(account, hash, record);
      const std::uint32_t tag = tag_of(hash);
      const Put put = table_.insert(
          slot_hash(hash), tag, MemberSlot{tag | position_},
          [&](MemberSlot slot) noexcept { return members_.is(slot, account); },
          [&](MemberSlot slot) noexcept { return members_.hash_of(slot, hasher_); });
      if (put != Put::done) [[unlikely]]
        return put;
      ++position_;
      record = next_++;
      record->account = account;
      return Put::done;
    }
    void finish() noexcept {
      members_.used_ = position_;
      table_.finish();
    }

   private:
    /// For a full chunk, or an organization without a table.
    [[gnu::noinline]] Put add_slowly(Handle account, std::uint64_t hash, MemberRecord*& record) noexcept {
      finish();
      const Put put = members_.add(account, hash, hasher_, record);
      table_ = SlotTable<MemberSlot>::Writer(members_.table_);
      begin();
      return put;
    }
    void begin() noexcept {
      position_ = members_.used_;
      next_ = end_ = nullptr;
      if (!members_.tabled_ || position_ == members_.capacity_) return;
      next_ = &members_[position_];
      end_ = next_ + std::min(chunk - position_ % chunk, members_.capacity_ - position_);
    }

    Members& members_;
    const Hasher& hasher_;
    SlotTable<MemberSlot>::Writer table_;
    MemberRecord *next_, *end_;  ///< within one chunk
    std::uint32_t position_;
  };

  /// Allocates memory for `more` members at once.
  [[nodiscard]] bool reserve(std::uint32_t more, const Hasher& hasher) noexcept;
  /// Undoes the last add().
  void pop(const Hasher& hasher) noexcept;
  /// Erases the member at `position`. Later positions may move up.
  void erase(std::uint32_t position, const Hasher& hasher) noexcept;

  /// Erases all members, and releases the memory.
  void clear() noexcept;

  std::uint64_t bytes() const noexcept;

 private:
  static constexpr std::uint32_t chunk = 64;
  static constexpr std::uint32_t prefetch_min = 8192;  ///< from this size on the records exceed the nearest caches

  static std::uint32_t slot_hash(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash >> 32); }
  static std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash) & ~position_mask; }
  std::uint32_t hash_of(MemberSlot slot, const Hasher& hasher) const noexcept {
    return slot_hash(hasher.handle((*this)[slot.bits & position_mask].account));
  }
  /// True if the slot refers to the record of `account`.
  bool is(MemberSlot slot, Handle account) const noexcept {
    return (*this)[slot.bits & position_mask].account == account;
  }
  std::uint32_t scan(Handle account) const noexcept;

  Put make_room(Handle account, const Hasher& hasher) noexcept;
  Put grow(const Hasher& hasher) noexcept;
  bool grow_first_chunk() noexcept;
  bool make_table(const Hasher& hasher) noexcept;
  void close_gaps(const Hasher& hasher) noexcept;
  static std::uint32_t pointers(std::uint32_t chunks) noexcept;

  SlotTable<MemberSlot> table_;
  MemberRecord** chunks_ = &first_;
  MemberRecord* first_ = nullptr;  ///< replaces the array of chunks while there is only one
  std::uint32_t used_ = 0, erased_ = 0;
  std::uint32_t capacity_ = 0;
  bool tabled_ = false;
};
static_assert(sizeof(void*) != 8 || sizeof(Members) == 64);

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
