// The writes that change the version of a record, and records without a version.
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// Every put changes the version, even with the same values.
void put_again(TestContext& test) {
  test.put_organizations(3);
  test.put_accounts(2);
  OrganizationRecord organization{.id = test_organization(0)};
  AccountRecord account{.id = test_account(0)};
  Role role{.id = admin, .rank = 2};
  const auto raises = [&](const char* what, const std::function<void()>& put) {
    ChangeSetBuilder late(test, test_organizations(3), test_accounts(2));
    if (test.broken()) return;
    const bool of_account = std::string_view(what).starts_with("account");
    if (of_account)
      late.guard_account(0);
    else
      late.guard_organization(0);
    late.add(2, 1);
    put();
    late.is_stale(std::string("put again after it was read: ") + what);
    ChangeSetBuilder now(test, test_organizations(3), test_accounts(2));
    if (test.broken()) return;
    test.expect(of_account ? now.facts().accounts[0].version != late.facts().accounts[0].version
                           : now.facts().organizations[0].version != late.facts().organizations[0].version,
                std::string("the version is the same after this was put: ") + what);
  };
  const auto put = [&](const auto& record) { return [&] { test.put(record); }; };
  organization.slug = Slug("zero");
  raises("organization, with a slug", put(organization));
  organization.parent = test_organization(1);
  raises("organization, inside of another", put(organization));
  organization.seats_max = 9;
  raises("organization, with other seats", put(organization));
  organization.joinable = false;
  raises("organization, not joinable", put(organization));
  organization.closed = true;
  raises("organization, closed", put(organization));
  raises("organization, as it was", put(organization));
  const auto put_role = [&] { test.put(test_organization(0), role); };
  raises("organization, with a role", put_role);
  role.rank = 3;
  raises("organization, whose role has another rank", put_role);
  role.assignable = false;
  raises("organization, whose role is not assignable", put_role);
  role.manages = true;
  raises("organization, whose role manages", put_role);
  role.owns = true;
  raises("organization, whose role owns", put_role);
  role.manages = false;
  raises("organization, whose role does not manage any more", put_role);
  account.email = address("zoe@example.org");
  raises("account, with an address", put(account));
  account.username = Username("zoe");
  raises("account, with a username", put(account));
  account.verified = true;
  raises("account, verified", put(account));
  account.invited = true;
  raises("account, invited", put(account));
  account.disabled = true;
  raises("account, disabled", put(account));
  account.email = address("zoe@example.com");
  raises("account, with another address", put(account));
  raises("account, as it was", put(account));
}

/// A record that was changed and changed back has its old values, but a new version.
void changed_back(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(4);
  ChangeSetBuilder start(test, {test_organization(0)}, {test_account(0), test_account(1)});
  start.add(0, 0);
  start.add(0, 1);
  start.succeeds("no account is a member");
  ChangeSetBuilder invites(test, {test_organization(0)}, {test_account(2)}, test_account(0));
  invites.add(0, 0, member, State::invited);
  invites.succeeds("that account is no member");
  const auto change = [&](State to, Event event, const RoleId& role, std::int64_t until) {
    ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(0)});
    builder.changes.valid_until = Time{until};
    builder.change(0, 0, to, event, role).sets_expiry = event == Event::expiry_changed;
    builder.succeeds("the membership has the version that was read");
  };
  using Guarding = void (*)(ChangeSetBuilder&);
  static constexpr Guarding guards[] = {
      [](ChangeSetBuilder& builder) { builder.guard_membership(0, 0), builder.add(1, 3); },
      [](ChangeSetBuilder& builder) { builder.guard_actor(0), builder.add(1, 3); },
      [](ChangeSetBuilder& builder) { builder.guard_inviter(0, 2), builder.add(1, 3); },
      [](ChangeSetBuilder& builder) { builder.change(0, 0, State::active, Event::role_changed, owner); },
      [](ChangeSetBuilder& builder) { builder.guard_organization(0), builder.add(1, 3); },
      [](ChangeSetBuilder& builder) { builder.guard_account(0), builder.add(1, 3); },
  };
  const std::function<void()> there_and_back[] = {
      [&] {
        change(State::active, Event::role_changed, admin, 0), change(State::active, Event::role_changed, member, 0);
      },
      [&] { change(State::suspended, Event::suspended, {}, 0), change(State::active, Event::reactivated, {}, 0); },
      [&] { change(State::active, Event::expiry_changed, {}, 9), change(State::active, Event::expiry_changed, {}, 0); },
      [&] {
        test.put(OrganizationRecord{.id = test_organization(0), .joinable = false}),
            test.put(OrganizationRecord{.id = test_organization(0)});
        test.put(AccountRecord{.id = test_account(0), .disabled = true}),
            test.put(AccountRecord{.id = test_account(0)});
      },
  };
  for (std::size_t what = 0; what < std::size(there_and_back); ++what) {
    std::vector<std::unique_ptr<ChangeSetBuilder>> late;
    for (std::size_t i = 0; i < std::size(guards); ++i) {
      if ((i < 4) != (what < 3)) continue;
      late.push_back(
          std::make_unique<ChangeSetBuilder>(test, test_organizations(2), test_accounts(4), test_account(0)));
      guards[i](*late.back());
    }
    there_and_back[what]();
    for (const auto& builder : late) builder->is_stale("it was changed after it was read, though it is as it was");
  }
}

/// A version does not depend on the time: commits at the same or an earlier time change it too.
void same_moment(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(3);
  const Time at = test.tick();
  ChangeSetBuilder start(test, {test_organization(0)}, {test_account(0)});
  start.changes.at = at;
  start.add(0, 0);
  start.succeeds("no account is a member");
  for (const std::int64_t earlier : {0, 0, 1, 0}) {
    ChangeSetBuilder late(test, test_organizations(2), test_accounts(3), test_account(0)),
        change(test, test_organizations(2), test_accounts(3));
    late.guard_membership(0, 0);
    late.guard_actor(0);
    late.add(1, 1);
    change.changes.at = Time{static_cast<std::int64_t>(at) - earlier};
    change.change(0, 0, State::active, Event::role_changed, admin);
    change.succeeds("the membership has the version that was read");
    late.is_stale("the membership was changed after it was read, at the same moment or an earlier one");
  }
}

/// A missing record has no version. A guard with the version of an empty fact does not hold either.
void absent(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(3);
  ChangeSetBuilder start(test, {test_organization(0)}, {test_account(0)});
  start.add(0, 0);
  start.add(0, start.create(test_account(10)), member, State::invited);
  start.succeeds("no account is a member");
  using Guarded = Guard::Record;
  const auto stale = [&](Guarded record, std::uint32_t row, std::uint32_t column, const AccountId& actor,
                         const char* what) {
    ChangeSetBuilder builder(test, {test_organization(0), test_organization(1), test_organization(99)},
                             {test_account(0), test_account(1), test_account(99), test_account(10)}, actor);
    builder.guard(record, row, column, Version{});
    builder.add(1, 1);
    builder.is_stale(what);
  };
  stale(Guarded::organization, 2, 0, {}, "the guarded organization is not there");
  stale(Guarded::account, 0, 2, {}, "the guarded account is not there");
  stale(Guarded::membership, 1, 0, {}, "the guarded membership is not there");
  stale(Guarded::membership, 0, 2, {}, "the account of the guarded membership is not there");
  stale(Guarded::membership, 2, 0, {}, "the organization of the guarded membership is not there");
  stale(Guarded::actor, 1, 0, test_account(0), "the actor is no member there");
  stale(Guarded::actor, 2, 0, test_account(0), "the organization of the actor's membership is not there");
  stale(Guarded::actor, 0, 0, {}, "there is no actor");
  stale(Guarded::inviter, 1, 0, {}, "the membership whose inviter is guarded is not there");
  stale(Guarded::inviter, 0, 3, {}, "the invitation has no inviter");
  stale(Guarded::inviter, 0, 0, {}, "the membership is no invitation");
}

/// A guard is evaluated before the writes of the commit, which may change the same record.
void before_the_writes(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(4);
  ChangeSetBuilder start(test, {test_organization(0)}, test_accounts(2));
  start.add(0, 0, owner);
  start.add(0, 1);
  start.succeeds("no account is a member");
  ChangeSetBuilder invites(test, {test_organization(0)}, {test_account(2)}, test_account(1));
  invites.add(0, 0, member, State::invited);
  invites.succeeds("that account is no member");
  ChangeSetBuilder changed(test, {test_organization(0)}, test_accounts(3), test_account(0));
  changed.guard_membership(0, 1);
  changed.guard_inviter(0, 2);
  changed.guard_actor(0);
  changed.change(0, 1, State::active, Event::role_changed, admin);
  changed.change(0, 0, State::active, Event::role_changed, admin);
  changed.succeeds("the actor and the inviter have the versions that were read, and change in this commit");
  ChangeSetBuilder gone(test, {test_organization(0)}, test_accounts(3), test_account(0));
  gone.guard_membership(0, 1);
  gone.guard_inviter(0, 2);
  gone.guard_actor(0);
  gone.remove(0, 0);
  gone.change(0, 1, State::suspended, Event::suspended);
  gone.change(0, 2, State::active, Event::accepted);
  gone.succeeds("the actor leaves, and the inviter is suspended, in this very commit");
  ChangeSetBuilder erased(test, {test_organization(0)}, test_accounts(3), test_account(2));
  erased.guard_membership(0, 2);
  erased.guard_actor(0);
  erased.changes.keeps_tombstones = false;
  erased.remove(0, 2);
  erased.succeeds("the actor leaves without a trace, in this very commit");
}

/// Events of a membership are ordered by its version, so each write raises it: at an earlier time, and as another
/// membership in the place of a tombstone, too.
void versions_ascend(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(1);
  const auto at = static_cast<std::int64_t>(test.tick());
  Version last{};
  const auto write = [&](std::int64_t earlier, const char* what, void (*put)(ChangeSetBuilder&)) {
    ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(0)});
    builder.changes.at = Time{at - earlier};
    put(builder);
    builder.succeeds("the membership has the version that was read");
    const ChangeSetBuilder after(test, {test_organization(0)}, {test_account(0)});
    const MembershipFact* const fact = test.broken() ? nullptr : after.at(0, 0);
    if (fact == nullptr) return;
    test.expect(last < fact->version, std::string("the version is not above the one before this write: ") + what);
    last = fact->version;
  };
  using Builder = ChangeSetBuilder;
  write(0, "added", [](Builder& builder) { builder.add(0, 0); });
  for (int round = 0; round < 2; ++round) {
    const std::int64_t earlier = round * 10;
    write(earlier + 1, "another role",
          [](Builder& builder) { builder.change(0, 0, State::active, Event::role_changed, admin); });
    write(earlier + 2, "suspended", [](Builder& builder) { builder.change(0, 0, State::suspended, Event::suspended); });
    write(earlier + 2, "reactivated",
          [](Builder& builder) { builder.change(0, 0, State::active, Event::reactivated); });
    write(earlier + 3, "removed, with a tombstone", [](Builder& builder) { builder.remove(0, 0); });
    write(earlier + 4, "added as another membership", [](Builder& builder) { builder.renew(0, 0); });
  }
}

/// After a removal without a tombstone and another addition, an old guard must not hold for the new membership.
void versions_do_not_return(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(1);
  ChangeSetBuilder there(test, {test_organization(0)}, {test_account(0)});
  there.add(0, 0);
  there.succeeds("no account is a member");
  for (int changes = 0; changes < 3; ++changes) {
    ChangeSetBuilder late(test, {test_organization(0), test_organization(1)}, {test_account(0)}, test_account(0));
    late.guard_membership(0, 0);
    late.add(1, 0);
    ChangeSetBuilder removal(test, {test_organization(0)}, {test_account(0)});
    removal.changes.keeps_tombstones = false;
    removal.remove(0, 0);
    removal.succeeds("the membership has the version that was read");
    ChangeSetBuilder again(test, {test_organization(0)}, {test_account(0)});
    again.add(0, 0);
    again.succeeds("the pair is free again");
    for (int i = 0; i < changes; ++i) {
      ChangeSetBuilder change(test, {test_organization(0)}, {test_account(0)});
      change.change(0, 0, MembershipState::active, Event::role_changed, i % 2 == 0 ? admin : member);
      change.succeeds("the membership has the version that was read");
    }
    late.is_stale("the guarded membership is another than the one that was read");
  }
}

constexpr Entry version_entries[] = {
    {{"guards/put-again",
      "each put of an organization, of a role in its catalog or of an account changes the version of the organization "
      "or account"},
     put_again},
    {{"guards/changed-back", "a record that was changed and changed back has another version than before"},
     changed_back},
    {{"guards/same-moment", "each write of a membership changes its version, even at the same or an earlier time"},
     same_moment},
    {{"guards/absent", "a guard on a missing record makes the commit stale, even with version 0"}, absent},
    {{"guards/before-the-writes",
      "a guard is evaluated on the state before the writes of its commit, even if the commit changes the guarded "
      "record"},
     before_the_writes},
    {{"guards/versions-ascend",
      "each write of a membership raises its version, also if it becomes another one in the place of a tombstone"},
     versions_ascend},
    {{"guards/versions-do-not-return", "a membership never has the version of an earlier membership in its pair"},
     versions_do_not_return},
};

}  // namespace

std::span<const Entry> version_laws() noexcept {
  return version_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
