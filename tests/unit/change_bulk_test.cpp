// Proves what a command about several cells leaves behind and says of each: the last owner, repeats, atomic refusals,
// and what was there before.
#include "unit/commands.hpp"

namespace change_bulk_test {

using namespace fixtures;

TEST_CASE("the last owner stays: not removed, not gone, not suspended, not demoted, whoever asks and however") {
  const Profile replaces = with(host_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
  const Any tries[] = {make<RemoveMembers>(acme, boss, by(boss)), make<Leave>(acme, boss),
                       make<Suspend>(acme, boss, by(boss)), make<ChangeRole>(acme, boss, clerk, by(boss)),
                       make<AddMembers>(acme, boss, clerk, by(boss))};
  for (const Any& command : tries) {
    INFO(text_of(command->kind()));
    for (const State other : {State::active, State::suspended, State::invited}) {
      AcmeFixture in;
      in.put(ann, owner, other);
      CHECK(succeeded(in.outcome(replaces, *command)) == (other == State::active));
      CHECK(in.owners() == 1);
    }
    AcmeFixture in;
    in.put(ann, admin);  // who manages, and does not own
    const auto before = in.exactly();
    CHECK(in.outcome(replaces, *command) == Outcome::last_owner);
    CHECK(in.exactly() == before);
  }
}

TEST_CASE("one command that makes an owner and unmakes another is judged by what it leaves behind, in either order") {
  for (const bool first_the_old : {false, true})
    for (const Profile& rules : {host_rules(), atomic(host_rules())}) {
      AcmeFixture in;
      in.put(ann, clerk);
      ChangeRole swap(acme,
                      first_the_old ? std::vector<AccountSelector>{boss, ann} : std::vector<AccountSelector>{ann, boss},
                      std::vector<RoleId>{owner, clerk}, by(boss));
      swap.cell_roles = first_the_old ? std::vector<RoleIndex>{1, 0} : std::vector<RoleIndex>{0, 1};
      CHECK(in.outcomes(rules, swap) == Outcomes{Outcome::replaced, Outcome::replaced});
      CHECK(in.at(ann) == "owner active");
      CHECK(in.at(boss) == "clerk active");
    }
  AcmeFixture in;
  in.put(ann, owner);
  const RemoveMembers both(acme, std::vector<AccountSelector>{ann, boss}, by(boss));
  CHECK(in.outcomes(atomic(host_rules()), both) == Outcomes{Outcome::not_attempted, Outcome::last_owner});
  CHECK(in.owners() == 2);
  CHECK(in.outcomes(host_rules(), both) == Outcomes{Outcome::removed, Outcome::last_owner});
  CHECK(in.owners() == 1);
}

TEST_CASE(
    "the same pair twice in one command: the first decides, the repeat is replayed or says that it asks for more") {
  const std::vector<AccountSelector> twice{ann, address("ANN@x.example")};
  AcmeFixture in;
  in.put(ann, clerk);
  CHECK(in.outcomes(manager_rules(), Suspend(acme, twice, by(boss))) ==
        Outcomes{Outcome::suspended, Outcome::replayed});
  CHECK(in.outcomes(manager_rules(), Suspend(acme, twice, by(boss))) == Outcomes{Outcome::existing, Outcome::existing});
  CHECK(in.outcomes(manager_rules(), Reactivate(std::vector<OrganizationSelector>{acme, acme}, ann, by(boss))) ==
        Outcomes{Outcome::reactivated, Outcome::replayed});
  ChangeRole two(acme, twice, std::vector<RoleId>{guest, admin}, by(boss));
  two.cell_roles = {0, 1};
  CHECK(in.outcomes(manager_rules(), two) == Outcomes{Outcome::replaced, Outcome::request_reused});
  CHECK(in.at(ann) == "guest active");
  in.outbox.events.clear();
  CHECK(in.outcomes(manager_rules(), RemoveMembers(acme, twice, by(boss))) ==
        Outcomes{Outcome::removed, Outcome::replayed});
  CHECK(in.outbox.events == Events{"removed"});
  CHECK(in.outcomes(manager_rules(), RemoveMembers(acme, twice, by(boss))) ==
        Outcomes{Outcome::not_member, Outcome::not_member});
}

TEST_CASE("the same person three times, for the same roles or others, comes out the same in one tile and in three") {
  const std::array asked = {guest, clerk, owner, RoleId("king")};
  for (const State state : {State::active, State::invited, State::suspended, State::removed})
    for (unsigned which = 0; which < 64; ++which) {
      ChangeRole thrice(acme, std::vector<AccountSelector>{ann, address("ann@x.example"), ann},
                        std::vector<RoleId>(asked.begin(), asked.end()), by(bob));
      thrice.cell_roles = {static_cast<RoleIndex>(which % 4), static_cast<RoleIndex>(which / 4 % 4),
                           static_cast<RoleIndex>(which / 16)};
      INFO(text_of(state) << ", roles " << which);
      std::vector<Outcomes> answers;
      std::vector<std::vector<std::string>> left;
      for (const std::uint32_t tile : {16384u, 1u}) {
        AcmeFixture in;
        in.put(bob, admin);
        in.put(ann, clerk, state);
        answers.push_back(in.outcomes(manager_rules(), thrice, {.tile_cells_max = tile}));
        left.push_back(in.all());
      }
      CHECK(answers[0] == answers[1]);
      CHECK(left[0] == left[1]);
      const auto written = std::count(answers[0].begin(), answers[0].end(), Outcome::replaced);
      CHECK(written <= 1);
      if (written == 0) continue;
      AcmeFixture in;  // atomic: all of it, or nothing and no repeat that says otherwise
      in.put(bob, admin);
      in.put(ann, clerk, state);
      const auto before = in.exactly();
      const bool all = std::all_of(answers[0].begin(), answers[0].end(), succeeded);
      const Outcomes whole = in.outcomes(atomic(manager_rules()), thrice);
      for (std::size_t i = 0; i < whole.size(); ++i)
        CHECK(whole[i] == (all || !wrote(answers[0][i]) ? answers[0][i] : Outcome::not_attempted));
      CHECK((in.exactly() == before) == !all);
    }
}

TEST_CASE("atomic: one refusal takes everything back, also repeats and what the report would have said") {
  AcmeFixture in;
  in.put(ann, clerk);
  in.put(bob, clerk);
  const auto before = in.exactly();
  in.outbox.events.clear();
  const std::vector<AccountSelector> people{ann, ann, stranger, bob};
  const auto answer = in.run(atomic(manager_rules()), Suspend(acme, people, by(boss)));
  REQUIRE(answer.has_value());
  const Report& report = answer.assume_value();
  CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) ==
        Outcomes{Outcome::not_attempted, Outcome::not_attempted, Outcome::not_member, Outcome::not_attempted});
  for (std::uint32_t column = 0; column < 4; ++column) {
    CHECK(report.before(0, column) == nullptr);
    CHECK(report.membership(0, column).empty());
  }
  CHECK(in.exactly() == before);
  CHECK(in.outbox.events.empty());
  CHECK(in.outcomes(manager_rules(), Suspend(acme, people, by(boss))) ==
        Outcomes{Outcome::suspended, Outcome::replayed, Outcome::not_member, Outcome::suspended});
}

TEST_CASE(
    "details: a bulk says of every changed cell what was there, cell by cell and in tiles, without details nothing") {
  for (const std::uint32_t tile : {16384u, 2u, 1u}) {
    INFO("tiles of " << tile);
    AcmeFixture in;
    in.put(ann, guest);
    in.put(bob, admin, State::suspended);
    in.put(cid, clerk);
    in.put(dora, clerk, State::invited);
    const ChangeRole bulk(acme, std::vector<AccountSelector>{ann, stranger, bob, cid, dora}, clerk, by(boss));
    const auto answer = in.run(manager_rules(), bulk, {.tile_cells_max = tile});
    REQUIRE(answer.has_value());
    const Report& report = answer.assume_value();
    CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) ==
          Outcomes{Outcome::replaced, Outcome::not_member, Outcome::replaced, Outcome::existing, Outcome::existing});
    std::string told;
    for (std::uint32_t column = 0; column < 5; ++column)
      if (const Previous* const was = report.before(0, column))
        told += std::to_string(column) + " " + std::string(report.roles[was->role].view()) + " " + text_of(was->state) +
                "; ";
    CHECK(told == "0 guest active; 2 admin suspended; ");
    CHECK(report.role(0, 2) == clerk);
    CHECK(report.role(0, 3) == clerk);
    CHECK(report.role(0, 1).empty());
  }
  {  // whoever stops being an owner is judged last, and reported in place
    AcmeFixture in;
    in.put(ann, owner);
    in.put(bob, guest);
    const auto answer =
        in.run(manager_rules(), ChangeRole(acme, std::vector<AccountSelector>{ann, bob}, clerk, by(boss)));
    REQUIRE(answer.has_value());
    const Report& report = answer.assume_value();
    REQUIRE(report.previous.size() == 2);
    CHECK(report.previous[0].cell == 0);
    REQUIRE((report.before(0, 0) != nullptr && report.before(0, 1) != nullptr));
    CHECK(report.roles[report.before(0, 0)->role] == owner);
    CHECK(report.roles[report.before(0, 1)->role] == guest);
  }
  AcmeFixture in;
  in.put(ann, guest);
  const auto answer = in.run(manager_rules(), ChangeRole(acme, ann, clerk, by(boss)), {.details = false});
  REQUIRE(answer.has_value());
  CHECK(answer.assume_value().at(0, 0) == Outcome::replaced);
  CHECK(answer.assume_value().before(0, 0) == nullptr);
  CHECK(answer.assume_value().membership(0, 0).empty());
}

TEST_CASE("details: an add that replaces or takes back says what was there, by every way through the engine") {
  for (const bool short_way : {false, true})
    for (const std::uint32_t others : {0u, 1u}) {
      INFO((short_way ? "add()" : "run()") << ", with " << others << " more columns");
      AcmeFixture in;
      in.put(ann, guest);
      in.put(bob, guest, State::suspended);
      for (const AccountId& who : {ann, bob}) {
        Profile rules = manager_rules();  // under which the engine's short way for one cell is open
        if (who == ann) rules.on_other_role = OnConflict::replace;
        std::vector<AccountSelector> people{who};
        if (others != 0) people.push_back(dora);
        const AddMembers command(acme, people, clerk, by(boss));
        const Engine engine(rules, in.outbox, in.ids);
        const auto answer = short_way ? engine.add(command, Time{7}) : engine.run(command, Time{7});
        REQUIRE(answer.has_value());
        const Report& report = answer.assume_value();
        CHECK(report.at(0, 0) == (who == ann ? Outcome::replaced : Outcome::reactivated));
        const Previous* const was = report.before(0, 0);
        REQUIRE(was != nullptr);
        CHECK(report.roles[was->role] == guest);
        CHECK(was->state == (who == ann ? State::active : State::suspended));
        CHECK(report.role(0, 0) == clerk);
      }
    }
}

}
