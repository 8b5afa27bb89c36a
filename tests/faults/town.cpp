#include "faults/town.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace faults {

namespace {

constexpr std::array catalog = {
    Role{.id = RoleId("guest"), .rank = 1},
    Role{.id = RoleId("clerk"), .rank = 2},
    Role{.id = RoleId("chief"), .rank = 3, .manages = true},
};

/// Longer than what an e-mail address holds inline, so that each copy of it is an allocation.
const std::string long_address = "a.rather.long.name@" + std::string(50, 'x') + "." + std::string(50, 'y') + ".example";
constexpr const char* new_addresses[] = {"new1@x.example", "new2@x.example"};
constexpr int crowd = 600;

Profile rules() {
  Profile profile;
  profile.roles = catalog;
  profile.default_role = RoleId("guest");
  profile.mode = Mode::best_effort;
  profile.accounts_max = profile.organizations_max = 1000;
  profile.on_unknown_account = OnUnknown::create;
  profile.on_other_role = OnMember::replace;
  return profile;
}

OrganizationSelector place(std::string_view id) {
  return named<OrganizationId>(id);
}
AccountSelector person(std::string_view id) {
  return named<AccountId>(id);
}
AccountSelector address(std::string_view text) {
  return named<Email>(text);
}

}  // namespace

std::vector<Errand> errands() {
  const auto profile = [](auto change) {
    Profile changed = rules();
    change(changed);
    return changed;
  };
  using Places = std::vector<OrganizationSelector>;
  using People = std::vector<AccountSelector>;
  const auto atomic = [](Profile& p) { p.mode = Mode::atomic; };
  std::vector<Errand> all;
  const auto one = [&](const char* name, Profile how, AddMembers command, Options options = {}) {
    command.request = RequestKey::of(name);
    all.push_back({name, std::move(how), std::move(command), options});
  };
  one("add by id", rules(), {place("o1"), person("ann")});
  one("add by a known address", rules(), {place("o1"), address("Ann@x.example")});
  one("add by user name and slug", rules(), {named<Slug>("second"), named<Username>("bob")});
  one("add by a new address", rules(), {place("o1"), address(new_addresses[0])});
  one("add by a new address that is long", rules(), {place("o1"), address(long_address)});
  one("invite, with the organization's own roles", profile([](Profile& p) {
        p.roles = {};
        p.on_unknown_account = OnUnknown::invite;
      }),
      {place("o1"), address(new_addresses[0]), named<RoleId>("tutor")});
  const Places three{place("o1"), place("o2"), place("o3")};
  const People two{person("ann"), address(new_addresses[1])};
  one("bulk 3 x 2", rules(), {three, two});
  one("bulk 3 x 2, cell by cell", rules(), {three, two}, {.tile_cells_max = 1});
  one("bulk 3 x 2 without details", rules(), {three, two}, {.tile_cells_max = 2, .details = false});
  one("atomic 3 x 2", profile(atomic), {three, two});
  one("atomic, refused", profile(atomic), {three, People{person("ann"), person("nobody"), person("old")}});
  one("bulk with refusals", rules(),
      {Places{place("o1"), place("closed"), place("nowhere")}, People{person("ann"), person("ill"), person("nobody")}});
  {
    AddMembers command(Places{place("o1"), place("o2")}, person("ann"));
    command.groups = {named<GroupName>("crew"), named<GroupName>("gone")};
    one("groups", rules(), command);
    one("groups, atomic and refused", profile(atomic), command);
  }
  const auto nested = Nested{named<OrganizationId>("parent"), named<OrganizationId>("child")};
  one("nested, added to the parent too", profile([](Profile& p) {
        p.parent = ParentRule::add;
        p.parent_role = RoleId("guest");
      }),
      {nested, People{person("ann"), address(new_addresses[0])}, named<RoleId>("clerk")});
  one("nested, the parent required", profile([](Profile& p) { p.parent = ParentRule::require; }),
      {nested, People{person("ann"), person("old")}});
  one("replace", rules(), {place("o1"), person("old"), named<RoleId>("chief")});
  one("raise, in several places", profile([](Profile& p) { p.on_other_role = OnMember::raise; }),
      {three, People{person("old"), person("ann")}, named<RoleId>("clerk")});
  one("again", rules(), {place("o1"), person("old")});
  one("again, by address, atomic", profile(atomic), {place("o1"), address("old@x.example")});
  one("one person three times", rules(),
      {place("o1"), People{address(new_addresses[0]), address("NEW1@x.example"), address(new_addresses[0])}});
  {
    AddMembers command(Places{place("o1"), place("o2")}, People{person("ann"), person("bob")});
    command.roles = std::vector<RoleId>{RoleId("guest"), RoleId("clerk"), RoleId("chief")};
    command.cell_roles = {0, 1, 2, 0};
    command.actor.id = AccountId("old");
    one("roles per cell, by a manager", profile([](Profile& p) { p.actor = ActorRule::member; }), command);
  }
  People many;
  for (int i = 0; i < crowd; ++i) many.push_back(person("c" + std::to_string(i)));
  many[17] = address(new_addresses[0]);
  one("600 columns", rules(), {Places{place("o1"), place("o2")}, many}, {.tile_cells_max = 256});
  all.back().crowded = true;
  one("600 columns, atomic", profile(atomic), {place("o1"), many});
  all.back().crowded = true;
  return all;
}

Town::Town(bool crowded) {
  const auto put = [](Result<void> done) { REQUIRE(done.has_value()); };
  for (const char* const id : {"o1", "o2", "o3", "closed", "parent", "child"}) {
    OrganizationRecord record{.id = named<OrganizationId>(id), .joinable = std::string_view(id) != "closed"};
    if (std::string_view(id) == "child") record.parent = OrganizationId("parent");
    if (std::string_view(id) == "o2") record.slug = Slug("second");
    put(store.put_organization(record));
    places_.push_back(place(id));
  }
  put(store.put_role(OrganizationId("o1"), {.id = RoleId("tutor"), .rank = 1}));
  const auto live = [&](std::string_view id, bool disabled = false) {
    AccountRecord record{.id = named<AccountId>(id), .disabled = disabled};
    if (id[0] != 'c') {
      record.email = named<Email>(std::string(id) + "@x.example");
      record.username = named<Username>(id);
    }
    put(store.put_account(record));
    people_.push_back(person(id));
    labels_.push_back(std::string(id));
  };
  for (const char* const id : {"ann", "bob", "old", "rex"}) live(id);
  live("ill", true);
  for (int i = 0; crowded && i < crowd; ++i) live("c" + std::to_string(i));
  for (const std::string& text : {std::string(new_addresses[0]), std::string(new_addresses[1]), long_address}) {
    people_.push_back(address(text));
    labels_.push_back(text);
  }
  const std::array crew{AccountId("bob"), AccountId("rex"), AccountId("bob")};
  put(store.put_group(GroupName("crew"), crew));
  groups_ = {GroupName("crew"), GroupName("gone"), GroupName("fresh")};
  for (const char* const id : {"o1", "o2", "parent"}) {
    Membership membership;
    membership.organization = named<OrganizationId>(id);
    membership.account = AccountId("old");
    membership.role = RoleId("clerk");
    ids.fill(std::span<MembershipId>(&membership.id, 1));
    put(store.put_membership(membership));
  }
}

View Town::look(bool exact) {
  const std::array roles{RoleId("guest"), RoleId("tutor"), RoleId("fresh")};
  Query query;
  query.organizations = places_;
  query.accounts = people_;
  query.roles = roles;
  query.parents = true;
  Facts facts;
  REQUIRE(store.fetch(query, facts).has_value());
  View view;
  const auto version = [&](Version v) { return exact ? " v" + std::to_string(static_cast<std::uint64_t>(v)) : ""; };
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const OrganizationFact& fact = facts.organizations[i];
    std::string line = "organization " + std::string(fact.id.view()) + version(fact.version);
    if (!fact.joinable) line += " closed";
    if (fact.parent != no_index) line += " in " + std::string(facts.organizations[fact.parent].id.view());
    for (std::size_t r = 0; r < roles.size(); ++r)
      if (facts.wanted_roles[i * roles.size() + r] != no_role) {
        const Role& role = facts.roles[facts.wanted_roles[i * roles.size() + r]];
        line += " has " + std::string(role.id.view()) + "/" + std::to_string(role.rank) + (role.assignable ? "" : "-");
      }
    const auto record = store.organization(places_[i]);
    if (record && !record->slug.empty()) line += " slug " + std::string(record->slug.view());
    view.push_back(line);
  }
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const AccountFact& fact = facts.accounts[i];
    if (fact.id.empty()) continue;
    std::string line = "account " + labels_[i] + version(fact.version);
    if (exact) line += " id " + std::string(fact.id.view());
    if (fact.disabled) line += " disabled";
    const auto record = store.account(AccountSelector(fact.id));
    if (record && record->email) line += " " + std::string(record->email->text());
    if (record && !record->username.empty()) line += " user " + std::string(record->username.view());
    if (record && record->invited) line += " invited";
    view.push_back(line);
  }
  for (const MembershipFact& fact : facts.memberships) {
    if (fact.organization >= places_.size()) continue;  // parents are answered a second time
    std::string line = "member " + labels_[fact.account] + " of " +
                       std::string(facts.organizations[fact.organization].id.view()) + " as " +
                       std::string(facts.roles[fact.role].id.view()) + version(fact.version);
    if (fact.state == MembershipState::invited) line += " invited";
    const auto text = fact.id.text();
    if (exact) line += " " + std::string(text.begin(), text.end());
    view.push_back(line);
  }
  Query about_groups;
  about_groups.groups = groups_;
  Facts found;
  REQUIRE(store.fetch(about_groups, found).has_value());
  std::size_t next = 0;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    std::string line = "group " + std::string(groups_[i].view()) + (found.groups[i].found ? ":" : " is not there");
    for (std::uint32_t k = 0; k < found.groups[i].accounts; ++k)
      line += " " + std::string(found.group_accounts[next++].view());
    view.push_back(line);
  }
  view.push_back("counts " + std::to_string(store.organization_count()) + " " + std::to_string(store.account_count()) +
                 " " + std::to_string(store.membership_count()));
  return view;
}

std::string Town::broken() {
  std::set<MembershipId> seen;
  std::uint64_t rows = 0;
  for (const OrganizationSelector& selector : places_) {
    const auto organization = std::get<OrganizationId>(selector);
    std::set<AccountId> here;
    std::array<Membership, 64> page;
    std::uint64_t cursor = 0;
    while (const std::size_t count = store.members(organization, cursor, page))
      for (std::size_t i = 0; i < count; ++i) {
        ++rows;
        if (!here.insert(page[i].account).second) return "an account is a member twice";
        if (!seen.insert(page[i].id).second) return "a membership id is used twice";
        if (!store.account(AccountSelector(page[i].account))) return "a member is no account";
        const auto found = store.membership(organization, page[i].account);
        if (!found || !(found->id == page[i].id)) return "list and look-up differ";
      }
    if (here.size() != store.member_count(organization)) return "members are counted wrongly";
  }
  if (rows != store.membership_count()) return "memberships are counted wrongly";
  std::uint64_t joined = 0, there = 0;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const auto record = store.account(people_[i]);
    if (!record) continue;
    ++there;
    const std::uint64_t count = store.organization_count(record->id);
    joined += count;
    if (std::holds_alternative<Email>(people_[i]) && count == 0) return "an account was created that is in nothing";
    std::array<Membership, 16> page;
    std::uint64_t cursor = 0;
    if (store.organizations_of(record->id, cursor, page) != count)
      return "an account's organizations are counted wrongly";
  }
  if (joined != rows) return "memberships and the lists of accounts differ";
  if (there != store.account_count()) return "there is an account that nothing leads to";
  return {};
}

std::string contradiction(const Errand& errand, const Report& report, Town& town) {
  const auto organizations = errand.command.organizations.span();
  for (std::uint32_t row = 0; row < report.rows; ++row)
    for (std::uint32_t column = 0; column < report.columns; ++column) {
      const Outcome outcome = report.at(row, column);
      const std::string cell =
          "cell " + std::to_string(row) + "," + std::to_string(column) + " is " + std::string(name(outcome));
      if (outcome == Outcome::undecided || !succeeded(outcome)) continue;
      const auto organization = town.store.organization(organizations[row]);
      if (!organization) return cell + " in no organization";
      if (report.accounts[column].id.empty()) return cell + " of no account";
      const auto membership = town.store.membership(organization->id, report.accounts[column].id);
      if (!membership) return cell + " but there is no membership";
      if (wrote(outcome) && !same_request(membership->request, bound(report.request, errand.command.actor.id)))
        return cell + " but another request wrote it";
      if (!errand.options.details) continue;
      if (!(membership->id == report.membership(row, column))) return cell + " under another id";
      if (!(membership->role == report.role(row, column))) return cell + " with another role";
    }
  return {};
}

}  // namespace faults
