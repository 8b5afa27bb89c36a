// Runs the laws, and reports their results.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "backticks.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

std::vector<Entry> gather() {
  std::vector<Entry> all;
  for (const auto& of :
       {facts_laws,      query_form_laws,  put_laws,    role_laws,       counted_role_laws,  request_laws,
        member_laws,     invitation_laws,  ids_laws,    name_laws,       commit_laws,        batch_laws,
        mixed_laws,      life_laws,        trace_laws,  unique_laws,     guard_laws,         version_laws,
        host_laws,       several_laws,     bound_laws,  limit_laws,      disabled_laws,      closed_laws,
        replay_laws,     history_laws,     race_laws,   connection_laws, thread_laws,        process_laws,
        restart_laws,    fault_laws,       read_laws,   record_laws,     role_list_laws,     role_record_laws,
        member_put_laws, record_race_laws, parent_laws, erase_laws,      account_erase_laws, account_change_laws,
        set_laws,        owner_role_laws}) {
    const auto entries = of();
    all.insert(all.end(), entries.begin(), entries.end());
  }
  return all;
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = gather();
  return all;
}

/// The capability that the fixture lacks for this law; empty: none.
std::string_view lacking(const Capabilities& capabilities, Requires required_capability) {
  switch (required_capability) {
    case Requires::nothing: return {};
    case Requires::connections: return capabilities.connections > 1 ? "" : "the fixture has one connection only";
    case Requires::threads:
      return capabilities.threads && capabilities.connections > 1 ? "" : "the fixture declares no threads";
    case Requires::processes: return capabilities.processes ? "" : "the fixture declares no other processes";
    case Requires::restarts: return capabilities.restarts ? "" : "the fixture cannot restart its store";
    case Requires::faults: return capabilities.faults ? "" : "the fixture cannot make its storage fail";
    case Requires::reader: return capabilities.reads ? "" : "the fixture has no read interface";
    case Requires::records: return capabilities.records ? "" : "the fixture has no record interface";
    case Requires::host_transactions:
      return capabilities.host_transactions ? "" : "the fixture has no transactions of a host";
    case Requires::record_threads:
    case Requires::record_faults: {
      const std::string_view without = lacking(capabilities, Requires::records);
      const bool threads = required_capability == Requires::record_threads;
      return without.empty() ? lacking(capabilities, threads ? Requires::threads : Requires::faults) : without;
    }
  }
  return {};
}

CheckResult run_entry(Fixture& fixture, const Entry& entry, const RunOptions& options) {
  const std::string_view lacks = lacking(fixture.capabilities(), entry.required_capability);
  if (!lacks.empty()) return {entry.law.name, Status::skipped, std::string(lacks)};
  TestContext test(fixture, options);
  test.fresh();
  if (!test.broken()) entry.run(test);
  if (test.broken()) return {entry.law.name, Status::failed, test.failure()};
  return {entry.law.name, Status::passed, {}};
}

bool is_known(std::string_view name) {
  return std::any_of(entries().begin(), entries().end(), [&](const Entry& entry) { return entry.law.name == name; });
}

}  // namespace

std::span<const Law> laws() noexcept {
  static const std::vector<Law> all = [] {
    std::vector<Law> list;
    for (const Entry& entry : entries()) list.push_back(entry.law);
    return list;
  }();
  return all;
}

bool RunResult::passed() const noexcept {
  return std::none_of(all.begin(), all.end(), [](const CheckResult& it) { return it.status == Status::failed; });
}

int RunResult::exit_code() const noexcept {
  return passed() ? 0 : 1;
}

const CheckResult* RunResult::find(std::string_view law) const noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [&](const CheckResult& it) { return it.law == law; });
  return found == all.end() ? nullptr : &*found;
}

static std::string line_of(const CheckResult& result) {
  static constexpr const char* labels[] = {"held    ", "FAILED  ", "skipped "};
  std::string line = labels[static_cast<std::size_t>(result.status)];
  line += result.law;
  if (result.status == Status::failed) line += "\n  " + result.text;
  if (result.status == Status::skipped) line += ": " + result.text;
  return line + "\n";
}

std::string RunResult::text() const {
  std::string text;
  for (const CheckResult& result : all) text += line_of(result);
  return text;
}

CheckResult check(Fixture& fixture, std::string_view law, const RunOptions& options) {
  for (const Entry& entry : entries())
    if (entry.law.name == law) return run_entry(fixture, entry, options);
  return {law, Status::failed, "no law has this name: see `laws()`"};
}

RunResult run(Fixture& fixture, std::span<const Skip> skips, const RunOptions& options,
              const std::function<void(const CheckResult&)>& on_result) {
  RunResult results;
  const auto found = [&](CheckResult result) {
    if (on_result) on_result(result);
    results.all.push_back(std::move(result));
  };
  for (const Skip& skip : skips) {
    if (!is_known(skip.law)) found({skip.law, Status::failed, "skipped, but no law has this name: see `laws()`"});
    if (skip.reason.empty()) found({skip.law, Status::failed, "skipped without a reason: add one"});
  }
  for (const Entry& entry : entries()) {
    const auto skip =
        std::find_if(skips.begin(), skips.end(), [&](const Skip& it) { return it.law == entry.law.name; });
    if (skip != skips.end())
      found({entry.law.name, Status::skipped, std::string(skip->reason)});
    else
      found(run_entry(fixture, entry, options));
  }
  return results;
}

// ---- the test program

namespace {

struct Words {
  RunOptions options;
  std::vector<std::string_view> names;  ///< names of laws, or prefixes of names; empty: all
  bool lists = false;
  std::string wrong;  ///< the invalid argument
};

template <class T>
bool read(std::string_view text, T& value) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc{} && end == text.data() + text.size();
}

Words understood(int argc, const char* const* argv) {
  Words understood;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    bool fits = true;
    if (word == "--list") {
      understood.lists = true;
    } else if (word == "--seed" || word == "--rounds" || word == "--cells") {
      fits = word == "--seed"     ? read(value, understood.options.seed)
             : word == "--rounds" ? read(value, understood.options.rounds)
                                  : read(value, understood.options.cells_max);
      ++i;
    } else {
      fits = std::any_of(entries().begin(), entries().end(),
                         [&](const Entry& entry) { return entry.law.name.starts_with(word); });
      understood.names.push_back(word);
    }
    if (!fits && understood.wrong.empty())
      understood.wrong = in_backticks(word) +
                         " is no option and no law: use --list, --seed N, --rounds N, --cells N, or names "
                         "of laws";
  }
  return understood;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

int program(Fixture& fixture, int argc, const char* const* argv, std::span<const Skip> skips) {
  const Words words = understood(argc, argv);
  if (!words.wrong.empty()) {
    print(words.wrong + "\n");
    return 2;
  }
  std::vector<Skip> left(skips.begin(), skips.end());
  if (words.lists) {
    for (const Law& law : laws()) print(std::string(law.name) + "\n  " + std::string(law.description) + "\n");
    return 0;
  }
  const auto is_asked = [&](std::string_view name) {
    return words.names.empty() || std::any_of(words.names.begin(), words.names.end(), [&](std::string_view it) {
             return it == name || (!is_known(it) && name.starts_with(it));
           });
  };
  RunResult results;
  if (words.names.empty()) {
    results = run(fixture, left, words.options, [](const CheckResult& result) { print(line_of(result)); });
  } else {
    for (const Law& law : laws()) {
      if (!is_asked(law.name)) continue;
      const auto skip = std::find_if(left.begin(), left.end(), [&](const Skip& it) { return it.law == law.name; });
      results.all.push_back(skip != left.end() ? CheckResult{law.name, Status::skipped, std::string(skip->reason)}
                                               : check(fixture, law.name, words.options));
      print(line_of(results.all.back()));
    }
  }
  const auto all = [&](Status status) {
    return std::to_string(std::count_if(results.all.begin(), results.all.end(),
                                        [&](const CheckResult& it) { return it.status == status; }));
  };
  print(all(Status::passed) + " held, " + all(Status::failed) + " failed, " + all(Status::skipped) + " skipped; seed " +
        std::to_string(words.options.seed) + "\n");
  return results.exit_code();
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
