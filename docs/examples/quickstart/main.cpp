// roster quickstart: imports a roster file into a store, twice, and shows one add under each of five APIs.
//
//     quickstart [--store memory|sqlite:FILE|postgres:CONNINFO] [--strict|--skip-bad] [FILE]
//
// Exit codes: 0 done, 1 --strict and the file has a bad row, 2 wrong usage or missing input.
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <random>
#include <string>

#include "five_apis.hpp"
#include "importer.hpp"
#include "roster/format.hpp"
#include "story.hpp"
#include "summary.hpp"

namespace quickstart {
namespace {

constexpr int exit_bad_rows = 1, exit_unusable = 2;
constexpr const char* usage =
    "usage: quickstart [--store memory|sqlite:FILE|postgres:CONNINFO] [--strict|--skip-bad] [FILE]\n"
    "  FILE        organization,team,username,role; docs/examples/roster.csv if left out\n"
    "  --store     where to put the memberships: memory if left out\n"
    "  --skip-bad  import the good rows and report the others (this is what happens without it)\n"
    "  --strict    import nothing if one row is bad\n";

struct Arguments {
  bool strict = false, skip_bad = false, help = false;
  std::string wrong;  // the invalid argument; empty: none
  std::string path = "docs/examples/roster.csv", store = "memory";
};

Arguments parse_arguments(int count, char** values) {
  Arguments arguments;
  bool has_path = false;
  for (int i = 1; i < count; ++i) {
    const std::string_view value = values[i];
    if (value == "--strict") {
      arguments.strict = true;
    } else if (value == "--skip-bad") {
      arguments.skip_bad = true;
    } else if (value == "--store" && i + 1 < count) {
      arguments.store = values[++i];
    } else if (value == "--help" || value == "-h") {
      arguments.help = true;
    } else if (value == "--store") {
      arguments.wrong = "--store needs a value";
    } else if (value.starts_with("-")) {
      arguments.wrong = "unknown option `" + std::string(value.substr(0, 80)) + "`";
    } else if (has_path) {
      arguments.wrong = "one file at a time, and `" + std::string(value.substr(0, 80)) + "` is another";
    } else {
      arguments.path = value;
      has_path = true;
    }
  }
  if (arguments.strict && arguments.skip_bad) arguments.wrong = "--strict and --skip-bad exclude each other";
  return arguments;
}

int unusable(const std::string& why) {
  std::fflush(stdout);
  fmt::print(stderr, "quickstart: {}\n", why);
  return exit_unusable;
}

roster::Time clock_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return roster::Time{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

std::array<std::uint64_t, 2> entropy() {
  std::random_device device;
  const auto word = [&] { return (std::uint64_t{device()} << 32u) | device(); };
  return {word(), word()};
}

int import(const RosterFile& file, const std::string& where, roster::IdSource& ids, const Colours& colours) {
  const Plan plan = plan_import(file.rows);
  print_plan(file, plan);

  std::string why;
  const auto store = choose_store(where, entropy()[0], why);
  if (store == nullptr) return unusable(why);
  if (const auto ready = prepare(*store, plan); !ready)
    return unusable("cannot prepare the store: " + store->describe(ready.error()));
  const roster::Engine engine(import_profile, store->store(), ids, {.details = false});
  const auto before = store->membership_count();
  if (!before) return unusable("cannot read the store: " + store->describe(before.error()));

  const auto start = std::chrono::steady_clock::now();
  const auto result = [&] {
    ProgressBar bar(plan.adds.size());
    return run_import(engine, plan, clock_now(), [&](std::size_t done) { bar.show(done); });
  }();
  const double took = milliseconds_since(start);
  if (!result) return unusable("the import stopped: " + store->describe(result.error()));
  const auto counted_now = store->membership_count();
  if (!counted_now) return unusable("cannot read the store: " + store->describe(counted_now.error()));
  const std::uint64_t memberships = counted_now.value();

  fmt::print("\n{}Imported{} in {}, one for each role in each place\n", colours.title, colours.none,
             counted(plan.adds.size(), "command", "commands"));
  print_table(plan, result.value(), colours);
  if (const std::uint64_t joined = memberships - before.value() - result.value().total[roster::Outcome::added])
    fmt::print("  and {} in an organization, for somebody whom the file names only in one of its teams\n",
               counted(joined, "membership", "memberships"));
  fmt::print("  {} in {:.1f} ms", counted(memberships, "membership", "memberships"), took);
  if (took >= 1) fmt::print(": {} a second", grouped(static_cast<std::uint64_t>(double(memberships) / took * 1000)));

  fmt::print("\n\n{}The same import again{}\n", colours.title, colours.none);
  const auto again = run_import(engine, plan, clock_now(), [](std::size_t) {});
  if (!again) return unusable("the import stopped: " + store->describe(again.error()));
  const auto after = store->membership_count();
  if (!after) return unusable("cannot read the store: " + store->describe(after.error()));
  print_repeat(again.value(), memberships, after.value(), colours);
  return 0;
}

int run(const Arguments& arguments) {
  if (arguments.help) return fmt::print("{}", usage), 0;
  if (!arguments.wrong.empty()) return fmt::print(stderr, "quickstart: {}\n{}", arguments.wrong, usage), exit_unusable;

  const auto start = std::chrono::steady_clock::now();
  std::string why;
  const auto text = read_file(arguments.path, why);
  if (!text) return unusable(why);
  const RosterFile file = read_roster(*text);
  if (!file.unusable.empty()) return unusable("`" + arguments.path + "`: " + file.unusable);

  const Colours colours = colours_for_output();
  fmt::print("{}Read {}{} in {:.1f} ms\n", colours.title, arguments.path, colours.none, milliseconds_since(start));
  print_trimmed(file.trimmed, colours);
  print_bad_rows(file.bad, colours);
  if (arguments.strict && !file.bad.empty()) {
    std::fflush(stdout);
    fmt::print(stderr, "quickstart: {} and --strict: nothing was imported\n",
               counted(file.bad.size(), "bad row", "bad rows"));
    return exit_bad_rows;
  }
  if (file.rows.empty()) return unusable("every row is bad: nothing to import");
  if (!file.bad.empty()) fmt::print("  {} skipped\n", counted(file.bad.size(), "bad row", "bad rows"));

  roster::UuidSource ids(entropy());
  const int code = import(file, arguments.store, ids, colours);
  if (code != 0) return code;
  if (!show_five_apis(ids, clock_now(), colours)) return unusable("cannot set up the five APIs");
  if (!tell_story(ids, clock_now(), colours)) return unusable("cannot set up the story");
  return std::fflush(stdout) == 0 ? 0 : unusable("cannot write to standard output");
}

}  // namespace
}  // namespace quickstart

int main(int count, char** values) {
  try {
    return quickstart::run(quickstart::parse_arguments(count, values));
  } catch (const std::exception& error) {  // out of memory, or the output failed
    std::fprintf(stderr, "quickstart: %s\n", error.what());
    return 2;
  }
}
