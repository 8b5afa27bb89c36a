// The changes of a membership: every kind, and the data that it keeps.
#include <array>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// test_organization(0): test_account(0) is an owner, test_account(1) a member, test_account(2) invited by
/// test_account(0), test_account(3) suspended, test_account(4) removed.
void put_all_states(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(6);
  ChangeSetBuilder first(test, {test_organization(0)}, {test_account(0)});
  first.add(0, 0, owner);
  first.succeeds("no account is a member");
  ChangeSetBuilder second(test, {test_organization(0), test_organization(1)},
                          {test_account(1), test_account(2), test_account(3), test_account(4)}, test_account(0));
  second.add(0, 0);
  second.add(0, 1, member, State::invited);
  second.add(0, 2, admin);
  second.add(0, 3, admin);
  for (std::uint32_t i = 0; i < 4; ++i) second.add(1, i);
  second.succeeds("none of these accounts is a member");
  ChangeSetBuilder third(test, {test_organization(0)}, {test_account(3), test_account(4)}, test_account(0));
  third.change(0, 0, State::suspended, Event::suspended);
  third.remove(0, 1);
  third.succeeds("the memberships have the versions that were read");
}

struct Step {
  const char* what;
  std::uint32_t account;
  State to;
  Event event;
  const RoleId* role;  // null: unchanged
};

/// Changes one membership, and returns its expected facts.
void change_one(TestContext& test, const Step& it) {
  ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(it.account)}, test_account(0));
  const RoleId role = it.role != nullptr ? *it.role : RoleId();
  const MemberChanged changed = builder.change(0, 0, it.to, it.event, role);
  const Snapshot before = take_snapshot(test);
  if (!builder.succeeds("the membership has the id and the version that were read")) return;
  Snapshot after = take_snapshot(test);

  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  owned_query.accounts = {test_account(it.account)};
  owned_query.idempotency_key = builder.changes.idempotency_key;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  const std::string what = std::string(" after it was ") + it.what;
  if (!test.expect(facts.memberships.size() == 1, "there is no membership" + what)) return;
  const MembershipFact& fact = facts.memberships[0];
  test.expect(fact.id == changed.id, "the membership has another id" + what);
  test.expect(fact.state == it.to, "the membership is " + text_of(fact.state) + what);
  test.expect(fact.version != changed.version, "the membership has the same version" + what);
  test.expect(facts.roles[fact.role].id == builder.changes.roles[changed.role],
              "the membership has another role" + what);
  test.expect(fact.written_by_request(), "the membership does not store the idempotency key" + what);
  test.expect(fact.fingerprint == changed.fingerprint, "the membership has another fingerprint" + what);
  if (it.to == State::removed && changed.previous_state != State::removed) {
    owned_query.idempotency_key = {};
    owned_query.asked_at = builder.changes.at;
    if (!test.fetch(owned_query, facts)) return;
    test.expect(facts.memberships.size() == 1 && facts.memberships[0].outdated,
                "the membership does not store the time of its last write" + what);
  }

  // Apart from this membership, only the counts of the organization change.
  Snapshot expected = before;
  const std::string cell = "org-0/" + text_of(AccountSelector(test_account(it.account)));
  expected[cell] = after[cell];
  const auto version = [](const std::string& line) {
    const std::size_t at = line.rfind("version");
    return at == std::string::npos ? std::string() : line.substr(at);
  };
  test.expect(version(expected["org-0"]) == version(after["org-0"]), "the organization has another version" + what);
  expected["org-0"] = after["org-0"];
  for (auto* const shown : {&expected, &after})  // an invitation has the current membership of its inviter
    if (it.account == 0) (*shown)["org-0/acc-2"] = "";
  test.expect(expected == after, "something else changed" + what + ": " + difference(expected, after));
}

void changes(TestContext& test) {
  const Step steps[] = {
      {"given another role", 1, State::active, Event::role_changed, &admin},
      {"given another role while it waited", 2, State::invited, Event::role_changed, &admin},
      {"invited again", 2, State::invited, Event::invitation_renewed, &owner},
      {"accepted", 2, State::active, Event::accepted, nullptr},
      {"suspended", 1, State::suspended, Event::suspended, nullptr},
      {"reactivated", 1, State::active, Event::reactivated, nullptr},
      {"reactivated with another role", 3, State::active, Event::reactivated, &member},
      {"restored after it was removed", 4, State::active, Event::reactivated, &member},
      {"removed", 1, State::removed, Event::removed, nullptr},
      {"left", 4, State::removed, Event::left, nullptr},
      {"removed while it was suspended", 3, State::removed, Event::removed, nullptr},
      {"declined", 2, State::removed, Event::declined, nullptr},
      {"revoked", 2, State::removed, Event::revoked, nullptr},
      {"given away", 0, State::active, Event::ownership_given_up, &member},
      {"given ownership", 0, State::active, Event::ownership_given, &owner},
      {"given another end", 1, State::removed, Event::expiry_changed, nullptr},
      {"restored", 3, State::active, Event::reactivated, nullptr},
      {"cleared away", 3, State::removed, Event::expired, nullptr},
  };
  put_all_states(test);
  for (const Step& step : steps) {
    const bool waits = step.event == Event::declined || step.event == Event::revoked || step.event == Event::accepted;
    if (step.account == 3 && step.event == Event::removed) {
      ChangeSetBuilder suspended(test, {test_organization(0)}, {test_account(3)}, test_account(0));
      suspended.change(0, 0, State::suspended, Event::suspended);
      suspended.succeeds("the membership has the version that was read");
    }
    if (waits && step.event != Event::accepted) {
      ChangeSetBuilder removed(test, {test_organization(0)}, {test_account(2)}, test_account(0));
      if (removed.at(0, 0) != nullptr && removed.at(0, 0)->state != State::removed) {
        removed.remove(0, 0);
        removed.succeeds("the membership has the version that was read");
      }
      ChangeSetBuilder invited(test, {test_organization(0)}, {test_account(2)}, test_account(0));
      invited.renew(0, 0, member, State::invited);
      invited.succeeds("it was removed");
    }
    change_one(test, step);
    if (test.broken()) return;
  }
}

void tombstone(TestContext& test) {
  put_all_states(test);
  ChangeSetBuilder kept(test, {test_organization(0)}, {test_account(1), test_account(2), test_account(3)},
                        test_account(0));
  std::array<MembershipId, 3> ids{};
  for (std::uint32_t i = 0; i < 3; ++i) ids[i] = kept.remove(0, i).id;
  kept.succeeds("the memberships have the versions that were read");
  ChangeSetBuilder look(test, {test_organization(0)}, {test_account(1), test_account(2), test_account(3)});
  if (!test.expect(look.facts().memberships.size() == 3, "a removed membership left no tombstone")) return;
  const RoleId roles[] = {member, member, admin};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const MembershipFact& fact = look.facts().memberships[i];
    test.expect(fact.state == State::removed, "a removed membership is " + text_of(fact.state));
    test.expect(fact.id == ids[i] && look.facts().roles[fact.role].id == roles[i],
                "a tombstone has not the id and the role that the membership had");
    const bool was_invited = i == 1;
    test.expect(fact.invitation_until == (was_invited ? kept.changes.at : Time{}),
                was_invited ? "a tombstone of an invitation has not the time of its removal as `invitation_until`"
                            : "a tombstone of a member has an `invitation_until`");
  }
}

void no_tombstone(TestContext& test) {
  put_all_states(test);
  const std::vector<AccountSelector> columns = {test_account(1), test_account(2), test_account(3), test_account(4)};
  ChangeSetBuilder gone(test, {test_organization(0)}, columns, test_account(0));
  gone.changes.keeps_tombstones = false;
  for (std::uint32_t i = 0; i < 4; ++i) gone.remove(0, i);
  gone.succeeds("the memberships have the versions that were read");
  ChangeSetBuilder look(test, {test_organization(0), test_organization(1)}, columns);
  if (test.broken()) return;
  for (std::uint32_t i = 0; i < 4; ++i) {
    test.expect(look.at(0, i) == nullptr, "a membership that was removed without a tombstone is still there");
    test.expect(look.at(1, i) != nullptr, "a removal removed the membership of another organization too");
  }
  for (std::uint32_t i = 0; i < 4; ++i) look.add(0, i);
  look.succeeds("the pairs are free again");
}

void new_identity(TestContext& test) {
  for (const State state : {State::active, State::invited})
    for (const std::uint32_t account : {1u, 2u, 3u, 4u}) {
      test.fresh();
      put_all_states(test);
      ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(account)}, test_account(0));
      const MemberChanged changed = builder.renew(0, 0, member, state);
      OwnedQuery owned_query;
      owned_query.organizations = {test_organization(0)};
      owned_query.accounts = {test_account(account)};
      Facts facts;
      if (!builder.succeeds("the membership has the version that was read")) return;
      owned_query.idempotency_key = builder.changes.idempotency_key;
      if (!test.fetch(owned_query, facts)) return;
      const std::string what = " where a membership that was " + text_of(changed.previous_state) + " became a new one";
      if (!test.expect(facts.memberships.size() == 1, "there is not one membership" + what)) return;
      const MembershipFact& fact = facts.memberships[0];
      test.expect(fact.id == changed.new_id && fact.id != changed.id, "the id is not the new one" + what);
      test.expect(fact.state == state, "the state is " + text_of(fact.state) + what);
      test.expect(facts.roles[fact.role].id == member, "the role is not the new one" + what);
      test.expect(fact.version != changed.version, "the version is the old one" + what);
      test.expect(fact.written_by_request() && !fact.outdated, "the idempotency key is not stored" + what);
    }
}

/// A store returns every expiry as written, also a past one, and never applies it.
void expiry(TestContext& test) {
  put_all_states(test);
  const std::int64_t ends[] = {1'900'000'000'000'001, 1, 4'102'444'800'999'999, 0, 9'223'372'036'854'775'805,
                               1'600'000'000'000'000};
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < 5; ++i) columns.emplace_back(test_account(i));
  std::int64_t first_of[5] = {};
  const auto is = [&](std::uint32_t account, std::int64_t until, const char* what) {
    ChangeSetBuilder look(test, {test_organization(0)}, columns, test_account(0));
    if (test.broken()) return;
    const MembershipFact* const fact = look.at(0, account);
    if (!test.expect(fact != nullptr, "fetch: a membership that was committed is not in the answer")) return;
    test.expect(fact->valid_until == Time{until}, std::string("`valid_until` is not as it was written: ") + what);
    test.expect(!fact->expired, "the store set `expired`, which the core computes");
    if (account != 0) return;
    test.expect(look.facts().organizations[0].actor_is_member, "an actor with an expiry is not reported as a member");
    test.expect(look.facts().organizations[0].actor_valid_until == Time{until}, "the actor's expiry differs");
    for (std::uint32_t i = 0; i < look.facts().memberships.size(); ++i)
      if (look.facts().memberships[i].state == State::invited)
        test.expect(look.facts().inviters[i].is_member && look.facts().inviters[i].valid_until == Time{until},
                    "the inviter's end is another, or makes it none");
  };
  for (const std::int64_t end : ends) {
    ChangeSetBuilder builder(test, {test_organization(0)}, columns, test_account(0));
    builder.changes.valid_until = Time{end};
    for (std::uint32_t i = 0; i < 4; ++i) {
      const MembershipFact* const fact = builder.at(0, i);
      if (fact == nullptr) return test.fail("fetch: a membership that was committed is not in the answer");
      const bool sets_expiry = i != 1 || end % 2 == 1;  // test_account(1) gets a role, and every second expiry
      builder.change(*fact, fact->state, i == 1 ? Event::role_changed : Event::expiry_changed).sets_expiry =
          sets_expiry;
      if (sets_expiry) first_of[i] = end;
    }
    if (!builder.succeeds("the memberships have the versions that were read")) return;
    for (std::uint32_t i = 0; i < 4; ++i) is(i, first_of[i], "one expiry was set, and others stayed");
  }

  ChangeSetBuilder added(test, {test_organization(0)}, {test_account(5), test_account(4)}, test_account(0));
  added.changes.valid_until = Time{ends[0]};
  added.add(0, 0);
  added.renew(0, 1).sets_expiry = true;
  if (!added.succeeds("one is no member, one was removed")) return;
  columns.emplace_back(test_account(5));
  is(5, ends[0], "it was added with an expiry");
  is(4, ends[0], "it was replaced with an expiry");
  for (const auto& [to, event] :
       {std::pair(State::suspended, Event::suspended), std::pair(State::active, Event::reactivated),
        std::pair(State::removed, Event::removed)}) {
    ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(5)}, test_account(0));
    builder.changes.valid_until = Time{ends[2]};  // for other entries, of which there are none
    builder.change(0, 0, to, event);
    if (!builder.succeeds("the membership has the version that was read")) return;
    is(5, ends[0], "a change without an expiry removed it");
  }
  ChangeSetBuilder undated(test, {test_organization(0)}, {test_account(5)}, test_account(0));
  undated.renew(0, 0);
  if (!undated.succeeds("the membership has the version that was read")) return;
  is(5, ends[0], "it was replaced, and the entry sets no expiry");
  ChangeSetBuilder new_identity(test, {test_organization(0)}, {test_account(5), test_account(4)}, test_account(0));
  new_identity.renew(0, 0).sets_expiry = true;  // without expiry
  new_identity.change(0, 1, State::active, Event::expiry_changed).sets_expiry = true;
  new_identity.succeeds("the memberships have the versions that were read");
  is(5, 0, "it was replaced without an expiry");
  is(4, 0, "its expiry was removed");
}

constexpr Entry life_entries[] = {
    {{"life/changes",
      "each change writes the role, state, request and a new version of one membership, and changes nothing else"},
     changes},
    {{"life/tombstone", "a removed membership remains as a tombstone with its id and role, and an invitation as one"},
     tombstone},
    {{"life/no-tombstone", "a removal without a tombstone leaves nothing of the membership, and its pair is free"},
     no_tombstone},
    {{"life/anew",
      "a membership with a new identity has the new id, another version, and the role and state of its entry"},
     new_identity},
    {{"life/expiry",
      "the expiry of a membership is returned as it was written, kept through other changes, and never evaluated"},
     expiry},
};

}  // namespace

std::span<const Entry> life_laws() noexcept {
  return life_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
