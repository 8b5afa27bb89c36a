// Reads the outbox that PostgresStore writes, and passes each event on, at least once.
//
// Usage: ROSTER_POSTGRES="host=... dbname=..." example-180-postgres-outbox
#include <libpq-fe.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "roster/postgres_store.hpp"
#include "roster/roster.hpp"

using namespace roster;

namespace {

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// Passes a batch of events, not locked by another reader, to `publish`, and deletes them. If the process stops before
/// the commit, no event is deleted, and the events are passed on again. (record, version) identifies a repetition.
/// Returns the number of events, or -1 if the server failed. One reader passes on the events of a membership in their
/// order. Several readers are faster, and the version then gives the order.
template <class Publish>
int read_batch(PGconn* connection, Publish&& publish) {
  Answer begun(PQexec(connection, "BEGIN"), &PQclear);
  const Answer events(
      PQexec(connection,
             "WITH n AS (SELECT organization_id, record, version FROM roster_outbox"
             " ORDER BY occurred_at, organization_id, record, version LIMIT 100 FOR UPDATE SKIP LOCKED),"
             " d AS (DELETE FROM roster_outbox o USING n WHERE o.organization_id = n.organization_id"
             " AND o.record = n.record AND o.version = n.version RETURNING o.*)"
             " SELECT event, account_id, organization_id FROM d ORDER BY occurred_at, record, version"),
      &PQclear);
  if (PQresultStatus(events.get()) != PGRES_TUPLES_OK) return -1;
  for (int row = 0; row < PQntuples(events.get()); ++row)
    publish(PQgetvalue(events.get(), row, 0), PQgetvalue(events.get(), row, 1), PQgetvalue(events.get(), row, 2));
  const Answer done(PQexec(connection, "COMMIT"), &PQclear);
  return PQresultStatus(done.get()) == PGRES_COMMAND_OK ? PQntuples(events.get()) : -1;
}

}  // namespace

int main() {
  const char* const conninfo = std::getenv("ROSTER_POSTGRES");
  if (conninfo == nullptr) {
    std::puts("set ROSTER_POSTGRES to a libpq conninfo to try this");
    return 0;
  }
  constexpr OrganizationId acme("acme");
  PostgresStore store(conninfo, {.outbox = true});
  if (!store.create_schema() || !store.put_organization({.id = acme})) return 1;
  UuidSource ids({1, 2});
  const Engine engine(profiles::recoup, store, ids);
  const auto zoe = Email::parse("zoe@example.com");
  const Actor staff{.staff = true};
  if (!engine.add(AddMembers(acme, zoe.value(), {}, staff), Time{1})) return 1;
  if (!engine.run(RemoveMembers(acme, zoe.value(), staff), Time{2})) return 1;

  const std::unique_ptr<PGconn, decltype(&PQfinish)> reader(PQconnectdb(conninfo), &PQfinish);
  int events = 0;
  while (const int read = read_batch(reader.get(), [](const char* event, const char* account, const char* in) {
           std::printf("%s %s %s\n", event, account, in);
         })) {
    if (read < 0) return 1;
    events += read;
  }
  return events == 3 ? 0 : 1;  // account_created, added, removed
}
