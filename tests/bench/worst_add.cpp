// The longest that any single add takes while a store grows.
#include <algorithm>

#include "seats.hpp"
#include "sections.hpp"

namespace bench {

namespace {

/// Layout A has no accounts and no actors: only its map grows.
template <class Key>
class OneMapSeat {
 public:
  using Ids = FloorIds<Key>;
  explicit OneMapSeat(const Ids& ids) : ids_(ids), staged_(batch) {}
  void stage(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const Membership join = ids_.population.joins[i];
      staged_[i - from] = {ids_.organizations[join.organization], ids_.accounts[join.person]};
    }
  }
  bool add(std::size_t i) { return map_.add(staged_[i].organization, staged_[i].account, 1, now_us); }

 private:
  const Ids& ids_;
  std::vector<floors::Pair<Key>> staged_;
  floors::OneMap<Key> map_;
};

/// Microseconds: the worst, and the one that 1 in 10,000 exceeds.
template <class Seat>
std::vector<double> worst_of(const typename Seat::Ids& ids) {
  const auto seat = std::make_unique<Seat>(ids);
  const std::size_t joins = ids.population.joins.size();
  std::vector<std::uint32_t> taken(joins);
  for (std::size_t from = 0; from < joins; from += batch) {
    const std::size_t to = std::min(joins, from + batch);
    seat->stage(from, to);
    for (std::size_t i = from; i < to; ++i) {
      const std::uint64_t start = thread_cpu_ns();
      const bool added = seat->add(i - from);
      taken[i] = static_cast<std::uint32_t>(thread_cpu_ns() - start);
      expect(added, "an add was not new");
    }
  }
  const auto rare = taken.end() - static_cast<std::ptrdiff_t>(joins / 10'000 + 1);
  std::nth_element(taken.begin(), rare, taken.end());
  return {*std::max_element(rare, taken.end()) / 1000.0, *rare / 1000.0};
}

void of(const char* name, const Population& population, std::size_t rounds) {
  const AllIds ids(population);
  Contest contest;
  const std::size_t map = contest.enter([&] { return worst_of<OneMapSeat<floors::Uuid>>(ids.uuid); });
  const std::size_t roster = contest.enter([&] { return worst_of<RosterSeat>(ids.roster); });
  const std::size_t handles = contest.enter([&] { return worst_of<FloorSeat<HandlesUuid>>(ids.uuid); });
  contest.run(rounds, false);
  const std::string prefix = std::string(name) + ": ";
  Table::compare(prefix + "worst add", "A uuid", contest.samples(map, 0), contest.samples(roster, 0), 0.01, "us");
  Table::compare(prefix + "worst add", "F2 uuid", contest.samples(handles, 0), contest.samples(roster, 0), 0, "us");
  Table::compare(prefix + "1 in 10,000", "A uuid", contest.samples(map, 1), contest.samples(roster, 1), 0, "us");
}

}  // namespace

void worst_add(const Plan& plan) {
  Table::heading("Worst single add on the way up, against one flat map of all pairs (A); medians of 3 rounds");
  if (plan.quick) {
    of("10^5 in one", Population(1, 100'000, 1), 3);
    return;
  }
  of("10^6 in one", Population(1, 1'000'000, 1), 3);
  of("10^6 in 1000", ten_each(1'000'000), 3);
}

}  // namespace bench
