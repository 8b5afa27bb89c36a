// Races about memberships: a disabled owner, an invitation, an erased role.
#include <algorithm>
#include <chrono>
#include <thread>

#include "sql/race_rounds.hpp"

namespace process_races {

using namespace fixtures;

void disable_against_leave(const Database& database) {
  put_rounds(database);
  for (unsigned round = 0; round < rounds; ++round) {
    const OrganizationId in = organization(round);
    database.connect([](const Connected& it) { REQUIRE(set_disabled(it.records, ann, false)); });
    const AddMembers owners({in}, {boss, ann}, owner, staff);
    prepare(database, host_rules(), {&owners});
    SharedFlag disabled;
    const Counts counts = race_engines(database, {manager_rules()}, [&](int n, Client& client, Counts& mine) {
      if (n % 2 == 1) {
        if (set_disabled(client.records, ann, true)) return disabled.set();
        ++mine[Outcome{}];
      }
      bool is_late = false;
      client.before_commit = [&] { is_late = disabled.is_set(); };
      const auto report = persistently(client.engine, Leave(in, boss));
      count(mine, report);
      const bool left = report && report.assume_value().at(0, 0) == Outcome::removed;
      mine[Outcome{}] += is_late && left ? 1 : 0;  // its commit began after the disabling had ended
    });
    CHECK(of(counts, Outcome{}) == 0);
    CHECK(of(counts, Outcome::removed) <= 1);
    database.connect([&](const Connected& it) { CHECK(owners_in(it, in) == 1 - of(counts, Outcome::removed)); });
  }
  check_events(database);
}

void enable_against_removal(const Database& database) {
  put_rounds(database);
  for (unsigned round = 0; round < rounds; ++round) {
    const OrganizationId in = organization(round);
    database.connect([](const Connected& it) { REQUIRE(set_disabled(it.records, ann, false)); });
    const AddMembers owners({in}, {boss, ann}, owner, staff);
    prepare(database, host_rules(), {&owners});
    database.connect([](const Connected& it) { REQUIRE(set_disabled(it.records, ann, true)); });
    const Counts counts = race_engines(database, {host_rules()}, [&](int n, Client& client, Counts& mine) {
      if (n % 3 == 0) return count(mine, persistently(client.engine, RemoveMembers(in, ann, staff)));
      if (n % 3 == 1) return count(mine, persistently(client.engine, Leave(in, boss)));
      mine[Outcome{}] += set_disabled(client.records, ann, false) ? 0 : 1;
    });
    CHECK(of(counts, Outcome{}) == 0);
    database.connect([&](const Connected& it) { CHECK(owners_in(it, in) >= 1); });
  }
  check_events(database);
}

void reinvite_against_accept(const Database& database) {
  put_rounds(database);
  for (unsigned round = 0; round < rounds; ++round) {
    const OrganizationId in = organization(round);
    const AddMembers first({in}, {boss}, owner, staff), admins({in}, {ann, bob}, admin, staff);
    const Invite invites(in, cid, clerk, by(boss));
    prepare(database, host_rules(), {&first, &admins, &invites});
    const Counts counts = race_engines(database, {manager_rules()}, [&](int n, Client& client, Counts& mine) {
      if (n % 2 == 0) return count(mine, persistently(client.engine, AcceptInvitation(in, cid)));
      Invite again(in, cid, n % 4 == 1 ? guest : clerk, by(n % 4 == 1 ? ann : bob));
      again.invitation_until = Time{static_cast<std::int64_t>(roster_test::now) + n * 1'000'000};
      count(mine, persistently(client.engine, again));
    });
    CHECK(of(counts, Outcome{}) == 0);
    CHECK(of(counts, Outcome::accepted) == 1);
    CHECK(of(counts, Outcome::existing) >= processes / 2 - 1);  // the other acceptances
    CHECK(of(counts, Outcome::invitation_renewed) <= processes / 2);
    database.connect([&](const Connected& it) {
      const auto found = it.reader.membership(in, cid).value();
      REQUIRE(found.has_value());
      CHECK((found->state == MembershipState::active && (found->role == clerk || found->role == guest)));
      CHECK((found->invitation_until == Time{} && found->invited_by.empty()));
    });
  }
  const roster_test::Published published = check_events(database);
  const auto accepted = std::count(published.names.begin(), published.names.end(), "accepted");
  CHECK(accepted == (database.has_outbox() ? rounds : 0));
  // An acceptance is of the invitation that was renewed last.
  for (std::size_t at = 1; at < published.names.size(); ++at)
    if (published.names[at] == "accepted") CHECK(published.roles[at] == published.roles[at - 1]);
}

/// Members may have each role of their organization's catalog.
static Profile own_rules() {
  return with(manager_rules(), [](Profile& p) {
    p.roles = {};
    p.on_other_role = OnConflict::replace;
    p.on_removed = OnFormer::restore_role;
  });
}

void erase_against_grant(const Database& database) {
  put_rounds(database);
  for (unsigned round = 0; round < rounds; ++round) {
    const OrganizationId in = organization(round);
    const AddMembers first({in}, {boss}, owner, staff), guests({in}, {cid}, guest, staff),
        clerks({in}, {dora, emil}, clerk, staff);
    const Suspend suspends(in, dora, by(boss));
    const RemoveMembers removes(in, emil, by(boss));
    prepare(database, own_rules(), {&first, &guests, &clerks, &suspends, &removes});
    const Counts counts = race_engines(database, {own_rules()}, [&](int n, Client& client, Counts& mine) {
      const auto runs = [&](const Command& command) { count(mine, persistently(client.engine, command)); };
      switch (n) {
        case 0: return runs(AddMembers(in, ann, clerk, by(boss)));
        case 1: runs(Invite(in, bob, clerk, by(boss))); return runs(AcceptInvitation(in, bob));
        case 2: return runs(ChangeRole(in, cid, clerk, by(boss)));
        case 3: return runs(Reactivate(in, dora, by(boss)));
        case 4: return runs(AddMembers(in, emil, guest, by(boss)));  // restores the former role
        case 5: return runs(AddMembers({in}, {account(0), account(1), account(2)}, clerk, by(boss)));
        default: break;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(1000 * round));
      for (int attempt = 0; attempt < 200; ++attempt) {
        const auto erased = client.records.erase_role(in, clerk, guest, any_version);
        mine[Outcome::removed] += erased ? 1 : 0;  // the role
        if (erased || erased.error().code == Errc::not_found) return;
      }
      ++mine[Outcome{}];
    });
    CHECK(of(counts, Outcome{}) == 0);
    CHECK(of(counts, Outcome::removed) == 1);
    database.connect([&](const Connected& it) {
      std::array<Membership, 50> page;
      CHECK(it.reader.members_with_role(in, clerk, {}, page).value() == 0);
      const auto former = it.reader.former_membership(in, emil).value();
      CHECK((!former || former->membership.role == guest));
      CHECK(it.reader.membership(in, dora).value()->role == guest);
      CHECK(owners_in(it, in) == 1);
    });
  }
  check_events(database);
}

}  // namespace process_races
