// Floors F2 and F: identifiers are looked up once and handles are carried through; a membership is a dense record in
// its organization, found by a table of four-byte slots.
#ifndef ROSTER_BENCH_FLOORS_HANDLES_HPP
#define ROSTER_BENCH_FLOORS_HANDLES_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "floors/flat_map.hpp"
#include "floors/keys.hpp"
#include "floors/organization_lists.hpp"

namespace floors {

/// The members of one organization. A slot is 24 bits of position + 1 and an 8-bit tag; 0 is vacant.
class MemberTable {
 public:
  MemberTable() = default;
  MemberTable(const MemberTable&) = delete;
  MemberTable& operator=(const MemberTable&) = delete;
  ~MemberTable() {
    ::operator delete(records_);
    ::operator delete(slots_);
  }

  static std::uint64_t hash(std::uint32_t account) { return (account + 1) * 0x9E3779B97F4A7C15u; }

  /// The record, or null and then `slot` is where it belongs.
  Record* find(std::uint32_t account, std::uint64_t hash, std::uint32_t& slot) const {
    if (slots_ == nullptr) return nullptr;
    const std::uint32_t tag = static_cast<std::uint32_t>(hash >> 32) & 0xFF000000u;
    for (slot = static_cast<std::uint32_t>(hash >> 24) & mask_;; slot = (slot + 1) & mask_) {
      const std::uint32_t entry = slots_[slot];
      if (entry == 0) return nullptr;
      if ((entry & 0xFF000000u) != tag) continue;
      Record& record = records_[(entry & 0xFFFFFFu) - 1];
      if (record.account == account) return &record;
    }
  }
  Record* find(std::uint32_t account) const {
    std::uint32_t slot = 0;
    return find(account, hash(account), slot);
  }
  /// Room for one more at the slot that find() gave.
  Record& append(std::uint32_t account, std::uint64_t hash, std::uint32_t slot) {
    if (size_ == capacity_) [[unlikely]]
      grow_records(capacity_ == 0 ? 4 : capacity_ + capacity_ / 2);
    if (slots_ == nullptr || size_ >= slots_limit()) [[unlikely]] {
      grow_slots(slots_ == nullptr ? 8 : (mask_ + 1) * 2);
      find(account, hash, slot);
    }
    slots_[slot] = (static_cast<std::uint32_t>(hash >> 32) & 0xFF000000u) | ++size_;
    return records_[size_ - 1];
  }
  void reserve(std::uint32_t more) {
    const std::uint32_t size = size_ + more;
    if (size > capacity_) grow_records(size);
    if (slots_ == nullptr || size > slots_limit()) grow_slots(std::bit_ceil(size * 4 / 3 + 1));
  }

 private:
  std::uint32_t slots_limit() const { return (mask_ + 1) / 4 * 3; }
  void grow_records(std::uint32_t capacity) {
    auto* const fresh = static_cast<Record*>(::operator new(capacity * sizeof(Record)));
    if (size_ != 0) std::memcpy(static_cast<void*>(fresh), records_, size_ * sizeof(Record));
    ::operator delete(records_);
    records_ = fresh;
    capacity_ = capacity;
  }
  void grow_slots(std::uint32_t count) {
    ::operator delete(slots_);
    slots_ = static_cast<std::uint32_t*>(::operator new(count * sizeof(std::uint32_t)));
    std::memset(slots_, 0, count * sizeof(std::uint32_t));
    mask_ = count - 1;
    for (std::uint32_t i = 0; i < size_; ++i) {
      const std::uint64_t mixed = hash(records_[i].account);
      std::uint32_t slot = static_cast<std::uint32_t>(mixed >> 24) & mask_;
      while (slots_[slot] != 0) slot = (slot + 1) & mask_;
      slots_[slot] = (static_cast<std::uint32_t>(mixed >> 32) & 0xFF000000u) | (i + 1);
    }
  }

  Record* records_ = nullptr;
  std::uint32_t* slots_ = nullptr;
  std::uint32_t size_ = 0, capacity_ = 0, mask_ = 0;
};

template <class KeyOfIds>
class Handles {
 public:
  using Key = KeyOfIds;
  /// A membership as somebody outside would read it.
  struct Shown {
    Uuid id;
    Key organization, account;
    std::uint64_t added_at, version;
    std::uint16_t role, state;
  };

  void put_organization(const Key& id) {
    *organization_of_.insert(id).first = static_cast<std::uint32_t>(organizations_.size());
    organizations_.emplace_back();
    organization_ids_.push_back(id);
  }
  void put_account(const Key& id, std::string_view email) {
    const auto handle = static_cast<std::uint32_t>(account_count_++);
    *account_of_.insert(id).first = handle;
    *email_of_.insert(EmailKey::of(email)).first = handle;
    lists_.add_account();
  }
  void put_member(const Key& organization, const Key& account) {
    write(*organization_of_.find(organization), *account_of_.find(account), 1, 0);
  }

  Answer add(const Key& organization, const Key& actor, const Key& account, std::uint16_t role, std::uint64_t now) {
    const std::uint32_t* const row = organization_of_.find(organization);
    if (row == nullptr) return Answer::no_organization;
    if (!is_member(*row, actor)) return Answer::forbidden;
    const std::uint32_t* const column = account_of_.find(account);
    if (column == nullptr) return Answer::no_account;
    return write(*row, *column, role, now);
  }
  Answer add_by_email(const Key& organization, const Key& actor, std::string_view email, std::uint16_t role,
                      std::uint64_t now) {
    const std::uint32_t* const row = organization_of_.find(organization);
    if (row == nullptr) return Answer::no_organization;
    if (!is_member(*row, actor)) return Answer::forbidden;
    const std::uint32_t* const column = email_of_.find(EmailKey::of(email));
    if (column == nullptr) return Answer::no_account;
    return write(*row, *column, role, now);
  }

  /// One answer a pair: accounts are resolved and hashed once, then organization by organization.
  void add_all(std::span<const Key> organizations, std::span<const Key> accounts, const Key& actor, std::uint16_t role,
               std::uint64_t now, Answer* answers) {
    struct Column {
      std::uint64_t hash;
      std::uint32_t handle;
      bool found;
    };
    std::vector<Column> columns;
    columns.reserve(accounts.size());
    for (const Key& account : accounts) {
      const std::uint32_t* const handle = account_of_.find(account);
      columns.push_back(handle == nullptr ? Column{0, 0, false} : Column{MemberTable::hash(*handle), *handle, true});
    }
    for (const Key& organization : organizations) {
      const std::uint32_t* const row = organization_of_.find(organization);
      if (row == nullptr || !is_member(*row, actor)) {
        std::memset(answers, static_cast<int>(Answer::forbidden), columns.size());
        answers += columns.size();
        continue;
      }
      MemberTable& members = organizations_[*row];
      bool roomy = false;  // a row of duplicates must not grow anything
      for (const Column& column : columns) {
        if (!column.found) [[unlikely]] {
          *answers++ = Answer::no_account;
          continue;
        }
        std::uint32_t slot = 0;
        if (members.find(column.handle, column.hash, slot) != nullptr) {
          *answers++ = Answer::existing;
          continue;
        }
        if (!roomy) {
          members.reserve(static_cast<std::uint32_t>(&columns.back() - &column + 1));
          members.find(column.handle, column.hash, slot);
          roomy = true;
        }
        members.append(column.handle, column.hash, slot) = Record{ids_.uuid(), column.handle, role, 0, now, 1};
        lists_.append(column.handle, *row, static_cast<std::uint32_t>(&organizations.back() - &organization + 1));
        *answers++ = Answer::added;
      }
    }
  }

  /// The ids of an account's organizations.
  std::size_t organizations_of(const Key& account, std::span<Key> out) const {
    const std::uint32_t* const handle = account_of_.find(account);
    if (handle == nullptr) return 0;
    std::size_t count = 0;
    for (const std::uint32_t organization : lists_.of(*handle)) out[count++] = organization_ids_[organization];
    return count;
  }
  /// Its memberships, whole.
  std::size_t memberships_of(const Key& account, std::span<Shown> out) const {
    const std::uint32_t* const handle = account_of_.find(account);
    if (handle == nullptr) return 0;
    std::size_t count = 0;
    for (const std::uint32_t organization : lists_.of(*handle)) {
      const Record& record = *organizations_[organization].find(*handle);
      out[count++] = {
          record.id,   organization_ids_[organization], account, record.added_at, record.version, record.role,
          record.state};
    }
    return count;
  }

 private:
  bool is_member(std::uint32_t organization, const Key& account) const {
    const std::uint32_t* const handle = account_of_.find(account);
    return handle != nullptr && organizations_[organization].find(*handle) != nullptr;
  }
  Answer write(std::uint32_t organization, std::uint32_t account, std::uint16_t role, std::uint64_t now) {
    MemberTable& members = organizations_[organization];
    const std::uint64_t hash = MemberTable::hash(account);
    std::uint32_t slot = 0;
    if (members.find(account, hash, slot) != nullptr) return Answer::existing;
    members.append(account, hash, slot) = Record{ids_.uuid(), account, role, 0, now, 1};
    lists_.append(account, organization);
    return Answer::added;
  }

  FlatMap<Key, std::uint32_t> organization_of_, account_of_;
  FlatMap<EmailKey, std::uint32_t> email_of_;
  std::deque<MemberTable> organizations_;
  std::vector<Key> organization_ids_;
  OrganizationLists lists_;
  std::size_t account_count_ = 0;
  Splitmix ids_{7};
};

}  // namespace floors

#endif
