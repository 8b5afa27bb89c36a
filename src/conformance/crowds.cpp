#include "crowds.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "draft.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using Organizations = OneOrMany<OrganizationSelector>;
using Accounts = OneOrMany<AccountSelector>;

RequestKey key_of(std::uint32_t client) {
  return RequestKey::of("client " + std::to_string(client));
}

/// The number of answers with each outcome.
std::map<std::string, std::uint32_t> heard(const std::vector<Done>& done) {
  std::map<std::string, std::uint32_t> heard;
  for (const Done& it : done) {
    std::size_t from = 0;
    while (from < it.answer.size()) {
      const std::size_t end = std::min(it.answer.find(' ', from), it.answer.size());
      ++heard[it.answer.substr(from, end - from)];
      from = end + 1;
    }
  }
  return heard;
}

/// Every client received one of these, in these numbers.
std::string differs(const std::vector<Done>& done, const std::map<std::string, std::uint32_t>& expected) {
  const auto was = heard(done);
  if (was == expected) return {};
  std::string text = "the clients heard";
  for (const auto& [outcome, times] : was) text += " " + std::to_string(times) + "x " + outcome;
  text += ", and should hear";
  for (const auto& [outcome, times] : expected) text += " " + std::to_string(times) + "x " + outcome;
  return text;
}

/// The numbers of an organization.
std::string differs(Stage& stage, std::uint32_t organization, std::uint32_t active, std::uint32_t owners) {
  Ask ask;
  ask.organizations = {org(organization)};
  ask.accounts = {who(0)};
  ask.counts = true;
  ask.owner_roles = {owner};
  Facts facts;
  if (!stage.fetch(ask, facts)) return {};
  const MemberCounts& counts = facts.organizations[0].counts;
  if (counts.active == active && counts.owners == owners) return {};
  return "there are " + std::to_string(counts.active) + " members and " + std::to_string(counts.owners) +
         " owners, and should be " + std::to_string(active) + " and " + std::to_string(owners);
}

/// org(0) with who(0) to who(count - 1) in it.
std::function<void(Stage&)> members(std::uint32_t count, const RoleId& role, std::uint32_t accounts,
                                    std::uint32_t seats_max = no_limit) {
  return [=](Stage& stage) {
    stage.put(OrganizationRecord{.id = org(0), .seats_max = seats_max});
    stage.put(OrganizationRecord{.id = org(1)});
    stage.put_accounts(accounts);
    std::vector<AccountSelector> columns;
    for (std::uint32_t i = 0; i < count; ++i) columns.emplace_back(who(i));
    Draft draft(stage, {org(0)}, columns);
    for (std::uint32_t i = 0; i < count; ++i) draft.add(0, i, role);
    draft.succeeds("nobody is a member");
  };
}

}  // namespace

Crowd address_crowd(std::uint32_t clients) {
  Crowd crowd{{"many add an address that nobody has", plain_rules(), members(1, owner, 1), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    crowd.scene.parts.push_back({std::make_shared<AddMembers>(Organizations(OrganizationSelector(org(0))),
                                                              Accounts(AccountSelector(newcomer(i % 2 == 0))),
                                                              OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  crowd.wrong = [clients](const std::vector<Done>& done) {
    return differs(done, clients == 1 ? std::map<std::string, std::uint32_t>{{"added", 1}}
                                      : std::map<std::string, std::uint32_t>{{"added", 1}, {"existing", clients - 1}});
  };
  crowd.wrong_there = [](Stage& stage) { return differs(stage, 0, 2, 1); };
  return crowd;
}

Crowd pair_crowd(std::uint32_t clients) {
  Profile rules = plain_rules();
  rules.on_same_role = OnMember::reject;
  Crowd crowd{{"many add one account", rules, members(1, owner, 2), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    crowd.scene.parts.push_back(
        {std::make_shared<AddMembers>(Organizations(OrganizationSelector(org(0))), Accounts(AccountSelector(who(1))),
                                      OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  crowd.wrong = [clients](const std::vector<Done>& done) {
    return differs(done, {{"added", 1}, {"conflict", clients - 1}});
  };
  crowd.wrong_there = [](Stage& stage) { return differs(stage, 0, 2, 1); };
  return crowd;
}

Crowd owner_crowd(std::uint32_t clients) {
  Crowd crowd{{"all owners leave", plain_rules(), members(clients, owner, clients), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    crowd.scene.parts.push_back(
        {std::make_shared<Leave>(Organizations(OrganizationSelector(org(0))), who(i), key_of(i))});
  crowd.wrong = [clients](const std::vector<Done>& done) {
    return differs(done, {{"removed", clients - 1}, {"last_owner", 1}});
  };
  crowd.wrong_there = [](Stage& stage) { return differs(stage, 0, 1, 1); };
  return crowd;
}

Crowd seat_crowd(std::uint32_t clients) {
  const std::uint32_t free = clients / 2;
  Profile rules = plain_rules();
  rules.seats = SeatRule::active;
  Crowd crowd{{"more are added than there are seats", rules, members(1, owner, clients + 1, free + 1), {}}, {}, {}};
  for (std::uint32_t i = 0; i < clients; ++i)
    crowd.scene.parts.push_back({std::make_shared<AddMembers>(Organizations(OrganizationSelector(org(0))),
                                                              Accounts(AccountSelector(who(i + 1))),
                                                              OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  crowd.wrong = [clients, free](const std::vector<Done>& done) {
    return differs(done, {{"added", free}, {"seats_taken", clients - free}});
  };
  crowd.wrong_there = [free](Stage& stage) { return differs(stage, 0, free + 1, 1); };
  return crowd;
}

Crowd bulk_crowd(std::uint32_t clients) {
  constexpr std::uint32_t width = 24;
  Profile rules = plain_rules();
  rules.on_same_role = OnMember::reject;
  Crowd crowd{{"bulks meet in all orders", rules, members(1, owner, width + 1), {}}, {}, {}};
  Chance chance(clients);
  for (std::uint32_t i = 0; i < clients; ++i) {
    std::vector<AccountSelector> accounts;
    for (std::uint32_t column = 1; column <= width; ++column) accounts.emplace_back(who(column));
    if (i % 2 == 1) std::reverse(accounts.begin(), accounts.end());
    if (i % 4 > 1) chance.shuffle(accounts);
    const std::vector<OrganizationSelector> places = i % 2 == 0 ? std::vector<OrganizationSelector>{org(0), org(1)}
                                                                : std::vector<OrganizationSelector>{org(1), org(0)};
    crowd.scene.parts.push_back({std::make_shared<AddMembers>(Organizations(places), Accounts(accounts),
                                                              OneOrMany<RoleId>(member), Actor{}, key_of(i))});
  }
  crowd.wrong = [clients](const std::vector<Done>& done) {
    return differs(done, {{"added", 2 * width}, {"conflict", 2 * width * (clients - 1)}});
  };
  crowd.wrong_there = [](Stage& stage) {
    const std::string first = differs(stage, 0, width + 1, 1);
    return first.empty() ? differs(stage, 1, width, 0) : first;
  };
  return crowd;
}

void expect_right(Stage& stage, const Crowd& crowd, const std::vector<Done>& done) {
  const std::string heard_wrong = crowd.wrong(done);
  stage.expect(heard_wrong.empty(), "where " + crowd.scene.name + ": " + heard_wrong);
  const std::string there_wrong = crowd.wrong_there(stage);
  stage.expect(there_wrong.empty(), "where " + crowd.scene.name + ": " + there_wrong);
}

}  // namespace conformance
ROSTER_END
