#include "roster_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "csv.hpp"
#include "roster/format.hpp"

namespace quickstart {
namespace {

constexpr std::string_view header = "organization,team,username,role";
constexpr std::array<std::string_view, 4> columns = {"organization", "team", "username", "role"};
constexpr std::size_t file_bytes_max = std::size_t{256} << 20u;

std::string joined(const std::vector<std::string>& fields) {
  std::string text;
  for (const std::string& field : fields) text += (text.empty() ? "" : ",") + field;
  return text;
}

/// The blanks that a name cannot begin or end with, and the tab.
constexpr std::array<std::string_view, 18> blanks = {" ",      "\t",     "\u00A0", "\u1680", "\u2000", "\u2001",
                                                     "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
                                                     "\u2008", "\u2009", "\u200A", "\u202F", "\u205F", "\u3000"};

std::string_view trimmed(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : blanks) {
      const bool before = text.starts_with(blank), after = !before && text.ends_with(blank);
      if (before) text.remove_prefix(blank.size());
      if (after) text.remove_suffix(blank.size());
      again = again || before || after;
    }
  }
  return text;
}

/// Trims the fields of a row, and notes each that had blanks at its ends.
void trim(CsvRecord& record, std::vector<TrimmedField>& noted) {
  for (std::size_t i = 0; i < std::min(record.fields.size(), columns.size()); ++i) {
    std::string text(trimmed(record.fields[i]));
    if (text == record.fields[i]) continue;
    noted.push_back({record.line, columns[i], std::move(record.fields[i])});
    record.fields[i] = std::move(text);
  }
}

/// Reads one field into `id`. Returns the error; empty: none.
template <class Id>
std::string read_id(std::string_view column, std::string_view text, Id& id) {
  roster::Result<Id> parsed = Id::parse(text);
  if (!parsed) return std::string(column) + ": " + roster::describe(parsed.error(), text);
  id = std::move(parsed).value();
  return {};
}

std::string read_row(const std::vector<std::string>& fields, RosterRow& row) {
  if (fields.size() != 4) return "there are " + std::to_string(fields.size()) + " fields where 4 are needed";
  if (auto why = read_id("organization", fields[0], row.organization); !why.empty()) return why;
  if (row.organization.view().starts_with(team_prefix))
    return "organization: a name cannot begin with `" + std::string(team_prefix) + "`, as the ids of teams do";
  if (!fields[1].empty())
    if (auto why = read_id("team", fields[1], row.team); !why.empty()) return why;
  if (auto why = read_id("username", fields[2], row.username); !why.empty()) return why;

  roster::RoleId role;
  if (auto why = read_id("role", fields[3], role); !why.empty()) return why;
  const std::optional<HostRole> seat = roster::role_as<HostRole>(role);
  if (!seat) return "unknown role `" + std::string(role.view()) + "`: write member, maintainer or admin";
  row.seat = *seat;
  return {};
}

}  // namespace

std::optional<std::string> read_file(const std::string& path, std::string& why) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  std::string text;
  std::array<char, 1u << 16u> block;
  if (file) {
    errno = 0;
    while (const std::size_t got = std::fread(block.data(), 1, block.size(), file.get())) {
      text.append(block.data(), got);
      if (text.size() > file_bytes_max) {
        why = "`" + path + "` is larger than 256 MiB: split it";
        return std::nullopt;
      }
    }
    if (std::ferror(file.get()) == 0) return text;
  }
  why = "cannot read `" + path + "`: " + std::strerror(errno);
  return std::nullopt;
}

RosterFile read_roster(std::string_view text) {
  RosterFile file;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    file.unusable = "the file is UTF-16: save it as UTF-8";
    return file;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);

  CsvReader reader(text);
  auto record = reader.next();
  if (!record) {
    file.unusable =
        "the file is empty: it needs the header `" + std::string(header) + "` and a row for each membership";
    return file;
  }
  if (!record->error.empty() || joined(record->fields) != header) {
    file.unusable = "line " + std::to_string(record->line) + ": the header must be `" + std::string(header) + "`";
    return file;
  }
  while ((record = reader.next())) {
    RosterRow row;
    row.line = record->line;
    if (record->error.empty()) trim(*record, file.trimmed);
    std::string why = record->error.empty() ? read_row(record->fields, row) : record->error;
    if (why.empty()) {
      file.rows.push_back(row);
    } else {
      file.bad.push_back({record->line, std::move(why)});
    }
  }
  if (file.rows.empty() && file.bad.empty()) file.unusable = "the file has a header and no rows: nothing to import";
  return file;
}

}  // namespace quickstart
