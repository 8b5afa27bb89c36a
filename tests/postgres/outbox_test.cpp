// Proves that a reader of the outbox, by a cursor, sees every event once, and those of each membership in the order of
// the commits: whatever the clocks of the writers say, and in whichever order their transactions began.
#include <atomic>
#include <thread>

#include "outbox_events.hpp"
#include "role_events.hpp"
#include "scenario.hpp"

namespace outbox_test {

using namespace postgres_testing;
using roster_test::BackwardsWriter;

const std::array places = {acme, OrganizationId("o0")};

namespace {

/// The outcome of the command's one cell; `undecided` if it failed.
Outcome run(PostgresStore& store, const Command& command, Time at = now) {
  static std::atomic<std::uint64_t> seed = 0;
  UuidSource ids({++seed, 4});
  const auto report = Engine(rules(), store, ids).run(command, at);
  return report ? report.assume_value().at(0, 0) : Outcome::undecided;
}

BackwardsWriter writer_of(unsigned number) {
  std::vector<AccountSelector> accounts;
  for (int i = 0; i < 4; ++i) accounts.emplace_back(numbered<AccountId>("a", i));
  return BackwardsWriter(number, {places[0], places[1]}, std::move(accounts), boss, {clerk, owner});
}

/// One writer. The first one uses transactions of its host, which last longer and are rolled back at times.
void write(const std::string& conninfo, const Profile& profile, unsigned number, unsigned steps) {
  Session host(conninfo);
  PostgresStore store(host.connection(), {.outbox = true});
  UuidSource ids({number, 1});
  const Engine engine(profile, store, ids);
  BackwardsWriter writer = writer_of(number);
  for (unsigned step = 0; step < steps; ++step) {
    if (number != 0) {
      writer.step(engine);
      continue;
    }
    PQclear(PQexec(host.connection(), "BEGIN"));
    PQclear(PQexec(host.connection(), "SELECT pg_current_xact_id()"));
    writer.step(engine);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    PQclear(PQexec(host.connection(), step % 4 == 3 ? "ROLLBACK" : "COMMIT"));
  }
}

}  // namespace

TEST_CASE("outbox: among concurrent writers whose clocks go backwards, a reader misses no event and sees none twice",
          "[postgres][races]") {
  constexpr unsigned writers = 4, steps = 40;
  int round = 0;
  for (const Tables kind : {Tables::read_committed, Tables::serializable, Tables::partitioned}) {
    Profile profile = rules();
    profile.roles = {};
    profile.keeps_tombstones = ++round % 2 == 0;
    INFO(name(kind) << ", with tombstones: " << profile.keeps_tombstones);
    const std::string conninfo = make_database("outbox", kind);
    {
      PostgresStore host(conninfo.c_str(), {.outbox = true});
      fill(host, 1, 4);
      REQUIRE(roster_test::put_catalogs(host, places));
      UuidSource ids({99, 1});
      writer_of(0).write_every_event(Engine(profile, host, ids));
    }
    std::atomic<unsigned> running = writers;
    std::vector<std::thread> threads;
    for (unsigned n = 0; n < writers; ++n)
      threads.emplace_back([&, n] {
        write(conninfo, profile, n, steps);
        --running;
      });
    unsigned erased = 0;
    threads.emplace_back([&] {
      PostgresStore store(conninfo.c_str(), {.outbox = true});
      erased = roster_test::replace_clerks(running, store, places);
    });
    Published published;
    Session session(conninfo);
    OutboxReader reader(session.connection());
    int last = 0;
    while (running != 0 && last >= 0) last = reader.read_page(3, [&](const OutboxEvent& it) { note(published, it); });
    for (std::thread& thread : threads) thread.join();
    REQUIRE(last >= 0);
    Session other(conninfo);
    read_until(reader, published, std::stoull(other.run("SELECT count(*) FROM roster_outbox")));
    CHECK(published.events > steps);
    CHECK(published.has_every_event());
    CHECK(erased > 0);
    CHECK(other.run("SELECT count(*) > 0 FROM roster_outbox a JOIN roster_outbox b USING (organization_id, account_id)"
                    " WHERE b.seq > a.seq AND b.occurred_at < a.occurred_at") == "t");
    PostgresStore ended(conninfo.c_str());
    CHECK(published.members() == roster_test::listed(ended, places, boss));
    CHECK(reader.delete_published());
    CHECK(other.run("SELECT count(*) FROM roster_outbox") == "0");
  }
}

TEST_CASE("outbox: an erase of a role writes an event for each member that gets the replacement", "[postgres][races]") {
  for (const Tables kind : {Tables::read_committed, Tables::partitioned}) {
    INFO(name(kind));
    const std::string conninfo = make_database("outbox_roles", kind);
    PostgresStore store(conninfo.c_str(), {.outbox = true}), other(conninfo.c_str());
    Session session(conninfo);
    OutboxReader reader(session.connection());
    roster_test::check_events_of_an_erase(store, [&](Published& published) {
      read_until(reader, published, std::stoull(session.run("SELECT count(*) FROM roster_outbox")));
    });
    const std::string count =
        "SELECT count(*) FROM roster_outbox o JOIN roster_memberships m"
        " ON m.membership_id::text = o.record WHERE o.event = 'role_changed'"
        " AND o.occurred_at = 0 AND o.actor_id IS NULL AND o.idempotency_key IS NULL";
    CHECK(session.run(count + " AND o.role_id = 'aide' AND o.previous_role_id = 'clerk'") == "4");
    REQUIRE(roster_test::replace_role(other, acme, roster_test::aide, clerk));
    CHECK(session.run(count) == "4");  // that store has no outbox
  }
}

TEST_CASE("outbox: the cursor never passes an event whose transaction still runs", "[postgres][races]") {
  // The other transaction, whose event is later and committed first, has a higher number or a lower one. With a lower
  // one no transaction above the slow one has ended, so that no snapshot lists the slow one as running.
  for (const bool has_higher_number : {true, false}) {
    INFO("the transaction of the later event has a higher number: " << has_higher_number);
    const std::string conninfo = make_database("outbox_cursor", Tables::read_committed);
    PostgresStore store(conninfo.c_str(), {.outbox = true});
    fill(store);
    REQUIRE(run(store, AddMembers(acme, bob, {}, by(boss))) == Outcome::added);
    Session slow(conninfo), other(conninfo), read(conninfo);
    OutboxReader reader(read.connection());
    Published published;
    read_until(reader, published, 1);
    const ChangeRole change(acme, bob, owner, by(boss));
    slow.run("BEGIN");
    PostgresStore slow_store(slow.connection(), {.outbox = true});
    if (has_higher_number) {
      REQUIRE(run(slow_store, AddMembers(acme, ann, {}, by(boss))) == Outcome::added);
      REQUIRE(run(store, change) == Outcome::replaced);
    } else {
      other.run("BEGIN");
      other.run("SELECT 1 FROM roster_organizations WHERE organization_id = 'acme' FOR NO KEY UPDATE");
      auto done = Outcome::undecided;
      std::thread fast([&] { done = run(store, change); });  // has its number, and waits for that row
      for (int polls = 0; polls < 1000 && read.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type ="
                                                   " 'Lock' AND datname = current_database()") == "0";
           ++polls)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      CHECK(run(slow_store, AddMembers(acme, ann, {}, by(boss))) == Outcome::added);
      other.run("COMMIT");
      fast.join();
      REQUIRE(done == Outcome::replaced);
    }
    CHECK(read_all(reader, published) == 0);
    CHECK(read_all(reader, published) == 0);
    slow.run("COMMIT");
    read_until(reader, published, 3);
    CHECK(published.names == std::vector<std::string>{"added", "added", "role_changed"});
  }
}

TEST_CASE("outbox: of two commits about a membership, the second is the later event, also if it began first",
          "[postgres][races]") {
  const std::string conninfo = make_database("outbox_order", Tables::read_committed);
  PostgresStore store(conninfo.c_str(), {.outbox = true});
  fill(store);
  REQUIRE(run(store, AddMembers(acme, ann, {}, by(boss)), Time{1'000'000}) == Outcome::added);
  Session session(conninfo), host(conninfo);
  Published published;
  OutboxReader reader(session.connection());
  SECTION("by its command") {
    const Profile profile = rules();
    const RemoveMembers removal(acme, ann, by(boss));
    UuidSource ids({2, 2});
    Operation operation(profile, removal, {Time{2'000'000}, &ids, true});
    operation.provide(store.fetch(operation.query(), operation.facts()));
    REQUIRE(operation.need() == Operation::Need::commit);
    REQUIRE(run(store, ChangeRole(acme, ann, owner, by(boss)), Time{2'100'000}) == Outcome::replaced);
    REQUIRE(drive(operation, store).value().succeeded());
  }
  SECTION("by its transaction") {
    host.run("BEGIN");
    host.run("SELECT pg_current_xact_id()");
    REQUIRE(run(store, ChangeRole(acme, ann, owner, by(boss)), Time{2'100'000}) == Outcome::replaced);
    PostgresStore guest(host.connection(), {.outbox = true});
    REQUIRE(run(guest, RemoveMembers(acme, ann, by(boss)), Time{2'000'000}) == Outcome::removed);
    CHECK(read_all(reader, published) == 0);
    host.run("COMMIT");
  }
  read_until(reader, published, 3);
  CHECK(published.names == std::vector<std::string>{"added", "role_changed", "removed"});
}

}  // namespace outbox_test
