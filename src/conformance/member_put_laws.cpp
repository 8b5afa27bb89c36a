// The record interface of a store, for memberships that a host puts and erases.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "change_set_builder.hpp"
#include "laws.hpp"
#include "record_calls.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

constexpr Time earlier_time{1'800'000'000'000'000}, later_time{1'900'000'000'000'000};
constexpr std::uint32_t account_count = 9, without_membership = 7;

/// A membership to put, and the fields that a store returns of it besides those given.
struct MemberPut {
  Membership given;
  Time invitation_until{};
  std::optional<std::uint32_t> inviter{};  ///< the number of its account
};

Membership of_account(TestContext& test, std::uint32_t number, const RoleId& role, State state) {
  return {.id = test.fresh_id(),
          .organization = test_organization(0),
          .account = test_account(number),
          .role = role,
          .state = state,
          .idempotency_key = test.fresh_request(),
          .added_at = Time{1'700'000'000'000'000 + number * 1'000}};
}

/// Memberships in each state, and invitations with each kind of end and inviter. test_account(0) owns, and
/// test_account(1) has the role `admin`.
std::vector<MemberPut> all_puts(TestContext& test) {
  std::vector<MemberPut> puts;
  const auto add = [&](const RoleId& role, State state, Time valid_until, Time end, std::optional<std::uint32_t> by,
                       MemberPut expected) {
    auto number = static_cast<std::uint32_t>(puts.size());
    if (number >= without_membership) ++number;
    expected.given = of_account(test, number, role, state);
    expected.given.valid_until = valid_until;
    expected.given.invitation_until = end;
    if (by) expected.given.invited_by = test_account(*by);
    puts.push_back(std::move(expected));
  };
  add(owner, State::active, {}, earlier_time, 1, {});  // the end and the inviter are those of an invitation only
  add(admin, State::active, later_time, {}, {}, {});
  add(member, State::suspended, {}, earlier_time, 0, {});
  add(member, State::invited, {}, later_time, 1, {.given = {}, .invitation_until = later_time, .inviter = 1});
  add(member, State::invited, earlier_time, {}, 0, {.given = {}, .invitation_until = earlier_time, .inviter = 0});
  add(member, State::invited, later_time, earlier_time, without_membership,
      {.given = {}, .invitation_until = earlier_time, .inviter = without_membership});
  add(admin, State::invited, earlier_time, later_time, {}, {.given = {}, .invitation_until = earlier_time});
  add(admin, State::invited, {}, {}, {}, {});
  return puts;
}

/// The answer of a fetch about all accounts, with inviters and counts.
bool fetch_all(TestContext& test, Facts& facts) {
  OwnedQuery query;
  query.organizations = test_organizations(1);
  query.accounts = test_accounts(account_count);
  query.inviters = query.counts = true;
  query.owner_roles = {owner};
  query.now = Time{1};
  return test.fetch(query, facts);
}

void expect_fact(TestContext& test, const Facts& facts, const MemberPut& put, const InviterFact& inviter,
                 const MembershipFact& fact) {
  const std::string of = std::string(put.given.account.view()) + ": fetch has another ";
  test.expect(fact.id == put.given.id && facts.roles[fact.role].id == put.given.role, of + "id or role");
  test.expect(fact.state == put.given.state, of + "state");
  test.expect(fact.valid_until == put.given.valid_until, of + "expiry");
  test.expect(fact.invitation_until == put.invitation_until, of + "end of its invitation");
  test.expect(!inviter.id.empty() == put.inviter.has_value(), of + "inviter");
  const bool is_member = put.inviter && *put.inviter != without_membership;
  test.expect(inviter.is_member == is_member, of + "membership of its inviter");
  if (is_member && inviter.is_member)
    test.expect(facts.roles[inviter.role].id == (*put.inviter == 0 ? owner : admin), of + "inviter");
}

void expect_read(TestContext& test, const MemberPut& put, Version version) {
  const MembershipReader* const reader = test.fixture().reader();
  if (reader == nullptr) return;
  const auto found = reader->membership(put.given.organization, put.given.account);
  const std::string of = std::string(put.given.account.view()) + ": the look-up has another ";
  if (!test.expect(found && found.value(), of + "membership: none")) return;
  const Membership& read = *found.value();
  test.expect(read.id == put.given.id && read.role == put.given.role && read.state == put.given.state,
              of + "id, role or state");
  test.expect(read.idempotency_key == put.given.idempotency_key && read.added_at == put.given.added_at,
              of + "key or start");
  test.expect(read.valid_until == put.given.valid_until, of + "expiry");
  test.expect(read.invitation_until == put.invitation_until, of + "end of its invitation");
  test.expect(read.invited_by == (put.inviter ? test_account(*put.inviter) : AccountId()), of + "inviter");
  test.expect(read.version == version, of + "version than fetch");
}

/// The organization's numbers are kept from now on, if the store keeps them at all.
void count_members(TestContext& test) {
  ChangeSetBuilder bounded(test, test_organizations(1), test_accounts(1));
  bounded.limit_seats(0, 100);
  bounded.succeeds("there are seats");
}

void refuse_puts(TestContext& test, RecordStore& store, const Membership& sound) {
  const auto refuse = [&](const char* what, const Membership& membership, Errc code) {
    const Snapshot before = take_snapshot(test);
    const auto put = store.put_membership(membership);
    test.step(std::string("put a membership ") + what);
    test.expect(!put && put.error().code == code, std::string("a membership ") + what + " is put: " +
                                                      (put ? "success" : std::string(name(put.error().code))));
    const std::string written = difference(before, take_snapshot(test));
    test.expect(written.empty(), std::string("a refused put of a membership ") + what + " wrote: " + written);
  };
  const auto with = [&sound](auto field, auto value) {
    Membership other = sound;
    other.*field = value;
    return other;
  };
  refuse("without an id", with(&Membership::id, MembershipId()), Errc::id_empty);
  refuse("without an organization", with(&Membership::organization, OrganizationId()), Errc::id_empty);
  refuse("without an account", with(&Membership::account, AccountId()), Errc::id_empty);
  refuse("without a role", with(&Membership::role, RoleId()), Errc::id_empty);
  refuse("in a missing organization", with(&Membership::organization, test_organization(99)), Errc::not_found);
  refuse("of a missing account", with(&Membership::account, test_account(99)), Errc::not_found);
  refuse("by a missing inviter", with(&Membership::invited_by, test_account(99)), Errc::not_found);
  refuse("that is removed", with(&Membership::state, State::removed), Errc::not_found);
  refuse("of a member", with(&Membership::account, test_account(0)), Errc::exists);
}

void puts_memberships(TestContext& test) {
  for (const bool counted : {false, true}) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    test.put_organizations(1);
    test.put_accounts(account_count);
    if (counted) count_members(test);
    const std::vector<MemberPut> puts = all_puts(test);
    for (const MemberPut& put : puts) {
      const auto done = records.store().put_membership(put.given);
      test.expect(done.has_value(), "put_membership(): " + (done ? "" : std::string(name(done.error().code))));
    }
    Facts facts;
    if (!fetch_all(test, facts)) return;
    test.expect(facts.memberships.size() == puts.size(), "fetch has another number of memberships than were put");
    for (std::uint32_t i = 0; i < facts.memberships.size(); ++i)
      for (const MemberPut& put : puts)
        if (put.given.account == facts.accounts[facts.memberships[i].account].id) {
          expect_fact(test, facts, put, facts.inviters[i], facts.memberships[i]);
          expect_read(test, put, facts.memberships[i].version);
        }
    const MemberCounts& counts = facts.organizations[0].counts;
    test.expect(counts.active == 2 && counts.invited == 5 && counts.owners == 1, "the counts have not what was put");
    Membership sound = of_account(test, without_membership, member, State::invited);
    sound.invited_by = test_account(0);
    refuse_puts(test, records.store(), sound);
    if (test.broken()) return;
  }
}

void erases_memberships(TestContext& test) {
  for (const bool counted : {false, true}) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    RecordStore& store = records.store();
    test.put_organizations(2);
    test.put_accounts(account_count);
    if (counted) count_members(test);
    const std::vector<MemberPut> puts = all_puts(test);
    for (const MemberPut& put : puts) (void)store.put_membership(put.given);
    const auto erase = [&](const char* what, const OrganizationId& in, const AccountId& account, Errc code) {
      const auto erased = store.erase_membership(in, account);
      test.step(std::string("erase a membership ") + what);
      test.expect((erased ? Errc{} : erased.error().code) == code, std::string("erase a membership ") + what);
    };
    ChangeSetBuilder late(test, test_organizations(1), test_accounts(account_count));
    late.guard_membership(0, 2);
    late.add(0, without_membership, member);
    const Snapshot before = take_snapshot(test);
    erase("in a missing organization", test_organization(99), test_account(0), Errc::not_found);
    erase("of a missing account", test_organization(0), test_account(99), Errc::not_found);
    erase("of another organization", test_organization(1), test_account(0), Errc::not_found);
    erase("of an account without one", test_organization(0), test_account(without_membership), Errc::not_found);
    test.expect(difference(before, take_snapshot(test)).empty(), "a refused erase of a membership wrote");
    for (const std::uint32_t number : {0u, 2u, 3u})
      erase("that is there", test_organization(0), test_account(number), Errc{});
    erase("that is gone", test_organization(0), test_account(3), Errc::not_found);
    Facts facts;
    if (!fetch_all(test, facts)) return;
    test.expect(facts.memberships.size() == puts.size() - 3, "an erased membership is there, or another one is gone");
    const MemberCounts& counts = facts.organizations[0].counts;
    test.expect(counts.active == 1 && counts.invited == 4 && counts.owners == 0, "the counts have what was erased");
    const MembershipReader* const reader = test.fixture().reader();
    if (reader != nullptr) {
      const auto former = reader->former_membership(test_organization(0), test_account(0));
      test.expect(former && !former.value(), "an erased membership has a tombstone");
    }
    for (const std::uint32_t number : {0u, 2u}) {
      Membership again = puts[number].given;
      if (!counted) again.id = test.fresh_id();  // with the same id, or with another one
      test.expect(store.put_membership(again).has_value(), "an erased pair cannot be put again");
    }
    late.is_stale("the membership that was read was erased");
    if (test.broken()) return;
  }
}

constexpr Entry member_put_entries[] = {
    {{"records/put-membership",
      "put_membership() stores a membership as it is given, of an invitation the inviter and the earlier end, and "
      "writes nothing if it is refused"},
     puts_memberships,
     Requires::records},
    {{"records/erase-membership",
      "erase_membership() leaves nothing of the membership, and a decision on it is stale, also after its pair is put "
      "again"},
     erases_memberships,
     Requires::records},
};

}  // namespace

std::span<const Entry> member_put_laws() noexcept {
  return member_put_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
