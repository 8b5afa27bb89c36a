// Reading the ten organizations of one person.
#include <algorithm>

#include "seats.hpp"
#include "sections.hpp"

namespace bench {

namespace {

constexpr std::size_t asked = 20'000;

/// Adds everything, untimed.
template <class Seat>
std::unique_ptr<Seat> filled(const typename Seat::Ids& ids) {
  auto seat = std::make_unique<Seat>(ids);
  const std::size_t joins = ids.population.joins.size();
  for (std::size_t from = 0; from < joins; from += batch) {
    const std::size_t to = std::min(joins, from + batch);
    seat->stage(from, to);
    for (std::size_t i = from; i < to; ++i) seat->add(i - from);
  }
  return seat;
}

/// ns a list: calls list(id) for random people.
template <class Id, class List>
std::vector<double> time_lists(const Population& population, const std::vector<Id>& accounts, List&& list) {
  std::vector<Id> staged(batch);
  std::size_t found = 0;
  const std::size_t lists = std::min(asked, population.joins.size());
  const double ns = timed_batches(
      lists,
      [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) staged[i - from] = accounts[population.joins[i].person];
      },
      [&](std::size_t i) { found += list(staged[i]); });
  expect(found == 10 * lists, "a list was not of ten");
  return {ns / static_cast<double>(lists)};
}

}  // namespace

void listings(const Plan& plan) {
  Table::heading("One person's ten organizations, ns a list");
  const Population population = ten_each(plan.quick ? 100'000 : 1'000'000);
  const AllIds ids(population);
  const auto f_uuid = filled<FloorSeat<HandlesUuid>>(ids.uuid);
  const auto f_text = filled<FloorSeat<HandlesText>>(ids.text);
  const auto b_uuid = filled<FloorSeat<PlainUuid>>(ids.uuid);
  const auto roster = filled<RosterSeat>(ids.roster);
  std::vector<floors::Uuid> uuids(16);
  std::vector<floors::Text> texts(16);
  std::vector<HandlesUuid::Shown> shown_uuids(16);
  std::vector<HandlesText::Shown> shown_texts(16);
  std::vector<roster::Membership> memberships(16);

  Contest contest;
  const auto enter = [&](const auto& accounts, auto list) {
    return contest.enter([&population, &accounts, list] { return time_lists(population, accounts, list); });
  };
  const std::size_t f =
      enter(ids.uuid.accounts, [&](const auto& id) { return f_uuid->floor().memberships_of(id, shown_uuids); });
  const std::size_t engine = enter(ids.roster.accounts, [&](const auto& id) {
    return roster->store().organizations_of(id, {}, memberships).value();
  });
  const std::size_t ft =
      enter(ids.text.accounts, [&](const auto& id) { return f_text->floor().memberships_of(id, shown_texts); });
  const std::size_t f_ids =
      enter(ids.uuid.accounts, [&](const auto& id) { return f_uuid->floor().organizations_of(id, uuids); });
  const std::size_t b_ids =
      enter(ids.uuid.accounts, [&](const auto& id) { return b_uuid->floor().organizations_of(id, uuids); });
  contest.run(plan.rounds, true);
  const auto mine = contest.samples(engine, 0);
  Table::compare("whole memberships", "F uuid", contest.samples(f, 0), mine, 2.0);
  Table::compare("whole memberships", "F text", contest.samples(ft, 0), mine, 2.0);
  Table::compare("whole memberships, the floor only ids", "F uuid", contest.samples(f_ids, 0), mine, 0);
  Table::compare("whole memberships, the floor only ids", "B uuid", contest.samples(b_ids, 0), mine, 0);
}

}  // namespace bench
