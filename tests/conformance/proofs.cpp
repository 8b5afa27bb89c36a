// Proves that each store that is broken on purpose is caught by the laws about its fault, and by no others except those
// about races.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "broken.hpp"
#include "file_store.hpp"

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

/// Laws with random or many concurrent commands find almost everything. Their findings are not asserted.
bool is_broad(std::string_view law) {
  for (const std::string_view of : {"history/", "races/", "replay/", "threads/"})
    if (law.starts_with(of)) return true;
  return false;
}

/// Laws that do not apply to a store in memory.
bool needs_a_file(std::string_view law) {
  return law.starts_with("processes/") || law.starts_with("restart/") || law.starts_with("faults/");
}

/// The laws played by hand that fail on a store.
std::set<std::string> caught_in(const broken::Fault& fault) {
  const conformance::RunOptions quick{.cells_max = 120};
  broken::BrokenFixture fixture(fault);
  std::set<std::string> caught;
  for (const conformance::Law& law : conformance::laws()) {
    if (is_broad(law.name) || needs_a_file(law.name) || law.name == "unique/membership-id") continue;
    const conformance::CheckResult result = conformance::check(fixture, law.name, quick);
    if (result.status == conformance::Status::failed) caught.insert(std::string(law.name));
  }
  return caught;
}

void prove(const broken::Fault& fault) {
  const auto caught = caught_in(fault);
  if (!caught.contains(fault.law)) complain(fault.name + ": not caught by " + fault.law);
  std::set<std::string> expected(fault.also.begin(), fault.also.end());
  expected.insert(fault.law);
  if (caught != expected) complain(fault.name + ": caught by " + listed(caught) + ", not " + listed(expected));
}

/// Laws that take more than a store: on one that keeps its tables in a file, which may have a flaw.
std::set<std::string> caught_in_file(file_store::Flaw flaw, std::initializer_list<std::string_view> subjects,
                                     std::uint32_t rounds = 1) {
  file_store::FileFixture fixture(flaw);
  std::set<std::string> caught;
  for (const conformance::Law& law : conformance::laws()) {
    const bool asked = std::any_of(subjects.begin(), subjects.end(),
                                   [&](std::string_view subject) { return law.name.starts_with(subject); });
    if (!asked) continue;
    const conformance::CheckResult result = conformance::check(fixture, law.name, {.rounds = rounds, .cells_max = 100});
    if (result.status == conformance::Status::failed) caught.insert(std::string(law.name));
    if (result.status == conformance::Status::failed && flaw == file_store::Flaw::none) complain(result.text);
    if (result.status == conformance::Status::skipped) complain(std::string(law.name) + " was skipped");
  }
  return caught;
}

void prove(file_store::Flaw flaw, const char* what, std::string_view subject, const std::set<std::string>& expected) {
  const auto caught = caught_in_file(flaw, {subject});
  if (caught != expected) complain(std::string(what) + ": caught by " + listed(caught) + ", not " + listed(expected));
}

/// A race catches a store by chance, but these do so almost certainly.
void prove_races() {
  const auto caught = caught_in_file(file_store::Flaw::no_lock, {"threads/owners", "threads/seats", "processes/owners",
                                                                 "processes/seats", "processes/pair"});
  if (caught.size() < 5) complain("a store without a lock: caught only by " + listed(caught));
  const auto killed = caught_in_file(file_store::Flaw::no_rename, {"processes/killed"}, 20);
  if (killed.empty()) complain("a store that writes piece by piece: not caught when its client is killed");
  const auto alone = caught_in_file(file_store::Flaw::no_lock, {"bounds/", "unique/", "connections/"});
  if (!alone.empty()) complain("a store without a lock is right for one client, and caught by " + listed(alone));
}

std::string page(const char* path) {
  std::ifstream file(std::string(ROSTER_SOURCE_DIR "/") + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The texts between backticks that have the form of a law's name.
std::set<std::string> laws_named_in(const std::string& text) {
  std::set<std::string> names;
  for (std::size_t at = text.find('`'); at != std::string::npos;) {
    const std::size_t end = text.find('`', at + 1);
    const std::string name = text.substr(at + 1, end - at - 1);
    const bool subject = std::any_of(conformance::laws().begin(), conformance::laws().end(), [&](const auto& law) {
      return name.size() > law.name.find('/') && name.starts_with(law.name.substr(0, law.name.find('/') + 1));
    });
    if (subject) names.insert(name);
    at = end == std::string::npos ? end : text.find('`', end + 1);
  }
  return names;
}

/// The duties of docs/reference/store-contract.md: the rows of its tables whose last column is headed `law`. Each names
/// a law there.
std::set<std::string> laws_beside_duties(const std::string& text) {
  std::set<std::string> named;
  std::istringstream lines(text);
  bool of_duties = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("|")) of_duties = false;
    if (line.ends_with("| law |")) of_duties = true;
    if (!of_duties || line.ends_with("| law |") || line.starts_with("| ---")) continue;
    const std::size_t cell = line.rfind("| ", line.size() - 2);
    const auto beside = laws_named_in(line.substr(cell));
    if (beside.empty()) complain("docs/reference/store-contract.md has a duty without a law: " + line);
    named.insert(beside.begin(), beside.end());
  }
  return named;
}

/// docs/reference/conformance.md shows the output of a law that a broken store fails. A line `...` stands for left out
/// ones.
void prove_output(const std::vector<broken::Fault>& faults) {
  static constexpr std::string_view mark = "<!-- run by tests/conformance/proofs.cpp -->\n```\n", last = "\n```\n";
  const std::string all = page("docs/reference/conformance.md");
  const std::size_t begin = all.find(mark), end = all.find(last, begin + mark.size());
  const auto wrong = std::find_if(faults.begin(), faults.end(), [](const auto& it) { return it.name == "no owners"; });
  if (begin == std::string::npos || wrong == faults.end()) return complain("there is no output to compare");
  broken::BrokenFixture fixture(*wrong);
  const std::string text = conformance::RunResult{{conformance::check(fixture, "races/owners")}}.text();
  std::istringstream lines(all.substr(begin + mark.size(), end - begin - mark.size()));
  std::size_t at = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(" ...")) continue;
    const std::size_t found = text.find(line + "\n", at);
    if (found == std::string::npos)
      return complain("docs/reference/conformance.md shows `" + line + "`, and not\n" + text);
    at = found + line.size();
  }
}

/// docs/reference/conformance.md lists the laws as they are, docs/reference/store-contract.md has each beside a duty
/// and none that is not there, and CMake knows all.
void prove_documents() {
  const std::string listed = page("docs/reference/conformance.md"), contract = page("docs/reference/store-contract.md");
  std::string table = "| law | requirement |\n| --- | --- |\n";
  std::set<std::string> all;
  for (const conformance::Law& law : conformance::laws()) {
    table += "| `" + std::string(law.name) + "` | " + std::string(law.description) + " |\n";
    all.insert(std::string(law.name));
  }
  if (!listed.ends_with(table)) complain("docs/reference/conformance.md should end with\n" + table);
  const auto beside = laws_beside_duties(contract);
  for (const char* const path : {"docs/reference/store-contract.md", "docs/how-to/write-a-store.md"})
    for (const std::string& law : laws_named_in(page(path)))
      if (!all.contains(law)) complain(path + std::string(" names `") + law + "`, which is no law");
  for (const std::string& law : all)
    if (!beside.contains(law)) complain("docs/reference/store-contract.md names `" + law + "` beside no duty");
  if (conformance::laws().size() != ROSTER_LAW_COUNT) complain("src/cmake/RosterTargets.cmake does not find all laws");
}

/// The stores under the broken ones pass every law, and a broken store names every law that is not random.
void prove_sound(const std::vector<broken::Fault>& faults) {
  for (const broken::Fault& sound : broken::sound_stores()) {
    const auto caught = caught_in(sound);
    if (!caught.empty()) complain(sound.name + ": is right, and is caught by " + listed(caught));
  }
  std::set<std::string> caught_by = {"unique/membership-id"};  // stores may leave it out
  for (const broken::Fault& fault : faults) caught_by.insert(fault.law);
  for (const conformance::Law& law : conformance::laws())
    if (!is_broad(law.name) && !needs_a_file(law.name) && !caught_by.contains(std::string(law.name)))
      complain(std::string(law.name) + ": no broken store names it");
}

}  // namespace

int main() {
  const std::vector<broken::Fault> faults = broken::broken_stores();
  for (const broken::Fault& fault : faults) prove(fault);
  prove_sound(faults);
  std::size_t stores = faults.size();
  using file_store::Flaw;
  if (!caught_in_file(Flaw::none, {"connections/", "threads/bulks", "processes/", "restart/", "faults/"}).empty())
    complain("a store in a file that is right is caught");
  prove(Flaw::no_rename, "written piece by piece", "faults/", {"faults/commit", "faults/repeat"});
  prove(Flaw::silent, "failures are returned as done", "faults/", {"faults/commit"});
  prove(Flaw::returns_stale, "failures are returned as stale", "faults/", {"faults/commit"});
  prove(Flaw::omits_unreadable, "unreadable records are omitted", "faults/", {"faults/fetch"});
  prove(Flaw::loses_keys, "keys are lost at a restart", "restart/",
        {"restart/keeps-everything", "restart/keeps-requests"});
  prove(Flaw::loses_count, "versions begin again at a restart", "restart/", {"restart/versions-do-not-return"});
  prove(Flaw::loses_owner_roles, "the roles that have owned are lost at a restart", "restart/owner-roles",
        {"restart/owner-roles"});
  prove_races();
  prove_documents();
  prove_output(faults);
  stores += 8;
  if (stores < 80) complain("too few broken stores");
  std::printf("%zu broken stores, %d complaints\n", stores, failures);
  return failures == 0 ? 0 : 1;
}
