// Names of the maximum length, keys of 16 bytes, and names of different kinds: each is compared to its last byte.
#include <algorithm>
#include <initializer_list>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// A name, and others that differ from it in one byte each; the last of them is unknown.
std::vector<std::string> near_twins(const std::string& name) {
  std::vector<std::string> twins = {name};
  for (const std::size_t at :
       std::initializer_list<std::size_t>{0, 7, 8, 15, 31, 32, 39, 40, 54, 55, 60, 61, 63, 85, 86, 127, 180, 190, 251})
    if (at + 1 < name.size() && name[at] != '@' && name[at] != '.') {
      twins.push_back(name);
      twins.back()[at] = 'x';
    }
  for (const char last : {'x', 'y', 'z'}) {
    twins.push_back(name);
    twins.back().back() = last;
  }
  return twins;
}

template <class AnyId>
std::vector<AnyId> longest() {
  std::vector<AnyId> ids;
  for (const std::string& name : near_twins(std::string(AnyId::size_max, 'n'))) ids.push_back(id<AnyId>(name));
  return ids;
}

std::vector<Email> longest_addresses() {
  const std::string label(Email::domain_label_max, 'd');
  std::string name = std::string(Email::local_part_max, 'n') + "@" + label + "." + label + ".";
  name += std::string(Email::size_max - name.size() - 2, 'e') + ".n";
  std::vector<Email> addresses;
  for (const std::string& twin : near_twins(name)) addresses.push_back(address(twin));
  return addresses;
}

/// Usernames and names of groups are longer than ids; the last variant of each is unknown.
void longest_names_of_accounts(TestContext& test) {
  const auto usernames = longest<Username>();
  const auto groups = longest<GroupName>();
  const auto last = static_cast<std::uint32_t>(usernames.size() - 1);
  OwnedQuery by_name, of_groups;
  by_name.organizations = {test_organization(0)};
  for (std::uint32_t i = 0; i <= last; ++i) {
    by_name.accounts.emplace_back(usernames[i]);
    of_groups.groups.push_back(groups[i]);
    if (i == last) break;
    test.put(AccountRecord{.id = test_account(200 + i), .username = usernames[i]});
    test.put(groups[i], {test_account(200 + i)});
  }
  OwnedQuery one = by_name;
  one.accounts.resize(1);
  Facts facts;
  if (!test.fetch(one, facts)) return;
  test.expect(facts.accounts[0].id == test_account(200),
              "a query for one longest username returns the record of a similar one");
  if (!test.fetch(by_name, facts)) return;
  for (std::uint32_t i = 0; i <= last; ++i)
    test.expect(facts.accounts[i].id == (i == last ? AccountId() : test_account(200 + i)),
                "a longest username returns the record of a similar one");
  if (!test.fetch(of_groups, facts)) return;
  for (std::uint32_t i = 0; i <= last; ++i)
    test.expect(facts.groups[i].found == (i < last) && (i == last || facts.group_accounts[i] == test_account(200 + i)),
                "a longest group name returns the record of a similar one");
}

/// Every record has the longest names, and the last variant of each kind is unknown. Commands create the accounts with
/// odd numbers.
void longest_names(TestContext& test) {
  const auto organizations = longest<OrganizationId>();
  const auto slugs = longest<Slug>();
  const auto accounts = longest<AccountId>();
  const auto roles = longest<RoleId>();
  const auto addresses = longest_addresses();
  if (!test.expect(addresses[0].key().size() == Email::size_max, "the kit has no longest address")) return;
  const std::size_t ids = organizations.size() - 1, mails = addresses.size() - 1;
  test.put_organizations(1);
  OwnedQuery owned_query, by_name, nested, by_address;
  for (std::size_t i = 0; i < organizations.size(); ++i) {
    owned_query.organizations.emplace_back(organizations[i]);
    owned_query.group_accounts.push_back(accounts[i]);
    owned_query.accounts.emplace_back(accounts[i]);
    owned_query.roles.push_back(roles[i]);
    by_name.organizations.emplace_back(slugs[i]);
    nested.organizations.emplace_back(Nested{organizations[i], id<OrganizationId>("in " + std::to_string(i))});
    if (i == ids) break;
    test.put(OrganizationRecord{.id = organizations[i], .slug = slugs[i]});
    test.put(OrganizationRecord{.id = id<OrganizationId>("in " + std::to_string(i)), .parent = organizations[i]});
    test.put(organizations[i], Role{.id = roles[i], .rank = static_cast<std::uint16_t>(i)});
    test.put(AccountRecord{.id = accounts[i]});
  }
  nested.organizations.emplace_back(Nested{organizations[ids], id<OrganizationId>("in 0")});
  nested.organizations.emplace_back(Nested{organizations[1], id<OrganizationId>("in 0")});
  nested.accounts = {accounts[0]};
  ChangeSetBuilder members(test, owned_query.organizations, owned_query.accounts);
  for (std::uint32_t i = 0; i < ids; ++i) members.add(i, i, roles[i]);
  members.succeeds("no account is a member");

  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  for (std::uint32_t i = 0; i <= ids && !test.broken(); ++i) {
    const auto column = static_cast<std::uint32_t>(organizations.size()) + i;
    const OrganizationId organization = i == ids ? OrganizationId() : organizations[i];
    const AccountId account = i == ids ? AccountId() : accounts[i];
    test.expect(facts.organizations[i].id == organization,
                "a longest organization id returns the record of a similar one");
    test.expect(facts.accounts[i].id == account && facts.accounts[column].id == account,
                "a longest account id returns the record of a similar one");
    for (std::uint32_t role = 0; role <= ids; ++role) {
      const RoleIndex wanted = facts.wanted_roles[static_cast<std::uint32_t>(i * (ids + 1) + role)];
      test.expect(
          (wanted != no_role) == (i == role && i != ids) && (wanted == no_role || facts.roles[wanted].rank == i),
          "a longest role id returns the role of a similar one");
    }
  }
  if (!test.expect(facts.memberships.size() == 2 * ids, "a member with a longest id is a member as its near twin"))
    return;
  for (const MembershipFact& fact : facts.memberships)
    test.expect(fact.account % (ids + 1) == fact.organization && facts.roles[fact.role].id == roles[fact.organization],
                "a member with a longest id is a member elsewhere, or in another role");
  if (!test.fetch(by_name, facts)) return;
  for (std::uint32_t i = 0; i <= ids; ++i)
    test.expect(facts.organizations[i].id == (i == ids ? OrganizationId() : organizations[i]),
                "a longest slug returns the record of a similar one");
  if (!test.fetch(nested, facts)) return;
  for (std::uint32_t i = 0; i < nested.organizations.size(); ++i)
    test.expect(facts.organizations[i].id.empty() == (i >= ids),
                "a longest id of a parent returns an organization inside of a similar one");
  longest_names_of_accounts(test);

  ChangeSetBuilder created(test, {test_organization(0)}, {test_account(99)});
  for (std::uint32_t i = 0; i < mails; ++i) {
    if (i % 2 == 0)
      test.put(AccountRecord{.id = test_account(i), .email = addresses[i]});
    else
      created.create(test_account(i), addresses[i]);
  }
  created.succeeds("near twins of an address are other addresses");
  by_address.organizations = {test_organization(0)};
  for (const Email& mail : addresses) by_address.accounts.emplace_back(mail);
  if (!test.fetch(by_address, facts)) return;
  for (std::uint32_t i = 0; i <= mails; ++i)
    test.expect(facts.accounts[i].id == (i == mails ? AccountId() : test_account(i)),
                "a longest address returns the record of a similar one");
  ChangeSetBuilder taken(test, {test_organization(0)}, {test_account(99)});
  taken.create(test_account(99), addresses[1]);
  taken.is_stale("an account has that longest address");
}

/// Every byte of a membership id is compared, and the first 12 bytes of an idempotency key.
void keys(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(2);
  ChangeSetBuilder first(test, {test_organization(0)}, test_accounts(2));
  first.add(0, 0);
  first.add(0, 1);
  first.succeeds("no account is a member");
  ChangeSetBuilder second(test, {test_organization(0)}, test_accounts(2));
  second.change(0, 1, MembershipState::suspended, Event::suspended);
  second.succeeds("the membership has the version that was read");
  for (std::size_t byte = 0; byte < 16; ++byte) {
    ChangeSetBuilder wrong(test, {test_organization(0)}, test_accounts(2));
    wrong.change(0, 0, MembershipState::active, Event::role_changed, admin).id.bytes[byte] ^= 0x40;
    wrong.is_stale("the membership to be changed has an id that differs in one byte");
    if (byte >= bound_size) continue;
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(0)};
    owned_query.accounts = test_accounts(2);
    owned_query.idempotency_key = first.changes.idempotency_key;
    owned_query.idempotency_key.bytes[byte] ^= 0x40;
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    for (const MembershipFact& fact : facts.memberships)
      test.expect(!fact.written_by_request() && !fact.outdated,
                  "a request whose key differs in one byte is taken for the one that wrote");
  }
}

/// A name of one kind is not a name of another kind with the same text.
void kinds(TestContext& test) {
  const OrganizationId ann_inc("ann"), bob_inc("bob");
  const AccountId ann("ann"), bob("bob");
  test.put(OrganizationRecord{.id = ann_inc, .slug = Slug("bob")});
  test.put(OrganizationRecord{.id = bob_inc, .slug = Slug("kim")});
  test.put(AccountRecord{.id = ann, .username = Username("bob")});
  test.put(AccountRecord{.id = bob, .email = address("bob@example.org"), .username = Username("kim@example.org")});
  test.put(GroupName("kim"), {bob});
  OwnedQuery owned_query, groups;
  owned_query.organizations = {ann_inc, bob_inc, Slug("bob"), Slug("kim"), Slug("ann"), OrganizationId("kim")};
  owned_query.accounts = {ann,
                          bob,
                          Username("bob"),
                          Username("ann"),
                          AccountId("kim"),
                          address("kim@example.org"),
                          Username("kim@example.org"),
                          AccountId("kim@example.org"),
                          Username("bob@example.org"),
                          AccountId("bob@example.org")};
  groups.groups = {GroupName("kim"), GroupName("bob"), GroupName("ann")};
  const std::vector<OrganizationId> organizations = {ann_inc, bob_inc, ann_inc, bob_inc, {}, {}};
  const std::vector<AccountId> accounts = {ann, bob, ann, {}, {}, {}, bob, {}, {}, {}};
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  for (std::uint32_t i = 0; i < organizations.size(); ++i)
    test.expect(facts.organizations[i].id == organizations[i], text_of(owned_query.organizations[i]) + " returns `" +
                                                                   std::string(facts.organizations[i].id.view()) + "`");
  for (std::uint32_t i = 0; i < accounts.size(); ++i)
    test.expect(facts.accounts[i].id == accounts[i],
                text_of(owned_query.accounts[i]) + " returns `" + std::string(facts.accounts[i].id.view()) + "`");
  if (test.fetch(groups, facts))
    test.expect(facts.groups[0].found && !facts.groups[1].found && !facts.groups[2].found,
                "a group is found by a name of another kind");
}

constexpr Entry name_entries[] = {
    {{"ids/longest", "names of maximum length that differ in one byte, even the last, identify different records"},
     longest_names},
    {{"ids/keys", "membership ids are compared in all 16 bytes, and idempotency keys in their first 12 bytes"}, keys},
    {{"ids/kinds", "ids, slugs, usernames, addresses and group names are looked up only among names of their own kind"},
     kinds},
};

}  // namespace

std::span<const Entry> name_laws() noexcept {
  return name_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
