// One add at a time: new by id, new by e-mail, and again; and what each asks of the heap.
#include "allocations.hpp"
#include "seats.hpp"
#include "sections.hpp"

namespace bench {

namespace {

enum Metric : std::size_t { fresh_ns, again_ns, fresh_allocations, again_allocations };

/// Fills `stores` stores one after the other and then repeats every add.
template <class Seat, class... More>
std::vector<double> fill_and_repeat(const typename Seat::Ids& ids, bool by_email, std::size_t stores, More... more) {
  const std::size_t joins = ids.population.joins.size();
  double ns[2] = {0, 0};
  std::uint64_t allocated[2] = {0, 0};
  for (std::size_t store = 0; store < stores; ++store) {
    const auto seat = std::make_unique<Seat>(ids, more...);
    for (int again = 0; again < 2; ++again) {
      std::size_t added = 0;
      const std::uint64_t before = allocations().count;
      const auto stage = [&](std::size_t from, std::size_t to) { seat->stage(from, to); };
      ns[again] += by_email ? timed_batches(joins, stage, [&](std::size_t i) { added += seat->add_by_email(i); })
                            : timed_batches(joins, stage, [&](std::size_t i) { added += seat->add(i); });
      allocated[again] += allocations().count - before;
      expect(added == (again != 0 ? 0 : joins), "adds were not what they should be");
    }
  }
  const auto total = static_cast<double>(joins * stores);
  return {ns[0] / total, ns[1] / total, static_cast<double>(allocated[0]) / total,
          static_cast<double>(allocated[1]) / total};
}

struct Size {
  std::uint32_t members;
  std::size_t stores;
  const char* name;
};

void at_size(const Plan& plan, const Size& size) {
  const Population population = ten_each(size.members);
  const AllIds ids(population);
  const bool huge = size.members >= 1'000'000;
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  Contest contest;
  const auto floors_enter = [&]<class Floor>(const auto& its_ids, bool by_email) {
    return contest.enter([&, by_email] { return fill_and_repeat<FloorSeat<Floor>>(its_ids, by_email, size.stores); });
  };
  const auto roster_enter = [&](bool by_email, bool locked) {
    return contest.enter(
        [&, by_email, locked] { return fill_and_repeat<RosterSeat>(ids.roster, by_email, size.stores, locked); });
  };
  const std::size_t f2_uuid = floors_enter.operator()<HandlesUuid>(ids.uuid, false);
  const std::size_t by_id = roster_enter(false, false);
  const std::size_t f2_text = floors_enter.operator()<HandlesText>(ids.text, false);
  const std::size_t f1_uuid = floors_enter.operator()<PlainUuid>(ids.uuid, false);
  const std::size_t by_id_locked = roster_enter(false, true);
  // At a million the two slowest turns, which say least, are left out: the whole run is to stay under five minutes.
  const std::size_t f1_text = huge ? none : floors_enter.operator()<PlainText>(ids.text, false);
  const std::size_t f2_uuid_mail = floors_enter.operator()<HandlesUuid>(ids.uuid, true);
  const std::size_t by_mail = roster_enter(true, false);
  const std::size_t f2_text_mail = floors_enter.operator()<HandlesText>(ids.text, true);
  const std::size_t by_mail_locked = huge ? none : roster_enter(true, true);
  contest.run(plan.rounds, !huge);

  const auto compare = [&](const std::string& what, const char* floor_name, std::size_t floor, std::size_t roster,
                           Metric metric, double aim) {
    if (floor == none || roster == none) return;
    Table::compare(what + " to " + size.name, floor_name, contest.samples(floor, metric),
                   contest.samples(roster, metric), aim);
  };
  for (const bool locked : {false, true}) {
    const std::string suffix = locked ? ", locked" : "";
    const std::size_t roster = locked ? by_id_locked : by_id, mail = locked ? by_mail_locked : by_mail;
    compare("new by id" + suffix, "F2 uuid", f2_uuid, roster, fresh_ns, 1.5);
    compare("new by id" + suffix, "F2 text", f2_text, roster, fresh_ns, 1.5);
    compare("new by id" + suffix, "F1 uuid", f1_uuid, roster, fresh_ns, 1.0);
    compare("new by id" + suffix, "F1 text", f1_text, roster, fresh_ns, 1.0);
    compare("new by e-mail" + suffix, "F2 uuid", f2_uuid_mail, mail, fresh_ns, 1.3);
    compare("new by e-mail" + suffix, "F2 text", f2_text_mail, mail, fresh_ns, 1.3);
    compare("re-add" + suffix, "F2 uuid", f2_uuid, roster, again_ns, 1.4);
    compare("re-add" + suffix, "F2 text", f2_text, roster, again_ns, 1.4);
  }
  compare("new by id, locked against unlocked", "roster", by_id, by_id_locked, fresh_ns, 0);
  compare("re-add, locked against unlocked", "roster", by_id, by_id_locked, again_ns, 0);
  Table::number(std::string("heap allocations a re-add by id, ") + size.name,
                median(contest.samples(by_id, again_allocations)), 0, "");
  Table::number(std::string("heap allocations a re-add by e-mail, ") + size.name,
                median(contest.samples(by_mail, again_allocations)), 0, "");
  Table::number(std::string("heap allocations a new add by id, ") + size.name,
                median(contest.samples(by_id, fresh_allocations)), -1, "");
}

}  // namespace

void single_adds(const Plan& plan) {
  Table::heading(
      "One add at a time; \"to N\" is the mean of all adds from an empty store to N members, growth included");
  Table::note("by e-mail includes reading the address: the floors fold it, the engine checks its grammar as well");
  for (const Size& size : {Size{1'000, 100, "10^3"}, Size{100'000, 1, "10^5"}, Size{1'000'000, 1, "10^6"}})
    if (!plan.quick || size.members <= 100'000) at_size(plan, size);
}

}  // namespace bench
