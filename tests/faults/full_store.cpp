#include "faults/full_store.hpp"

#include <array>

namespace faults::full {

void fill(MemoryStore& store, unsigned size, bool counted) {
  std::vector<AccountId> all;
  for (unsigned i = 0; i < size; ++i) {
    must(store.put_organization({.id = organization(i), .slug = slug(i), .seats_max = counted ? 1'000 : no_limit}));
    must(store.put_role(organization(i), {.id = role(0), .rank = 1}, any_version));
    must(store.put_role(organization(0), {.id = role(i), .rank = 1}, any_version));
    must(store.put_account(full_account(i, i)));
    all.push_back(account(i));
    must(store.overwrite_group(group(i), all));
  }
  for (unsigned in = 0; in < size; ++in)
    for (unsigned who = 0; who <= in; ++who)
      must(store.put_membership(full_membership(in, who, Time{(in & who & 1) != 0 ? 5'000'000 : 0})));
  if (!counted) return;
  for (unsigned in = 0; in < size; ++in) {
    const OrganizationSelector row = organization(in);
    Query query;
    query.organizations = {&row, 1};
    query.counts = true;
    Facts facts;
    must(store.fetch(query, facts));
  }
}

std::string picture(MemoryStore& store, unsigned size) {
  std::string all;
  const auto say = [&](std::string_view text) { (all += text) += ' '; };
  const auto number = [&](std::uint64_t n) { say(std::to_string(n)); };
  std::vector<OrganizationSelector> rows;
  std::vector<AccountSelector> columns;
  std::vector<RoleId> roles;
  std::vector<GroupName> groups;
  for (unsigned i = 0; i < size + 2; ++i) {
    rows.emplace_back(organization(i));
    rows.emplace_back(slug(i));
    columns.emplace_back(account(i));
    columns.emplace_back(username(i));
    columns.emplace_back(address(i));
    roles.push_back(role(i));
    groups.push_back(group(i));
  }
  Query query;
  query.organizations = rows;
  query.accounts = columns;
  query.roles = roles;
  query.parents = query.counts = true;
  Facts facts;
  must(store.fetch(query, facts));
  for (const OrganizationFact& fact : facts.organizations) {
    say(fact.id.view());
    number(static_cast<std::uint64_t>(fact.version));
    number(fact.parent);
    number((fact.joinable ? 1 : 0) + (fact.closed ? 2 : 0));
    number(fact.counts.active);
    number(fact.counts.seats_max);
    std::array<Membership, 64> page;
    if (!fact.id.empty()) number(store.members(fact.id, {}, page).value());
  }
  for (const AccountFact& fact : facts.accounts) {
    say(fact.id.view());
    number(static_cast<std::uint64_t>(fact.version));
    number((fact.disabled ? 1 : 0) + (fact.invited ? 2 : 0) + (fact.verified ? 4 : 0));
    if (fact.id.empty()) continue;
    const auto record = store.account(AccountSelector(fact.id)).value();
    if (record->email) say(record->email->text());
    say(record->username.view());
    std::array<Membership, 64> page;
    const std::size_t count = store.organizations_of(fact.id, {}, page).value();
    for (std::size_t i = 0; i < count; ++i) say(page[i].organization.view().substr(0, 4));
  }
  for (const MembershipFact& fact : facts.memberships) {
    number(fact.organization), number(fact.account);
    number(static_cast<std::uint64_t>(fact.version));
    number(static_cast<std::uint64_t>(fact.state));
    number(static_cast<std::uint64_t>(fact.valid_until));
    say(facts.roles[fact.role].id.view().substr(0, 4));
    number(fact.id.bytes[0]), number(fact.id.bytes[5]);
  }
  for (const RoleIndex wanted : facts.wanted_roles) number(wanted == no_role ? 0 : facts.roles[wanted].rank);
  Query about;
  about.groups = groups;
  Facts found;
  must(store.fetch(about, found));
  for (const GroupFact& fact : found.groups) number(fact.found ? fact.accounts + 1 : 0);
  number(store.organization_count()), number(store.account_count()), number(store.membership_count());
  return all;
}

}  // namespace faults::full
