// Proves that every error an operation can give has its cause, and that each cause gives its error, with the place.
#include <set>

#include "unit/manual_operation.hpp"

namespace operation_errors_test {

using namespace by_hand;

TEST_CASE("every error that an operation can give has its cause") {
  std::set<Errc> seen;
  const auto refused = [&](Error expected, AddMembers command, Profile profile = wide_profile()) {
    ManualOperation manual(std::move(command), std::move(profile));
    const Error error = manual.error();
    INFO(name(error.code));
    CHECK(error == expected);
    seen.insert(error.code);
  };
  const auto with = [](auto change) {
    Profile profile = wide_profile();
    change(profile);
    return profile;
  };
  using Some = std::vector<AccountSelector>;
  refused(Errc::batch_empty, {});
  refused(Errc::batch_empty, {organization("o"), Some{}});
  refused(Errc::batch_empty, {std::vector<OrganizationSelector>{}, account("a")});
  refused({Errc::batch_too_large, 1}, two(), with([](Profile& p) { p.accounts_max = 1; }));
  refused({Errc::batch_too_large, 1}, {places({"o", "p"}), account("a")},
          with([](Profile& p) { p.organizations_max = 1; }));
  refused({Errc::batch_too_large, 3}, {places({"o", "p"}), people({"a", "b"})},
          with([](Profile& p) { p.cells_max = 3; }));
  refused({Errc::selector_not_accepted, 1}, {organization("o"), Some{account("a"), email("a@x.example")}},
          with([](Profile& p) { p.by_email = false; }));
  refused({Errc::selector_not_accepted, 0}, single(), with([](Profile& p) { p.by_id = false; }));
  refused({Errc::selector_not_accepted, 0}, {organization("o"), named<Username>("a")},
          with([](Profile& p) { p.by_username = false; }));
  refused({Errc::id_empty, 1}, {organization("o"), Some{account("a"), AccountId{}}});
  refused({Errc::id_empty, 0}, {organization("o"), Username{}});
  refused({Errc::id_empty, 0}, {Slug{}, account("a")});
  refused({Errc::id_empty, 0}, {OrganizationId{}, account("a")});
  refused({Errc::id_empty, 1},
          {std::vector<OrganizationSelector>{organization("o"), Nested{organization("o"), {}}}, account("a")});
  refused({Errc::email_empty, 1}, {organization("o"), Some{account("a"), Email{}}});
  const auto cell_roles = [](std::vector<RoleIndex> indexes) {
    AddMembers command = two();
    command.roles = role("guest");
    command.cell_roles = std::move(indexes);
    return command;
  };
  for (const std::vector<RoleIndex>& indexes : {std::vector<RoleIndex>{0}, {0, 0, 0}}) {
    ManualOperation manual(cell_roles(indexes));
    CHECK(manual.error().code == Errc::roles_malformed);
  }
  {
    ManualOperation manual(cell_roles({0, 1}));
    CHECK(manual.error().code == Errc::roles_malformed);
    seen.insert(Errc::roles_malformed);
  }
  for (const ActorRule rule : {ActorRule::member, ActorRule::manager, ActorRule::parent_manager})
    refused(Errc::actor_missing, single(), with([&](Profile& p) { p.actor = rule; }));
  refused(Errc::profile_malformed, single(), with([](Profile& p) { p.default_role = role("king"); }));
  refused(Errc::profile_malformed, single(), with([](Profile& p) { p.default_role = role("ghost"); }));
  refused(Errc::profile_malformed, single(), with([](Profile& p) { p.parent = ParentRule::add; }));
  // A former id that is in the catalog, that means no role of it, that is empty, and that is declared twice.
  const std::array in_catalog = {FormerRole{role("guest"), role("chief")}},
                   means_none = {FormerRole{role("king"), role("queen")}}, empty = {FormerRole{{}, role("chief")}};
  const std::array twice = {FormerRole{role("king"), role("chief")}, FormerRole{role("king"), role("guest")}};
  const std::array sound = {FormerRole{role("king"), role("chief")}, FormerRole{role("queen"), role("chief")}};
  for (const std::span<const FormerRole> former : {std::span(in_catalog), std::span(means_none), std::span(empty)})
    refused(Errc::profile_malformed, single(), with([&](Profile& p) { p.former_roles = former; }));
  refused(Errc::profile_malformed, single(), with([&](Profile& p) { p.former_roles = twice; }));
  refused(Errc::profile_malformed, single(), with([&](Profile& p) {
            p.roles = {};
            p.former_roles = sound;
          }));
  CHECK(ManualOperation(single(), with([&](Profile& p) { p.former_roles = sound; })).operation.need() ==
        Operation::Need::facts);
  refused(Errc::profile_malformed, single(), with([](Profile& p) {
            p.parent = ParentRule::add;
            p.parent_role = role("king");
          }));
  {
    ManualOperation manual(single());
    manual.operation.provide(Error(Errc::store_failed, 3));
    CHECK(manual.error() == Error(Errc::store_failed, 3));
    seen.insert(Errc::store_failed);
  }
  {
    ManualOperation manual(single());
    manual.operation.provide(success());  // says that it answered, and did not
    CHECK(manual.error() == Error(Errc::store_broke_contract));
    seen.insert(Errc::store_broke_contract);
  }
  {
    ManualOperation manual(single());
    manual.operation.provide(Errc::out_of_memory);
    CHECK(manual.error() == Error(Errc::out_of_memory));
    seen.insert(Errc::out_of_memory);
  }
  {
    Desk desk;
    desk.commit_error = Errc::stale;
    ManualOperation manual(single());
    auto result = drive(manual.operation, desk);
    REQUIRE(result.has_error());
    CHECK(result.assume_error() == Error(Errc::contended));
    seen.insert(Errc::contended);
  }
  {
    ManualOperation manual(single());
    auto early = manual.operation.finish();
    REQUIRE(early.has_error());
    seen.insert(early.assume_error().code);
  }
  for (const Errc code :
       {Errc::batch_empty, Errc::batch_too_large, Errc::roles_malformed, Errc::actor_missing,
        Errc::selector_not_accepted, Errc::id_empty, Errc::email_empty, Errc::profile_malformed, Errc::contended,
        Errc::store_failed, Errc::store_broke_contract, Errc::out_of_memory, Errc::not_finished}) {
    INFO(name(code));
    CHECK(seen.count(code) == 1);
  }
}

TEST_CASE("a command that is malformed only after its groups are known is refused then, and nothing more is asked") {
  AddMembers command;
  command.organizations = organization("o");
  command.groups = {named<GroupName>("crew")};
  Profile profile = wide_profile();
  profile.accounts_max = 2;
  {
    ManualOperation manual(command, profile);
    REQUIRE(manual.operation.facts().groups.try_push_back({true, 0}));
    manual.operation.provide(success());
    CHECK(manual.error() == Error(Errc::batch_empty));
  }
  {
    ManualOperation manual(command, profile);
    REQUIRE(manual.operation.facts().groups.try_push_back({true, 3}));
    for (const char* const who : {"a", "b", "c"})
      REQUIRE(manual.operation.facts().group_accounts.try_push_back(account(who)));
    manual.operation.provide(success());
    CHECK(manual.error() == Error(Errc::batch_too_large, 2));
  }
  ManualOperation manual(command, profile);
  REQUIRE(manual.operation.facts().groups.try_push_back({true, 1}));
  manual.operation.provide(success());
  CHECK(manual.error() == Error(Errc::store_broke_contract));
}

TEST_CASE("staff need no actor id, and an operation without identifiers never starts") {
  Profile profile = wide_profile();
  profile.actor = ActorRule::manager;
  AddMembers command = single();
  command.actor.staff = true;
  ManualOperation manual(command, profile);
  CHECK(manual.operation.need() == Need::facts);
  Operation without(profile, command, Context{Time{1}, nullptr, true});
  REQUIRE(without.need() == Need::nothing);
  auto refused = without.finish();
  REQUIRE(refused.has_error());
  CHECK(refused.assume_error().code == Errc::profile_malformed);
}

}
