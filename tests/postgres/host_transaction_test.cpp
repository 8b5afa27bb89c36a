// Proves that inside a transaction of the host every operation is a part of it: done or undone with it, and refused
// without spoiling it.
#include "scenario.hpp"

namespace host_transaction_test {

using namespace postgres_testing;

namespace {

/// The host's own connection, a table of its own, and the store on that connection.
struct Guest {
  Guest()
      : conninfo(make_database("host_transaction", Tables::read_committed)), host(conninfo), store(host.connection()) {
    PostgresStore other(conninfo.c_str());
    fill(other);
    host.run("CREATE TABLE notes (text text NOT NULL)");
  }
  Outcome run(const Command& command) {
    const auto report = Engine(rules(), store, ids).run(command, now);
    INFO(store.last_error_message());
    REQUIRE(report.has_value());
    return report.value().at(0, 0);
  }
  /// What another connection sees.
  std::string seen() {
    Session other(conninfo);
    return other.run("SELECT count(*) FROM roster_memberships") + " members, " +
           other.run("SELECT count(*) FROM notes") + " notes";
  }
  std::string conninfo;
  Session host;
  PostgresStore store;
  UuidSource ids{{3, 4}};
};

}  // namespace

TEST_CASE("what is added in the host's transaction is there once the host commits, with what the host wrote",
          "[postgres][failures]") {
  Guest guest;
  guest.host.run("BEGIN");
  guest.host.run("INSERT INTO notes VALUES ('ann joins')");
  CHECK(guest.run(AddMembers(acme, ann, {}, by(boss))) == Outcome::added);
  CHECK(guest.run(AddMembers(acme, ann, {}, by(boss))) == Outcome::conflict);  // it sees its own
  CHECK(guest.run(ChangeRole(acme, ann, owner, by(boss))) == Outcome::replaced);
  CHECK(guest.seen() == "1 members, 0 notes");
  guest.host.run("COMMIT");
  CHECK(guest.seen() == "2 members, 1 notes");
}

TEST_CASE("a host that deallocates every prepared statement keeps its transaction", "[postgres][failures]") {
  for (const char* const word : {"DEALLOCATE ALL", "DISCARD ALL"})
    for (const bool again : {false, true}) {  // whether the store had a unit in a transaction of the host before
      INFO(word << (again ? ", again" : ""));
      Guest guest;
      CHECK(guest.run(AddMembers({acme}, {ann, bob}, {}, by(boss))) == Outcome::added);
      CHECK(guest.run(ChangeRole(acme, ann, owner, by(boss))) == Outcome::replaced);
      if (again) guest.host.run("BEGIN");
      CHECK(guest.run(ChangeRole(acme, ann, clerk, by(boss))) == Outcome::replaced);
      if (again) guest.host.run("COMMIT");
      guest.host.run(word);
      guest.host.run("BEGIN");
      guest.host.run("INSERT INTO notes VALUES ('ann owns')");
      CHECK(guest.run(ChangeRole(acme, ann, owner, by(boss))) == Outcome::replaced);
      CHECK(guest.run(RemoveMembers(acme, bob, by(boss))) == Outcome::removed);
      guest.host.run("COMMIT");
      CHECK(guest.seen() == "3 members, 1 notes");  // one of them is a tombstone
    }
}

TEST_CASE("what is added in the host's transaction is gone if the host takes it back", "[postgres][failures]") {
  Guest guest;
  guest.host.run("BEGIN");
  CHECK(guest.run(AddMembers(acme, address("zoe"), {}, by(boss))) == Outcome::added);
  guest.host.run("ROLLBACK");
  CHECK(guest.seen() == "1 members, 0 notes");
  CHECK(guest.run(AddMembers(acme, address("zoe"), {}, by(boss))) == Outcome::added);
  CHECK(guest.seen() == "2 members, 0 notes");
}

TEST_CASE("a commit that is stale leaves the host's transaction as it was, and the operation goes on in it",
          "[postgres][failures]") {
  Guest guest;
  guest.host.run("BEGIN");
  guest.host.run("INSERT INTO notes VALUES ('before')");
  const AddMembers command(acme, ann, {}, by(boss));
  const Profile profile = rules();
  Operation operation(profile, command, {now, &guest.ids, true});
  operation.provide(guest.store.fetch(operation.query(), operation.facts()));
  REQUIRE(operation.need() == Operation::Need::commit);

  PostgresStore rival(guest.conninfo.c_str());
  UuidSource others({5, 6});
  const auto first = Engine(profile, rival, others).run(command, now);
  REQUIRE(first.has_value());
  REQUIRE(first.value().at(0, 0) == Outcome::added);

  const auto lost = guest.store.commit(operation.changes());
  REQUIRE(lost.has_error());
  CHECK(lost.error().code == Errc::stale);
  operation.committed(lost);
  const auto report = drive(operation, guest.store);
  REQUIRE(report.has_value());
  CHECK(report.value().at(0, 0) == Outcome::conflict);
  CHECK(guest.run(AddMembers(acme, bob, {}, by(boss))) == Outcome::added);
  guest.host.run("COMMIT");
  CHECK(guest.seen() == "3 members, 1 notes");
}

TEST_CASE("in a transaction of the host that has failed every operation says so, and writes nothing",
          "[postgres][failures]") {
  Guest guest;
  guest.host.run("BEGIN");
  PQclear(PQexec(guest.host.connection(), "SELECT 1 / 0"));
  const auto report = Engine(rules(), guest.store, guest.ids).run(AddMembers(acme, ann, {}, by(boss)), now);
  REQUIRE(report.has_error());
  CHECK(report.error().code == Errc::store_failed);
  guest.host.run("ROLLBACK");
  CHECK(guest.run(AddMembers(acme, ann, {}, by(boss))) == Outcome::added);
}

}  // namespace host_transaction_test
