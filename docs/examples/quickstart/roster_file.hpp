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

struct BadRow {
  std::size_t line = 0;
  std::string why;
};

struct RosterFile {
  std::string unusable;  ///< not empty: the reason why nothing could be read
  std::vector<RosterRow> rows;
  std::vector<BadRow> bad;
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
