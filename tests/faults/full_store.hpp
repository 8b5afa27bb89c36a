// A MemoryStore with any number of each record, and everything that can be seen of it: what memory ends in.
#ifndef ROSTER_TESTS_FAULTS_FULL_STORE_HPP
#define ROSTER_TESTS_FAULTS_FULL_STORE_HPP

#include <string>

#include "faults/fault_cases.hpp"
#include "roster/memory_store.hpp"

namespace faults::full {

/// Longer than 40 bytes, so that a part of it is kept with the texts.
template <class AnyId>
AnyId long_id(char kind, unsigned i) {
  std::string text = kind + std::to_string(i) + "-";
  text.resize(60, 'x');
  return AnyId::parse(text).value();
}
inline OrganizationId organization(unsigned i) {
  return long_id<OrganizationId>('o', i);
}
inline AccountId account(unsigned i) {
  return long_id<AccountId>('a', i);
}
inline RoleId role(unsigned i) {
  return long_id<RoleId>('r', i);
}
inline Slug slug(unsigned i) {
  return long_id<Slug>('s', i);
}
inline Username username(unsigned i) {
  return long_id<Username>('u', i);
}
inline GroupName group(unsigned i) {
  return long_id<GroupName>('g', i);
}
inline Email address(unsigned i) {
  return Email::parse("somebody" + std::to_string(i) + "@x.example").value();
}
inline MembershipId membership_id(unsigned organization, unsigned account) {
  return MembershipId::of(std::to_string(organization) + "/" + std::to_string(account));
}

inline AccountRecord full_account(unsigned i, unsigned names) {
  AccountRecord record{.id = account(i), .username = username(names), .verified = true};
  record.email = address(names);
  return record;
}
inline Membership full_membership(unsigned in, unsigned who, Time until = {}) {
  return {.id = membership_id(in, who),
          .organization = organization(in),
          .account = account(who),
          .role = role(who),
          .valid_until = until};
}

template <class T>
void must(const Result<T>& done) {
  REQUIRE(done.has_value());
}

/// `size` of each kind of record, each with all of its names; account i is a member of every organization from the i-th
/// on, and for a time where both are odd. What is counted is counted already.
void fill(MemoryStore& store, unsigned size, bool counted);

/// Everything that can be seen of the first `size` records of each kind, and of a few that are not there.
std::string picture(MemoryStore& store, unsigned size);

}  // namespace faults::full

#endif
