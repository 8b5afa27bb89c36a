#include "summary.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "roster/format.hpp"

namespace quickstart {
namespace {

using roster::Outcome;

constexpr std::size_t bad_rows_shown_max = 10;
constexpr std::size_t trimmed_shown_max = 3;
constexpr std::size_t name_width_max = 24;

std::uint64_t refused(const Counts& counts) {
  std::uint64_t sum = 0;
  for (const Outcome outcome : roster::outcomes_by_precedence)
    if (!roster::succeeded(outcome)) sum += counts[outcome];
  return sum;
}

/// The text in printable ASCII: a file may have characters that control a terminal, and not all blanks are seen.
std::string escaped(std::string_view text) {
  std::string shown;
  for (const char c : text) shown += c >= ' ' && c < '\x7F' ? std::string{c} : fmt::format("\\x{:02x}", c & 0xFF);
  return shown;
}

/// `replayed` is a duplicate person with the same role in the same organization or team.
void print_line(std::string_view name, std::size_t width, const PlannedOrganization& size, const Counts& counts) {
  fmt::print("  {:<{}} {:>7} {:>6} {:>7} {:>7} {:>9} {:>9} {:>8}\n", name, width, grouped(size.rows),
             grouped(size.teams), grouped(size.people), grouped(counts[Outcome::added]),
             grouped(counts[Outcome::existing] + counts[Outcome::replayed]), grouped(counts[Outcome::replaced]),
             grouped(refused(counts)));
}

}  // namespace

void print_bad_rows(const std::vector<BadRow>& bad, const Colours& colours) {
  for (std::size_t i = 0; i < std::min(bad.size(), bad_rows_shown_max); ++i)
    fmt::print("  {}line {}:{} {}\n", colours.bad, bad[i].line, colours.none, bad[i].why);
  if (bad.size() > bad_rows_shown_max)
    fmt::print("  and {}\n", counted(bad.size() - bad_rows_shown_max, "bad row more", "bad rows more"));
}

void print_trimmed(const std::vector<TrimmedField>& fields, const Colours& colours) {
  if (fields.empty()) return;
  fmt::print("  {} had blanks at the ends, which were removed:\n", counted(fields.size(), "field", "fields"));
  for (std::size_t i = 0; i < std::min(fields.size(), trimmed_shown_max); ++i) {
    fmt::print("  {}line {}:{} {} `{}`\n", colours.quiet, fields[i].line, colours.none, fields[i].column,
               escaped(fields[i].text));
  }
  if (fields.size() > trimmed_shown_max)
    fmt::print("  and {}\n", counted(fields.size() - trimmed_shown_max, "field more", "fields more"));
}

void print_plan(const RosterFile& file, const Plan& plan) {
  const std::size_t organizations = plan.organizations.size();
  fmt::print("  {}, {}, {}, {}\n", counted(file.rows.size(), "row", "rows"),
             counted(organizations, "organization", "organizations"),
             counted(plan.places.size() - organizations, "team", "teams"),
             counted(plan.people.size(), "person", "people"));
  if (const std::size_t folded = plan.spellings - plan.people.size(); folded != 0)
    fmt::print("  {} of a username differed from another only by case: one account for both\n",
               counted(folded, "spelling", "spellings"));
}

void print_table(const Plan& plan, const ImportResult& result, const Colours& colours) {
  std::size_t width = std::string_view("organization").size();
  for (const PlannedOrganization& organization : plan.organizations) width = std::max(width, organization.name.size());
  width = std::min(width, name_width_max);

  fmt::print("  {}{:<{}} {:>7} {:>6} {:>7} {:>7} {:>9} {:>9} {:>8}{}\n", colours.quiet, "organization", width, "rows",
             "teams", "people", "added", "existing", "replaced", "refused", colours.none);
  PlannedOrganization all;
  for (std::size_t i = 0; i < plan.organizations.size(); ++i) {
    const PlannedOrganization& organization = plan.organizations[i];
    std::string name = organization.name;
    if (name.size() > width) name = name.substr(0, width - 3) + "...";
    print_line(name, width, organization, result.by_organization[i]);
    all.rows += organization.rows;
    all.teams += organization.teams;
  }
  all.people = plan.people.size();
  fmt::print("{}", colours.title);
  print_line("all", width, all, result.total);
  fmt::print("{}", colours.none);
}

void print_repeat(const ImportResult& again, std::uint64_t memberships_before, std::uint64_t memberships_after,
                  const Colours& colours) {
  const std::uint64_t wrote = again.total[Outcome::added] + again.total[Outcome::replaced];
  const bool same = wrote == 0 && memberships_before == memberships_after;
  fmt::print("  {}{}{}: {} existing; {} before, {} after\n", same ? colours.good : colours.bad,
             same ? "nothing changed" : "something changed", colours.none,
             grouped(again.total[Outcome::existing] + again.total[Outcome::replayed]),
             counted(memberships_before, "membership", "memberships"), grouped(memberships_after));
}

}  // namespace quickstart
