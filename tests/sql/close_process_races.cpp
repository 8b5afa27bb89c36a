// Races about organizations that are closed and opened.
#include <chrono>
#include <thread>

#include "sql/race_rounds.hpp"

namespace process_races {

using namespace fixtures;

namespace {

/// Repeats a change of the record, which at SERIALIZABLE may be stale.
Errc set_closed(RecordStore& records, const OrganizationId& in, bool closed) {
  Errc code = Errc::stale;
  for (int attempt = 0; attempt < 200 && code == Errc::stale; ++attempt) {
    const auto changed = records.change_organization(in, {.closed = closed}, any_version);
    code = changed ? Errc{} : changed.error().code;
  }
  return code;
}

/// Removes all members by one command for the set.
bool empty(const Engine& engine, const OrganizationId& in) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    const RemoveMembers all(in, {}, staff);
    const auto report = engine.run(all, MemberSet{}, Time{2'000'000});
    if (report && report.value().succeeded()) return true;
  }
  return false;
}

}  // namespace

void close_against_add(const Database& database) {
  put_rounds(database);
  int refused = 0, added = 0;
  const Profile rules = with(host_rules(), [](Profile& p) { p.mode = Mode::best_effort; });
  for (unsigned round = 0; round < 4 * rounds; ++round) {
    const OrganizationId in = organization(round % rounds);
    const SharedFlag opened;
    const Counts counts = race_engines(database, {rules}, [&](int n, Client& client, Counts& mine) {
      const AccountId self = account(static_cast<unsigned>(n));
      if (n != processes - 1 && n % 2 == 0)
        return count(mine, persistently(client.engine, AddMembers(in, self, clerk, staff)));
      if (n != processes - 1)
        return count(mine, persistently(client.engine, AddMembers({in}, {self, ann}, clerk, staff)));
      std::this_thread::sleep_for(std::chrono::microseconds(500 * (round % 6)));
      // Once it is closed nobody joins. So one command for the set leaves no member, and it can be opened.
      if (set_closed(client.records, in, true) != Errc{} || !empty(client.engine, in) ||
          set_closed(client.records, in, false) != Errc{})
        ++mine[Outcome{}];
    });
    CHECK(of(counts, Outcome{}) == 0);
    refused += of(counts, Outcome::organization_closed);
    added += of(counts, Outcome::added);
    with_engine(database, rules, [&](const Engine& engine, const Connected& it) {
      CHECK_FALSE(it.records.organization(in).value()->closed);
      CHECK(empty(engine, in));
      CHECK(members_of(it, in).empty());
    });
  }
  WARN(added << " accounts were added, " << refused << " refused");
  check_events(database);
}

void open_against_removal(const Database& database) {
  put_rounds(database);
  int removed = 0, kept = 0;
  for (unsigned round = 0; round < 4 * rounds; ++round) {
    const OrganizationId in = organization(round % rounds);
    const AddMembers joins(in, ann, owner, staff);
    prepare(database, host_rules(), {&joins});
    const Counts counts = race_engines(database, {host_rules()}, [&](int n, Client& client, Counts& mine) {
      if (n % 2 == 0) return count(mine, persistently(client.engine, RemoveMembers(in, ann, staff)));
      std::this_thread::sleep_for(std::chrono::microseconds(500 * ((static_cast<int>(round) + n) % 6)));
      if (set_closed(client.records, in, n % 4 == 1) == Errc::store_failed) ++mine[Outcome{}];
    });
    CHECK(of(counts, Outcome{}) == 0);
    CHECK(of(counts, Outcome::removed) <= 1);
    database.connect([&](const Connected& it) {
      const bool is_gone = of(counts, Outcome::removed) == 1;
      ++(is_gone ? removed : kept);
      CHECK(owners_in(it, in) == (is_gone ? 0 : 1));
      // With a member it stays closed.
      const Errc opened = set_closed(it.records, in, false);
      const bool was_closed = it.records.organization(in).value()->closed;
      CHECK((opened == (is_gone || !was_closed ? Errc{} : Errc::has_members)));
      REQUIRE(set_closed(it.records, in, true) == Errc{});
    });
    with_engine(database, host_rules(), [&](const Engine& engine, const Connected& it) {
      CHECK(empty(engine, in));
      REQUIRE(set_closed(it.records, in, false) == Errc{});
    });
  }
  WARN(removed << " last owners were removed, " << kept << " kept");
  check_events(database);
}

}  // namespace process_races
