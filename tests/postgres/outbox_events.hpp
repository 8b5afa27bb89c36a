// Reads the outbox of a database into a replay, by the reader of the examples.
#ifndef ROSTER_TESTS_POSTGRES_OUTBOX_EVENTS_HPP
#define ROSTER_TESTS_POSTGRES_OUTBOX_EVENTS_HPP

#include <chrono>
#include <thread>

#include "../../docs/examples/postgres-outbox/outbox_reader.hpp"
#include "published.hpp"

namespace postgres_testing {

using roster_test::Published;

inline void note(Published& published, const OutboxEvent& it) {
  published.apply(it.seq, it.record, it.version, it.event, it.organization, it.account, it.role,
                  {it.valid_until, it.invitation_until});
}
/// Reads until nothing is ready.
inline int read_all(OutboxReader& reader, Published& published) {
  int all = 0, events;
  while ((events = reader.read_page(2, [&](const OutboxEvent& it) { note(published, it); })) > 0) all += events;
  return events < 0 ? events : all;
}
/// Reads until that many events were read. Another transaction of the server, such as that of an autovacuum, may delay
/// them for a moment.
inline void read_until(OutboxReader& reader, Published& published, std::uint64_t events) {
  for (int polls = 0; published.events < events && polls < 1000; ++polls) {
    REQUIRE(read_all(reader, published) >= 0);
    if (published.events < events) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(published.events == events);
}

}  // namespace postgres_testing

#endif
