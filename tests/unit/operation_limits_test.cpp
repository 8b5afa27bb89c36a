// Proves that work is bounded: by the profile's limits before anything is multiplied, by tiles, and by the number of
// tries when a store never lets go.
#include "unit/facts_by_hand.hpp"

namespace operation_limits_test {

using namespace by_hand;

namespace {

std::vector<AccountSelector> many_people(std::uint32_t count) {
  std::vector<AccountSelector> all;
  all.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(account("a" + std::to_string(i)));
  return all;
}
std::vector<OrganizationSelector> many_places(std::uint32_t count) {
  std::vector<OrganizationSelector> all;
  all.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) all.push_back(organization("o" + std::to_string(i)));
  return all;
}
Profile unlimited() {
  Profile profile = wide_profile();
  profile.accounts_max = profile.organizations_max = 0xFFFFFFFFu;
  profile.cells_max = ~std::uint64_t{0};
  return profile;
}

}  // namespace

TEST_CASE("10,000,000 cells: tiles bound what is asked and written at a time, and every cell is settled") {
  Profile profile = unlimited();
  const AddMembers command(many_places(100), many_people(100'000));
  Desk desk;
  Numbers ids;
  const Engine engine(profile, desk, ids, {.details = false});
  auto result = engine.add(command, Time{1});
  REQUIRE(result.has_value());
  const Report& report = result.assume_value();
  CHECK(report.outcomes.size() == 10'000'000);
  CHECK(report.count(Outcome::added) == 10'000'000);
  CHECK(desk.added == 10'000'000);
  CHECK(desk.commits == desk.fetches);
  CHECK(desk.commits >= 10'000'000 / 16'384);
  CHECK(desk.commits <= 4 * 10'000'000 / 16'384);
}

TEST_CASE("rows times columns is compared with the limit without overflow, and nothing is asked") {
  struct Row {
    std::uint32_t rows, columns;
    std::uint64_t cells_max;
    std::uint32_t detail;
  };
  const std::uint64_t unlimited_cells = ~std::uint64_t{0};
  for (const Row& row : {Row{65'536, 65'536, unlimited_cells, 0xFFFFFFFEu},  // 2^32: nothing in 32 bits
                         Row{65'537, 65'535, unlimited_cells, 0xFFFFFFFEu},  // 2^32 - 1: the index that means none
                         Row{70'000, 70'000, 1u << 24, 1u << 24}, Row{5, 5, 24, 24}, Row{1, 2, 1, 1}}) {
    INFO(row.rows << " x " << row.columns);
    Profile profile = unlimited();
    profile.cells_max = row.cells_max;
    const AddMembers command(std::vector<OrganizationSelector>(row.rows, organization("o")),
                             std::vector<AccountSelector>(row.columns, account("a")));
    Desk desk;
    Numbers ids;
    auto result = Engine(profile, desk, ids).add(command, Time{1});
    REQUIRE(result.has_error());
    CHECK(result.assume_error() == Error(Errc::batch_too_large, row.detail));
    CHECK(desk.fetches == 0);
  }
}

TEST_CASE("a limit is the largest number that is still accepted") {
  for (const std::uint32_t over : {0u, 1u}) {
    Profile profile = wide_profile();
    profile.organizations_max = 3;
    profile.accounts_max = 4 + (over == 0 ? 0 : 1);
    profile.cells_max = 12;
    Desk desk;
    Numbers ids;
    const AddMembers command(many_places(3), many_people(4 + over));
    CHECK(Engine(profile, desk, ids).add(command, Time{1}).has_value() == (over == 0));
    profile.accounts_max = 4;
    profile.cells_max = 100;
    CHECK(Engine(profile, desk, ids).add(command, Time{1}).has_value() == (over == 0));
  }
}

TEST_CASE("tiles: none has more cells than asked for, together they are the command, each cell once") {
  struct Row {
    std::uint32_t rows, columns, most;
  };
  for (const Row& row : {Row{1, 1, 1}, Row{7, 5, 1}, Row{7, 5, 4}, Row{7, 5, 5}, Row{7, 5, 12}, Row{7, 5, 35},
                         Row{3, 1'300, 1'024}, Row{40, 3, 16}, Row{2, 600, 0}}) {
    for (const bool cell_roles : {false, true}) {
      INFO(row.rows << " x " << row.columns << " in tiles of " << row.most << (cell_roles ? " with roles" : ""));
      const Profile profile = unlimited();
      AddMembers command(many_places(row.rows), many_people(row.columns));
      if (cell_roles) {
        command.roles = std::vector<RoleId>{role("guest"), role("chief")};
        for (std::uint32_t i = 0; i < row.rows * row.columns; ++i)
          command.cell_roles.push_back(static_cast<RoleIndex>(i % 2));
      }
      Numbers ids;
      Operation operation(profile, command, {Time{1}, &ids, true}, {.tile_cells_max = row.most});
      std::uint64_t cells = 0;
      Desk desk;
      desk.asked = [&](const Query& query) {
        CHECK(desk.commits + 1 == desk.fetches);  // the tile before is written
        const std::uint64_t tile = std::uint64_t{query.rows()} * query.columns();
        CHECK(tile >= 1);
        CHECK(tile <= std::max(1u, row.most));
        if (cell_roles) CHECK(query.rows() == 1);
        cells += tile;
      };
      auto result = drive(operation, desk);
      CHECK(desk.commits == desk.fetches);
      CHECK(cells == std::uint64_t{row.rows} * row.columns);
      REQUIRE(result.has_value());
      const Report& report = result.assume_value();
      CHECK(report.count(Outcome::added) == cells);
      for (std::uint32_t column = 0; column < row.columns; ++column)
        if (!(report.accounts[column].id == std::get<AccountId>(command.accounts.span()[column]))) FAIL_CHECK(column);
      if (!cell_roles) continue;
      for (std::uint32_t i = 0; i < row.rows * row.columns; ++i)
        if (!(report.role(i / row.columns, i % row.columns) == command.roles.span()[i % 2])) FAIL_CHECK("cell " << i);
    }
  }
}

TEST_CASE("an atomic command is one tile, however many cells it has") {
  Profile profile = unlimited();
  profile.mode = Mode::atomic;
  const AddMembers command(many_places(30), many_people(700));
  Desk desk;
  Numbers ids;
  auto result = Engine(profile, desk, ids, {.tile_cells_max = 8}).add(command, Time{1});
  REQUIRE(result.has_value());
  CHECK(result.assume_value().count(Outcome::added) == 21'000);
  CHECK(desk.commits == 1);
}

TEST_CASE("stale for ever: contended, after a bounded number of calls, whatever the size") {
  struct Row {
    Mode mode;
    std::uint32_t rows, columns, attempts;
  };
  for (const Row& row : {Row{Mode::atomic, 1, 1, 8}, Row{Mode::atomic, 20, 30, 8}, Row{Mode::atomic, 3, 3, 1},
                         Row{Mode::best_effort, 1, 1, 8}, Row{Mode::best_effort, 1, 1, 0},
                         Row{Mode::best_effort, 20, 30, 8}, Row{Mode::best_effort, 100, 500, 4}}) {
    INFO(row.rows << " x " << row.columns << " attempts " << row.attempts);
    Profile profile = unlimited();
    profile.mode = row.mode;
    const AddMembers command(many_places(row.rows), many_people(row.columns));
    Desk desk;
    desk.commit_error = Errc::stale;
    Numbers ids;
    auto result = Engine(profile, desk, ids, {.attempts_max = row.attempts}).add(command, Time{1});
    REQUIRE(result.has_error());
    CHECK(result.assume_error() == Error(Errc::contended));
    // A tile is halved at each stale answer, so it makes at most 2^attempts decisions, and an atomic one `attempts`.
    const std::uint64_t attempts = std::max(1u, row.attempts);
    const std::uint64_t tiles = row.mode == Mode::atomic ? 1 : std::uint64_t{row.rows} * row.columns / 16'384 * 2 + 1;
    const std::uint64_t most = row.mode == Mode::atomic ? attempts : tiles * (std::uint64_t{1} << attempts);
    CHECK(desk.commits <= most);
    CHECK(desk.commits == desk.fetches);
    if (row.mode == Mode::atomic || row.rows * row.columns == 1) CHECK(desk.commits == attempts);
  }
}

TEST_CASE("contended tiles stay undecided while the others go on") {
  const Profile profile = unlimited();
  const AddMembers command(many_places(1), many_people(3));
  Numbers ids;
  Operation operation(profile, command, {Time{1}, &ids, true}, {.tile_cells_max = 1, .attempts_max = 2});
  Desk desk;
  desk.asked = [&](const Query& query) {
    const bool second = std::get<AccountId>(query.accounts[0]) == account("a1");
    desk.commit_error = second ? Error(Errc::stale) : Error();
  };
  auto result = drive(operation, desk);
  REQUIRE(result.has_value());
  const Report& report = result.assume_value();
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(report.at(0, 1) == Outcome::undecided);
  CHECK(report.at(0, 2) == Outcome::added);
  CHECK(report.membership(0, 1).empty());
  REQUIRE(report.stopped.has_value());
  CHECK(report.stopped->code == Errc::contended);
}

TEST_CASE("missing groups are the last columns of every row, also when the accounts take several tiles") {
  const Profile profile = unlimited();
  AddMembers command(many_places(2), many_people(3));
  command.groups = {named<GroupName>("gone")};
  const bool accounts = GENERATE(true, false);
  if (!accounts) command.accounts = std::vector<AccountSelector>{};
  Numbers ids;
  Operation operation(profile, command, {Time{1}, &ids, true}, {.tile_cells_max = 2});
  REQUIRE(operation.facts().groups.try_push_back({false, 0}));
  operation.provide(success());
  Desk desk;
  auto result = drive(operation, desk);
  REQUIRE(result.has_value());
  const Report& report = result.assume_value();
  REQUIRE(report.columns == (accounts ? 4u : 1u));
  for (std::uint32_t row = 0; row < 2; ++row) {
    for (std::uint32_t column = 0; column + 1 < report.columns; ++column)
      CHECK(report.at(row, column) == Outcome::added);
    CHECK(report.at(row, report.columns - 1) == Outcome::group_not_found);
  }
}

}
