// Proves that a fetch at SERIALIZABLE outlasts the transaction that it conflicts with. Such a conflict is between other
// commands, so it must not be a failure of the store.
#include <chrono>
#include <thread>

#include "scenario.hpp"

namespace conflicts_test {

using namespace postgres_testing;

TEST_CASE("a fetch at SERIALIZABLE outlasts the transaction that it conflicts with", "[postgres][failures]") {
  const std::string conninfo = make_database("conflicts", Tables::serializable);
  PostgresStore store(conninfo.c_str());
  fill(store);
  // Until it ends, the prepared transaction rolls back each transaction that reads the membership: it has read what
  // another one changed and committed since.
  Session prepared(conninfo), other(conninfo);
  prepared.run("BEGIN");
  prepared.run("SELECT seats_max FROM roster_organizations WHERE organization_id = 'acme'");
  other.run("UPDATE roster_organizations SET joinable = joinable WHERE organization_id = 'acme'");
  prepared.run("UPDATE roster_memberships SET state = state");
  prepared.run("PREPARE TRANSACTION 'roster_conflict'");
  const auto read = [&] {
    PGresult* const result = PQexec(other.connection(), "SELECT count(*) FROM roster_memberships");
    const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string seen = state == nullptr ? "" : state;
    PQclear(result);
    return seen;
  };
  REQUIRE(read() == "40001");

  // In a transaction of the host the conflict stays as long as that transaction. So the store soon returns.
  Session host(conninfo);
  PostgresStore guest(host.connection());
  host.run("BEGIN");
  const std::uint64_t before = guest.round_trips().value();
  CHECK(!guest.membership(acme, boss));
  CHECK(guest.round_trips().value() - before <= 8);
  host.run("ROLLBACK");

  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    prepared.run("COMMIT PREPARED 'roster_conflict'");
  });
  const auto member = store.membership(acme, boss);
  ends.join();
  must(store, member);
  CHECK(read().empty());
}

}  // namespace conflicts_test
