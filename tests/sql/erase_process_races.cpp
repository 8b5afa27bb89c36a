// Races about records that end.
#include <chrono>
#include <thread>

#include "sql/race_rounds.hpp"

namespace process_races {

using namespace fixtures;

namespace {

/// Calls `erase` until it has an answer that another attempt would not change. Counts a success as `removed`, and
/// members as `existing`.
void erase_once(const std::function<Result<void>()>& erase, Counts& mine) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    const auto erased = erase();
    if (!erased && erased.error().code == Errc::stale) continue;
    if (erased)
      ++mine[Outcome::removed];
    else if (erased.error().code == Errc::has_members)
      ++mine[Outcome::existing];
    else if (erased.error().code != Errc::not_found)
      ++mine[Outcome{}];
    return;
  }
  ++mine[Outcome{}];
}

}  // namespace

void erase_organization_against_add(const Database& database) {
  put_rounds(database);
  int erased = 0, kept = 0;
  for (unsigned round = 0; round < 2 * rounds; ++round) {
    const OrganizationId in = organization(round % rounds);
    const Counts counts = race_engines(database, {host_rules()}, [&](int n, Client& client, Counts& mine) {
      const AccountId self = account(static_cast<unsigned>(n));
      if (n % 4 == 0) return count(mine, persistently(client.engine, AddMembers(in, self, clerk, staff)));
      if (n % 4 == 1) return count(mine, persistently(client.engine, AddMembers({in}, {self, ann}, clerk, staff)));
      std::this_thread::sleep_for(std::chrono::microseconds(500 * ((static_cast<int>(round) + n) % 6)));
      erase_once([&] { return client.records.erase_organization(in, any_version); }, mine);
    });
    CHECK(of(counts, Outcome{}) == 0);
    CHECK(of(counts, Outcome::removed) <= 1);
    const bool is_gone = of(counts, Outcome::removed) == 1;
    ++(is_gone ? erased : kept);
    CHECK((of(counts, Outcome::added) == 0) == is_gone);
    database.connect([&](const Connected& it) {
      CHECK(it.records.organization(in).value().has_value() != is_gone);
      if (is_gone) REQUIRE(it.records.put_organization({.id = in}).has_value());
      CHECK(members_of(it, in).empty() == is_gone);
    });
    // The next round begins without members.
    with_engine(database, host_rules(), [&](const Engine& engine, const Connected& it) {
      for (const Membership& left : members_of(it, in))
        REQUIRE(persistently(engine, RemoveMembers(in, left.account, staff)).has_value());
    });
  }
  WARN(erased << " organizations were erased, " << kept << " kept");
  check_events(database);
}

void erase_account_against_add(const Database& database) {
  put_rounds(database);
  int erased = 0, kept = 0;
  for (unsigned round = 0; round < 2 * rounds; ++round) {
    // A former member of one organization, so that commands restore it there and add it to the others.
    const AddMembers joins({organization(0)}, {ann}, clerk, staff);
    const RemoveMembers leaves(organization(0), ann, staff);
    prepare(database, host_rules(), {&joins, &leaves});
    const Mentions mentions = round % 2 == 0 ? Mentions::keep : Mentions::erase;
    const Counts counts = race_engines(database, {host_rules()}, [&](int n, Client& client, Counts& mine) {
      const OrganizationId in = organization(static_cast<unsigned>(n) % rounds);
      if (n % 4 == 0) return count(mine, persistently(client.engine, AddMembers(organization(0), ann, clerk, staff)));
      if (n % 4 == 1) return count(mine, persistently(client.engine, AddMembers({in}, {ann}, clerk, staff)));
      std::this_thread::sleep_for(std::chrono::microseconds(500 * ((static_cast<int>(round) + n) % 6)));
      erase_once([&] { return client.records.erase_account(ann, any_version, mentions); }, mine);
    });
    CHECK(of(counts, Outcome{}) == 0);
    CHECK(of(counts, Outcome::removed) <= 1);
    const bool is_gone = of(counts, Outcome::removed) == 1;
    ++(is_gone ? erased : kept);
    database.connect([&](const Connected& it) {
      CHECK(it.records.account(ann).value().has_value() != is_gone);
      if (is_gone) REQUIRE(it.records.put_account({.id = ann}).has_value());
      CHECK((it.reader.organization_count(ann).value() == 0) == is_gone);
    });
    with_engine(database, host_rules(), [&](const Engine& engine, const Connected&) {
      for (unsigned n = 0; n < rounds; ++n)
        REQUIRE(persistently(engine, RemoveMembers(organization(n), ann, staff)).has_value());
    });
  }
  WARN(erased << " accounts were erased, " << kept << " kept");
}

}  // namespace process_races
