// The comparison of names: byte by byte, and addresses by their keys.
#include <algorithm>
#include <array>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// Names that some databases treat as equal, or as something else than a name.
std::vector<std::string> twins() {
  std::vector<std::string> names = {"zoe",
                                    "Zoe",
                                    "ZOE",
                                    "zoe ",
                                    " zoe",
                                    "zo\xC3\xAB",
                                    "zoe\xCC\x88",
                                    "ZO\xC3\x8B",  // case, blanks, NFC and NFD
                                    "stra\xC3\x9F"
                                    "e",
                                    "strasse",
                                    "\xE2\x84\xAA",
                                    "k",
                                    "K",
                                    "\xC4\xB1",
                                    "i",
                                    "I",  // case folding beyond ASCII
                                    "zo_",
                                    "zo%",
                                    "*",
                                    "?",
                                    "'",
                                    "''",
                                    "\"",
                                    "\\",
                                    "\\\\",
                                    "`",
                                    "--",
                                    ";",
                                    "$1",
                                    "?1",
                                    ":a",  // syntax
                                    "NULL",
                                    "null",
                                    "0",
                                    "00",
                                    "1",
                                    "1.0",
                                    "1e0",
                                    "0x1",
                                    "true",
                                    "\xF0\x9F\x98\x80"};  // values, four bytes
  const std::string longest(62, 'z');
  for (const char* const end : {"a", "A", "b"}) names.push_back(longest + end);
  names.push_back(longest);
  return names;
}

void byte_exact(TestContext& test) {
  const std::vector<std::string> names = twins();
  std::vector<OrganizationSelector> organizations, slugs;
  std::vector<AccountSelector> accounts, usernames;
  OwnedQuery groups;
  for (const std::string& name : names) {
    test.put(OrganizationRecord{.id = id<OrganizationId>(name), .slug = id<Slug>(name)});
    test.put(AccountRecord{.id = id<AccountId>(name), .username = id<Username>(name)});
    test.put(id<OrganizationId>(name),
             Role{.id = id<RoleId>(name), .rank = static_cast<std::uint16_t>(accounts.size())});
    test.put(id<GroupName>(name), {id<AccountId>(name)});
    organizations.emplace_back(id<OrganizationId>(name));
    slugs.emplace_back(id<Slug>(name));
    accounts.emplace_back(id<AccountId>(name));
    usernames.emplace_back(id<Username>(name));
    groups.groups.push_back(id<GroupName>(name));
  }
  ChangeSetBuilder builder(test, organizations, accounts);
  for (std::uint32_t i = 0; i < names.size(); ++i) builder.add(i, i, id<RoleId>(names[i]));
  builder.succeeds("no account is a member anywhere");

  OwnedQuery owned_query;
  owned_query.organizations = slugs;
  owned_query.accounts = accounts;
  for (const std::string& name : names) owned_query.roles.push_back(id<RoleId>(name));
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    test.expect(facts.organizations[i].id.view() == names[i],
                "slug `" + names[i] + "` returns `" + std::string(facts.organizations[i].id.view()) + "`");
    test.expect(facts.accounts[i].id.view() == names[i],
                "account `" + names[i] + "` is found as `" + std::string(facts.accounts[i].id.view()) + "`");
    for (std::uint32_t role = 0; role < names.size(); ++role) {
      const RoleIndex wanted = facts.wanted_roles[i * names.size() + role];
      test.expect((wanted != no_role) == (role == i) && (wanted == no_role || facts.roles[wanted].rank == i),
                  "role `" + names[role] + "` was queried in the catalog of `" + names[i] + "`, with a wrong answer");
    }
  }
  if (!test.expect(facts.memberships.size() == names.size(), "a membership belongs to another name")) return;
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const MembershipFact& fact = facts.memberships[i];
    test.expect(fact.organization == i && fact.account == i && facts.roles[fact.role].id.view() == names[i],
                "the membership of `" + names[i] + "` is another, or has another role");
  }
  owned_query.accounts = usernames;
  if (!test.fetch(owned_query, facts)) return;
  for (std::uint32_t i = 0; i < names.size(); ++i)
    test.expect(facts.accounts[i].id.view() == names[i],
                "username `" + names[i] + "` returns `" + std::string(facts.accounts[i].id.view()) + "`");
  if (!test.fetch(groups, facts)) return;
  for (std::uint32_t i = 0; i < names.size(); ++i)
    test.expect(facts.groups[i].found && facts.groups[i].accounts == 1 && facts.group_accounts[i].view() == names[i],
                "group `" + names[i] + "` is another");
}

/// A missing name is not found, however similar to an existing one.
void near_misses(TestContext& test) {
  test.put(OrganizationRecord{.id = OrganizationId("acme"), .slug = Slug("acme")});
  test.put(AccountRecord{.id = AccountId("zoe"), .email = address("zoe@example.org"), .username = Username("zoe")});
  test.put(GroupName("zoe"), {AccountId("zoe")});
  ChangeSetBuilder builder(test, {OrganizationId("acme")}, {AccountId("zoe")});
  builder.add(0, 0);
  builder.succeeds("no account is a member");
  for (const char* const name : {"ACME", "acme ", " acme", "acm", "acme%", "acm_", "%", "ACM\xC3\x89"}) {
    OwnedQuery owned_query;
    owned_query.organizations = {id<OrganizationId>(name), id<Slug>(name)};
    owned_query.accounts = {AccountId("zoe")};
    Facts facts;
    if (test.fetch(owned_query, facts))
      test.expect(facts.organizations[0].id.empty() && facts.organizations[1].id.empty() && facts.memberships.empty(),
                  "`acme` is found as `" + std::string(name) + "`");
  }
  for (const char* const name : {"ZOE", "Zoe", "zoe ", "zo%", "zo_", "%"}) {
    OwnedQuery owned_query;
    owned_query.organizations = {OrganizationId("acme")};
    owned_query.accounts = {id<AccountId>(name), id<Username>(name)};
    owned_query.group_accounts = {id<AccountId>(name)};
    owned_query.actor = id<AccountId>(name);
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    const bool none_found = std::all_of(facts.accounts.begin(), facts.accounts.end(),
                                        [](const AccountFact& fact) { return fact.id.empty(); });
    test.expect(none_found && !facts.organizations[0].actor_is_member, "`zoe` is found as `" + std::string(name) + "`");
    OwnedQuery groups;
    groups.groups = {id<GroupName>(name)};
    if (test.fetch(groups, facts))
      test.expect(!facts.groups[0].found, "a group is found as `" + std::string(name) + "`");
  }
}

/// Uses the bytes of an address as its key, whatever they are.
class AsWritten final : public EmailCanonicalizer {
 public:
  std::size_t key(std::string_view address, std::span<char, 254> key) const noexcept override {
    std::copy(address.begin(), address.end(), key.begin());
    return address.size();
  }
};

void email_keys(TestContext& test) {
  const AsWritten as_written;
  const EmailRules any{.grammar = EmailGrammar::mailbox}, domain_only{.letters = EmailCase::fold_domain},
      foreign{.canonicalizer = &as_written};
  const std::string local(64, 'l'), label(63, 'd');
  const std::string longest = local + "@" + label + "." + label + "." + std::string(58, 'e') + ".x";
  const std::vector<Email> test_accounts = {address("Zoe@Example.org"),
                                            address("zoe+tag@example.org"),
                                            address("z.o.e@example.org"),
                                            address("Ann@Example.org", domain_only),
                                            address("ANN@example.org", domain_only),
                                            address("o'brien@example.org"),
                                            address("100%@example.org"),
                                            address("a_b@example.org"),
                                            address("axb@example.org"),
                                            address("\"a b\"@example.org", any),
                                            address("kim@[127.0.0.1]", any),
                                            address("\xC3\xBC@example.org", foreign),
                                            address("\xC3\x9C@example.org", foreign),
                                            address("u\xCC\x88@example.org", foreign),
                                            address(longest)};
  test.put_organizations(1);
  ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(99)});
  for (std::uint32_t i = 0; i < test_accounts.size(); ++i) {
    if (!test.expect(!test_accounts[i].text().empty(), "the kit has an address that is none")) return;
    if (i % 2 == 0)
      test.put(AccountRecord{.id = test_account(i), .email = test_accounts[i]});
    else
      builder.create(test_account(i), test_accounts[i]);
  }
  builder.succeeds("the keys are all different");

  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  for (const Email& person : test_accounts) owned_query.accounts.emplace_back(person);
  owned_query.accounts.emplace_back(address("ZOE@EXAMPLE.ORG"));               // the same key, written otherwise
  owned_query.accounts.emplace_back(address("aNN@example.org", domain_only));  // a key of its own
  owned_query.accounts.emplace_back(address("zoe@example.or"));
  owned_query.accounts.emplace_back(address("a%b@example.org"));
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  for (std::uint32_t i = 0; i < test_accounts.size(); ++i)
    test.expect(facts.accounts[i].id == test_account(i), "`" + std::string(test_accounts[i].text()) + "` returns `" +
                                                             std::string(facts.accounts[i].id.view()) + "`");
  const std::size_t more = test_accounts.size();
  test.expect(facts.accounts[more].id == test_account(0),
              "an address is not found by another spelling with the same key");
  for (std::size_t i = more + 1; i < owned_query.accounts.size(); ++i)
    test.expect(facts.accounts[i].id.empty(), "`" + text_of(owned_query.accounts[i]) + "` is unknown, and returns `" +
                                                  std::string(facts.accounts[i].id.view()) + "`");
}

constexpr Entry ids_entries[] = {
    {{"ids/byte-exact",
      "names that differ in one byte identify different records, for differences in case, blanks, accents and syntax"},
     byte_exact},
    {{"ids/near-misses", "a name without a record returns no record, even if it resembles an existing name"},
     near_misses},
    {{"ids/email-keys", "an address is found by its key, compared byte by byte, in any spelling"}, email_keys},
};

}  // namespace

std::span<const Entry> ids_laws() noexcept {
  return ids_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
