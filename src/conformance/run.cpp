// Runs the laws, and reports their results.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "backticks.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

std::vector<Entry> gather() {
  std::vector<Entry> all;
  for (const auto& of :
       {facts_laws, asking_laws,     put_laws,     role_laws,    request_laws, member_laws, ids_laws,
        name_laws,  commit_laws,     batch_laws,   mixed_laws,   life_laws,    trace_laws,  unique_laws,
        guard_laws, version_laws,    several_laws, bound_laws,   limit_laws,   replay_laws, history_laws,
        race_laws,  connection_laws, thread_laws,  process_laws, restart_laws, fault_laws}) {
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
std::string_view lacking(const Abilities& abilities, Takes takes) {
  switch (takes) {
    case Takes::nothing: return {};
    case Takes::connections: return abilities.connections > 1 ? "" : "the fixture has one connection only";
    case Takes::threads:
      return abilities.threads && abilities.connections > 1 ? "" : "the fixture says nothing of threads";
    case Takes::processes: return abilities.processes ? "" : "the fixture says nothing of other processes";
    case Takes::restarts: return abilities.restarts ? "" : "the fixture cannot restart its store";
    case Takes::faults: return abilities.faults ? "" : "the fixture cannot make its storage fail";
  }
  return {};
}

Finding play(Fixture& fixture, const Entry& entry, const Trial& trial) {
  const std::string_view lacks = lacking(fixture.abilities(), entry.takes);
  if (!lacks.empty()) return {entry.law.name, Verdict::skipped, std::string(lacks)};
  Stage stage(fixture, trial);
  stage.fresh();
  if (!stage.broken()) entry.play(stage);
  if (stage.broken()) return {entry.law.name, Verdict::failed, stage.failure()};
  return {entry.law.name, Verdict::held, {}};
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

bool Findings::held() const noexcept {
  return std::none_of(all.begin(), all.end(), [](const Finding& it) { return it.verdict == Verdict::failed; });
}

int Findings::exit_code() const noexcept {
  return held() ? 0 : 1;
}

const Finding* Findings::find(std::string_view law) const noexcept {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Finding& it) { return it.law == law; });
  return found == all.end() ? nullptr : &*found;
}

static std::string line_of(const Finding& finding) {
  static constexpr const char* words[] = {"held    ", "FAILED  ", "skipped "};
  std::string line = words[static_cast<std::size_t>(finding.verdict)];
  line += finding.law;
  if (finding.verdict == Verdict::failed) line += "\n  " + finding.text;
  if (finding.verdict == Verdict::skipped) line += ": " + finding.text;
  return line + "\n";
}

std::string Findings::text() const {
  std::string text;
  for (const Finding& finding : all) text += line_of(finding);
  return text;
}

Finding check(Fixture& fixture, std::string_view law, const Trial& trial) {
  for (const Entry& entry : entries())
    if (entry.law.name == law) return play(fixture, entry, trial);
  return {law, Verdict::failed, "there is no such law: see laws()"};
}

Findings run(Fixture& fixture, std::span<const Skip> skips, const Trial& trial,
             const std::function<void(const Finding&)>& heard) {
  Findings findings;
  const auto found = [&](Finding finding) {
    if (heard) heard(finding);
    findings.all.push_back(std::move(finding));
  };
  for (const Skip& skip : skips) {
    if (!is_known(skip.law)) found({skip.law, Verdict::failed, "skipped, but there is no such law: see laws()"});
    if (skip.reason.empty()) found({skip.law, Verdict::failed, "skipped without a reason: give one"});
  }
  for (const Entry& entry : entries()) {
    const auto skip =
        std::find_if(skips.begin(), skips.end(), [&](const Skip& it) { return it.law == entry.law.name; });
    if (skip != skips.end())
      found({entry.law.name, Verdict::skipped, std::string(skip->reason)});
    else
      found(play(fixture, entry, trial));
  }
  return findings;
}

// ---- the test program

namespace {

struct Words {
  Trial trial;
  std::vector<std::string_view> names;  ///< of laws, or how they begin; empty: all
  bool lists = false;
  std::string wrong;  ///< the invalid argument
};

template <class T>
bool read(std::string_view text, T& value) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failed == std::errc{} && end == text.data() + text.size();
}

Words understood(int count, const char* const* words) {
  Words understood;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i], value = i + 1 < count ? words[i + 1] : "";
    bool fits = true;
    if (word == "--list") {
      understood.lists = true;
    } else if (word == "--seed" || word == "--rounds" || word == "--cells") {
      fits = word == "--seed"     ? read(value, understood.trial.seed)
             : word == "--rounds" ? read(value, understood.trial.rounds)
                                  : read(value, understood.trial.cells_max);
      ++i;
    } else {
      fits = std::any_of(entries().begin(), entries().end(),
                         [&](const Entry& entry) { return entry.law.name.starts_with(word); });
      understood.names.push_back(word);
    }
    if (!fits && understood.wrong.empty())
      understood.wrong = in_backticks(word) +
                         " makes no sense here: give --list, --seed N, --rounds N, --cells N, or names "
                         "of laws";
  }
  return understood;
}

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

int program(Fixture& fixture, int count, const char* const* words, std::span<const Skip> skips) {
  const Words asked = understood(count, words);
  if (!asked.wrong.empty()) {
    print(asked.wrong + "\n");
    return 2;
  }
  std::vector<Skip> left(skips.begin(), skips.end());
  if (asked.lists) {
    for (const Law& law : laws()) print(std::string(law.name) + "\n  " + std::string(law.says) + "\n");
    return 0;
  }
  const auto is_asked = [&](std::string_view name) {
    return asked.names.empty() || std::any_of(asked.names.begin(), asked.names.end(), [&](std::string_view it) {
             return it == name || (!is_known(it) && name.starts_with(it));
           });
  };
  Findings findings;
  if (asked.names.empty()) {
    findings = run(fixture, left, asked.trial, [](const Finding& finding) { print(line_of(finding)); });
  } else {
    for (const Law& law : laws()) {
      if (!is_asked(law.name)) continue;
      const auto skip = std::find_if(left.begin(), left.end(), [&](const Skip& it) { return it.law == law.name; });
      findings.all.push_back(skip != left.end() ? Finding{law.name, Verdict::skipped, std::string(skip->reason)}
                                                : check(fixture, law.name, asked.trial));
      print(line_of(findings.all.back()));
    }
  }
  const auto all = [&](Verdict verdict) {
    return std::to_string(std::count_if(findings.all.begin(), findings.all.end(),
                                        [&](const Finding& it) { return it.verdict == verdict; }));
  };
  print(all(Verdict::held) + " held, " + all(Verdict::failed) + " failed, " + all(Verdict::skipped) +
        " skipped; seed " + std::to_string(asked.trial.seed) + "\n");
  return findings.exit_code();
}

}  // namespace conformance
ROSTER_END
