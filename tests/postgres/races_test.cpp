// Proves that processes which race on one database leave what they would have left one after the other: one row a
// pair, one account an address, an owner in every organization, no more members than seats.
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <type_traits>

#include "scenario.hpp"

namespace races_test {

using namespace postgres_testing;

namespace {

constexpr int processes = 8;

/// Runs `child(n)` in as many processes, all at once, and adds up what they return: a table of counts.
using Counts = OutcomeTable<int>;  // of no outcome: what stopped
static_assert(std::is_trivially_copyable_v<Counts>, "it goes through a pipe as bytes");
Counts race(const std::function<Counts(int)>& child) {
  int go[2], back[2];
  REQUIRE(pipe(go) == 0);
  REQUIRE(pipe(back) == 0);
  for (int n = 0; n < processes; ++n) {
    if (fork() != 0) continue;
    char nothing;
    close(go[1]);
    (void)!read(go[0], &nothing, 1);  // ends when the parent closes its end: all start together
    const Counts counts = child(n);
    (void)!write(back[1], &counts, sizeof counts);
    _exit(0);
  }
  close(go[0]);
  close(go[1]);
  Counts sum{};
  for (int n = 0; n < processes; ++n) {
    Counts counts{};
    REQUIRE(read(back[0], &counts, sizeof counts) == sizeof counts);
    for (const Outcome outcome : outcomes_by_precedence) sum[outcome] += counts[outcome];
    sum[Outcome{}] += counts[Outcome{}];
  }
  while (wait(nullptr) > 0) {
  }
  close(back[0]);
  close(back[1]);
  return sum;
}

void count(Counts& counts, const Result<Report>& report) {
  if (!report) {
    ++counts[Outcome{}];
    return;
  }
  for (const Outcome outcome : report.value().outcomes) ++counts[outcome];
}
int of(const Counts& counts, Outcome outcome) {
  return counts[outcome];
}

/// Until it is settled: a store at SERIALIZABLE may send an operation away more often than its attempts.
Result<Report> persistently(const Engine& engine, const Command& command) {
  for (int round = 0;; ++round) {
    auto report = engine.run(command, now);
    const bool contended =
        report ? report.value().count(Outcome::undecided) != 0 : report.assume_error().code == Errc::contended;
    if (!contended || round == 200) return report;
  }
}

const std::array kinds = {Tables::read_committed, Tables::serializable, Tables::partitioned};

}  // namespace

TEST_CASE("eight processes add the same unknown addresses: one account and one row each", "[postgres][races]") {
  constexpr int people = 24, organizations = 4;
  for (const Tables kind : kinds) {
    INFO(name(kind));
    const std::string conninfo = make_database("races_add", kind);
    {
      PostgresStore host(conninfo.c_str());
      fill(host, organizations);
    }
    const Counts counts = race([&](int n) {
      PostgresStore store(conninfo.c_str());
      UuidSource ids({static_cast<std::uint64_t>(n), 1});
      const Engine engine(rules(), store, ids);
      std::vector<AccountSelector> accounts;
      std::vector<OrganizationSelector> places;
      // Half of them the other way round: who meets in opposite orders may not wait for each other for ever.
      for (int i = 0; i < people; ++i) accounts.push_back(address("p" + std::to_string(n % 2 ? people - 1 - i : i)));
      for (int i = 0; i < organizations; ++i)
        places.push_back(numbered<OrganizationId>("o", n % 2 ? organizations - 1 - i : i));
      Counts mine{};
      count(mine, persistently(engine, AddMembers(places, accounts, {}, by(boss))));
      return mine;
    });
    CHECK(of(counts, Outcome::added) == people * organizations);
    CHECK(of(counts, Outcome::conflict) == (processes - 1) * people * organizations);
    Session session(conninfo);
    CHECK(session.run("SELECT count(*) FROM roster_accounts") == std::to_string(people + 3));
    CHECK(session.run("SELECT count(*) FROM roster_emails e JOIN roster_accounts USING (account_id, email_key)") ==
          std::to_string(people + 3));
    CHECK(session.run("SELECT count(*) FROM roster_memberships WHERE role_id = 'clerk'") ==
          std::to_string(people * organizations));
  }
}

TEST_CASE("a disabled owner is removed while it is enabled and the other one leaves: an owner stays",
          "[postgres][races]") {
  constexpr int rounds = 8;
  const AccountId a = numbered<AccountId>("a", 0), b = numbered<AccountId>("a", 1);
  for (const Tables kind : kinds) {
    INFO(name(kind));
    const std::string conninfo = make_database("races_disabled", kind);
    {
      PostgresStore host(conninfo.c_str());
      fill(host, 0, 2);
    }
    for (int round = 0; round < rounds; ++round) {
      Session session(conninfo);
      session.run("DELETE FROM roster_memberships");
      {
        PostgresStore host(conninfo.c_str());
        UuidSource ids({static_cast<std::uint64_t>(round), 9});
        for (const AccountId& account : {a, b}) {
          MembershipId id;
          ids.fill({&id, 1});
          must(host, host.put_membership({.id = id, .organization = acme, .account = account, .role = owner}));
        }
        must(host, host.change_account(b, {.disabled = true}, any_version));
      }
      const Counts counts = race([&](int n) {
        PostgresStore store(conninfo.c_str());
        UuidSource ids({static_cast<std::uint64_t>(n), 2});
        const Engine engine(fixtures::host_rules(), store, ids);
        Counts mine{};
        if (n % 3 == 0) count(mine, persistently(engine, RemoveMembers(acme, b)));
        if (n % 3 == 1) count(mine, persistently(engine, Leave(acme, a)));
        for (int i = 0; n % 3 == 2 && i < 100; ++i)
          if (store.change_account(b, {.disabled = false}, any_version)) break;
        return mine;
      });
      CHECK(of(counts, Outcome{}) == 0);
      CHECK(session.run("SELECT count(*) > 0 FROM roster_memberships m JOIN roster_accounts c USING (account_id)"
                        " WHERE m.role_id = 'owner' AND m.state = 0 AND NOT c.disabled") == "t");
    }
  }
}

TEST_CASE("eight owners give up at once: one of them stays", "[postgres][races]") {
  constexpr int rounds = 3;
  for (const Tables kind : kinds) {
    INFO(name(kind));
    const std::string conninfo = make_database("races_owners", kind);
    {
      PostgresStore host(conninfo.c_str());
      fill(host, 0, processes);
    }
    for (int round = 0; round < rounds; ++round) {
      Session session(conninfo);
      session.run("DELETE FROM roster_memberships");
      {
        PostgresStore host(conninfo.c_str());
        UuidSource ids({static_cast<std::uint64_t>(round), 9});
        for (int i = 0; i < processes; ++i) {
          MembershipId id;
          ids.fill({&id, 1});
          must(host, host.put_membership(
                         {.id = id, .organization = acme, .account = numbered<AccountId>("a", i), .role = owner}));
        }
      }
      const Counts counts = race([&](int n) {
        PostgresStore store(conninfo.c_str());
        UuidSource ids({static_cast<std::uint64_t>(n), 2});
        const Engine engine(rules(), store, ids);
        const AccountId self = numbered<AccountId>("a", n), next = numbered<AccountId>("a", (n + 2) % processes);
        Counts mine{};
        // Some leave, the others take it from one another.
        if (n % 2 == 0)
          count(mine, persistently(engine, Leave(acme, self)));
        else
          count(mine, persistently(engine, ChangeRole(acme, next, clerk, by(self))));
        return mine;
      });
      CHECK(counts[Outcome{}] == 0);
      const std::string owners =
          session.run("SELECT count(*) FROM roster_memberships WHERE role_id = 'owner' AND state = 0");
      CHECK(std::stoi(owners) >= 1);
      CHECK(std::stoi(owners) == processes - of(counts, Outcome::removed) - of(counts, Outcome::replaced));
      CHECK(of(counts, Outcome::removed) + of(counts, Outcome::replaced) >= 1);
    }
  }
}

TEST_CASE("eight processes fill an organization: every seat is taken, and none twice", "[postgres][races]") {
  constexpr int seats = 21, each = 6;
  for (const Tables kind : kinds) {
    INFO(name(kind));
    const std::string conninfo = make_database("races_seats", kind);
    {
      PostgresStore host(conninfo.c_str());
      fill(host, 0, processes * each, seats);
    }
    const Counts counts = race([&](int n) {
      PostgresStore store(conninfo.c_str());
      UuidSource ids({static_cast<std::uint64_t>(n), 3});
      Profile seated = rules();
      seated.seats = SeatRule::active_and_invited;
      const Engine engine(seated, store, ids);
      Counts mine{};
      for (int i = 0; i < each; ++i)
        count(mine, persistently(engine, AddMembers(acme, numbered<AccountId>("a", n * each + i), {}, by(boss))));
      return mine;
    });
    CHECK(of(counts, Outcome::added) == seats - 1);  // the boss has one
    CHECK(of(counts, Outcome::seats_taken) == processes * each - (seats - 1));
    Session session(conninfo);
    CHECK(session.run("SELECT count(*) FROM roster_memberships WHERE state <= 1") == std::to_string(seats));
  }
}

}  // namespace races_test
