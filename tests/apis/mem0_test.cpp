// Proves, statement by statement, that profiles::mem0 behaves as POST
// .../organizations/{org}/projects/{project}/members/ says, and that the two other rules about the parent organization
// do what they promise.
#include "apis/seeded.hpp"

namespace mem0_test {

using namespace seeded;
using profiles::Mem0Role;

namespace {

/// org with project, and elsewhere with place. pat owns the project, red reads it, top owns the organization only.
void furnish(Host& host) {
  host.has_organization("org");
  host.has_organization("project", "org");
  host.has_organization("elsewhere");
  host.has_organization("place", "elsewhere");
  for (const char* const who : {"pat", "red", "top", "ann"}) host.has_account(who, std::string(who) + "@mem.example");
  host.has_member("project", "pat", "OWNER");
  host.has_member("project", "red", "READER");
  host.has_member("org", "top", "OWNER");
}

AddMembers to_project(std::string_view address, std::string_view as, Actor actor = by("pat"),
                      std::string_view parent = "org", std::string_view project = "project") {
  return {Nested{organization(parent), organization(project)}, email(address), role(as), actor};
}

}  // namespace

TEST_CASE("mem0 1: READER and OWNER can be given") {
  for (const char* const as : {"READER", "OWNER"}) {
    Host host(profiles::mem0);
    furnish(host);
    CHECK(host.one(to_project("ann@mem.example", as)) == Outcome::added);
    CHECK(host.status(Outcome::added) == 200);
    CHECK(host.role_of("project", "ann") == as);
    CHECK(host.events == Events{"added ann to project as " + std::string(as)});
  }
}

TEST_CASE(
    "mem0 2: an actor who lacks the right gets 403: a reader, a stranger, and the owner of the organization alone") {
  for (const char* const who : {"red", "ann", "top", "nobody"}) {
    INFO(who);
    Host host(profiles::mem0);
    furnish(host);
    CHECK(host.one(to_project("ann@mem.example", "READER", by(who))) == Outcome::forbidden);
    CHECK(host.status(Outcome::forbidden) == 403);
    CHECK(host.events.empty());
  }
}

TEST_CASE("mem0 2: an owner who was added a moment ago may add") {
  Host host(profiles::mem0);
  furnish(host);
  CHECK(host.one(to_project("ann@mem.example", "OWNER")) == Outcome::added);
  CHECK(host.one(to_project("top@mem.example", "READER", by("ann"))) == Outcome::added);
}

TEST_CASE("mem0 3: an unknown organization, an unknown project and a project elsewhere are one and the same answer") {
  struct Row {
    const char *statement, *parent, *project;
  };
  for (const Row& row :
       {Row{"organization unknown", "nowhere", "project"}, Row{"project unknown", "org", "nothing"},
        Row{"project in another organization", "elsewhere", "project"}, Row{"both unknown", "nowhere", "nothing"},
        Row{"the organization itself", "org", "org"}, Row{"the other way round", "project", "org"}}) {
    INFO(row.statement);
    Host host(profiles::mem0);
    furnish(host);
    const Report report = host.add(to_project("ann@mem.example", "READER", by("pat"), row.parent, row.project));
    CHECK(report.at(0, 0) == Outcome::organization_not_found);
    CHECK(host.status(Outcome::organization_not_found) == 404);
    CHECK(report.accounts[0].id.empty());
    CHECK(host.events.empty());
  }
}

TEST_CASE("mem0 3: half a place is malformed") {
  Host host(profiles::mem0);
  furnish(host);
  CHECK(host.error({Nested{OrganizationId{}, organization("project")}, email("ann@mem.example"), role("READER"),
                    by("pat")}) == Errc::id_empty);
  CHECK(host.error({Nested{organization("org"), OrganizationId{}}, email("ann@mem.example"), role("READER"),
                    by("pat")}) == Errc::id_empty);
}

TEST_CASE("mem0 4: a role is required, and its case matters") {
  for (const char* const as : {"", "reader", "Reader", "owner", "READERS", "ADMIN"}) {
    INFO("role `" << as << "`");
    Host host(profiles::mem0);
    furnish(host);
    CHECK(host.one(to_project("ann@mem.example", as)) == Outcome::role_not_found);
    CHECK(host.status(Outcome::role_not_found) == 400);
    CHECK(host.role_of("project", "ann").empty());
  }
}

TEST_CASE("mem0 4: a host that wants the official client's default sets one field") {
  Profile lenient = profiles::mem0;
  lenient.default_role = grant<Mem0Role::reader>;
  Host host(lenient);
  furnish(host);
  CHECK(host.one(to_project("ann@mem.example", "")) == Outcome::added);
  CHECK(host.role_of("project", "ann") == "READER");
}

TEST_CASE("mem0 5: the answer of the API has no id, but the report has one, and it is the membership's") {
  Host host(profiles::mem0);
  furnish(host);
  const Report report = host.add(to_project("ann@mem.example", "READER"));
  CHECK_FALSE(report.membership(0, 0).empty());
  CHECK(report.membership(0, 0) == host.membership("project", account("ann")).id);
}

TEST_CASE("mem0 (i): the document asks nothing of the organization, so a project takes people from outside") {
  Host host(profiles::mem0);
  furnish(host);
  CHECK(host.one(to_project("ann@mem.example", "READER")) == Outcome::added);
  CHECK(host.role_of("org", "ann").empty());
}

TEST_CASE("mem0 (i), rule `require`: only members of the organization can be added to the project") {
  Profile rules = profiles::mem0;
  rules.parent = ParentRule::require;
  Host host(rules);
  furnish(host);
  CHECK(host.one(to_project("ann@mem.example", "READER")) == Outcome::parent_required);
  CHECK(host.events.empty());
  CHECK(host.one(to_project("red@mem.example", "READER")) == Outcome::existing);  // it is about new members only
  CHECK(host.one(to_project("top@mem.example", "READER")) == Outcome::added);
  host.has_member("org", "ann", "READER");
  host.take_events();
  CHECK(host.one(to_project("ann@mem.example", "READER")) == Outcome::added);
  CHECK(host.events == Events{"added ann to project as READER"});
}

TEST_CASE("mem0 (i), rule `require`: whoever leaves the organization between look and commit is not added") {
  Profile rules = profiles::mem0;
  rules.parent = ParentRule::require;
  Host host(rules);
  furnish(host);
  host.meanwhile = [&] { REQUIRE(host.store.erase_membership(organization("org"), account("top")).has_value()); };
  CHECK(host.one(to_project("top@mem.example", "READER")) == Outcome::parent_required);
  CHECK(host.role_of("project", "top").empty());
}

TEST_CASE("mem0 (i), rule `require`: an account that would be created is in no organization yet") {
  Profile rules = profiles::mem0;
  rules.parent = ParentRule::require;
  rules.on_unknown_account = OnUnknown::create;
  Host host(rules);
  furnish(host);
  const auto accounts = host.store.account_count();
  CHECK(host.one(to_project("new@mem.example", "READER")) == Outcome::parent_required);
  CHECK(host.store.account_count() == accounts);
}

TEST_CASE("mem0 (i), rule `add`: organization and project in one commit, the organization first and once") {
  Profile rules = profiles::mem0;
  rules.parent = ParentRule::add;
  rules.parent_role = grant<Mem0Role::reader>;
  Host host(rules);
  furnish(host);
  CHECK(host.one(to_project("ann@mem.example", "OWNER")) == Outcome::added);
  CHECK(host.events == Events{"added ann to org as READER", "added ann to project as OWNER"});
  CHECK(host.role_of("org", "ann") == "READER");
  CHECK(host.role_of("project", "ann") == "OWNER");
  CHECK(host.take_events().size() == 2);
  CHECK(host.one(to_project("top@mem.example", "READER")) ==
        Outcome::added);  // in the organization already: left alone
  CHECK(host.events == Events{"added top to project as READER"});
  CHECK(host.role_of("org", "top") == "OWNER");
  CHECK(host.one({organization("org"), email("red@mem.example"), role("READER"), by("top")}) == Outcome::added);
}

TEST_CASE("mem0 (i), rule `add`: what is refused in the project is not done in the organization") {
  Profile rules = profiles::mem0;
  rules.parent = ParentRule::add;
  rules.parent_role = grant<Mem0Role::reader>;
  Host host(rules);
  furnish(host);
  CHECK(host.one(to_project("ann@mem.example", "reader")) == Outcome::role_not_found);
  CHECK(host.one(to_project("red@mem.example", "OWNER")) == Outcome::role_conflict);
  CHECK(host.role_of("org", "ann").empty());
  CHECK(host.role_of("org", "red").empty());
}

TEST_CASE("mem0 (i), rule `add`: two concurrent projects of one organization add the person there once") {
  Profile rules = profiles::mem0;
  rules.parent = ParentRule::add;
  rules.parent_role = grant<Mem0Role::reader>;
  Host host(rules);
  furnish(host);
  host.has_organization("second", "org");
  host.has_member("second", "pat", "OWNER");
  const auto reports = host.race(
      {to_project("ann@mem.example", "OWNER"), to_project("ann@mem.example", "READER", by("pat"), "org", "second")});
  CHECK(reports[0].at(0, 0) == Outcome::added);
  CHECK(reports[1].at(0, 0) == Outcome::added);
  CHECK(host.store.organization_count(account("ann")).value() == 3);
  CHECK(host.events.size() == 3);
}

TEST_CASE("mem0 (i): rules about parents leave an organization without a parent alone") {
  Profile rules = profiles::mem0;
  rules.parent = GENERATE(ParentRule::require, ParentRule::add);
  rules.parent_role = grant<Mem0Role::reader>;
  Host host(rules);
  furnish(host);
  CHECK(host.one({organization("org"), email("ann@mem.example"), role("READER"), by("top")}) == Outcome::added);
  CHECK(host.events == Events{"added ann to org as READER"});
}

TEST_CASE("mem0 (ii): a repeat changes nothing, another role is a conflict, because roles are another endpoint's") {
  Host host(profiles::mem0);
  furnish(host);
  CHECK(host.one(to_project("red@mem.example", "READER")) == Outcome::existing);
  CHECK(host.status(Outcome::existing) == 200);
  CHECK(host.one(to_project("red@mem.example", "OWNER")) == Outcome::role_conflict);
  CHECK(host.status(Outcome::role_conflict) == 409);
  CHECK(host.role_of("project", "red") == "READER");
  CHECK(host.events.empty());
}

TEST_CASE("mem0 (iii): an unknown e-mail is a person not found, which is not the answer about the place") {
  Host host(profiles::mem0);
  furnish(host);
  const auto accounts = host.store.account_count();
  CHECK(host.one(to_project("new@mem.example", "READER")) == Outcome::account_not_found);
  CHECK(host.status(Outcome::account_not_found) == 404);
  CHECK(host.store.account_count() == accounts);
}

TEST_CASE("mem0 (v): a request without an actor never reaches the rules") {
  Host host(profiles::mem0);
  furnish(host);
  CHECK(host.error(to_project("ann@mem.example", "READER", {})) == Errc::actor_missing);
}

}
