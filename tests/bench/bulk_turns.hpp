// One bulk: every account into every organization of an empty store, and the same again.
#ifndef ROSTER_BENCH_BULK_TURNS_HPP
#define ROSTER_BENCH_BULK_TURNS_HPP

#include <algorithm>
#include <random>
#include <span>
#include <vector>

#include "seats.hpp"

namespace bench {

struct BulkKind {
  roster::Mode mode = roster::Mode::best_effort;
  bool details = false;
  bool thread_safe = false;
  bool reordered = false;  ///< the second time, the accounts are asked for in another order
};

/// The same accounts in an order that has nothing to do with theirs.
template <class Account>
std::vector<Account> reordered(std::span<const Account> accounts) {
  std::vector<Account> others(accounts.begin(), accounts.end());
  std::shuffle(others.begin(), others.end(), std::mt19937(1));
  return others;
}

/// ns a cell when all are new, then when all are there. Answers are allocated within the time, freed outside it.
template <class Floor>
std::vector<double> floor_bulk(const FloorIds<typename Floor::Key>& ids, std::size_t stores, bool reorders = false) {
  const std::size_t persons = ids.population.persons, cells = ids.organizations.size() * persons;
  const auto in_order = std::span(ids.accounts).first(persons);
  const auto others = reordered(in_order);
  double ns[2] = {0, 0};
  for (std::size_t store = 0; store < stores; ++store) {
    const auto seat = std::make_unique<FloorSeat<Floor>>(ids);
    for (int again = 0; again < 2; ++again) {
      const std::uint64_t start = thread_cpu_ns();
      const auto answers = std::make_unique_for_overwrite<floors::Answer[]>(cells);
      const auto accounts = reorders && again != 0 ? std::span(others) : in_order;
      seat->floor().add_all(ids.organizations, accounts, ids.accounts[persons], 1, now_us, answers.get());
      ns[again] += static_cast<double>(thread_cpu_ns() - start);
      std::size_t right = 0;
      for (std::size_t i = 0; i < cells; ++i)
        right += answers[i] == (again != 0 ? floors::Answer::existing : floors::Answer::added);
      expect(right == cells, "a bulk of a floor was not what it should be");
    }
  }
  const auto total = static_cast<double>(cells * stores);
  return {ns[0] / total, ns[1] / total};
}

/// Every account of the population into every organization, asked by the one owner.
roster::AddMembers bulk_command(const RosterIds& ids, bool reorders = false);
roster::Profile bulk_profile(const RosterIds& ids, roster::Mode mode);
std::vector<double> roster_bulk(const RosterIds& ids, BulkKind kind, std::size_t stores);

/// `persons` accounts and `organizations` organizations with nobody in them but one owner of all, who acts.
Population nobody_yet(std::uint32_t organizations, std::uint32_t persons);

}  // namespace bench

#endif
