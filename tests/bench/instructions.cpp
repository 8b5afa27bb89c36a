// Runs each workload once between two callgrind requests, so that instructions.sh can read what it took. Instruction
// counts do not depend on what else the machine does.
//
// Prints one line a workload: its number, the contestant, the workload, and how many operations it was.
#include <cstdio>
#include <cstring>
#include <string>

#include "bulk_turns.hpp"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

namespace {

int dumped = 0;

#ifdef CALLGRIND_TOGGLE_COLLECT
constexpr bool can_count = true;
void start() {
  CALLGRIND_TOGGLE_COLLECT;
}
void stop() {
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS;
}
#else
constexpr bool can_count = false;
void start() {}
void stop() {}
#endif

template <class Work>
void counted(const char* contestant, const char* workload, std::size_t operations, Work&& work) {
  start();
  work();
  stop();
  std::printf("%d\t%s\t%s\t%zu\n", ++dumped, contestant, workload, operations);
}

template <class Seat>
void singles(const char* contestant, const typename Seat::Ids& ids) {
  const std::size_t joins = ids.population.joins.size();
  for (const bool by_email : {false, true}) {
    Seat seat(ids);
    // Everything is prepared before, so that nothing but adds is counted.
    seat.room(joins);
    seat.stage(0, joins);
    std::size_t added = 0;
    const auto all = [&] {
      for (std::size_t i = 0; i < joins; ++i) added += by_email ? seat.add_by_email(i) : seat.add(i);
    };
    counted(contestant, by_email ? "new by e-mail" : "new by id", joins, all);
    bench::expect(added == joins, "adds were not new");
    seat.stage(0, joins);  // under keys of their own, or they would be replays
    counted(contestant, by_email ? "re-add by e-mail" : "re-add", joins, all);
    bench::expect(added == joins, "re-adds were new");
  }
}

template <class Floor>
void floor_bulks(const char* contestant, const bench::FloorIds<typename Floor::Key>& ids) {
  const std::size_t persons = ids.population.persons, cells = persons * ids.organizations.size();
  bench::FloorSeat<Floor> seat(ids);
  std::vector<floors::Answer> answers(cells);
  const auto all = [&] {
    seat.floor().add_all(ids.organizations, std::span(ids.accounts).first(persons), ids.accounts[persons], 1,
                         bench::now_us, answers.data());
  };
  counted(contestant, "bulk cell, new", cells, all);
  counted(contestant, "bulk cell, existing", cells, all);
}

void roster_bulks(const bench::RosterIds& ids) {
  const std::uint32_t persons = ids.population.persons;
  roster::AddMembers command = bench::bulk_command(ids);
  for (const bool details : {false, true}) {
    bench::RosterSeat seat(ids, false, bench::bulk_profile(ids, roster::Mode::best_effort), {.details = details});
    for (const bool again : {false, true}) {
      command.idempotency_key = seat.next_request();
      const std::string workload = std::string("bulk cell, ") + (again ? "existing" : "new");
      counted(details ? "roster, details" : "roster", workload.c_str(), persons * ids.organizations.size(),
              [&] { bench::expect(seat.engine().add(command, seat.now()).has_value(), "a bulk ended in an error"); });
    }
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (!can_count) {
    std::fprintf(stderr, "built without valgrind/callgrind.h: install valgrind and build again\n");
    return 1;
  }
  // The engine alone, for callgrind_annotate.
  const bool only_roster = count > 1 && std::strcmp(arguments[1], "--roster") == 0;
  const bool quick = count > 1 && std::strcmp(arguments[1], "--quick") == 0;
  const bench::Population population = bench::ten_each(quick ? 10'000 : 100'000);
  const bench::AllIds ids(population);
  const bench::Population nobody = bench::nobody_yet(quick ? 10 : 100, 1000);
  const bench::AllIds bulk_ids(nobody);
  singles<bench::RosterSeat>("roster", ids.roster);
  roster_bulks(bulk_ids.roster);
  if (only_roster) return 0;
  singles<bench::FloorSeat<bench::HandlesUuid>>("F2 uuid", ids.uuid);
  singles<bench::FloorSeat<bench::HandlesText>>("F2 text", ids.text);
  singles<bench::FloorSeat<bench::PlainUuid>>("F1 uuid", ids.uuid);
  singles<bench::FloorSeat<bench::PlainText>>("F1 text", ids.text);
  floor_bulks<bench::HandlesUuid>("F2 uuid", bulk_ids.uuid);
  floor_bulks<bench::HandlesText>("F2 text", bulk_ids.text);
  floor_bulks<bench::PlainUuid>("F1 uuid", bulk_ids.uuid);
  floor_bulks<bench::PlainText>("F1 text", bulk_ids.text);
  return 0;
}
