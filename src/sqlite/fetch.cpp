#include "sqlite/fetch.hpp"

#include "sqlite/counts.hpp"
#include "sqlite/member_positions.hpp"
#include "sqlite/transaction.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

/// Writes the text of a key, its index in the answer, and the text of its parent.
auto write_keys(const sql::Keys& keys) noexcept {
  return [&keys](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.text(keys[row].text);
    if (column == 1) return to.number(keys[row].at);
    if (column == 2) to.text(keys[row].parent);
  };
}

}  // namespace

// ---- rows

Code Fetch::read_organizations(Statement& found) noexcept {
  while (found.next()) {
    const std::size_t at = found.position(0);
    sql::OrganizationRow row;
    row.number = found.index(1);
    row.id = found.id<OrganizationId>(2);
    row.version = Version{found.index(3)};
    row.parent = found.index(4);
    row.joinable = (found.index(5) & 1) != 0;
    row.closed = (found.index(5) & 2) != 0;
    row.has_roles = found.flag(6);
    if (at >= facts_.organizations.size() || row.id.empty()) return sqlite_bad_value;
    answer_.organization(static_cast<std::uint32_t>(at), row);
    if (query_.counts && !found.is_null(7))
      facts_.organizations[at].counts.seats_max = static_cast<std::uint32_t>(found.number(7));
  }
  return found.code();
}

Code Fetch::organizations(Sql which, const sql::Keys& keys) noexcept {
  if (keys.empty()) return ok;
  const auto write = write_keys(keys);
  const Rows rows = rows_of(keys.size(), write);
  Statement found(connection_, which);
  found.rows(1, rows);
  return read_organizations(found);
}

Code Fetch::organizations() noexcept {
  sql::OrganizationKeys keys;
  if (!sql::sort_out(query_, keys)) return no_memory;
  Code code = organizations(Sql::organizations_by_id, keys.ids);
  if (code == ok) code = organizations(Sql::organizations_by_slug, keys.slugs);
  if (code == ok) code = organizations(Sql::organizations_nested, keys.nested);
  return code == ok && query_.parents ? parents() : code;
}

Code Fetch::parents() noexcept {
  const std::uint32_t first = query_.rows();
  if (!answer_.make_room_for_parents()) return no_memory;
  const std::uint32_t count = facts_.organizations.size() - first;
  if (count == 0) return ok;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.number(number_of(facts_.organizations[first + row].locator));
    if (column == 1) to.number(first + row);
  };
  const Rows rows = rows_of(count, write);
  Statement found(connection_, Sql::organizations_by_number);
  found.rows(1, rows);
  const Code code = read_organizations(found);
  for (std::uint32_t i = 0; code == ok && i < count; ++i)
    if (facts_.organizations[first + i].id.empty()) return sqlite_bad_value;  // a missing parent
  return code;
}

// ---- columns

/// The id of a column, if its selector is an id.
AccountId Fetch::id_of(std::size_t column) const noexcept {
  const std::size_t named = query_.accounts.size();
  return column < named ? std::get<AccountId>(query_.accounts[column]) : query_.group_accounts[column - named];
}

Code Fetch::accounts(Sql which, const sql::Keys& keys) noexcept {
  if (keys.empty()) return ok;
  const auto write = write_keys(keys);
  const Rows rows = rows_of(keys.size(), write);
  Statement found(connection_, which);
  found.rows(1, rows);
  while (found.next()) {
    const std::size_t at = found.position(0);
    AccountFact fact;
    fact.id = which == Sql::accounts_by_id ? id_of(at) : found.id<AccountId>(2);
    fact.version = Version{found.index(3)};
    read_flags(found, 4, fact);
    if (at >= facts_.accounts.size() || fact.id.empty()) return sqlite_bad_value;
    answer_.account(static_cast<std::uint32_t>(at), found.index(1), fact);
  }
  return found.code();
}

Code Fetch::accounts() noexcept {
  sql::AccountKeys keys;
  if (!sql::sort_out(query_, options_.case_insensitive_usernames, keys)) return no_memory;
  Code code = accounts(Sql::accounts_by_id, keys.ids);
  if (code == ok) code = accounts(Sql::accounts_by_email, keys.emails);
  if (code == ok) code = accounts(Sql::accounts_by_username, keys.usernames);
  return code != ok || answer_.sort_columns() ? code : no_memory;
}

Code Fetch::catalogs() noexcept {
  const Found having(facts_, 0, [this](std::uint32_t i) noexcept { return answer_.has_roles(i); });
  if (!having.complete) return no_memory;
  if (having.at.empty()) return ok;
  const Rows rows = rows_of(having.at.size(), having);
  Statement found(connection_, Sql::catalogs);
  found.rows(1, rows);
  while (found.next()) {
    Role role;
    role.id = found.id<RoleId>(2);
    role.rank = static_cast<std::uint16_t>(found.number(3));
    role.assignable = found.flag(4);
    role.manages = found.flag(5);
    role.owns = found.flag(6);
    role.takes_seat = found.flag(7);
    role.has_owned = query_.counts && found.flag(8);
    if (!answer_.own_role(static_cast<std::uint32_t>(found.index(0)), found.index(1), role)) return no_memory;
  }
  return found.code();
}

Code Fetch::actors() noexcept {
  if (query_.actor.empty()) return ok;
  const Found all(facts_, 0, each);
  if (!all.complete) return no_memory;
  const Rows rows = rows_of(all.at.size(), all);
  Statement found(connection_, Sql::actor_memberships);
  found.rows(1, rows).text(2, query_.actor.view());
  while (found.next())
    if (!answer_.actor(static_cast<std::uint32_t>(found.index(0)), found.index(2), Version{found.index(1)},
                       Time{found.number(3)}))
      return no_memory;
  return found.code();
}

Code Fetch::counts() noexcept {
  if (!query_.counts) return ok;
  const Found all(facts_, 0, each);
  if (!all.complete) return no_memory;
  const Rows rows = rows_of(all.at.size(), all);
  Statement found(connection_, Sql::counts);
  found.rows(1, rows).number(2, static_cast<std::int64_t>(query_.now));
  while (found.next()) add_counts(found, query_, facts_.organizations[found.position(0)].counts);
  return found.code();
}

// ---- roles

Code Fetch::wanted_roles() noexcept {
  if (query_.roles.empty()) return ok;
  SmallVector<Number, 4> numbers;
  if (!numbers.resize(query_.roles.size(), 0)) return no_memory;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.text(query_.roles[row].view());
    if (column == 1) to.number(row);
  };
  const Rows rows = rows_of(query_.roles.size(), write);
  Statement found(connection_, Sql::roles_by_id);
  found.rows(1, rows);
  while (found.next()) numbers[found.position(0)] = found.index(1);
  if (found.code() != ok) return found.code();
  return answer_.wanted_roles(numbers.data()) ? ok : no_memory;
}

Code Fetch::names() noexcept {
  const auto& unnamed = answer_.unnamed();
  if (unnamed.empty()) return ok;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.number(unnamed[row].number);
    if (column == 1) to.number(std::uint32_t{unnamed[row].at});
  };
  const Rows rows = rows_of(unnamed.size(), write);
  Statement found(connection_, Sql::roles_by_number);
  found.rows(1, rows);
  while (found.next()) {
    Role& role = facts_.roles[found.position(0)];
    role.id = found.id<RoleId>(1);
    role.has_owned = query_.counts && found.flag(2);
  }
  for (const auto& role : unnamed)
    if (found.code() == ok && facts_.roles[role.at].id.empty()) return sqlite_bad_value;  // a missing role
  return found.code();
}

// ---- the whole query

Code Fetch::cells() noexcept {
  if (!answer_.begin()) return no_memory;
  Transaction transaction(connection_, Transaction::Kind::read);
  Code code = transaction.code();
  if (code == ok) code = organizations();
  if (code == ok) code = accounts();
  if (code == ok) code = catalogs();
  if (code == ok) code = actors();
  if (code == ok) code = memberships();
  if (code == ok) code = inviters();
  if (code == ok) code = wanted_roles();
  if (code == ok) code = names();
  if (code == ok) code = counts();
  return code == ok ? transaction.end() : code;
}

Code Fetch::groups() noexcept {
  if (!facts_.groups.resize(query_.groups.size(), GroupFact{})) return no_memory;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.text(query_.groups[row].view());
    if (column == 1) to.number(row);
  };
  const Rows rows = rows_of(query_.groups.size(), write);
  Statement found(connection_, Sql::groups);
  found.rows(1, rows);
  while (found.next()) {
    GroupFact& group = facts_.groups[found.position(0)];
    group.found = true;
    if (found.is_null(1)) continue;
    ++group.accounts;
    if (!facts_.group_accounts.try_push_back(found.id<AccountId>(1))) return no_memory;
  }
  return found.code();
}

Code Fetch::run() noexcept {
  if (query_.set != nullptr) return set();
  if (!query_.groups.empty()) return groups();
  return is_one_cell() ? cell() : cells();
}

}  // namespace sqlite

Result<void> SqliteStore::fetch(const Query& query, Facts& facts) noexcept {
  if (state_ == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  const sqlite::Locked locked(state_->mutex, state_->options.thread_safe);
  facts.clear();
  return sqlite::result_of(sqlite::Fetch(state_->connection, state_->options, query, facts).run());
}

}  // namespace roster::inline ROSTER_ABI
