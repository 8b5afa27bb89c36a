// Proves that the blocking front door is the loop over Operation and nothing else, and that no store can make it throw.
#include <stdexcept>
#include <type_traits>

#include "unit/facts_by_hand.hpp"

namespace engine_test {

using namespace by_hand;

static_assert(noexcept(std::declval<const Engine&>().add(std::declval<const AddMembers&>(), Time{})));
static_assert(std::is_nothrow_move_constructible_v<Operation> && !std::is_copy_constructible_v<Operation>);
static_assert(!std::is_constructible_v<Operation, const Profile&, AddMembers&&, Context>);

TEST_CASE("an engine's add is begin() driven to its end") {
  const AddMembers command(places({"o1", "o2"}), people({"a", "b", "a"}), role("chief"));
  const Profile profile = wide_profile();
  Desk by_add, by_begin;
  Numbers first, second;
  auto added = Engine(profile, by_add, first).add(command, Time{5});
  const Engine engine(profile, by_begin, second);
  Operation operation = engine.begin(command, Time{5});
  auto driven = drive(operation, by_begin);
  REQUIRE(added.has_value());
  REQUIRE(driven.has_value());
  const Report &a = added.assume_value(), &b = driven.assume_value();
  REQUIRE(a.outcomes.size() == b.outcomes.size());
  for (std::uint32_t row = 0; row < a.rows; ++row)
    for (std::uint32_t column = 0; column < a.columns; ++column) {
      CHECK(a.at(row, column) == b.at(row, column));
      CHECK(a.membership(row, column) == b.membership(row, column));
      CHECK(a.role(row, column) == b.role(row, column));
    }
  CHECK(a.idempotency_key == b.idempotency_key);
  CHECK(by_add.fetches == by_begin.fetches);
  CHECK(by_add.commits == by_begin.commits);
}

TEST_CASE("a refusal is in the report, an error is not") {
  Desk desk;
  Numbers ids;
  const Profile profile = wide_profile();
  const Engine engine(profile, desk, ids);
  auto refused = engine.add(single("king"), Time{1});
  REQUIRE(refused.has_value());
  CHECK(refused.assume_value().at(0, 0) == Outcome::role_not_found);
  CHECK_FALSE(refused.assume_value().succeeded());
  CHECK(desk.commits == 0);
  auto malformed = engine.add(AddMembers{}, Time{1});
  REQUIRE(malformed.has_error());
  CHECK(malformed.assume_error().code == Errc::batch_empty);
  CHECK(desk.fetches == 1);
}

TEST_CASE("an engine keeps its own copy of the profile, and nothing between calls") {
  Desk desk;
  Numbers ids;
  Profile profile = wide_profile();
  const Engine engine(profile, desk, ids);
  profile.default_role = role("king");
  CHECK(engine.profile().default_role == role("clerk"));
  for (int i = 0; i < 3; ++i) {
    auto result = engine.add(single(), Time{i});
    REQUIRE(result.has_value());
    CHECK(result.assume_value().at(0, 0) == Outcome::added);
  }
}

TEST_CASE("what escapes from a store, of whatever type, is taken for an answer that was lost") {
  Numbers ids;
  const Profile profile = wide_profile();
  {
    Desk desk;
    desk.throws_on_fetch = true;  // an int
    auto result = Engine(profile, desk, ids).add(single(), Time{1});
    REQUIRE(result.has_error());
    CHECK(result.assume_error().code == Errc::store_failed);
    CHECK(desk.fetches == 1);
  }
  {
    Desk desk;
    desk.throws_on_commit = true;
    auto result = Engine(profile, desk, ids, {.unknown_commit_retries_max = 2}).add(single(), Time{1});
    REQUIRE(result.has_error());
    CHECK(result.assume_error().code == Errc::store_failed);
    CHECK(desk.commits == 3);  // it may have written, so it is read again
    CHECK(desk.fetches == 3);
  }
  struct Standard final : Store {
    Result<void> fetch(const Query&, Facts&) override { throw std::runtime_error("disk on fire"); }
    Result<void> commit(const ChangeSet&) override { throw std::bad_alloc(); }
  } standard;
  auto result = Engine(profile, standard, ids).add(single(), Time{1});
  REQUIRE(result.has_error());
  CHECK(result.assume_error().code == Errc::store_failed);
}

TEST_CASE("facts that were half written before the store failed or threw are not looked at") {
  struct Half final : Store {
    Result<void> fetch(const Query&, Facts& facts) override {
      if (!facts.organizations.try_push_back({.id = organization("o")})) return Errc::out_of_memory;
      if (throws) throw 1;
      return Error(Errc::store_failed, 5);
    }
    Result<void> commit(const ChangeSet&) override { return success(); }
    bool throws = false;
  } half;
  Numbers ids;
  const Profile profile = wide_profile();
  for (const bool throws : {false, true}) {
    half.throws = throws;
    auto result = Engine(profile, half, ids).add(single(), Time{1});
    REQUIRE(result.has_error());
    CHECK(result.assume_error() == Error(Errc::store_failed, throws ? 0 : 5));
  }
}

TEST_CASE("options reach the operation: tiles, tries, details") {
  Numbers ids;
  const Profile profile = wide_profile();
  {
    Desk desk;
    auto result = Engine(profile, desk, ids, {.tile_cells_max = 1, .details = false})
                      .add(AddMembers(organization("o"), people({"a", "b", "c"})), Time{1});
    REQUIRE(result.has_value());
    CHECK(desk.commits == 3);
    const Report& report = result.assume_value();
    CHECK(report.memberships.empty());
    CHECK(report.cell_roles.empty());
    CHECK(report.membership(0, 1).empty());
    CHECK(report.role(0, 1).empty());
    CHECK(report.accounts[2].id == account("c"));
  }
  Desk desk;
  desk.commit_error = Errc::stale;
  CHECK(Engine(profile, desk, ids, {.attempts_max = 3}).add(single(), Time{1}).has_error());
  CHECK(desk.commits == 3);
}

TEST_CASE("a drive that starts in the middle of an operation finishes it") {
  Desk desk;
  Numbers ids;
  const Profile profile = wide_profile();
  const AddMembers command = single();
  Operation operation(profile, command, {Time{1}, &ids, true});
  operation.provide(Desk::answer(operation.query(), operation.facts()));
  auto result = drive(operation, desk);
  REQUIRE(result.has_value());
  CHECK(result.assume_value().at(0, 0) == Outcome::added);
  CHECK(desk.fetches == 0);
  CHECK(desk.commits == 1);
  auto again = drive(operation, desk);
  REQUIRE(again.has_error());
  CHECK(again.assume_error().code == Errc::not_finished);
}

TEST_CASE("an engine whose options say dry_run writes nothing, by whichever way a command goes") {
  Numbers ids;
  const Profile profile = wide_profile();
  Desk desk;
  const Engine engine(profile, desk, ids, {.dry_run = true});
  for (const AddMembers& command : {single(), AddMembers(organization("o"), people({"a", "b"}))})
    for (const bool adds : {true, false}) {
      const auto result = adds ? engine.add(command, Time{1}) : engine.run(command, Time{1});
      REQUIRE(result.has_value());
      CHECK(result.assume_value().at(0, 0) == Outcome::added);
    }
  CHECK(desk.commits == 0);
}

}
