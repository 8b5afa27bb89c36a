// Proves, statement by statement, that profiles::devin behaves as POST /v2/enterprise/organizations/{org_id}/members
// says.
#include "apis/seeded.hpp"

namespace devin_test {

using namespace seeded;

namespace {

using Places = std::vector<OrganizationSelector>;
using People = std::vector<AccountSelector>;

/// The enterprise ent with o1, o2, o3, managed by root; another enterprise with x1. chief manages o1 only.
void furnish(Host& host) {
  host.has_organization("ent");
  host.has_organization("ent2");
  for (const char* const place : {"o1", "o2", "o3"}) host.has_organization(place, "ent");
  host.has_organization("x1", "ent2");
  for (const char* const who : {"root", "root2", "chief", "u1", "u2", "u3"}) host.has_account(who);
  host.has_member("ent", "root", "org_admin");
  host.has_member("ent2", "root2", "org_admin");
  host.has_member("o1", "chief", "org_admin");
  host.has_group("crew", {"u2", "u3", "u2"});
  host.has_group("empty", {});
}

Places places(std::initializer_list<const char*> ids) {
  Places all;
  for (const char* const id : ids) all.push_back(organization(id));
  return all;
}
People people(std::initializer_list<const char*> ids) {
  People all;
  for (const char* const id : ids) all.push_back(account(id));
  return all;
}
AddMembers bulk(std::initializer_list<const char*> to, std::initializer_list<const char*> who, std::string_view as = {},
                Actor actor = by("root")) {
  return {places(to), people(who), role(as), actor};
}
AddMembers with_groups(AddMembers command, std::initializer_list<const char*> groups) {
  for (const char* const name : groups) command.groups.push_back(named<GroupName>(name));
  return command;
}

}  // namespace

TEST_CASE("devin 1: every user in every organization, N x M cells, row by row") {
  Host host(profiles::devin);
  furnish(host);
  const Report report = host.add(bulk({"o1", "o2"}, {"u1", "u2", "u3"}));
  CHECK(report.rows == 2);
  CHECK(report.columns == 3);
  CHECK(report.count(Outcome::added) == 6);
  CHECK(report.succeeded());
  for (const char* const place : {"o1", "o2"})
    for (const char* const who : {"u1", "u2", "u3"}) CHECK(host.role_of(place, who) == "org_member");
  CHECK(report.membership(1, 2) == host.membership("o2", account("u3")).id);
  CHECK(host.store.membership_count() == 3 + 6);
}

TEST_CASE("devin 2: the role defaults to org_member, org_admin can be given, nothing else") {
  struct Row {
    const char* asked;
    Outcome outcome;
    const char* given;
  };
  for (const Row& row : {Row{"", Outcome::added, "org_member"}, Row{"org_member", Outcome::added, "org_member"},
                         Row{"org_admin", Outcome::added, "org_admin"}, Row{"owner", Outcome::role_not_found, ""},
                         Row{"Org_Admin", Outcome::role_not_found, ""}}) {
    INFO("role `" << row.asked << "`");
    Host host(profiles::devin);
    furnish(host);
    CHECK(host.one(bulk({"o1"}, {"u1"}, row.asked)) == row.outcome);
    CHECK(host.role_of("o1", "u1") == row.given);
  }
}

TEST_CASE("devin 2: an explicit role replaces the role of an existing member, up and down") {
  Host host(profiles::devin);
  furnish(host);
  const MembershipId before = host.membership("o1", account("chief")).id;
  const Report report = host.add(bulk({"o1"}, {"chief"}, "org_member"));
  CHECK(report.at(0, 0) == Outcome::replaced);
  CHECK(text(report.role(0, 0)) == "org_member");
  CHECK(report.membership(0, 0) == before);
  CHECK(host.role_of("o1", "chief") == "org_member");
  CHECK(host.take_events() == Events{"replaced chief in o1: org_admin by org_member"});
  CHECK(host.one(bulk({"o1"}, {"chief"}, "org_member")) == Outcome::existing);
  CHECK(host.events.empty());
  CHECK(host.one(bulk({"o1"}, {"chief"}, "org_admin")) == Outcome::replaced);
  CHECK(host.role_of("o1", "chief") == "org_admin");
}

TEST_CASE(
    "devin 2: all or nothing: whatever is refused, the whole operation writes nothing and says which cell it was") {
  struct Row {
    const char* statement;
    AddMembers command;
    std::vector<Outcome> outcomes;
  };
  const Outcome no = Outcome::not_attempted;
  const Row rows[] = {
      {"an unknown user",
       bulk({"o1", "o2"}, {"u1", "nobody"}),
       {no, Outcome::account_not_found, no, Outcome::account_not_found}},
      {"an unknown organization",
       bulk({"o1", "nowhere"}, {"u1", "u2"}),
       {no, no, Outcome::organization_not_found, Outcome::organization_not_found}},
      {"an unknown group",
       with_groups(bulk({"o1", "o2"}, {"u1"}), {"nobodies"}),
       {no, Outcome::group_not_found, no, Outcome::group_not_found}},
      {"an organization of another enterprise", bulk({"o1", "x1"}, {"u1"}), {no, Outcome::forbidden}},
      {"a member keeps its answer",
       bulk({"o1"}, {"chief", "u1", "nobody"}),
       {Outcome::existing, no, Outcome::account_not_found}},
      {"a role that would be replaced is not",
       bulk({"o1"}, {"chief", "nobody"}, "org_member"),
       {no, Outcome::account_not_found}},
  };
  for (const Row& row : rows) {
    INFO(row.statement);
    Host host(profiles::devin);
    furnish(host);
    CHECK(host.outcomes(row.command) == row.outcomes);
    CHECK(host.events.empty());
    CHECK(host.store.membership_count() == 3);
    CHECK(host.role_of("o1", "chief") == "org_admin");
  }
  CHECK(profiles::devin.status[no] == 424);
}

TEST_CASE(
    "devin 2: every change is told, with who made it, when and under which request, and what does not change is not") {
  Host host(profiles::devin);
  furnish(host);
  host.has_member("o2", "u1", "org_admin");
  const Report report = host.add(bulk({"o1", "o2"}, {"chief", "u1"}, "org_admin"));
  CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) ==
        Outcomes{Outcome::existing, Outcome::added, Outcome::added, Outcome::existing});
  CHECK(host.events == Events{"added u1 to o1 as org_admin", "added chief to o2 as org_admin"});
  CHECK(host.told_by == "root");
  CHECK(host.told_at == now);
  CHECK(host.told_under == bound(report.idempotency_key, account("root")));
  CHECK_FALSE(report.idempotency_key.empty());
  CHECK(same_request(host.membership("o1", account("u1")).idempotency_key, host.told_under));
}

TEST_CASE("devin 3, (ii): a list without users is an error, not a success that did nothing") {
  Host host(profiles::devin);
  furnish(host);
  CHECK(host.error({places({"o1"}), People{}, {}, by("root")}) == Errc::batch_empty);
  CHECK(host.error({Places{}, people({"u1"}), {}, by("root")}) == Errc::batch_empty);
  CHECK(host.error({Places{}, People{}, {}, by("root")}) == Errc::batch_empty);
  CHECK(host.error(with_groups({places({"o1"}), People{}, {}, by("root")}, {"empty"})) == Errc::batch_empty);
  CHECK(host.one(bulk({"o1"}, {"u1"})) == Outcome::added);  // org_ids empty: the path's organization alone
}

TEST_CASE("devin 3: a user is named by id, and the error names the entry at fault") {
  Host host(profiles::devin);
  furnish(host);
  AddMembers command = bulk({"o1"}, {"u1", "u2"});
  command.accounts = People{account("u1"), account("u2"), email("u3@x.example")};
  auto refused = Engine(host.profile, host, host.ids).add(command, now);
  REQUIRE(refused.has_error());
  CHECK(refused.assume_error() == Error(Errc::selector_not_accepted, 2));
  command.accounts = People{account("u1"), AccountId{}};
  auto blank = Engine(host.profile, host, host.ids).add(command, now);
  REQUIRE(blank.has_error());
  CHECK(blank.assume_error() == Error(Errc::id_empty, 1));
  CHECK(refusal(profiles::devin, {}, "u3@x.example", {}) == Errc::selector_not_accepted);
  CHECK(refusal(profiles::devin, {}, {}, "u3") == Errc::selector_not_accepted);
}

TEST_CASE("devin 4, (iv): a role that is null or absent is the default for new members and leaves an org_admin alone") {
  Host host(profiles::devin);
  furnish(host);
  const bool absent = GENERATE(true, false);
  AddMembers command = bulk({"o1"}, {"chief", "u1"});
  if (absent) command.roles = OneOrMany<RoleId>{};
  CHECK(host.outcomes(command) == Outcomes{Outcome::existing, Outcome::added});
  CHECK(host.role_of("o1", "chief") == "org_admin");
  CHECK(host.role_of("o1", "u1") == "org_member");
}

TEST_CASE("devin 5: groups are further users: each once, folded with those named, none where none are named") {
  Host host(profiles::devin);
  furnish(host);
  const Report report = host.add(with_groups(bulk({"o1", "o2"}, {"u1", "u2"}), {"crew", "empty"}));
  CHECK(report.columns == 4);
  CHECK(report.direct_columns == 2);
  CHECK(text(report.accounts[2].id) == "u2");
  CHECK(text(report.accounts[3].id) == "u3");
  for (std::uint32_t row = 0; row < 2; ++row) {
    CHECK(report.at(row, 1) == Outcome::added);
    CHECK(report.at(row, 2) == Outcome::replayed);  // named, and in the group as well: one person, one membership
    CHECK(report.membership(row, 2) == report.membership(row, 1));
    CHECK(report.at(row, 3) == Outcome::added);
  }
  CHECK(host.store.membership_count() == 3 + 6);
  CHECK(host.events.size() == 6);
}

TEST_CASE("devin 5: a group alone is enough, the group itself is not a member of anything") {
  Host host(profiles::devin);
  furnish(host);
  const Report report = host.add(with_groups({places({"o1"}), People{}, {}, by("root")}, {"crew"}));
  CHECK(report.count(Outcome::added) == 2);
  host.has_group("crew", {"u1"});
  CHECK(host.role_of("o1", "u1").empty());
}

TEST_CASE("devin 6: only a manager of the enterprise may add, a manager of the organization alone may not") {
  struct Row {
    const char* actor;
    Outcome outcome;
  };
  for (const Row& row : {Row{"root", Outcome::added}, Row{"chief", Outcome::forbidden},
                         Row{"root2", Outcome::forbidden}, Row{"u1", Outcome::forbidden}}) {
    INFO(row.actor);
    Host host(profiles::devin);
    furnish(host);
    host.has_member("ent", "u1", "org_member");
    CHECK(host.one(bulk({"o1"}, {"u2"}, {}, by(row.actor))) == row.outcome);
    CHECK(host.role_of("o1", "u2") == (row.outcome == Outcome::added ? "org_member" : ""));
  }
  Host host(profiles::devin);
  furnish(host);
  CHECK(host.status(Outcome::forbidden) == 403);
  CHECK(host.one(bulk({"ent"}, {"u1"})) == Outcome::forbidden);  // the enterprise has no parent that could be managed
  CHECK(host.error(bulk({"o1"}, {"u2"}, {}, {})) == Errc::actor_missing);
}

TEST_CASE("devin (i): path and body are one set, an organization named twice is one, the first mention counts") {
  Host host(profiles::devin);
  furnish(host);
  const Report report = host.add(bulk({"o1", "o1", "o2"}, {"u1"}));
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(report.at(1, 0) == Outcome::replayed);
  CHECK(report.at(2, 0) == Outcome::added);
  CHECK(report.membership(1, 0) == report.membership(0, 0));
  CHECK(host.events == Events{"added u1 to o1 as org_member", "added u1 to o2 as org_member"});
}

TEST_CASE("devin (i): each organization is authorised by its own enterprise, never by the path") {
  Host host(profiles::devin);
  furnish(host);
  CHECK(host.outcomes(bulk({"o1", "x1", "o2"}, {"u1", "u2"})) ==
        Outcomes{Outcome::not_attempted, Outcome::not_attempted, Outcome::forbidden, Outcome::forbidden,
                 Outcome::not_attempted, Outcome::not_attempted});
  CHECK(host.events.empty());
  host.has_member("ent2", "root", "org_admin");
  CHECK(host.add(bulk({"o1", "x1", "o2"}, {"u1", "u2"})).count(Outcome::added) == 6);
}

TEST_CASE("devin (i): an enterprise manager demoted between look and commit adds nobody anywhere") {
  Host host(profiles::devin);
  furnish(host);
  host.meanwhile = [&] { REQUIRE(host.store.erase_membership(organization("ent"), account("root")).has_value()); };
  CHECK(host.add(bulk({"o1", "o2"}, {"u1", "u2"})).count(Outcome::forbidden) == 4);
  CHECK(host.store.membership_count() == 2);
}

TEST_CASE("devin (v): one role for all cells, or one a cell") {
  Host host(profiles::devin);
  furnish(host);
  AddMembers command = bulk({"o1", "o2"}, {"u1", "u2"});
  command.roles = std::vector<RoleId>{role("org_admin"), role("org_member")};
  command.cell_roles = {0, 1, 1, 0};
  CHECK(host.add(command).count(Outcome::added) == 4);
  CHECK(host.role_of("o1", "u1") == "org_admin");
  CHECK(host.role_of("o1", "u2") == "org_member");
  CHECK(host.role_of("o2", "u1") == "org_member");
  CHECK(host.role_of("o2", "u2") == "org_admin");
}

TEST_CASE("devin (vi): a user named many times is added once, and every position gets its answer") {
  Host host(profiles::devin);
  furnish(host);
  const Report report = host.add(bulk({"o1"}, {"u1", "u2", "u1", "u1", "u2"}));
  CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) ==
        Outcomes{Outcome::added, Outcome::added, Outcome::replayed, Outcome::replayed, Outcome::replayed});
  CHECK(report.count(Outcome::added) == 2);
  CHECK(host.events.size() == 2);
}

TEST_CASE("devin: the limits are 10,000 users and 1,000 organizations, and one more of either is refused unasked") {
  Host host(profiles::devin);
  furnish(host);
  const AddMembers users(organization("o1"), People(10'001, account("u1")), {}, by("root"));
  CHECK(host.error(users) == Errc::batch_too_large);
  const AddMembers too_many(Places(1'001, organization("o1")), account("u1"), {}, by("root"));
  CHECK(host.error(too_many) == Errc::batch_too_large);
  const AddMembers most(organization("o1"), People(10'000, account("u1")), {}, by("root"));
  CHECK(host.add(most).count(Outcome::replayed) == 9'999);
}

}
