// The end of an invitation: what a store keeps of it, and the seats of invitations that are over.
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// The invitations of test_organization(0): what they are expected to be, and changes of them.
class Invitations {
 public:
  explicit Invitations(TestContext& test) : test_(test) {
    test.put_organizations(1);
    test.put_accounts(5);
  }

  /// One commit by test_account(0). `write` fills the change set, whose end is `until`.
  template <class Write>
  void commit(std::int64_t until, const Write& write) {
    if (test_.broken()) return;
    ChangeSetBuilder builder(test_, {test_organization(0)}, test_accounts(5), test_account(0));
    builder.changes.invitation_until = Time{until};
    if (!builder.facts().organizations.empty() && builder.facts().organizations[0].actor_is_member)
      builder.guard_actor(0);  // a store may write one guarded entry in another way
    write(builder);
    builder.succeeds("the memberships have the versions that were read");
  }
  /// The end of the membership of an account, as each form of query returns it.
  void expect(std::uint32_t account, std::int64_t until, const std::string& what) {
    for (const bool alone : {false, true}) {
      if (test_.broken()) return;
      OwnedQuery owned_query;
      owned_query.organizations = {test_organization(0)};
      owned_query.accounts = test_accounts(alone ? 1 : 5, alone ? account : 0);
      Facts facts;
      if (!test_.fetch(owned_query, facts)) return;
      for (const MembershipFact& fact : facts.memberships)
        if (alone || fact.account == account)
          test_.expect(fact.invitation_until == Time{until}, "`invitation_until` is not as it was written: " + what);
    }
  }

 private:
  TestContext& test_;
};

void invitation_ends(TestContext& test) {
  using Builder = ChangeSetBuilder;
  constexpr std::int64_t first = 1'900'000'000'000'001, second = 9'223'372'036'854'775'805, past = 1;
  Invitations invitations(test);
  invitations.commit(first, [](Builder& to) {
    to.changes.valid_until = Time{7};
    to.add(0, 0, owner);
    to.add(0, 1, member, State::invited);
    to.add(0, 2, member, State::invited);
  });
  invitations.commit(0, [](Builder& to) { to.add(0, 3, member, State::invited); });
  invitations.expect(0, 0, "an active member has none");
  invitations.expect(1, first, "it was invited with an end");
  invitations.expect(3, 0, "it was invited without an end");
  invitations.commit(second, [](Builder& to) { to.add(0, 4, member, State::invited); });
  invitations.expect(4, second, "one membership was written");

  invitations.commit(past, [](Builder& to) {
    to.change(0, 1, State::invited, Event::role_changed, admin);
    to.change(0, 2, State::invited, Event::invitation_renewed);
    to.change(0, 3, State::invited, Event::expiry_changed).sets_invitation_end = true;
  });
  invitations.expect(1, first, "another role keeps it");
  invitations.expect(2, past, "a renewal sets it, also to a past time");
  invitations.expect(3, past, "a change of the expiry may set it");
  invitations.commit(0, [](Builder& to) { to.change(0, 2, State::invited, Event::invitation_renewed); });
  invitations.expect(2, 0, "a renewal without an end removes it");

  // The end is gone with the invitation, and does not come back.
  Time removed_at{};
  invitations.commit(second, [&](Builder& to) {
    removed_at = to.changes.at;
    to.change(0, 1, State::active, Event::accepted);
    to.remove(0, 4);
  });
  invitations.expect(1, 0, "an acceptance clears it");
  invitations.expect(4, static_cast<std::int64_t>(removed_at), "a removal is its end");
  invitations.commit(second, [](Builder& to) {
    to.change(0, 1, State::suspended, Event::suspended);
    to.renew(0, 4, member);
  });
  invitations.commit(0, [](Builder& to) {
    to.change(0, 1, State::invited, Event::role_changed);
    to.change(0, 4, State::invited, Event::role_changed);
  });
  invitations.expect(1, 0, "an invitation that was accepted has no end later");
  invitations.expect(4, 0, "a membership that returned has no end of an invitation");
}

/// test_account(0) owns test_organization(0). test_account(1) to test_account(4) are invited: with an end at 10, 20
/// and 30 seconds, and without one. The times of all commits are earlier.
void put_invitations(TestContext& test, std::uint32_t organization = 0) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    ChangeSetBuilder builder(test, {test_organization(organization)}, test_accounts(7), test_account(0));
    builder.changes.invitation_until = Time{i == 3 ? 0 : std::int64_t{i + 1} * 10'000'000};
    builder.changes.at = Time{1};
    if (i == 0) builder.add(0, 0, owner);
    builder.add(0, i + 1, member, State::invited);
    builder.succeeds("none of these accounts is a member");
  }
}

void counts_at_a_time(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(7);
  put_invitations(test);
  put_invitations(test, 1);
  const auto expect = [&](std::int64_t now, std::uint32_t invited, const char* what) {
    OwnedQuery owned_query;
    owned_query.organizations = test_organizations(1);
    owned_query.accounts = test_accounts(1);
    owned_query.counts = true;
    owned_query.owner_roles = {owner};
    owned_query.now = Time{now};
    Facts facts;
    if (test.broken() || !test.fetch(owned_query, facts)) return;
    const MemberCounts& counts = facts.organizations[0].counts;
    test.expect(counts.invited == invited, "there are " + std::to_string(counts.invited) + " invited ones instead of " +
                                               std::to_string(invited) + " " + what);
    test.expect(counts.active == 1 && counts.owners == 1, "the time of a query changes the number of active members");
  };
  // Also backwards, because the clocks of two hosts differ, and again after a bound, from which on a store may count.
  for (const bool again : {false, true}) {
    expect(1, 4, "before every end");
    expect(10'000'000, 3, "at the first end");
    expect(29'999'999, 2, "just before the last end");
    expect(9'000'000'000'000'000, 1, "after every end");
    expect(9'999'999, 4, "at an earlier time");
    if (again) break;
    ChangeSetBuilder bound(test, test_organizations(1), test_accounts(7));
    bound.changes.at = Time{2};
    bound.limit_seats(0, 100);
    bound.succeeds("there are 5 of 100");
  }
  const auto change = [&](std::uint32_t account, State to, Event event, std::int64_t until) {
    ChangeSetBuilder builder(test, test_organizations(1), {test_account(account)}, test_account(0));
    builder.changes.invitation_until = Time{until};
    builder.changes.at = Time{3};
    builder.change(0, 0, to, event);
    builder.succeeds("the membership has the version that was read");
  };
  change(1, State::invited, Event::invitation_renewed, 0);
  expect(15'000'000, 4, "after the first was renewed without an end");
  change(4, State::invited, Event::invitation_renewed, 5'000'000);
  expect(15'000'000, 3, "after one without an end was renewed with one");
  change(2, State::removed, Event::revoked, 0);
  expect(15'000'000, 2, "after one was revoked");
  expect(9'000'000'000'000'000, 1, "after every end");
}

void seats_at_a_time(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(7);
  put_invitations(test);
  const auto add = [&](std::int64_t at, std::uint32_t limit, bool invited_occupy_seats, bool fits, const char* what) {
    ChangeSetBuilder builder(test, test_organizations(1), test_accounts(7));
    builder.changes.at = Time{at};
    builder.limit_seats(0, limit, invited_occupy_seats);
    fits ? builder.succeeds(what) : builder.is_stale(what);
  };
  add(1, 4, true, false, "there are 1 active one and 4 invitations");
  add(1, 5, true, true, "there are 1 active one and 4 invitations");
  add(10'000'000, 4, true, true, "the first invitation has expired");
  add(9'999'999, 4, true, false, "no invitation expires before its end");
  add(9'000'000'000'000'000, 2, true, true, "only the invitation without an end has not expired");
  add(9'000'000'000'000'000, 1, true, false, "an invitation without an end never expires");
  add(9'000'000'000'000'000, 1, false, true, "invitations have no seats here");

  // The entries of a change set are judged likewise.
  const auto write = [&](std::int64_t at, std::int64_t until, std::uint32_t limit) {
    ChangeSetBuilder builder(test, test_organizations(1), test_accounts(7), test_account(0));
    builder.changes.at = Time{at};
    builder.changes.invitation_until = Time{until};
    builder.change(0, 1, State::invited, Event::invitation_renewed);
    builder.add(0, 5, member, State::invited);
    builder.limit_seats(0, limit);
    return builder.commit();
  };
  test.expect(!write(25'000'000, 0, 4).ok(), "an expired invitation that was renewed takes no seat");
  test.expect(write(25'000'000, 0, 5).ok(), "one of 5 seats is missing, though two invitations have expired");
  ChangeSetBuilder accepted(test, test_organizations(1), test_accounts(7), test_account(0));
  accepted.changes.at = Time{40'000'000};
  accepted.change(0, 3, State::active, Event::accepted);
  accepted.limit_seats(0, 4);
  accepted.is_stale("an expired invitation that is accepted takes another seat: 5 of 4 would be taken");
}

constexpr Entry invitation_entries[] = {
    {{"life/invitation-end",
      "the end of an invitation is returned as it was written, set by a renewal, and absent when the membership is no "
      "invitation any more"},
     invitation_ends},
    {{"facts/counts-at-a-time",
      "the count of invitations leaves out those whose end has passed at the time of the query"},
     counts_at_a_time},
    {{"bounds/seats-at-a-time", "an invitation whose end has passed at the time of the change set occupies no seat"},
     seats_at_a_time},
};

}  // namespace

std::span<const Entry> invitation_laws() noexcept {
  return invitation_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
