// The fields of an entry that a store must not use, and the data of a removed membership that it must not keep.
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// A removal without a tombstone erases everything: idempotency keys, time and inviter.
void nothing_stays(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(3);
  ChangeSetBuilder inviting(test, {test_organization(0)}, {test_account(0)});
  inviting.add(0, 0, owner);
  inviting.succeeds("no account is a member");
  ChangeSetBuilder first(test, {test_organization(0)}, test_accounts(3), test_account(0));
  first.changes.valid_until = first.changes.invitation_until = Time{9'000'000'000'000'000};
  first.add(0, 1);
  first.add(0, 2, member, State::invited);
  first.succeeds("none of these accounts is a member");
  ChangeSetBuilder second(test, {test_organization(0)}, test_accounts(3), test_account(0));
  second.change(0, 1, State::suspended, Event::suspended);
  second.succeeds("the membership has the version that was read");
  ChangeSetBuilder third(test, {test_organization(0)}, test_accounts(3), test_account(0));
  third.changes.keeps_tombstones = false;
  third.remove(0, 1);
  third.remove(0, 2);
  third.succeeds("the memberships have the versions that were read");
  ChangeSetBuilder again(test, {test_organization(0)}, test_accounts(3));
  again.add(0, 1);
  again.add(0, 2, member, State::invited);
  again.succeeds("the pairs are free again");

  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  owned_query.accounts = {test_account(1), test_account(2)};
  owned_query.inviters = true;
  for (const ChangeSetBuilder* const before : {&first, &second, &third})
    for (const bool by_time : {false, true}) {
      owned_query.idempotency_key = by_time ? IdempotencyKey() : before->changes.idempotency_key;
      owned_query.asked_at = by_time ? Time{static_cast<std::int64_t>(again.changes.at) + 1} : Time{};
      Facts facts;
      if (!test.fetch(owned_query, facts)) return;
      if (!test.expect(facts.memberships.size() == 2,
                       "a membership that was added to a free pair is not in the answer"))
        return;
      for (std::uint32_t i = 0; i < 2; ++i) {
        const MembershipFact& fact = facts.memberships[i];
        test.expect(!fact.outdated, "a membership is reported as outdated, although its pair was free");
        test.expect(!fact.written_by_request(), "a membership is reported as written by the request of another");
        test.expect(fact.valid_until == Time{} && fact.invitation_until == Time{},
                    "a membership has the expiry of another");
        test.expect(facts.inviters[i].id.empty(), "a membership has the inviter that another had");
      }
    }
}

/// `previous_state` and `previous_role` are for an outbox. A store must use the previous state in its own row.
void stored_state(TestContext& test) {
  Snapshot first;
  for (int lie = 0; lie < 4; ++lie) {
    test.fresh();
    test.put_organizations(1);
    test.put_accounts(7);
    ChangeSetBuilder start(test, {test_organization(0)}, test_accounts(7), test_account(0));
    for (std::uint32_t i = 0; i < 6; ++i)
      start.add(0, i, i == 0 ? owner : member, i == 4 ? State::invited : State::active);
    start.succeeds("no account is a member");
    ChangeSetBuilder then(test, {test_organization(0)}, test_accounts(7), test_account(0));
    then.change(0, 2, State::suspended, Event::suspended);
    then.remove(0, 3);
    then.succeeds("the memberships have the versions that were read");
    ChangeSetBuilder builder(test, {test_organization(0)}, test_accounts(7), test_account(0));
    builder.change(0, 0, State::active, Event::role_changed, admin);
    builder.change(0, 1, State::suspended, Event::suspended);
    builder.change(0, 2, State::suspended, Event::role_changed, admin);
    builder.change(0, 3, State::active, Event::reactivated);
    builder.change(0, 4, State::active, Event::accepted);
    builder.change(0, 5, State::active, Event::reactivated);  // expired, although stored as active
    builder.limit_seats(0, 4);
    static constexpr State lies[] = {State::active, State::removed, State::suspended, State::invited};
    for (MemberChanged& changed : builder.changes.changed) {
      if (lie > 0) changed.previous_state = lies[lie];
      if (lie > 1) changed.previous_role = changed.role;
    }
    if (!builder.succeeds("4 of 4 seats are taken, for any previous state in the entries")) return;
    const Snapshot now = take_snapshot(test, test.store(), {.versions = false});
    if (lie == 0) first = now;
    if (!test.expect(now == first, "the previous state in an entry changes the result: " + difference(first, now)))
      return;
  }
}

/// The last write of each membership counts, by whatever command. The times of adds are whole milliseconds here,
/// because a store may round those down.
class LastWrites {
 public:
  explicit LastWrites(TestContext& test) : test_(test) {
    test.put_organizations(1);
    test.put_accounts(count);
  }

  /// Commits a change set on the current facts, and compares the answers about the time of it and of the adds. The
  /// clock of the commit is `behind`, in microseconds.
  template <class Write>
  void commit(const char* what, const Write& write, bool keeps_tombstones = true, std::int64_t behind = 0) {
    if (test_.broken()) return;
    ChangeSetBuilder builder(test_, {test_organization(0)}, test_accounts(count), test_account(0));
    builder.changes.keeps_tombstones = keeps_tombstones;
    write(builder);
    const auto at = static_cast<std::int64_t>(builder.changes.at) / 1'000 * 1'000 +
                    (builder.changes.added.empty() ? 1 : 0) - behind;
    builder.changes.at = Time{at};
    for (const MemberAdded& added : builder.changes.added) written_[added.account] = at;
    for (const MemberChanged& changed : builder.changes.changed)
      written_[changed.account] = std::max(written_[changed.account], at);
    if (!builder.succeeds("everything is as it was read")) return;
    if (first_ == 0) first_ = at;
    for (const std::int64_t asked : {first_, first_ + 1, at, at + 1, at + behind}) expect(asked, what);
  }

 private:
  static constexpr std::uint32_t count = 10;

  void expect(std::int64_t asked_at, const std::string& what) {
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(0)};
    owned_query.accounts = test_accounts(count);
    owned_query.asked_at = Time{asked_at};
    Facts facts;
    if (!test_.fetch(owned_query, facts)) return;
    for (const MembershipFact& fact : facts.memberships)
      test_.expect(fact.outdated == (asked_at <= written_[fact.account]),
                   "a request that is " + std::string(fact.outdated ? "later" : "not later") +
                       " than the last write of a membership is reported as " + (fact.outdated ? "older" : "later") +
                       ", after " + what);
  }

  TestContext& test_;
  std::int64_t written_[count] = {};
  std::int64_t first_ = 0;  // the time of the adds
};

void last_write(TestContext& test) {
  LastWrites writes(test);
  using Builder = ChangeSetBuilder;
  writes.commit("adds", [](Builder& to) {
    for (std::uint32_t i = 0; i < 9; ++i) to.add(0, i, i == 0 ? owner : member, i < 7 ? State::active : State::invited);
  });
  writes.commit("another role", [](Builder& to) { to.change(0, 1, State::active, Event::role_changed, admin); });
  writes.commit(
      "another role by a clock that is behind",
      [](Builder& to) { to.change(0, 1, State::active, Event::role_changed, member); }, true, 3'600'000'000);
  writes.commit("another expiry", [](Builder& to) {
    to.changes.valid_until = Time{9'000'000'000'000'000};
    to.change(0, 2, State::active, Event::expiry_changed).sets_expiry = true;
  });
  writes.commit("a suspension", [](Builder& to) { to.change(0, 3, State::suspended, Event::suspended); });
  writes.commit("another role of a suspended member",
                [](Builder& to) { to.change(0, 3, State::suspended, Event::role_changed, admin); });
  writes.commit("a reactivation", [](Builder& to) { to.change(0, 3, State::active, Event::reactivated); });
  writes.commit("removals", [](Builder& to) {
    to.remove(0, 4);
    to.remove(0, 5);
  });
  writes.commit("a return", [](Builder& to) { to.renew(0, 4); });
  writes.commit("another role of an invitation",
                [](Builder& to) { to.change(0, 7, State::invited, Event::role_changed, admin); });
  writes.commit("a renewed invitation",
                [](Builder& to) { to.change(0, 8, State::invited, Event::invitation_renewed); });
  writes.commit("an acceptance", [](Builder& to) { to.change(0, 7, State::active, Event::accepted); });
  writes.commit("the same role as before", [](Builder& to) {
    to.change(0, 1, State::active, Event::role_changed, member);
    to.change(0, 2, State::active, Event::expiry_changed).sets_expiry = true;
  });
  writes.commit(
      "removals without a tombstone",
      [](Builder& to) {
        to.remove(0, 1);
        to.remove(0, 6);
      },
      false);
  writes.commit("a new membership of a free pair", [](Builder& to) { to.add(0, 1); });
  writes.commit("an add of another account", [](Builder& to) { to.add(0, 9); });
}

constexpr Entry trace_entries[] = {
    {{"facts/last-write", "a membership is outdated for a request that is not later than its last write of any kind"},
     last_write},
    {{"life/nothing-stays",
      "a membership shows no data of an earlier one in its pair that was removed without a tombstone"},
     nothing_stays},
    {{"life/stored-state", "a commit takes the previous state of a membership from the store and not from the entry"},
     stored_state},
};

}  // namespace

std::span<const Entry> trace_laws() noexcept {
  return trace_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
