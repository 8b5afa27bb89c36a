// Properties: rapidcheck inside a Catch2 test, and a check that a property has met the cases it is about.
//
// rapidcheck's own bridge is not used: it knows only Catch2 version 2, and it gives a property no identity, so a
// failure could not be replayed. Here a failure prints RC_PARAMS="reproduce=...", which replays the shrunk case alone.
//
// Inside a property use RC_ASSERT, never REQUIRE: rapidcheck must see the failure in order to shrink it.
#ifndef ROSTER_TESTS_PROP_HPP
#define ROSTER_TESTS_PROP_HPP

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "catch.hpp"

namespace roster_test {

/// What a plain run is: so many cases, from this seed.
inline constexpr int usual_cases = 2000;
inline constexpr std::uint64_t usual_seed = 1;

/// Fills in what RC_PARAMS leaves open: 2000 cases from a fixed seed, so that a plain run always says the same. The
/// environment is the only door to rapidcheck's configuration, and it has to be open before the first property.
inline const bool rapidcheck_is_configured = [] {
  const char* given = std::getenv("RC_PARAMS");
  std::string params = given != nullptr ? given : "";
  if (params.find("seed=") == std::string::npos) params += " seed=" + std::to_string(usual_seed);
  if (params.find("max_success=") == std::string::npos) params += " max_success=" + std::to_string(usual_cases);
#if defined(_WIN32)
  return _putenv_s("RC_PARAMS", params.c_str()) == 0;
#else
  return setenv("RC_PARAMS", params.c_str(), 1) == 0;
#endif
}();

/// Checks that `body` holds for every value of its arguments. `name` is unique in its program.
template <class Body>
void prop(const std::string& name, Body&& body) {
  rc::detail::TestMetadata metadata;
  metadata.id = name;
  metadata.description = name;
  const auto result = rc::detail::checkTestable(std::forward<Body>(body), metadata);
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  if (result.template is<rc::detail::SuccessResult>()) {
    SUCCEED(name);
  } else {
    FAIL_CHECK(name << "\n" << message.str());
  }
}

/// Counts how many of a property's cases were of the kind that the property is about. A property over random input that
/// never meets its subject passes whatever the code does:
///
///     Shares shares;
///     prop("...", [&] { ...; shares.count("added", outcome == Outcome::added); });
///     shares.at_least("added", 20);
class Shares {
 public:
  void count(const std::string& kind, bool interesting) {
    auto& [hits, cases] = kinds_[kind];
    hits += interesting ? 1 : 0;
    ++cases;
  }

  /// Fails the test if fewer than `percent` of the cases were of this kind. A plain run is held to that number. A run
  /// of another length, or from another seed, draws another sample: it may fall short by as much as chance allows a
  /// sample of its size. Too few cases to judge by, as in a replay or a short run under sanitizers, are let pass; a
  /// kind that was never counted in a full run is not.
  void at_least(const std::string& kind, double percent) const {
    const auto params = rc::detail::configuration().testParams;
    if (!rc::detail::configuration().reproduce.empty() || params.maxSuccess < cases_to_judge_by) return;
    const bool is_usual = params.maxSuccess == usual_cases && params.seed == usual_seed;
    const auto found = kinds_.find(kind);
    const long cases = found == kinds_.end() ? 0 : found->second.second;
    const long hits = found == kinds_.end() ? 0 : found->second.first;
    // A property may count several times in one run of it, and these depend on each other: the sample is the runs.
    const double share = percent / 100;
    const double runs = static_cast<double>(std::min<long>(cases, params.maxSuccess));
    const double chance = is_usual || cases == 0 ? 0 : deviations * std::sqrt(share * (1 - share) / runs);
    const double least = (share - chance) * static_cast<double>(cases);
    INFO("`" << kind << "`: " << hits << " of " << cases << " cases, wanted " << percent << " %: at least " << least);
    CHECK(cases > 0);
    CHECK(static_cast<double>(hits) >= least);
  }

 private:
  static constexpr int cases_to_judge_by = 200;
  /// Standard deviations of a binomial count: one sample in 700 falls short by more.
  static constexpr double deviations = 3;
  std::map<std::string, std::pair<long, long>> kinds_;
};

}  // namespace roster_test

#endif
