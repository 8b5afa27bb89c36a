// Proves that a store may fail in any call and in any way, once or for ever: nothing is thrown, nothing is doubled, the
// report never says more than is known, and the same request sent again comes to the same end as if nothing had
// happened.
#include "faults/town.hpp"
#include "support/faulty_store.hpp"

using namespace faults;
using roster_test::Fault;
using roster_test::FaultyStore;

namespace {

/// Faults after which it is certain that the call wrote nothing.
bool wrote_nothing(Fault fault) {
  return fault != Fault::fail_after && fault != Fault::throw_after;
}

bool among(const View& all, const std::string& line) {
  for (const std::string& one : all)
    if (one == line) return true;
  return false;
}

/// Runs the errand with `fault` in the call number `nth`, and in all later ones if it is `for_ever`. False: so many
/// calls are not made.
bool run(const Errand& errand, const Report& expected, const View& result, unsigned nth, Fault fault, bool for_ever) {
  INFO(errand.name << ": " << roster_test::name(fault) << " in call " << nth << (for_ever ? " and all after it" : ""));
  Town town(errand.crowded);
  const View before = town.exact(), before_in_words = town.essence();
  FaultyStore faulty(
      town.store, [&](unsigned call, bool) { return call == nth || (for_ever && call > nth) ? fault : Fault::pass; });
  auto answer = Engine(errand.profile, faulty, town.ids, errand.options).add(errand.command, Time{1'000});
  if (!faulty.failed) return false;
  CHECK(faulty.calls < 5'000);
  CHECK(town.broken() == "");
  for (const std::string& line : town.essence())  // nothing but what was there, or is meant to be there
    if (!among(before_in_words, line) && !among(result, line) && line.rfind("counts", 0) != 0) FAIL_CHECK(line);

  const auto is_known = [](Errc code) {
    return code == Errc::store_failed || code == Errc::out_of_memory || code == Errc::contended;
  };
  if (answer.has_error()) {
    CHECK(is_known(answer.assume_error().code));
    if (wrote_nothing(fault)) CHECK(town.exact() == before);
  } else {
    const Report& report = answer.assume_value();
    CHECK(contradiction(errand, report, town) == "");
    if (report.stopped) CHECK(is_known(report.stopped->code));
    std::uint64_t undecided = 0;
    for (std::size_t i = 0; i < report.outcomes.size(); ++i) {
      const Outcome now = report.outcomes[i], then = expected.outcomes[i];
      if (now == Outcome::undecided)
        ++undecided;
      else if (now != then && !(wrote(then) && now == Outcome::replayed))
        FAIL_CHECK("cell " << i << " is " << name(now));
      // The answer of a write was lost only where a write could have happened.
      if (now != then && now == Outcome::replayed && wrote_nothing(fault))
        FAIL_CHECK("cell " << i << " was not written twice");
    }
    CHECK((undecided > 0) == report.stopped.has_value());
    if (fault == Fault::out_of_memory && report.stopped) CHECK(report.stopped->code != Errc::contended);
  }

  auto again = Engine(errand.profile, town.store, town.ids, errand.options).add(errand.command, Time{2'000});
  REQUIRE(again.has_value());
  const Report& retried = again.assume_value();
  REQUIRE(retried.outcomes.size() == expected.outcomes.size());
  for (std::size_t i = 0; i < retried.outcomes.size(); ++i) {
    const Outcome now = retried.outcomes[i], then = expected.outcomes[i];
    if (now != then && !(wrote(then) && now == Outcome::replayed))
      FAIL_CHECK("again, cell " << i << " is " << name(now));
  }
  CHECK(contradiction(errand, retried, town) == "");
  CHECK(town.essence() == result);
  CHECK(town.broken() == "");
  if (answer.has_value() && errand.options.details) {  // what was reported once stays true
    const Report& report = answer.assume_value();
    for (std::uint32_t row = 0; row < report.rows; ++row)
      for (std::uint32_t column = 0; column < report.columns; ++column)
        if (succeeded(report.at(row, column)) && !(report.membership(row, column) == retried.membership(row, column)))
          FAIL_CHECK("cell " << row << "," << column << " has another id than was reported");
  }
  return true;
}

}  // namespace

TEST_CASE("an add survives every fault in every call of its store") {
  const auto all = errands();
  REQUIRE(all.size() >= 12);
  std::uint64_t points = 0;
  for (const Errand& errand : all) {
    Town calm(errand.crowded);
    auto clean = Engine(errand.profile, calm.store, calm.ids, errand.options).add(errand.command, Time{1'000});
    REQUIRE(clean.has_value());
    const View result = calm.essence();
    for (const Fault fault : roster_test::faults)
      for (const bool for_ever : {false, true})
        for (unsigned nth = 0; run(errand, clean.assume_value(), result, nth, fault, for_ever); ++nth) ++points;
  }
  CHECK(points >= 600);
}

TEST_CASE("a pair of faults, one after the other, is survived as well") {
  std::uint64_t points = 0;
  for (const Errand& errand : errands()) {
    if (errand.crowded) continue;
    Town calm;
    auto clean = Engine(errand.profile, calm.store, calm.ids, errand.options).add(errand.command, Time{1'000});
    REQUIRE(clean.has_value());
    const View result = calm.essence();
    for (const Fault first : roster_test::faults)
      for (const Fault second : roster_test::faults)
        for (unsigned gap = 1; gap < 4; ++gap) {
          INFO(errand.name << ": " << roster_test::name(first) << ", then " << roster_test::name(second) << " after "
                           << gap);
          Town town;
          FaultyStore faulty(town.store, [&](unsigned call, bool) {
            return call == 1 ? first : call == 1 + gap ? second : Fault::pass;
          });
          const Engine engine(errand.profile, faulty, town.ids, errand.options);
          auto answer = engine.add(errand.command, Time{1'000});
          CHECK(town.broken() == "");
          if (answer.has_value()) CHECK(contradiction(errand, answer.assume_value(), town) == "");
          auto again = Engine(errand.profile, town.store, town.ids, errand.options).add(errand.command, Time{2'000});
          REQUIRE(again.has_value());
          CHECK(town.essence() == result);
          ++points;
        }
  }
  CHECK(points >= 1'000);
}

TEST_CASE("a command without a key of its own gets one, and sent again under it converges") {
  for (const Fault fault : {Fault::fail_after, Fault::throw_after}) {
    Town town;
    Errand errand = errands()[3];  // a new address
    errand.command.request = {};
    FaultyStore faulty(town.store, [&](unsigned, bool commit) { return commit ? fault : Fault::pass; });
    const Engine engine(errand.profile, faulty, town.ids);
    auto first = engine.add(errand.command, Time{1});
    REQUIRE(first.has_value());  // the second look finds the lost write
    CHECK(first.assume_value().at(0, 0) == Outcome::replayed);
    CHECK(faulty.commits == 1);
    errand.command.request = first.assume_value().request;
    auto again = engine.add(errand.command, Time{2});
    REQUIRE(again.has_value());
    CHECK(again.assume_value().at(0, 0) == Outcome::replayed);
    CHECK(again.assume_value().membership(0, 0) == first.assume_value().membership(0, 0));
  }
}

TEST_CASE("facts that contradict the query stop the operation before anything is written") {
  std::uint64_t broke = 0;
  for (const Errand& errand : errands()) {
    if (errand.crowded) continue;
    for (const auto& breakage : roster_test::breakages) {
      INFO(errand.name << ": " << breakage.name);
      if (!errand.command.groups.empty()) continue;
      Town town;
      const View before = town.exact();
      FaultyStore faulty(town.store);
      faulty.breakage = &breakage;
      auto answer = Engine(errand.profile, faulty, town.ids, errand.options).add(errand.command, Time{1'000});
      if (!faulty.broke) continue;
      ++broke;
      CHECK(town.broken() == "");
      if (answer.has_error()) {
        CHECK(answer.assume_error() == Error(Errc::store_broke_contract));
        CHECK(town.exact() == before);
      } else {  // an earlier tile had nothing in it that could be broken
        REQUIRE(answer.assume_value().stopped.has_value());
        CHECK(answer.assume_value().stopped->code == Errc::store_broke_contract);
        CHECK(contradiction(errand, answer.assume_value(), town) == "");
      }
    }
  }
  CHECK(broke >= 100);
}
