// A roster file: people with their roles in organizations and teams. Converts its text into typed rows, and reports
// malformed rows.
#ifndef QUICKSTART_ROSTER_FILE_HPP
#define QUICKSTART_ROSTER_FILE_HPP

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "roster/role.hpp"

namespace quickstart {

/// The role of a person in an organization or a team. The words of the file are the role ids of the catalog below.
enum class HostRole { member, maintainer, admin };

struct RosterRow {
  std::size_t line = 0;
  roster::OrganizationId organization;
  roster::Slug team;  ///< empty: a row of the organization itself
  roster::Username username;
  HostRole seat = HostRole::member;
};

/// The ids of teams begin with it, and so the name of no organization does.
inline constexpr std::string_view team_prefix = "team:";

struct BadRow {
  std::size_t line = 0;
  std::string why;
};

/// A field that was read without the blanks at its ends.
struct TrimmedField {
  std::size_t line = 0;
  std::string_view column;
  std::string text;  ///< as it is in the file
};

struct RosterFile {
  std::string unusable;  ///< not empty: the reason why nothing could be read
  std::vector<RosterRow> rows;
  std::vector<BadRow> bad;
  std::vector<TrimmedField> trimmed;  ///< of good and of bad rows
};

/// Reads a file of at most 256 MiB. If it cannot be read, returns nothing and sets `why`.
std::optional<std::string> read_file(const std::string& path, std::string& why);
/// Requires the header `organization,team,username,role`.
RosterFile read_roster(std::string_view text);

consteval auto roster_roles(HostRole) {
  using Entry = roster::RoleEntry<HostRole>;
  return std::array{
      Entry{HostRole::member, {.id = roster::RoleId("member"), .rank = 1}, roster::Grant::default_},
      Entry{HostRole::maintainer, {.id = roster::RoleId("maintainer"), .rank = 2}},
      Entry{HostRole::admin, {.id = roster::RoleId("admin"), .rank = 3, .manages = true}},
  };
}

}  // namespace quickstart

#endif
