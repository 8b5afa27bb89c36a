// The memberships of an answer, and the additional facts about some of them.
#include "sqlite/fetch.hpp"
#include "sqlite/member_positions.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

template <class AnyKey>
bool read_key(sqlite3_value* value, AnyKey& key) noexcept {
  const void* const bytes = sqlite3_value_blob(value);
  if (bytes == nullptr || sqlite3_value_bytes(value) != static_cast<int>(key.bytes.size())) return false;
  std::memcpy(key.bytes.data(), bytes, key.bytes.size());
  return true;
}

}  // namespace

/// Adds a membership found by a statement. `values` are the index of its organization in the answer, the number of its
/// account, and its columns.
Code Fetch::take(sqlite3_value** values) noexcept {
  const auto row = static_cast<std::uint64_t>(sqlite3_value_int64(values[0]));
  sql::MemberRow member;
  member.account = static_cast<std::uint64_t>(sqlite3_value_int64(values[1]));
  if (row >= facts_.organizations.size()) return sqlite_bad_value;
  if (!answer_.asks_for(static_cast<std::uint32_t>(row), member.account)) return ok;
  const std::int64_t state = sqlite3_value_int64(values[5]);
  if (!read_key(values[2], member.id) || state < 0 || state > static_cast<std::int64_t>(MembershipState::removed))
    return sqlite_bad_value;
  member.version = Version{static_cast<std::uint64_t>(sqlite3_value_int64(values[3]))};
  member.role = static_cast<std::uint64_t>(sqlite3_value_int64(values[4]));
  member.state = static_cast<MembershipState>(state);
  member.valid_until = Time{sqlite3_value_int64(values[6])};
  member.invitation_until = Time{sqlite3_value_int64(values[7])};
  if (!query_.idempotency_key.empty() && !read_key(values[8], member.keys.last)) return sqlite_bad_value;
  member.keys.written_at = Time{sqlite3_value_int64(values[10])};
  if (sqlite3_value_type(values[9]) != SQLITE_NULL) {
    member.keys.moved = true;
    if (!read_key(values[9], member.keys.before)) return sqlite_bad_value;
  }
  return answer_.member(static_cast<std::uint32_t>(row), member) ? ok : no_memory;
}

/// Steps a statement whose rows go to a collector. Returns false at the end, and on failure.
bool Fetch::take_next(Statement& found, const RowCollector& collector, Code& code) noexcept {
  const bool more = found.next();
  code = collector.code() != ok ? collector.code() : found.code();
  return more && code == ok;
}

/// Reads every membership between the first and the last requested account, organization by organization. If these are
/// many more than the requested ones, it stops, and `next` is the organization to continue with.
Code Fetch::members_between(std::uint32_t& next) noexcept {
  const auto& columns = answer_.columns();
  const Found all(facts_, 0, each);
  if (!all.complete) return no_memory;
  const Rows rows = rows_of(all.at.size(), all);
  RowCollector collector(
      this, [](void* to, sqlite3_value** values) noexcept { return static_cast<Fetch*>(to)->take(values); });
  Statement found(connection_, Sql::members_between);
  found.rows(1, rows).collector(6, collector);
  found.number(2, static_cast<std::int64_t>(columns[0].account));
  found.number(3, static_cast<std::int64_t>(columns[columns.size() - 1].account));
  // A look-up costs about as much as reading eight more rows. If the range of numbers is smaller than the limit, no
  // counting is necessary.
  const std::uint64_t read_max = columns.size() * std::uint64_t{8} + 64;
  if (columns[columns.size() - 1].account - columns[0].account >= read_max)
    found.number(5, static_cast<std::int64_t>(read_max));
  else
    found.null(5);
  found.number(4, query_.idempotency_key.empty() ? 0u : 1u);
  Code code = ok;
  for (next = no_index; take_next(found, collector, code);)
    if (found.flag(1)) {
      next = static_cast<std::uint32_t>(found.index(0));
      break;
    }
  return code;
}

Code Fetch::members_one_by_one(std::uint32_t first) noexcept {
  const auto& columns = answer_.columns();
  const Found rest(facts_, first, each);
  if (!rest.complete) return no_memory;
  // Two columns may refer to one account, so duplicate numbers are skipped.
  SmallVector<Number, 8> numbers;
  for (const sql::Column& column : columns)
    if ((numbers.empty() || numbers.back() != column.account) && !numbers.try_push_back(column.account))
      return no_memory;
  const Rows rows = rows_of(rest.at.size(), rest);
  const auto write_column = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) to.number(numbers[row]);
  };
  const Rows accounts = rows_of(numbers.size(), write_column);
  RowCollector collector(
      this, [](void* to, sqlite3_value** values) noexcept { return static_cast<Fetch*>(to)->take(values); });
  Statement found(connection_, Sql::members_one_by_one);
  found.rows(1, rows).rows(2, accounts).collector(6, collector);
  found.number(4, query_.idempotency_key.empty() ? 0u : 1u);
  Code code = ok;
  while (take_next(found, collector, code)) continue;
  return code;
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
  SmallVector<std::uint32_t, 2> waiting;
  for (std::uint32_t i = 0; i < members.size(); ++i)
    if (members[i].state == MembershipState::invited && !waiting.try_push_back(i)) return no_memory;
  if (waiting.empty()) return ok;
  const MemberPositions write(facts_, waiting);
  const Rows rows = rows_of(waiting.size(), write);
  Statement found(connection_, Sql::inviters);
  found.rows(1, rows);
  while (found.next()) {
    const auto at = static_cast<std::uint32_t>(found.index(0));
    facts_.inviters[at].id = found.id<AccountId>(4);
    if (!found.is_null(1) && !answer_.inviter(at, found.index(1), Version{found.index(2)}, Time{found.number(3)}))
      return no_memory;
  }
  return found.code();
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
