// The rarely called functions of Members: growth and removal.
#include "members.hpp"

#include <bit>
#include <cstring>

namespace roster::inline ROSTER_ABI {
namespace memory {

Members::~Members() {
  for (std::uint32_t at = 0; at < capacity_; at += chunk) release(chunks_[at / chunk]);
  if (chunks_ != &first_) release(chunks_);
}

void Members::clear() noexcept {
  this->~Members();
  new (this) Members;
}

/// The length of the array of pointers for so many chunks.
std::uint32_t Members::pointers(std::uint32_t chunks) noexcept {
  return chunks <= 1 ? 1 : std::max(8u, std::bit_ceil(chunks));
}

/// A small organization stays small: its only chunk grows from 4 records by doubling.
bool Members::grow_first_chunk() noexcept {
  const std::uint32_t capacity = capacity_ == 0 ? 4 : capacity_ * 2;
  auto* const fresh = allocate<MemberRecord>(capacity);
  if (fresh == nullptr) return false;
  if (used_ != 0) std::memcpy(static_cast<void*>(fresh), chunks_[0], used_ * sizeof(MemberRecord));
  release(chunks_[0]);
  chunks_[0] = fresh;
  capacity_ = capacity;
  return true;
}

std::uint32_t Members::scan(Handle account) const noexcept {
  const MemberRecord* const records = chunks_[0];
  for (std::uint32_t i = 0; i < used_; ++i)
    if (records[i].account == account) return i;
  return none;
}

/// The slow part of add(): it grows the records, scans an organization without a table, and makes the table.
Put Members::make_room(Handle account, const Hasher& hasher) noexcept {
  if (used_ == capacity_) {
    const Put grown = grow(hasher);
    if (grown != Put::done) return grown;
  }
  if (tabled_) return Put::done;
  if (scan(account) != none) return Put::present;
  return used_ < scan_max || make_table(hasher) ? Put::done : Put::no_memory;
}

bool Members::reserve(std::uint32_t more, const Hasher& hasher) noexcept {
  const std::uint64_t wanted = std::uint64_t{used_} + more;
  if (wanted <= scan_max || wanted > size_max) return true;  // above size_max, add() returns the error
  if (!tabled_ && !make_table(hasher)) return false;
  return table_.reserve(more, [&](MemberSlot slot) noexcept { return hash_of(slot, hasher); });
}

Put Members::grow(const Hasher& hasher) noexcept {
  if (used_ == size_max) {
    if (erased_ == 0) return Put::full;
    close_gaps(hasher);
    if (used_ < capacity_) return Put::done;
  }
  if (capacity_ < chunk) return grow_first_chunk() ? Put::done : Put::no_memory;
  const std::uint32_t chunks = capacity_ / chunk;
  if (pointers(chunks + 1) != pointers(chunks)) {
    auto** const fresh = allocate<MemberRecord*>(pointers(chunks + 1));
    if (fresh == nullptr) return Put::no_memory;
    std::memcpy(fresh, chunks_, chunks * sizeof(MemberRecord*));
    if (chunks_ != &first_) release(chunks_);
    chunks_ = fresh;
  }
  auto* const more = allocate<MemberRecord>(chunk);
  if (more == nullptr) return Put::no_memory;
  chunks_[chunks] = more;
  // The last chunk lacks its last position, which no slot can refer to.
  capacity_ = std::min(capacity_ + chunk, size_max);
  return Put::done;
}

bool Members::make_table(const Hasher& hasher) noexcept {
  for (std::uint32_t i = 0; i < used_; ++i) {
    if ((*this)[i].account == no_handle) continue;
    const std::uint64_t hash = hasher.handle((*this)[i].account);
    const Put put = table_.insert(
        slot_hash(hash), tag_of(hash), MemberSlot{tag_of(hash) | i}, [](MemberSlot) noexcept { return false; },
        [&](MemberSlot slot) noexcept { return hash_of(slot, hasher); });
    if (put != Put::done) return false;  // only the first insert allocates, so the table is still empty
  }
  tabled_ = true;
  return true;
}

void Members::pop(const Hasher& hasher) noexcept {
  const std::uint32_t last = used_ - 1;
  if (tabled_)
    table_.erase(
        slot_hash(hasher.handle((*this)[last].account)),
        [&](MemberSlot slot) noexcept { return (slot.bits & position_mask) == last; },
        [&](MemberSlot slot) noexcept { return hash_of(slot, hasher); });
  used_ = last;
}

void Members::erase(std::uint32_t position, const Hasher& hasher) noexcept {
  MemberRecord& record = (*this)[position];
  if (tabled_)
    table_.erase(
        slot_hash(hasher.handle(record.account)),
        [&](MemberSlot slot) noexcept { return (slot.bits & position_mask) == position; },
        [&](MemberSlot slot) noexcept { return hash_of(slot, hasher); });
  record = MemberRecord{};
  ++erased_;
  if (erased_ > used_ / 2) close_gaps(hasher);
}

void Members::close_gaps(const Hasher& hasher) noexcept {
  std::uint32_t to = 0;
  for (std::uint32_t from = 0; from < used_; ++from) {
    const MemberRecord& record = (*this)[from];
    if (record.account == no_handle) continue;
    if (from != to) {
      if (tabled_) {
        const std::uint64_t hash = hasher.handle(record.account);
        table_.change(slot_hash(hash), MemberSlot{tag_of(hash) | to},
                      [&](MemberSlot slot) noexcept { return (slot.bits & position_mask) == from; });
      }
      (*this)[to] = record;
    }
    ++to;
  }
  used_ = to;
  erased_ = 0;
  const std::uint32_t kept = std::max(1u, (to + chunk - 1) / chunk);
  for (std::uint32_t at = kept * chunk; at < capacity_; at += chunk) release(chunks_[at / chunk]);
  capacity_ = std::min(capacity_, kept * chunk);
}

std::uint64_t Members::bytes() const noexcept {
  const std::uint32_t chunks = (capacity_ + chunk - 1) / chunk;
  const std::uint64_t array = chunks_ == &first_ ? 0 : pointers(chunks) * sizeof(MemberRecord*);
  return std::uint64_t{capacity_} * sizeof(MemberRecord) + array + table_.bytes();
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
