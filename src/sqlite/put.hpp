// The parts that all set-up operations of SqliteStore share: their codes, the search for a record, the transaction.
#ifndef ROSTER_SQLITE_PUT_HPP
#define ROSTER_SQLITE_PUT_HPP

#include "sqlite/state.hpp"
#include "sqlite/transaction.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

inline constexpr Code missing = 0x30000;    // the record, or one that it refers to, does not exist
inline constexpr Code malformed = 0x30001;  // an id is empty
inline constexpr Code outdated = 0x30002;   // the record has another version
inline constexpr Code present = 0x30003;    // the record exists already
inline constexpr Code in_use = 0x30004;     // a membership has the role
inline constexpr Code ownerless = 0x30005;  // the organization would lose its last owner
inline constexpr Code cyclic = 0x30006;     // the parent is inside the organization

inline constexpr Code peopled = 0x30007;   // the record has memberships
inline constexpr Code parental = 0x30008;  // an organization is inside this one

inline Code code_of(Errc failed) noexcept {
  switch (failed) {
    case Errc::not_found: return missing;
    case Errc::stale: return outdated;
    case Errc::exists: return present;
    default: return ok;
  }
}

/// The code of a conditional call. Another connection has written since the host's transaction began to read, so the
/// version that was compared may be an old one.
inline Code if_current(Code code) noexcept {
  return code == SQLITE_BUSY_SNAPSHOT ? outdated : code;
}

inline Result<void> outcome_of(Code code) noexcept {
  if (code == missing) return Errc::not_found;
  if (code == malformed) return Errc::id_empty;
  if (code == outdated) return Errc::stale;
  if (code == in_use) return Errc::role_in_use;
  if (code == ownerless) return Errc::owner_last;
  if (code == cyclic) return Errc::parent_cycle;
  if (code == peopled) return Errc::has_members;
  if (code == parental) return Errc::has_children;
  if (code == present || is_taken(code)) return Errc::exists;
  return result_of(code);
}

/// Registers a role, which gives it a number.
Code know(Connection& connection, const RoleId& role) noexcept;
/// Registers a role as one that has owned.
Code record_owner_role(Connection& connection, const RoleId& role) noexcept;

/// An account, as it is before a write. 0: there is none.
struct AccountBefore {
  Number number = 0;
  bool disabled = false;

  Code find(Connection& connection, const AccountId& id) noexcept {
    Statement found(connection, Sql::number_of_account);
    if (!found.text(1, id.view()).next()) return found.code();
    number = found.index(0);
    disabled = found.flag(2);
    return found.code();
  }
};

/// Finds the number of a record by its id. 0: none.
inline Code find(Connection& connection, Sql which, std::string_view id, Number& number) noexcept {
  Statement found(connection, which);
  if (found.text(1, id).next()) number = found.index(0);
  return found.code();
}

/// Runs `put` in one transaction.
template <class State, class Put>
Result<void> in_transaction(State* state, const Put& put) noexcept {
  if (state == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  const Locked locked(state->mutex, state->options.thread_safe);
  Transaction transaction(state->connection, Transaction::Kind::write);
  Code code = transaction.code();
  if (code == ok) code = put(state->connection);
  return outcome_of(code == ok ? transaction.end() : code);
}

/// The same for `put(connection, version)`, which sets the version that the record then has.
template <class State, class Put>
Result<Version> put_in_transaction(State* state, const Put& put) noexcept {
  Version version{};
  const Result<void> done =
      in_transaction(state, [&](Connection& connection) noexcept { return put(connection, version); });
  if (!done) return done.assume_error();
  return version;
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
