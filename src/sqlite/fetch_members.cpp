// The memberships of an answer, and what is asked about some of them.
#include "sqlite/fetch.hpp"
#include "sqlite/placed.hpp"

ROSTER_BEGIN
namespace sqlite {

/// False only when memory is out.
inline bool Fetch::take(Statement& found, std::uint32_t row) noexcept {
  sql::MemberRow member = read_member(found, 2);
  member.account = found.index(1);
  member.written_by_request = found.flag(7);
  member.outdated = is_outdated(found, 8);
  return answer_.member(row, member);
}

/// Reads every membership between the first and the last account asked about, organization by organization. Where that
/// turns out to be many more than are asked about, it stops: `next` is the organization to go on with.
Code Fetch::members_between(std::uint32_t& next) noexcept {
  const auto& columns = answer_.columns();
  const Found all(facts_, 0, each);
  if (!all.complete) return no_memory;
  const Rows rows = rows_of(all.at.size(), all);
  Statement found(connection_, Sql::members_between);
  found.rows(1, rows);
  found.number(2, static_cast<std::int64_t>(columns[0].account));
  found.number(3, static_cast<std::int64_t>(columns[columns.size() - 1].account));
  if (query_.request.empty())
    found.null(4);
  else
    found.blob(4, query_.request.bytes);
  // A look-up costs about as much as reading eight on.
  const std::uint32_t passed_max = columns.size() * 8 + 64;
  std::uint32_t row = no_index, passed = 0, begun = 0;
  answer_.begin_members(0);
  while (found.next()) {
    const std::uint64_t account = found.index(1);
    const std::uint32_t at = answer_.organization_of(found.index(0), account);
    if (at == no_index) return sqlite_bad_value;
    if (at != row) {
      row = at;
      passed = 0;
      begun = facts_.memberships.size();
    }
    if (answer_.asks_for(row, account)) {
      if (!take(found, row)) return no_memory;
    } else if (++passed > passed_max) {
      facts_.memberships.truncate(begun);
      next = row;
      return ok;
    }
  }
  next = no_index;
  return found.code();
}

Code Fetch::members_one_by_one(std::uint32_t first) noexcept {
  const auto& columns = answer_.columns();
  const Found rest(facts_, first, each);
  if (!rest.complete) return no_memory;
  // Two columns may name one account: each number once.
  List<Number, 8> numbers;
  for (const sql::Column& column : columns)
    if ((numbers.empty() || numbers.back() != column.account) && !numbers.push(column.account)) return no_memory;
  const Rows rows = rows_of(rest.at.size(), rest);
  const auto write_column = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) to.number(numbers[row]);
  };
  const Rows accounts = rows_of(numbers.size(), write_column);
  Statement found(connection_, Sql::members_one_by_one);
  found.rows(1, rows).rows(2, accounts);
  if (query_.request.empty())
    found.null(4);
  else
    found.blob(4, query_.request.bytes);
  answer_.begin_members(first);
  while (found.next()) {
    const std::uint64_t account = found.index(1);
    const std::uint32_t row = answer_.organization_of(found.index(0), account);
    if (row == no_index) return sqlite_bad_value;
    if (answer_.asks_for(row, account) && !take(found, row)) return no_memory;
  }
  return found.code();
}

Code Fetch::memberships() noexcept {
  if (answer_.columns().empty()) return ok;
  std::uint32_t next = 0;
  Code code = members_between(next);
  if (code == ok && next != no_index) code = members_one_by_one(next);
  if (code == ok) answer_.sort_members();
  return code;
}

Code Fetch::inviters() noexcept {
  if (!query_.inviters) return ok;
  const auto& members = facts_.memberships;
  if (!facts_.inviters.resize(members.size(), InviterFact{})) return no_memory;
  List<std::uint32_t, 2> waiting;
  for (std::uint32_t i = 0; i < members.size(); ++i)
    if (members[i].state == MembershipState::invited && !waiting.push(i)) return no_memory;
  if (waiting.empty()) return ok;
  const PlacedMembers write(facts_, waiting);
  const Rows rows = rows_of(waiting.size(), write);
  Statement found(connection_, Sql::inviters);
  found.rows(1, rows);
  while (found.next()) {
    const auto at = static_cast<std::uint32_t>(found.index(0));
    facts_.inviters[at].known = true;
    if (!found.is_null(1) && !answer_.inviter(at, found.index(1), Version{found.index(2)}, Time{found.number(3)}))
      return no_memory;
  }
  return found.code();
}

}  // namespace sqlite
ROSTER_END
