// Proves that every refusal can be explained: which rule, on which fact, about whom, and no more than the report says.
#include "roster/explanation.hpp"

#include "unit/commands.hpp"

namespace explanation_test {

using namespace fixtures;

TEST_CASE("a refused cell is explained by its rule, its kind of fact, and the names of all who take part in it") {
  AcmeFixture in;
  in.put(ann, admin);
  in.put(bob, owner);
  AddMembers adds(OneOrMany<OrganizationSelector>{acme, works}, OneOrMany<AccountSelector>{bob, cid},
                  OneOrMany<RoleId>{admin, owner}, by(ann), key("k"));
  adds.cell_roles = {0, 1, 0, 0};
  const auto answer = in.run(manager_rules(), adds);
  REQUIRE(answer.has_value());
  const Report& report = answer.assume_value();

  const auto other_role = explain(adds, report, 0, 0);
  REQUIRE(other_role.has_value());
  CHECK(other_role->outcome == Outcome::role_conflict);
  CHECK(other_role->subject == Subject::membership);
  CHECK(*other_role->organization == OrganizationSelector(acme));
  CHECK(*other_role->account == AccountSelector(bob));
  CHECK(other_role->account_id == bob);
  CHECK(other_role->actor == ann);
  CHECK(other_role->requested_role == admin);
  CHECK(other_role->current_role == owner);
  CHECK(other_role->idempotency_key == report.idempotency_key);

  const auto above = explain(adds, report, 0, 1);
  REQUIRE(above.has_value());
  CHECK(above->outcome == Outcome::outranked);
  CHECK(above->subject == Subject::actor);
  CHECK(above->requested_role == owner);
  CHECK(above->current_role.empty());

  const auto outsider = explain(adds, report, 1, 0);
  REQUIRE(outsider.has_value());
  CHECK(outsider->outcome == Outcome::forbidden);
  CHECK(*outsider->organization == OrganizationSelector(works));
}

TEST_CASE("a kind of command without roles asks for none, and a cell outside the report is not explained") {
  AcmeFixture in;
  const Leave leaves(acme, boss);
  const auto answer = in.run(manager_rules(), leaves);
  REQUIRE(answer.has_value());
  const auto why = explain(leaves, answer.assume_value(), 0, 0);
  REQUIRE(why.has_value());
  CHECK(why->outcome == Outcome::last_owner);
  CHECK(why->subject == Subject::owners);
  CHECK(why->requested_role.empty());
  CHECK_FALSE(explain(leaves, answer.assume_value(), 1, 0).has_value());
  CHECK_FALSE(explain(leaves, answer.assume_value(), 0, 1).has_value());
  CHECK_FALSE(explain(leaves, Report{}, 0, 0).has_value());
}

TEST_CASE("a column that came from a group is explained by the account that the report shows") {
  AcmeFixture in;
  REQUIRE(in.store.overwrite_group(GroupName("team"), std::array{cid}));
  AddMembers adds(acme, OneOrMany<AccountSelector>(std::vector<AccountSelector>{}), OneOrMany<RoleId>(clerk), by(boss));
  adds.groups = {GroupName("team"), GroupName("none")};
  const auto answer = in.run(manager_rules(), adds);
  REQUIRE(answer.has_value());
  const auto member = explain(adds, answer.assume_value(), 0, 0), none = explain(adds, answer.assume_value(), 0, 1);
  REQUIRE((member.has_value() && none.has_value()));
  CHECK(member->account == nullptr);
  CHECK(member->account_id == cid);
  CHECK(none->outcome == Outcome::group_not_found);
  CHECK(none->subject == Subject::group);
}

}
