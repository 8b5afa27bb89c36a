// The set-up operations of SqliteStore for roles, and their listing.
#include "core/put_conditions.hpp"
#include "roster/decision.hpp"
#include "sqlite/put.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

/// Finds the organization, if it has that version.
Code find(Connection& connection, const OrganizationId& organization, Version version, Number& number) noexcept {
  Statement found(connection, Sql::number_of_organization);
  Version stored{};
  if (found.text(1, organization.view()).next()) {
    number = found.index(0);
    stored = Version{found.index(2)};
  }
  return found.code() == ok ? code_of(check_change(version, stored)) : found.code();
}

/// One entry of an organization's catalog. 0: there is none.
struct CatalogEntry {
  Number role = 0;
  bool owns = false;

  Code find(Connection& connection, Number organization, const RoleId& id) noexcept {
    Statement found(connection, Sql::role_in_catalog);
    if (found.number(1, static_cast<std::int64_t>(organization)).text(2, id.view()).next()) {
      role = found.index(0);
      owns = found.flag(1);
    }
    return found.code();
  }
};

/// Checks that the organization has an owner with another role, or none with this one. An owner whose account is
/// disabled counts if there is no other, because it may be enabled again.
Code keep_an_owner(Connection& connection, Number organization, const CatalogEntry& entry) noexcept {
  if (!entry.owns) return ok;
  Statement found(connection, Sql::owners_by_role);
  found.number(1, static_cast<std::int64_t>(organization)).number(2, static_cast<std::int64_t>(entry.role));
  const bool loses = found.next() && ((found.flag(0) && !found.flag(1)) || (found.flag(2) && !found.flag(3)));
  return found.code() == ok && loses ? ownerless : found.code();
}

/// Runs a statement about one organization and one or two roles.
Code run(Connection& connection, Sql which, Number organization, Number role, Number other = 0) noexcept {
  Statement statement(connection, which);
  statement.number(1, static_cast<std::int64_t>(organization)).number(2, static_cast<std::int64_t>(role));
  if (other != 0) statement.number(3, static_cast<std::int64_t>(other));
  return statement.run();
}

Code replace(Connection& connection, Number organization, Number role, Number other, std::int64_t salt) noexcept {
  Statement statement(connection, Sql::replace_role);
  statement.number(1, static_cast<std::int64_t>(organization)).number(2, static_cast<std::int64_t>(role));
  return statement.number(3, static_cast<std::int64_t>(other)).salt(salt).run();
}

Code raise(Connection& connection, Number organization, Version& version) noexcept {
  Statement raise(connection, Sql::raise_organization);
  return raise.number(1, static_cast<std::int64_t>(organization)).salt(connection.salt()).read_version(version);
}

Code put(Connection& connection, const OrganizationId& organization, const Role& role, Version& version) noexcept {
  if (organization.empty() || role.id.empty()) return malformed;
  Number number = 0;
  CatalogEntry stored;
  Code code = find(connection, organization, version, number);
  if (code == ok && !role.owns) code = stored.find(connection, number, role.id);
  if (code == ok) code = keep_an_owner(connection, number, stored);
  if (code == ok) code = know(connection, role.id);
  if (code != ok) return code;
  Statement upsert(connection, Sql::upsert_role);
  upsert.number(1, static_cast<std::int64_t>(number)).text(2, role.id.view()).number(3, role.rank);
  upsert.number(4, role.assignable ? 1 : 0).number(5, role.manages ? 1 : 0).number(6, role.owns ? 1 : 0);
  code = upsert.number(7, role.takes_seat ? 1 : 0).run();
  if (code == ok && role.owns) code = record_owner_role(connection, role.id);
  return code == ok ? raise(connection, number, version) : code;
}

/// Writes an event for each member whose role is about to be replaced.
Code write_events(Connection& connection, Number organization, Number role, Number replacement,
                  std::int64_t salt) noexcept {
  Statement insert(connection, Sql::insert_role_events);
  insert.number(1, static_cast<std::int64_t>(organization)).number(2, static_cast<std::int64_t>(role));
  insert.number(3, static_cast<std::int64_t>(replacement)).text(4, name(Event::role_changed));
  return insert.salt(salt).run();
}

Code erase(Connection& connection, const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
           bool outbox, Version& version) noexcept {
  if (organization.empty() || role.empty()) return malformed;
  Number number = 0;
  CatalogEntry erased, instead;
  Code code = find(connection, organization, version, number);
  if (code == ok) code = erased.find(connection, number, role);
  if (code == ok && !replacement.empty()) code = instead.find(connection, number, replacement);
  if (code != ok) return code;
  if (erased.role == 0 || (!replacement.empty() && (instead.role == 0 || instead.role == erased.role))) return missing;
  if (replacement.empty()) {
    Statement used(connection, Sql::members_of_role);
    used.number(1, static_cast<std::int64_t>(number)).number(2, static_cast<std::int64_t>(erased.role));
    if (used.next()) return in_use;
    code = used.code();
  } else {
    if (!instead.owns) code = keep_an_owner(connection, number, erased);
    const std::int64_t salt = connection.salt();  // of the members and their events
    if (code == ok && outbox) code = write_events(connection, number, erased.role, instead.role, salt);
    if (code == ok) code = replace(connection, number, erased.role, instead.role, salt);
    if (code == ok) code = run(connection, Sql::move_counts, number, erased.role, instead.role);
    if (code == ok) code = run(connection, Sql::clear_counts, number, erased.role);
  }
  if (code == ok) code = run(connection, Sql::erase_role, number, erased.role);
  return code == ok ? raise(connection, number, version) : code;
}

Code forget_owner_role(Connection& connection, const RoleId& role) noexcept {
  Statement forget(connection, Sql::forget_owner_role);
  if (forget.text(1, role.view()).next()) return ok;
  return forget.code() == ok ? missing : forget.code();
}

Code list(Connection& connection, const OrganizationId& organization, const RoleId& after, std::span<Role> out,
          std::size_t& written) noexcept {
  Statement found(connection, Sql::roles_after);
  found.text(1, organization.view()).text(2, after.view()).number(3, static_cast<std::int64_t>(out.size()));
  while (written < out.size() && found.next()) {
    out[written] = {found.id<RoleId>(0), static_cast<std::uint16_t>(found.number(1)),
                    found.flag(2),       found.flag(3),
                    found.flag(4),       found.flag(5)};
    if (found.code() == ok) ++written;
  }
  return found.code();
}

}  // namespace
}  // namespace sqlite

using sqlite::Connection;
using sqlite::put_in_transaction;

Result<Version> SqliteStore::put_role(const OrganizationId& organization, const Role& role, Version version) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& now) noexcept {
    now = version;
    return sqlite::if_current(sqlite::put(connection, organization, role, now));
  });
}

Result<void> SqliteStore::record_owner_role(const RoleId& role) noexcept {
  return sqlite::in_transaction(state_, [&](Connection& connection) noexcept {
    return role.empty() ? sqlite::malformed : sqlite::record_owner_role(connection, role);
  });
}

Result<void> SqliteStore::forget_owner_role(const RoleId& role) noexcept {
  return sqlite::in_transaction(state_, [&](Connection& connection) noexcept {
    return role.empty() ? sqlite::malformed : sqlite::forget_owner_role(connection, role);
  });
}

Result<Version> SqliteStore::erase_role(const OrganizationId& organization, const RoleId& role,
                                        const RoleId& replacement, Version version) noexcept {
  return put_in_transaction(state_, [&](Connection& connection, Version& now) noexcept {
    now = version;
    return sqlite::if_current(sqlite::erase(connection, organization, role, replacement, state_->options.outbox, now));
  });
}

Result<std::size_t> SqliteStore::roles(const OrganizationId& organization, const RoleId& after,
                                       std::span<Role> out) const noexcept {
  if (state_ == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  const sqlite::Locked locked(state_->mutex, state_->options.thread_safe);
  const RoleId from = after;  // it may be an id in `out`
  std::size_t written = 0;
  const sqlite::Code code = sqlite::list(state_->connection, organization, from, out, written);
  if (code != sqlite::ok) return sqlite::error_of(code);
  return written;
}

}  // namespace roster::inline ROSTER_ABI
