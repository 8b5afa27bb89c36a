// SqliteStore::commit: everything in a change set, or nothing.
#include "sqlite/commit.hpp"

#include <algorithm>
#include <utility>

#include "sql/changes.hpp"
#include "sqlite/put.hpp"
#include "sqlite/transaction.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

// ---- one membership of an existing account, and nothing else: one statement, which is its own transaction

bool Commit::is_one_cell() const noexcept {
  if (changes_.added.size() != 1 || changes_.organizations.size() != 1 || changes_.accounts.size() != 1 ||
      !changes_.created.empty() || !changes_.changed.empty() || changes_.records_owner_roles || options_.outbox)
    return false;
  const MemberAdded& added = changes_.added[0];
  if (added.account != 0 || added.state != MembershipState::active) return false;
  unsigned seen = 0;
  for (const Guard& guard : changes_.guards) {
    const auto record = static_cast<unsigned>(guard.record);
    const bool fits = guard.record == Guard::Record::organization || guard.record == Guard::Record::account ||
                      guard.record == Guard::Record::actor;
    if (!fits || (seen & 1u << record) != 0) return false;
    seen |= 1u << record;
  }
  return true;
}

Code Commit::one_cell() noexcept {
  const OrganizationFact& in = changes_.organizations.front();
  const AccountFact& who = changes_.accounts.front();
  const IdempotencyKey idempotency_key = remembered(changes_.idempotency_key, changes_.added[0].fingerprint);
  Statement insert(connection_, Sql::add_cell);
  insert.number(1, static_cast<std::int64_t>(in.locator)).text(2, in.id.view()).null(3);
  insert.number(4, static_cast<std::int64_t>(who.locator)).text(5, who.id.view()).null(6);
  insert.null(7).text_if_any(8, changes_.actor.view()).text(9, changes_.roles[changes_.added[0].role].view());
  for (const Guard& guard : changes_.guards) {
    const auto version = static_cast<std::int64_t>(guard.version);
    insert.number(guard.record == Guard::Record::organization ? 3
                  : guard.record == Guard::Record::account    ? 6
                                                              : 7,
                  version);
  }
  insert.number(10, static_cast<std::int64_t>(changes_.at));
  insert.number(11, static_cast<std::int64_t>(changes_.valid_until));
  insert.blob(12, changes_.added_ids[0].bytes).blob(13, idempotency_key.bytes);
  connection_.set_hosted(sqlite3_get_autocommit(connection_.get()) == 0);
  insert.salt(connection_.salt());
  ending_ = true;
  return insert.run();
}

// ---- all other change sets: a few statements, for any size

Code Commit::locate_organizations() noexcept {
  if (!organizations_.resize(changes_.organizations.size(), Organization{})) return no_memory;
  if (organizations_.empty()) return ok;
  const auto write = [this](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.text(changes_.organizations[row].id.view());
    if (column == 1) to.number(row);
  };
  const Rows rows = rows_of(organizations_.size(), write);
  Statement found(connection_, Sql::checked_organizations);
  found.rows(1, rows);
  while (found.next())
    organizations_[found.position(0)] = {found.index(1), Version{found.index(2)}, found.number(4), found.flag(3)};
  return found.code();
}

/// Also finds the actor, because a change stores its actor.
Code Commit::locate_accounts() noexcept {
  const std::uint32_t known = static_cast<std::uint32_t>(changes_.accounts.size());
  if (!accounts_.reserve(std::size_t{known} + changes_.created.size()) || !accounts_.resize(known, Account{}))
    return no_memory;
  const auto write = [this, known](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.text(row < known ? changes_.accounts[row].id.view() : changes_.actor.view());
    if (column == 1) to.number(row);
  };
  const Rows rows = rows_of(std::size_t{known} + (changes_.actor.empty() ? 0 : 1), write);
  Statement found(connection_, Sql::checked_accounts);
  found.rows(1, rows);
  while (found.next()) {
    const std::size_t at = found.position(0);
    if (at < known)
      accounts_[at] = {found.index(1), Version{found.index(2)}, found.flag(3)};
    else
      actor_ = {found.index(1), Version{found.index(2)}, found.flag(3)};
  }
  return found.code();
}

/// Finds every organization and account of the change set by id. The numbers in its facts are only hints.
Code Commit::locate() noexcept {
  Code code = locate_organizations();
  if (code == ok) code = locate_accounts();
  if (code != ok) return code;
  const std::uint32_t known = accounts_.size();
  for (const MemberAdded& added : changes_.added)
    if (organizations_[added.organization].number == 0 ||
        (added.account < known && accounts_[added.account].number == 0))
      return stale;
  for (const MemberChanged& changed : changes_.changed)
    if (organizations_[changed.organization].number == 0 || changed.account >= known ||
        accounts_[changed.account].number == 0)
      return stale;
  return ok;
}

Code Commit::guards() noexcept {
  const std::uint32_t known = accounts_.size();
  for (const Guard& guard : changes_.guards) {
    const bool about_account = guard.record == Guard::Record::account || guard.record == Guard::Record::membership ||
                               guard.record == Guard::Record::inviter;
    if (about_account && (guard.account >= known || accounts_[guard.account].number == 0)) return stale;
    if (guard.record == Guard::Record::account) {
      if (accounts_[guard.account].version != guard.version) return stale;
      continue;
    }
    const Organization& in = organizations_[guard.organization];
    if (in.number == 0) return stale;
    if (guard.record == Guard::Record::organization && in.version != guard.version) return stale;
    if (guard.record == Guard::Record::actor && (actor_.number == 0 || actor_.disabled)) return stale;
    bounded_ |= guard.record == Guard::Record::seats || guard.record == Guard::Record::owners;
  }
  const Code code = guarded_memberships();
  return code == ok ? guarded_inviters() : code;
}

/// Checks the guards of memberships, and of the actor's membership, which must be active too. guards() has checked that
/// its account is enabled.
Code Commit::guarded_memberships() noexcept {
  SmallVector<std::uint32_t, 4> guarded;
  for (std::uint32_t i = 0; i < changes_.guards.size(); ++i) {
    const Guard::Record record = changes_.guards[i].record;
    const bool is_one = record == Guard::Record::membership || record == Guard::Record::actor;
    if (is_one && !guarded.try_push_back(i)) return no_memory;
  }
  if (guarded.empty()) return ok;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    const Guard& guard = changes_.guards[guarded[row]];
    const bool is_actor = guard.record == Guard::Record::actor;
    if (column == 0) return to.number(organizations_[guard.organization].number);
    if (column == 1) return to.number(is_actor ? actor_.number : accounts_[guard.account].number);
    if (column == 2) return to.number(static_cast<std::uint64_t>(guard.version));
    if (column == 3) to.number(is_actor);
  };
  const Rows rows = rows_of(guarded.size(), write);
  Statement holding(connection_, Sql::checked_memberships);
  holding.rows(1, rows);
  return holding.next() ? stale_if(holding.index(0) != guarded.size()) : holding.code();
}

Code Commit::guarded_inviters() noexcept {
  SmallVector<std::uint32_t, 4> guarded;
  for (std::uint32_t i = 0; i < changes_.guards.size(); ++i)
    if (changes_.guards[i].record == Guard::Record::inviter && !guarded.try_push_back(i)) return no_memory;
  if (guarded.empty()) return ok;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    const Guard& guard = changes_.guards[guarded[row]];
    if (column == 0) return to.number(organizations_[guard.organization].number);
    if (column == 1) return to.number(accounts_[guard.account].number);
    if (column == 2) to.number(static_cast<std::uint64_t>(guard.version));
  };
  const Rows rows = rows_of(guarded.size(), write);
  Statement holding(connection_, Sql::checked_inviters);
  holding.rows(1, rows);
  return holding.next() ? stale_if(holding.index(0) != guarded.size()) : holding.code();
}

Code Commit::known_roles() noexcept {
  const auto write = [this](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) return to.text(changes_.roles[row].view());
    if (column == 1) to.number(row);
  };
  const Rows rows = rows_of(roles_.size(), write);
  Statement found(connection_, Sql::roles_by_id);
  found.rows(1, rows);
  while (found.next()) roles_[found.position(0)] = found.index(1);
  return found.code();
}

/// Finds the numbers of the roles, and registers new roles.
Code Commit::roles() noexcept {
  if (!roles_.resize(changes_.roles.size(), 0)) return no_memory;
  if (roles_.empty()) return ok;
  const Code code = known_roles();
  if (code != ok || std::find(roles_.begin(), roles_.end(), 0u) == roles_.end()) return code;
  SmallVector<std::uint32_t, 2> fresh;
  for (std::uint32_t i = 0; i < roles_.size(); ++i)
    if (roles_[i] == 0 && !changes_.roles[i].empty() && !fresh.try_push_back(i)) return no_memory;
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    if (column == 0) to.text(changes_.roles[fresh[row]].view());
  };
  const Rows rows = rows_of(fresh.size(), write);
  Statement insert(connection_, Sql::insert_roles);
  const Code inserted = insert.rows(1, rows).run();
  return inserted == ok ? known_roles() : inserted;
}

Code Commit::record_owner_roles() noexcept {
  if (!changes_.records_owner_roles) return ok;
  Code code = ok;
  for (const RoleId& role : changes_.owner_roles)
    if (code == ok) code = sqlite::record_owner_role(connection_, role);
  return code;
}

Code Commit::create() noexcept {
  if (changes_.created.empty()) return ok;
  Number last = 0;
  {
    Statement highest(connection_, Sql::last_account);
    if (!highest.next()) return highest.code();
    last = highest.index(0);
    account_version_ = highest.number(1) + salt_;
  }
  for (std::uint32_t i = 0; i < changes_.created.size(); ++i)
    accounts_.unchecked_push_back({last + 1 + i, Version{static_cast<std::uint64_t>(account_version_)}, false});
  const auto write = [this, last](std::uint32_t row, int column, const Value& to) noexcept {
    const AccountCreated& created = changes_.created[row];
    if (column == 0) return to.number(last + 1 + row);
    if (column == 1) return to.text(created.id.view());
    if (column == 2 && created.email != nullptr) return to.text(created.email->key());
    if (column == 3 && created.email != nullptr) return to.text(created.email->text());
    if (column == 4) to.number(created.invited);
  };
  const Rows rows = rows_of(changes_.created.size(), write);
  Statement insert(connection_, Sql::insert_accounts);
  return insert.rows(1, rows).number(2, account_version_).run();
}

/// Rows are inserted in the order of the primary key, so that neighbours share a page.
Code Commit::add() noexcept {
  const std::uint32_t count = changes_.added.size();
  if (count == 0) return ok;
  const auto before = [this](std::uint32_t a, std::uint32_t b) noexcept {
    const MemberAdded &x = changes_.added[a], &y = changes_.added[b];
    const Number x_in = organizations_[x.organization].number, y_in = organizations_[y.organization].number;
    return x_in != y_in ? x_in < y_in : accounts_[x.account].number < accounts_[y.account].number;
  };
  SmallVector<std::uint32_t, 8> order;
  if (!order.resize_uninitialized(count)) return no_memory;
  bool sorted = true;
  for (std::uint32_t i = 0; i < count; ++i) {
    order[i] = i;
    sorted &= i == 0 || !before(i, i - 1);
  }
  if (!sorted) std::sort(order.begin(), order.end(), before);
  IdempotencyKey idempotency_key;  // the row being written
  const auto write = [&](std::uint32_t row, int column, const Value& to) noexcept {
    const MemberAdded& added = changes_.added[order[row]];
    switch (column) {
      case 0: return to.number(organizations_[added.organization].number);
      case 1: return to.number(accounts_[added.account].number);
      case 2: return to.number(roles_[added.role]);
      case 3: return to.number(static_cast<std::uint32_t>(added.state));
      case 4: return to.number(organizations_[added.organization].first_version + salt_);
      case 5: return to.blob(changes_.added_ids[order[row]].bytes);
      case 6:
        idempotency_key = remembered(changes_.idempotency_key, added.fingerprint);
        return to.blob(idempotency_key.bytes);
      default: return;
    }
  };
  const Rows rows = rows_of(count, write);
  Statement insert(connection_, Sql::insert_memberships);
  insert.rows(1, rows).number(2, static_cast<std::int64_t>(changes_.at));
  insert.number(3, static_cast<std::int64_t>(changes_.valid_until));
  insert.number(5, static_cast<std::int64_t>(changes_.invitation_until));
  return insert.number_if_any(4, inviter()).run();
}

/// The version that the commit leaves in the record of an event. An erased membership would have had it.
std::int64_t Commit::version_after(std::uint32_t event) const noexcept {
  const std::uint32_t created = changes_.created.size(), added = created + changes_.added.size();
  if (event < created) return account_version_;
  if (event < added) return organizations_[changes_.added[event - created].organization].first_version + salt_;
  return static_cast<std::int64_t>(changes_.changed[event - added].version) + 1 + salt_;
}

/// The indexes of organization and account of an event about a membership.
std::pair<std::uint32_t, std::uint32_t> Commit::pair_of(std::uint32_t event) const noexcept {
  const std::uint32_t created = changes_.created.size(), added = created + changes_.added.size();
  const auto pair = [](const auto& entry) noexcept { return std::pair(entry.organization, entry.account); };
  return event < added ? pair(changes_.added[event - created]) : pair(changes_.changed[event - added]);
}

Code Commit::events() noexcept {
  const std::uint32_t count = sql::event_count(changes_);
  if (!options_.outbox || count == 0) return ok;
  const auto write = [this](std::uint32_t row, int column, const Value& to) noexcept {
    const sql::EventRow event = sql::event(changes_, row);
    if (column == 0) return to.text(event.event);
    if (column == 1 && event.organization != nullptr) return to.text(event.organization->view());
    if (column == 2) return to.text(event.account->view());
    if (column == 3 && event.role != nullptr) return to.text(event.role->view());
    if (column == 4 && event.membership != nullptr) return to.blob(event.membership->bytes);
    if (column == 5) return to.number(version_after(row));
    if (!event.stays || column < 6) return;
    const auto [organization, account] = pair_of(row);
    to.number(column == 6 ? organizations_[organization].number : accounts_[account].number);
  };
  const Rows rows = rows_of(count, write);
  Statement insert(connection_, Sql::insert_events);
  insert.rows(1, rows).number(2, static_cast<std::int64_t>(changes_.at));
  return insert.text_if_any(3, changes_.actor.view()).blob(4, changes_.idempotency_key.bytes).run();
}

Code Commit::several() noexcept {
  Transaction transaction(connection_, Transaction::Kind::write);
  Code code = transaction.code();
  salt_ = connection_.salt();
  if (code == ok) code = locate();
  if (code == ok) code = guards();
  if (code == ok) code = roles();
  if (code == ok) code = record_owner_roles();
  if (code == ok) code = former();
  if (code == ok) code = begin_counting();
  if (code == ok) code = create();
  if (code == ok) code = add();
  if (code == ok) code = change();
  if (code == ok) code = erase();
  if (code == ok) code = count();
  if (code == ok) code = bounds();
  if (code == ok) code = events();
  if (code != ok) return code;
  ending_ = true;
  return transaction.end();
}

Result<void> Commit::run() noexcept {
  Code code = stale;
  if (sql::indexes_fit(changes_)) {
    const bool alone = is_one_cell();
    code = alone ? one_cell() : several();
    // The single statement does not report the failed check. It also fails if the organization is counted.
    if (alone && code == SQLITE_CONSTRAINT_NOTNULL) {
      ending_ = false;
      code = several();
    }
  }
  if (code == stale || is_taken(code) || code == SQLITE_BUSY_SNAPSHOT) return Errc::stale;
  // If an allocation failed during COMMIT, it is unknown whether the writes are in the file.
  if (ending_ && code != ok) return Error(Errc::store_failed, code);
  return result_of(code);
}

}  // namespace sqlite

Result<void> SqliteStore::commit(const ChangeSet& changes) noexcept {
  if (state_ == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  const sqlite::Locked locked(state_->mutex, state_->options.thread_safe);
  return sqlite::Commit(state_->connection, state_->options, changes).run();
}

}  // namespace roster::inline ROSTER_ABI
