// Passes on the events that PostgresStore writes, those of each membership in the order of the commits, at least once.
//
// Usage: ROSTER_POSTGRES="host=... dbname=..." example-180-postgres-outbox
#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "postgres-outbox/outbox_reader.hpp"
#include "roster/postgres_store.hpp"
#include "roster/roster.hpp"

using namespace roster;

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
  if (!engine.add(AddMembers(acme, zoe.value(), {}, staff), Time{2})) return 1;
  if (!engine.run(RemoveMembers(acme, zoe.value(), staff), Time{1})) return 1;  // clocks differ, the order does not

  // After a crash between publishing and deleting, a new reader publishes these events again. A receiver recognises a
  // repetition by `seq`, which is never used twice.
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(conninfo), &PQfinish);
  OutboxReader reader(connection.get());
  int published = 0;
  for (int polls = 0; published < 3 && polls < 1000; ++polls) {  // a service polls for ever
    const int events = reader.read_page(100, [](const OutboxEvent& it) {
      std::printf("%s %s %s\n", it.event.c_str(), it.account.c_str(), it.organization.c_str());
    });
    if (events < 0 || (events > 0 && !reader.delete_published())) return 1;
    if (events == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    published += events;
  }
  return published == 3 ? 0 : 1;  // account_created, added, removed
}
