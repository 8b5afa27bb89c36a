// Proves that the runner reports what happened: arguments, skips, exit codes, fixtures that break their declarations.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "broken.hpp"

using namespace roster;
using conformance::CheckResult;
using conformance::Status;

namespace {

int failures = 0;

void expect(bool holds, const std::string& what) {
  if (holds) return;
  std::printf("%s\n", what.c_str());
  ++failures;
}

const broken::Fault none{};
const broken::Fault always_throws{
    "throws", {}, {}, {}, [](MemoryStore&, const ChangeSet&) -> Result<void> { throw 1; }};
const broken::Fault never_commits{
    "never", {}, {}, {}, [](MemoryStore&, const ChangeSet&) -> Result<void> { return Errc::store_failed; }};
const broken::Fault no_pairs = broken::broken_checks().front();

/// A correct fixture, of which a test turns parts off.
class Fixture final : public conformance::Fixture {
 public:
  conformance::Capabilities able{.connections = 2, .threads = true};
  bool resets = true, puts = true, connects = true, dies = false;

  Result<void> reset() override { return resets ? right_.reset() : Result<void>(Errc::store_failed); }
  Store& store() override { return right_.store(); }
  Result<void> put_organization(const OrganizationRecord& record) override {
    return puts ? right_.put_organization(record) : Result<void>(Errc::exists);
  }
  Result<void> put_account(const AccountRecord& record) override { return right_.put_account(record); }
  Result<void> put_role(const OrganizationId& organization, const Role& role) override {
    return right_.put_role(organization, role);
  }
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) override {
    return right_.put_group(group, accounts);
  }
  conformance::Capabilities capabilities() const override { return able; }
  Store* connection(std::uint32_t) override { return connects ? &right_.store() : nullptr; }
  Store* connect_in_child() override {
    if (dies) std::_Exit(3);
    return nullptr;
  }
  bool fail_at(std::uint32_t) override { return false; }

 private:
  broken::BrokenFixture right_{none};
};

bool reports(const CheckResult& result, Status status, const std::string& part) {
  return result.status == status && result.text.find(part) != std::string::npos;
}

template <std::size_t n>
int code(conformance::Fixture& fixture, const std::array<const char*, n>& words,
         std::span<const conformance::Skip> skips = {}) {
  return conformance::program(fixture, static_cast<int>(n), words.data(), skips);
}

void about_names() {
  Fixture fixture;
  expect(!conformance::laws().empty(), "there are laws");
  expect(reports(conformance::check(fixture, "guards/nonsense"), Status::failed, "no law has this name"),
         "an unknown law fails");
  expect(conformance::check(fixture, "unique/pair").status == Status::passed, "a law that holds is held");
  expect(code(fixture, std::array{"program", "unique/pair"}) == 0, "one law by its name");
  expect(code(fixture, std::array{"program", "guards", "ids/"}) == 0, "laws by how their names begin");
  expect(code(fixture, std::array{"program", "--list"}) == 0, "a list");
  expect(code(fixture, std::array{"program", "nonsense"}) == 2, "a word that is no law");
  expect(code(fixture, std::array{"program", "--seed"}) == 2, "a seed without a number");
  expect(code(fixture, std::array{"program", "--seed", "7x"}) == 2, "a seed that is no number");
  expect(code(fixture, std::array{"program", "--cells", "10", "batch/sizes"}) == 0, "smaller change sets");
  broken::BrokenFixture wrong(no_pairs);
  expect(code(wrong, std::array{"program", "unique/pair"}) == 1, "a law that fails");
}

void about_skips() {
  broken::BrokenFixture wrong(no_pairs);
  constexpr std::array sound = {conformance::Skip{"unique/pair", "for a test"}};
  expect(code(wrong, std::array{"program", "unique/pair", "commit/added"}, sound) == 0, "a skipped law does not fail");
  Fixture fixture;
  constexpr std::array senseless = {conformance::Skip{"unique/nonsense", "for a test"},
                                    conformance::Skip{"unique/pair", ""}};
  int reported = 0;
  const auto results = conformance::run(fixture, senseless, {.cells_max = 10}, [&](const CheckResult&) { ++reported; });
  expect(!results.passed() && results.exit_code() == 1, "skips that make no sense fail");
  expect(reported == static_cast<int>(results.all.size()), "each result is passed on");
  expect(results.find("unique/nonsense") != nullptr && results.find("nonsense") == nullptr, "findings are found");
  expect(results.text().find("FAILED  unique/nonsense") != std::string::npos, "the text names the failed law");
  const CheckResult* const pair = results.find("unique/pair");
  expect(pair != nullptr && reports(*pair, Status::failed, "reason"), "a skip needs a reason");
}

void about_capabilities() {
  Fixture fixture;
  expect(reports(conformance::check(fixture, "restart/keeps-everything"), Status::skipped, "restart"), "no restarts");
  expect(reports(conformance::check(fixture, "processes/pair"), Status::skipped, "processes"), "no processes");
  expect(reports(conformance::check(fixture, "faults/fetch"), Status::skipped, "fail"), "no faults");
  expect(reports(conformance::check(fixture, "records/put"), Status::skipped, "record interface"), "no records");
  fixture.able.records = true;
  expect(reports(conformance::check(fixture, "records/put"), Status::failed, "record interface"),
         "records without them");
  fixture.able = {.connections = 1, .records = true};
  expect(reports(conformance::check(fixture, "threads/records"), Status::skipped, "threads"),
         "records without threads");
  fixture.able = {};
  expect(reports(conformance::check(fixture, "threads/pair"), Status::skipped, "threads"), "no threads");
  expect(reports(conformance::check(fixture, "connections/agree"), Status::skipped, "connection"), "no connections");
}

/// Capabilities that a fixture declares and does not have.
void about_fixtures() {
  Fixture fixture;
  fixture.able = {.connections = 2, .threads = true, .processes = true, .restarts = true, .faults = true};
  expect(reports(conformance::check(fixture, "processes/pair"), Status::failed, "no connection in a child"),
         "no child");
  fixture.dies = true;
  expect(reports(conformance::check(fixture, "processes/pair"), Status::failed, ""), "a child that dies");
  expect(reports(conformance::check(fixture, "restart/keeps-everything"), Status::failed, "restart"),
         "a false restart");
  fixture.able.restarts = false;
  expect(reports(conformance::check(fixture, "faults/commit"), Status::failed, "never failed"),
         "faults that never come");
  fixture.connects = false;
  for (const char* const law : {"connections/agree", "threads/pair", "races/owners"})
    expect(reports(conformance::check(fixture, law), Status::failed, "connection"), "a connection that is not there");
  fixture.puts = false;
  expect(reports(conformance::check(fixture, "unique/pair"), Status::failed, "put org-0: exists"), "a put that fails");
  fixture.resets = false;
  for (const conformance::Law& law : conformance::laws())
    expect(conformance::check(fixture, law.name).status != Status::passed, "without a store nothing holds");
}

void about_stores() {
  broken::BrokenFixture throws(always_throws), fails(never_commits);
  const conformance::RunOptions quick{.cells_max = 10};
  for (const conformance::Law& law : conformance::laws()) {
    static constexpr std::array only_fetch = {"facts/rows-in-order", "facts/records", "facts/groups",
                                              "ids/kinds",           "closed/facts",  "batch/many-names"};
    const bool writes = std::find(only_fetch.begin(), only_fetch.end(), law.name) == only_fetch.end();
    if (!writes) continue;
    const CheckResult first = conformance::check(throws, law.name, quick),
                      second = conformance::check(fails, law.name, quick);
    expect(first.status != Status::passed && second.status != Status::passed,
           std::string(law.name) + " holds for a store that writes nothing");
  }
  expect(reports(conformance::check(throws, "commit/added"), Status::failed, "an exception"),
         "an exception is reported");
}

/// The same options does the same; another seed, something else.
void about_chance() {
  const auto faults = broken::broken_facts();
  for (std::size_t i = 0; i < faults.size(); i += 4) {
    const broken::Fault& fault = faults[i];
    broken::BrokenFixture wrong(fault);
    for (const char* const law : {"history/commands", "races/by-chance"}) {
      const CheckResult first = conformance::check(wrong, law), again = conformance::check(wrong, law);
      expect(first.text == again.text, fault.name + ": " + law + " returns one text, and then another");
    }
  }
  broken::BrokenFixture wrong(no_pairs);
  const CheckResult one = conformance::check(wrong, "history/change-sets", {.seed = 1});
  const CheckResult other = conformance::check(wrong, "history/change-sets", {.seed = 2});
  expect(one.status == Status::failed && other.status == Status::failed && one.text != other.text,
         "another seed tries the same");
}

}  // namespace

int main() {
  about_names();
  about_skips();
  about_capabilities();
  about_fixtures();
  about_stores();
  about_chance();
  std::printf("%d complaints\n", failures);
  return failures == 0 ? 0 : 1;
}
