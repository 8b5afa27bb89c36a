#include "sqlite/fetch.hpp"

#include <algorithm>

#include "sqlite/counts.hpp"
#include "sqlite/unit.hpp"

ROSTER_BEGIN
namespace sqlite {

namespace {

constexpr Code no_memory = SQLITE_NOMEM;

Number number_of(Locator locator) noexcept {
  return static_cast<Number>(locator);
}

/// Texts, where each belongs, and the text of a parent.
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
    const std::uint64_t at = found.index(0);
    sql::OrganizationRow row;
    row.number = found.index(1);
    row.id = found.id<OrganizationId>(2);
    row.version = Version{found.index(3)};
    row.parent = found.index(4);
    row.joinable = found.flag(5);
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
    if (facts_.organizations[first + i].id.empty()) return sqlite_bad_value;  // a parent that is not there
  return code;
}

// ---- columns

Code Fetch::accounts(Sql which, const sql::Keys& keys) noexcept {
  if (keys.empty()) return ok;
  const auto write = write_keys(keys);
  const Rows rows = rows_of(keys.size(), write);
  Statement found(connection_, which);
  found.rows(1, rows);
  while (found.next()) {
    const std::uint64_t at = found.index(0);
    AccountFact fact;
    fact.id = found.id<AccountId>(2);
    fact.version = Version{found.index(3)};
    fact.disabled = found.flag(4);
    fact.invited = found.flag(5);
    fact.verified = found.flag(6);
    if (at >= facts_.accounts.size() || fact.id.empty()) return sqlite_bad_value;
    answer_.account(static_cast<std::uint32_t>(at), found.index(1), fact);
  }
  return found.code();
}

Code Fetch::accounts() noexcept {
  sql::AccountKeys keys;
  if (!sql::sort_out(query_, options_.folds_usernames, keys)) return no_memory;
  Code code = accounts(Sql::accounts_by_id, keys.ids);
  if (code == ok) code = accounts(Sql::accounts_by_email, keys.emails);
  if (code == ok) code = accounts(Sql::accounts_by_username, keys.usernames);
  return code != ok || answer_.sort_columns() ? code : no_memory;
}

// ---- what stands in the organizations found: a row of ours has the number of one and where its fact stands

namespace {

/// The organizations of an answer from `first` on that were found and that `wanted` says yes to.
template <class Wanted>
struct Found {
  Found(const Facts& facts, std::uint32_t first, Wanted wanted) noexcept : facts_(facts) {
    for (std::uint32_t i = first; complete && i < facts.organizations.size(); ++i)
      if (!facts.organizations[i].id.empty() && wanted(i)) complete = at.push(i);
  }
  void operator()(std::uint32_t row, int column, const Value& to) const noexcept {
    if (column == 0) return to.number(number_of(facts_.organizations[at[row]].locator));
    if (column == 1) to.number(at[row]);
  }

  List<std::uint32_t, 4> at;
  bool complete = true;  ///< false: memory is out

 private:
  const Facts& facts_;
};

/// Memberships of an answer: the numbers of both ends, and where each stands.
struct PlacedMembers {
  PlacedMembers(const Facts& facts, const List<std::uint32_t, 2>& at) noexcept : facts_(facts), at_(at) {}
  void operator()(std::uint32_t row, int column, const Value& to) const noexcept {
    const MembershipFact& member = facts_.memberships[at_[row]];
    if (column == 0) return to.number(number_of(facts_.organizations[member.organization].locator));
    if (column == 1) return to.number(number_of(facts_.accounts[member.account].locator));
    if (column == 2) to.number(at_[row]);
  }

 private:
  const Facts& facts_;
  const List<std::uint32_t, 2>& at_;
};

constexpr auto each = [](std::uint32_t) noexcept { return true; };

}  // namespace

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
  found.rows(1, rows);
  const Counts counted(query_.owner_roles);
  while (found.next()) counted.add(found, facts_.organizations[found.index(0)].counts);
  return found.code();
}

// ---- cells

/// False only when memory is out.
inline bool Fetch::take(Statement& found, std::uint32_t row) noexcept {
  sql::MemberRow member = read_member(found, 2);
  member.account = found.index(1);
  member.written_by_request = found.flag(7);
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
  return code == ok ? traces() : code;
}

/// What had been there before those that are suspended or removed, where the query asks which are outdated.
Code Fetch::traces() noexcept {
  if (query_.request.empty() && query_.asked_at == Time{}) return ok;
  const auto& members = facts_.memberships;
  List<std::uint32_t, 2> paused;
  for (std::uint32_t i = 0; i < members.size(); ++i)
    if (answer_.asks_for_trace(i) && !paused.push(i)) return no_memory;
  if (paused.empty()) return ok;
  const PlacedMembers write(facts_, paused);
  const Rows rows = rows_of(paused.size(), write);
  Statement found(connection_, Sql::traces);
  found.rows(1, rows);
  while (found.next())
    answer_.trace(static_cast<std::uint32_t>(found.index(0)), found.key<RequestKey>(1), Time{found.number(2)});
  return found.code();
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

// ---- roles

Code Fetch::wanted_roles() noexcept {
  if (query_.roles.empty()) return ok;
  List<Number, 4> numbers;
  if (!numbers.resize(query_.roles.size(), 0)) return no_memory;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.text(query_.roles[row].view());
    if (column == 1) to.number(row);
  };
  const Rows rows = rows_of(query_.roles.size(), write);
  Statement found(connection_, Sql::roles_by_id);
  found.rows(1, rows);
  while (found.next()) numbers[found.index(0)] = found.index(1);
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
  while (found.next()) facts_.roles[found.index(0)].id = found.id<RoleId>(1);
  for (const auto& role : unnamed)
    if (found.code() == ok && facts_.roles[role.at].id.empty()) return sqlite_bad_value;  // a role that is not there
  return found.code();
}

// ---- all of it

Code Fetch::cells() noexcept {
  if (!answer_.begin()) return no_memory;
  Unit unit(connection_, Unit::Kind::read);
  Code code = unit.code();
  if (code == ok) code = organizations();
  if (code == ok) code = accounts();
  if (code == ok) code = catalogs();
  if (code == ok) code = actors();
  if (code == ok) code = memberships();
  if (code == ok) code = inviters();
  if (code == ok) code = wanted_roles();
  if (code == ok) code = names();
  if (code == ok) code = counts();
  return code == ok ? unit.end() : code;
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
    GroupFact& group = facts_.groups[found.index(0)];
    group.found = true;
    if (found.is_null(1)) continue;
    ++group.accounts;
    if (!facts_.group_accounts.push(found.id<AccountId>(1))) return no_memory;
  }
  return found.code();
}

Code Fetch::run() noexcept {
  if (!query_.groups.empty()) return groups();
  return is_one_cell() ? cell() : cells();
}

}  // namespace sqlite

Result<void> SqliteStore::fetch(const Query& query, Facts& facts) noexcept {
  if (state_ == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  const sqlite::Locked locked(state_->mutex, state_->options.locked);
  facts.clear();
  return sqlite::result_of(sqlite::Fetch(state_->connection, state_->options, query, facts).run());
}

ROSTER_END
