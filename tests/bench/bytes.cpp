// Bytes a membership: what the store says, what the heap says, and the peak on the way.
#include "allocations.hpp"
#include "seats.hpp"
#include "sections.hpp"

namespace bench {

namespace {

struct Bytes {
  double kept, peak;
};

/// Grows one store by single adds; the accounts and organizations are there before and do not count.
template <class Seat>
Bytes grow(Seat& seat, std::size_t joins) {
  const std::uint64_t before = allocations().live_bytes;
  reset_peak();
  timed_batches(
      joins, [&](std::size_t from, std::size_t to) { seat.stage(from, to); }, [&](std::size_t i) { seat.add(i); });
  const auto members = static_cast<double>(joins);
  return {static_cast<double>(allocations().live_bytes - before) / members,
          static_cast<double>(allocations().peak_bytes - before) / members};
}

void of(const char* name, const Population& population) {
  const AllIds ids(population);
  const std::size_t joins = population.joins.size();
  const std::string prefix = std::string(name) + ": ";
  {
    const auto seat = std::make_unique<RosterSeat>(ids.roster);
    const roster::MemoryFootprint before = seat->store().footprint();
    const Bytes heap = grow(*seat, joins);
    const roster::MemoryFootprint after = seat->store().footprint();
    const auto members = static_cast<double>(seat->store().membership_count());
    Table::number(prefix + "heap", heap.kept, 64, "B");
    Table::number(prefix + "footprint, records", static_cast<double>(after.memberships) / members, -1, "B");
    Table::number(prefix + "footprint, by account", static_cast<double>(after.by_account) / members, -1, "B");
    Table::number(prefix + "footprint, both", static_cast<double>(after.memberships + after.by_account) / members, 64,
                  "B");
    Table::number(prefix + "footprint, growth in all",
                  static_cast<double>(after.total() - before.total()) / static_cast<double>(joins), -1, "B");
    Table::number(prefix + "peak of the heap over what is kept", heap.peak / heap.kept, 1.1, "x");
  }
  {
    const auto seat = std::make_unique<FloorSeat<HandlesUuid>>(ids.uuid);
    const Bytes heap = grow(*seat, joins);
    Table::number(prefix + "heap of F", heap.kept, -1, "B");
    Table::number(prefix + "peak of F", heap.peak / heap.kept, -1, "x");
  }
  {
    const auto seat = std::make_unique<FloorSeat<PlainUuid>>(ids.uuid);
    const Bytes heap = grow(*seat, joins);
    Table::number(prefix + "heap of B", heap.kept, -1, "B");
    Table::number(prefix + "peak of B", heap.peak / heap.kept, -1, "x");
  }
}

}  // namespace

void bytes_per_membership(const Plan& plan) {
  Table::heading("Bytes a membership, with the index by account, grown one add at a time");
  of("10^5, ten each", ten_each(100'000));
  if (plan.quick) {
    of("10^5 in one", Population(1, 100'000, 1));
    return;
  }
  of("10^6, ten each", ten_each(1'000'000));
  of("10^6 in one", Population(1, 1'000'000, 1));
}

}  // namespace bench
