// Proves that the laws are awake: each store that is broken on purpose is caught by the laws that name what is wrong
// with it, and by no others of those that are not about races.
#include <algorithm>
#include <cstdio>
#include <set>

#include "broken.hpp"

using namespace roster;

namespace {

int failures = 0;

void complain(const std::string& what) {
  std::printf("%s\n", what.c_str());
  ++failures;
}

std::string listed(const std::set<std::string>& laws) {
  std::string text;
  for (const std::string& law : laws) text += (text.empty() ? "\"" : ", \"") + law + "\"";
  return "{" + text + "}";
}

/// Laws that try anything by chance, or many things at once, find almost everything; what they find is not asserted.
bool is_broad(std::string_view law) {
  for (const std::string_view of : {"history/", "races/", "replay/", "threads/", "connections/"})
    if (law.starts_with(of)) return true;
  return false;
}

void prove(const broken::Fault& fault) {
  const conformance::Trial quick{.cells_max = 1000};
  broken::BrokenFixture fixture(fault);
  std::set<std::string> caught;
  for (const conformance::Law& law : conformance::laws()) {
    if (is_broad(law.name) || law.name == "unique/membership-id") continue;
    const conformance::Finding finding = conformance::check(fixture, law.name, quick);
    if (finding.verdict == conformance::Verdict::failed) caught.insert(std::string(law.name));
  }
  const std::set<std::string> expected(fault.caught_by.begin(), fault.caught_by.end());
  if (caught != expected || caught.empty())
    complain(fault.name + ": caught by " + listed(caught) + ", not " + listed(expected));
}

}  // namespace

int main() {
  std::size_t stores = 0;
  for (const auto& faults : {broken::broken_commits(), broken::broken_facts()})
    for (const broken::Fault& fault : faults) {
      prove(fault);
      ++stores;
    }
  if (stores < 12) complain("too few broken stores");
  std::printf("%zu broken stores, %d complaints\n", stores, failures);
  return failures == 0 ? 0 : 1;
}
