// Bulks of a thousand accounts: an outcome for every cell, against both floors; and the cost of a cell as bulks grow.
#include <algorithm>

#include "bulk_turns.hpp"
#include "sections.hpp"

namespace bench {

namespace {

struct Shape {
  std::uint32_t persons, organizations;
  std::size_t stores;
  const char* name;
};

void at_shape(const Plan& plan, const Shape& shape) {
  const Population population = nobody_yet(shape.organizations, shape.persons);
  const AllIds ids(population);
  Contest contest;
  const std::size_t f_uuid = contest.enter([&] { return floor_bulk<HandlesUuid>(ids.uuid, shape.stores); });
  const std::size_t f_text = contest.enter([&] { return floor_bulk<HandlesText>(ids.text, shape.stores); });
  const std::size_t b_uuid = contest.enter([&] { return floor_bulk<PlainUuid>(ids.uuid, shape.stores); });
  const std::size_t b_text = contest.enter([&] { return floor_bulk<PlainText>(ids.text, shape.stores); });
  struct Entry {
    BulkKind kind;
    const char* name;
    std::size_t number;
  };
  Entry entries[] = {{{roster::Mode::best_effort, false, false}, "best effort", 0},
                     {{roster::Mode::best_effort, true, false}, "best effort, details", 0},
                     {{roster::Mode::best_effort, false, true}, "best effort, locked", 0},
                     {{roster::Mode::atomic, false, false}, "atomic", 0},
                     {{roster::Mode::atomic, true, false}, "atomic, details", 0}};
  for (Entry& entry : entries)
    entry.number = contest.enter([&] { return roster_bulk(ids.roster, entry.kind, shape.stores); });
  const std::size_t f_reordered = contest.enter([&] { return floor_bulk<HandlesUuid>(ids.uuid, shape.stores, true); });
  const std::size_t reordered = contest.enter([&] {
    return roster_bulk(ids.roster, {roster::Mode::best_effort, false, false, true}, shape.stores);
  });
  contest.run(plan.rounds, true);
  for (const Entry& entry : entries)
    for (const std::size_t metric : {std::size_t{0}, std::size_t{1}}) {
      const std::string what = std::string(shape.name) + (metric == 0 ? " new, " : " existing, ") + entry.name;
      const auto roster = contest.samples(entry.number, metric);
      Table::compare(what, "F uuid", contest.samples(f_uuid, metric), roster, 2.0);
      Table::compare(what, "F text", contest.samples(f_text, metric), roster, 2.0);
      Table::compare(what, "B uuid", contest.samples(b_uuid, metric), roster, 0.2);
      Table::compare(what, "B text", contest.samples(b_text, metric), roster, 0);
    }
  Table::compare(std::string(shape.name) + " existing, in another order", "F uuid", contest.samples(f_reordered, 1),
                 contest.samples(reordered, 1), 2.0);
}

}  // namespace

void bulks(const Plan& plan) {
  Table::heading("Bulk: accounts x organizations, ns a cell, an outcome for every cell");
  at_shape(plan, {1000, 100, 3, "1000x100"});
  if (!plan.quick) at_shape(plan, {1000, 1000, 1, "1000x1000"});
}

void cost_per_cell(const Plan& plan) {
  Table::heading("Cost of a cell as bulks grow (best effort, without details, all new)");
  std::vector<Shape> shapes = {
      {1000, 1, 100, "10^3"}, {1000, 10, 20, "10^4"}, {1000, 100, 3, "10^5"}, {1000, 1000, 1, "10^6"}};
  if (plan.quick) shapes.pop_back();
  if (!plan.quick) shapes.push_back({10'000, 1000, 1, "10^7"});
  // All sizes take turns in one contest: they are compared with each other.
  std::vector<std::unique_ptr<Population>> populations;
  std::vector<std::unique_ptr<AllIds>> ids;
  Contest contest;
  std::vector<std::size_t> floors_entered, rosters_entered;
  for (const Shape& shape : shapes) {
    populations.push_back(std::make_unique<Population>(nobody_yet(shape.organizations, shape.persons)));
    ids.push_back(std::make_unique<AllIds>(*populations.back()));
    const AllIds& its_ids = *ids.back();
    const std::size_t stores = shape.stores;
    floors_entered.push_back(
        contest.enter([&its_ids, stores] { return floor_bulk<HandlesUuid>(its_ids.uuid, stores); }));
    rosters_entered.push_back(contest.enter([&its_ids, stores] { return roster_bulk(its_ids.roster, {}, stores); }));
  }
  contest.run(plan.rounds, false);
  double growth[2] = {0, 0}, least[2] = {1e300, 1e300};
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const auto floor = contest.samples(floors_entered[i], 0), roster = contest.samples(rosters_entered[i], 0);
    Table::compare(std::string(shapes[i].name) + " cells", "F uuid", floor, roster, 0);
    const double costs[2] = {median(roster), median(floor)};
    for (int side = 0; side < 2; ++side) {
      growth[side] = std::max(growth[side], costs[side] / least[side]);
      least[side] = std::min(least[side], costs[side]);
    }
  }
  Table::number("most that a cell costs over a smaller bulk's", growth[0], 1.5, "x");
  Table::number("the same for F", growth[1], -1, "x");
}

}  // namespace bench
