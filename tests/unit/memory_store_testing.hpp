// What the tests of MemoryStore share: names for records, and the two operations with the buffers they need.
#ifndef ROSTER_TESTS_UNIT_MEMORY_STORE_TESTING_HPP
#define ROSTER_TESTS_UNIT_MEMORY_STORE_TESTING_HPP

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "roster/memory_store.hpp"

namespace memory_testing {

using namespace roster;

/// Ids of many sizes: the number's remainder by 7 stretches them from 3 to 63 bytes.
template <class AnyId>
AnyId id(char kind, std::uint64_t number) {
  std::string text = kind + std::to_string(number) + "-";
  static constexpr std::size_t sizes[] = {0, 36, 39, 40, 41, 55, 63};
  text.resize(std::max(text.size(), sizes[number % 7]), 'x');
  return AnyId::parse(text).value();
}
inline AccountId who(std::uint64_t number) {
  return id<AccountId>('u', number);
}
inline OrganizationId org(std::uint64_t number) {
  return id<OrganizationId>('o', number);
}
inline MembershipId key(std::uint64_t number) {
  MembershipId key;
  for (std::size_t i = 0; i < 8; ++i) key.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  key.bytes[15] = 1;
  return key;
}
inline IdempotencyKey request(std::uint64_t number) {
  IdempotencyKey idempotency_key;
  for (std::size_t i = 0; i < 8; ++i) idempotency_key.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  idempotency_key.bytes[bound_size - 1] = 2;  // and no fingerprint
  return idempotency_key;
}
inline Email email(const std::string& text) {
  return Email::parse(text).value();
}

template <class T>
Errc code(const Result<T>& result) {
  return result ? Errc{} : result.assume_error().code;
}
template <class T>
void must(const Result<T>& result) {
  REQUIRE(code(result) == Errc{});
}

/// All members of an organization, read in pages of `size`, in the order of their ids.
inline std::vector<Membership> members_of(const MembershipReader& store, const OrganizationId& in,
                                          std::size_t size = 7) {
  std::vector<Membership> all, page(size);
  AccountId after;
  while (const std::size_t count = store.members(in, after, page).value()) {
    all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count));
    after = all.back().account;
  }
  return all;
}
/// The same for the organizations of an account.
inline std::vector<Membership> organizations_of(const MembershipReader& store, const AccountId& of,
                                                std::size_t size = 7) {
  std::vector<Membership> all, page(size);
  OrganizationId after;
  while (const std::size_t count = store.organizations_of(of, after, page).value()) {
    all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count));
    after = all.back().organization;
  }
  return all;
}

/// A query and its answer. Owns what the query's spans refer to.
struct IssuedCommand {
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  std::vector<AccountId> group_accounts;
  std::vector<RoleId> roles;
  Query query;
  Facts facts;

  void fetch(MemoryStore& store) {
    query.organizations = organizations;
    query.accounts = accounts;
    query.group_accounts = group_accounts;
    query.roles = roles;
    must(store.fetch(query, facts));
    must(validate_facts(query, facts));
  }
  const MembershipFact* at(std::uint32_t organization, std::uint32_t account) const {
    for (const MembershipFact& fact : facts.memberships)
      if (fact.organization == organization && fact.account == account) return &fact;
    return nullptr;
  }
};

/// An answer, and changes to be made by hand that refer to it.
struct Change : IssuedCommand {
  ChangeSet changes;

  Change(MemoryStore& store, std::vector<OrganizationSelector> rows, std::vector<AccountSelector> columns,
         AccountId actor = {}) {
    organizations = std::move(rows);
    accounts = std::move(columns);
    query.actor = actor;
    fetch(store);
    changes.organizations = facts.organizations.span();
    changes.accounts = facts.accounts.span();
    changes.actor = actor;
    changes.idempotency_key = request(1);
    changes.at = Time{1'700'000'000'123'456};
    REQUIRE(changes.roles.try_push_back(RoleId("member")));
    REQUIRE(changes.roles.try_push_back(RoleId("admin")));
  }
  Change(Change&&) = delete;  // the changes refer to the facts, which stand inline
  void add(std::uint32_t row, std::uint32_t column, std::uint64_t number,
           MembershipState state = MembershipState::active) {
    REQUIRE(changes.added.try_push_back(MemberAdded{row, column, 0, state}));
    REQUIRE(changes.added_ids.try_push_back(key(number)));
  }
  void guard(Guard guard) { REQUIRE(changes.guards.try_push_back(guard)); }
  Errc commit(MemoryStore& store) const { return code(store.commit(changes)); }
};

inline void put_organizations(MemoryStore& store, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) must(store.put_organization({.id = org(i)}));
}
inline void put_accounts(MemoryStore& store, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) must(store.put_account({.id = who(i)}));
}
inline Membership membership(std::uint64_t number, std::uint64_t organization, std::uint64_t account) {
  return {.id = key(number), .organization = org(organization), .account = who(account), .role = RoleId("member")};
}

}  // namespace memory_testing

#endif
