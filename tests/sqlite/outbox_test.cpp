// Proves that a reader of the outbox, by a cursor, sees every event once, and those of each membership in the order of
// the commits, whatever the clocks of the writers say.
#include <atomic>
#include <thread>

#include "../../docs/examples/sqlite-outbox/outbox_reader.hpp"
#include "catch.hpp"
#include "folder.hpp"
#include "numbered_world.hpp"
#include "role_events.hpp"

namespace outbox_test {

using namespace roster;
using namespace roster_test;

namespace {

/// A pair is a record here: SQLite's versions ascend for ever, through removals without a tombstone too.
void note(Published& published, const OutboxEvent& it) {
  published.apply(it.seq, it.organization + " " + it.account, it.version, it.event, it.organization, it.account,
                  it.role, {it.valid_until, it.invitation_until});
}

}  // namespace

TEST_CASE("outbox: among concurrent writers whose clocks go backwards, a reader misses no event and sees none twice") {
  constexpr unsigned writers = 4, steps = 100;
  for (const bool keeps_tombstones : {true, false}) {
    INFO("with tombstones: " << keeps_tombstones);
    const Folder place;
    const std::string path = place.file("roster.db");
    const SqliteOptions options{.durability = SqliteOptions::Durability::crash, .outbox = true};
    SqliteStore host = SqliteStore::open(path.c_str(), options).value();
    REQUIRE(put_numbered(host, 2, 5));
    const std::array places = {organization(0), organization(1)};
    REQUIRE(put_catalogs(host, places));
    Profile profile = numbered_rules();
    profile.roles = {};
    profile.keeps_tombstones = keeps_tombstones;
    const std::vector<AccountSelector> accounts = {account(1), account(2), account(3), account(4)};
    const auto writer_of = [&](unsigned number) {
      return BackwardsWriter(number, {places[0], places[1]}, accounts, account(0), {clerk, owner});
    };
    UuidSource first_ids({99, 1});
    writer_of(0).write_every_event(Engine(profile, host, first_ids));
    std::atomic<unsigned> running = writers;
    std::vector<std::thread> threads;
    for (unsigned n = 0; n < writers; ++n)
      threads.emplace_back([&, n] {
        SqliteStore store = SqliteStore::open(path.c_str(), options).value();
        UuidSource ids({n, 1});
        const Engine engine(profile, store, ids);
        BackwardsWriter writer = writer_of(n);
        for (unsigned step = 0; step < steps; ++step) writer.step(engine);
        --running;
      });
    unsigned erased = 0;
    threads.emplace_back([&] {
      SqliteStore store = SqliteStore::open(path.c_str(), options).value();
      erased = replace_clerks(running, store, places);
    });
    Published published;
    OutboxReader reader(path.c_str());
    int last = 0;
    for (bool is_end = false; !is_end || last > 0;) {
      is_end = running == 0;
      last = reader.read_page(3, [&](const OutboxEvent& it) { note(published, it); });
      if (last < 0) break;
    }
    for (std::thread& thread : threads) thread.join();
    while (last >= 0 && (last = reader.read_page(100, [&](const OutboxEvent& it) { note(published, it); })) > 0)
      continue;
    REQUIRE(last == 0);
    CHECK(erased > 0);
    CHECK(published.events ==
          static_cast<std::uint64_t>(read_number(host.connection(), "SELECT count(*) FROM roster_outbox")));
    CHECK(published.events > steps);
    CHECK(published.has_every_event());
    CHECK(read_number(host.connection(),
                      "SELECT count(*) FROM roster_outbox a JOIN roster_outbox b ON b.organization = a.organization"
                      " AND b.account = a.account AND b.seq > a.seq AND b.occurred_at < a.occurred_at") > 0);
    CHECK(published.members() == listed(host, places, account(0)));
    REQUIRE(reader.delete_published());
    CHECK(read_number(host.connection(), "SELECT count(*) FROM roster_outbox") == 0);
  }
}

TEST_CASE("outbox: an erase of a role writes an event for each member that gets the replacement") {
  const Folder place;
  const std::string path = place.file("roster.db");
  SqliteStore store = SqliteStore::open(path.c_str(), {.outbox = true}).value();
  OutboxReader reader(path.c_str());
  check_events_of_an_erase(store, [&](Published& published) {
    while (reader.read_page(100, [&](const OutboxEvent& it) { note(published, it); }) > 0) continue;
  });
  CHECK(read_number(
            store.connection(),
            "SELECT count(*) FROM roster_outbox JOIN roster_members m ON hex(roster_outbox.membership) = m.membership"
            " WHERE event = 'role_changed' AND roster_outbox.role = 'aide' AND occurred_at = 0 AND actor IS NULL"
            " AND roster_outbox.idempotency_key = zeroblob(16)") == 4);
  const std::string without = place.file("other.db");
  SqliteStore other = SqliteStore::open(without.c_str()).value();
  REQUIRE(put_world(other, fixture_world({.own_catalogs = true})));
  REQUIRE(replace_role(other, acme, clerk, aide));
  CHECK(read_number(other.connection(), "SELECT count(*) FROM roster_outbox") == 0);
}

TEST_CASE("outbox: a removal that began before a role change, and was committed after it, is the later event") {
  const Folder place;
  const std::string path = place.file("roster.db");
  SqliteStore store = SqliteStore::open(path.c_str(), {.outbox = true}).value();
  REQUIRE(put_numbered(store, 1, 2));
  UuidSource ids({1, 2});
  const Engine engine(numbered_rules(), store, ids);
  REQUIRE(engine.run(AddMembers(organization(0), account(1), {}, by(account(0))), Time{1'000'000}).value().succeeded());
  const RemoveMembers removal(organization(0), account(1), by(account(0)));
  Operation operation = engine.begin(removal, Time{2'000'000});
  operation.provide(store.fetch(operation.query(), operation.facts()));
  REQUIRE(operation.need() == Operation::Need::commit);
  const ChangeRole change(organization(0), account(1), owner, by(account(0)));
  REQUIRE(engine.run(change, Time{2'100'000}).value().succeeded());
  REQUIRE(drive(operation, store).value().succeeded());

  Published published;
  OutboxReader reader(path.c_str());
  CHECK(reader.read_page(100, [&](const OutboxEvent& it) { note(published, it); }) == 3);
  CHECK(published.names == std::vector<std::string>{"added", "role_changed", "removed"});
}

}
