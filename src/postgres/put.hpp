// The parts that all set-up operations of PostgresStore share: the numbers of their statements, and their errors.
#ifndef ROSTER_POSTGRES_PUT_HPP
#define ROSTER_POSTGRES_PUT_HPP

#include <optional>

#include "core/put_conditions.hpp"
#include "postgres/state.hpp"
#include "postgres/statements.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace put_number {
enum : std::uint16_t {
  turn_of_parents = first_put,
  parent,
  organization,
  changed_organization,
  organization_alone,
  opened_organization,
  former_slug,
  slug,
  own_slug,
  role,
  kept_owner,
  erasable_role,
  erased_role,
  replaced_role,
  unused_role,
  known_role,
  forgotten_role,
  account,
  changed_account,
  changed_accounts,
  changed_versions,
  former_name,
  name,
  own_name,
  new_accounts,
  group,
  membership,
  erased,
  erased_organization,
  erased_catalog,
  erased_tombstones,
  unused_organization,
  erased_account,
  left_groups,
  erased_former,
  unused_account,
  erased_changer,
  erased_events,
  erased_from_events,
  count
};
}
static_assert(put_number::count <= first_look_up);

inline constexpr std::string_view if_found = " THEN 1 ELSE 0 END)";
/// After `WITH w AS (... RETURNING version)`: the version of the one record written. No record is a failed check.
inline constexpr std::string_view its_version = " SELECT max(w.version), 1 / count(*) FROM w";

/// The shape of a statement that has two.
constexpr std::uint16_t shape_if(bool second) noexcept {
  return second ? 1 : 0;
}

/// Changes the fields of an organization that are not NULL, if it has this version.
Statement change_organization() noexcept;
/// Deletes the slug of the organization $1, unless it is $2.
Statement delete_slug() noexcept;
/// Deletes the names of an account that is about to be erased.
void send_deleted_names(Connection& pipeline, const AccountId& id, Values& values) noexcept;
/// The error of a change whose check failed. `stored` is Version{} if there is no record. If the condition holds after
/// all, another record that the change names does not exist.
Errc refused_change(Version given, Version stored) noexcept;

/// Sends one statement with the values that `fill` gives it.
template <class Fill>
void send(Connection& pipeline, const Statement& statement, Values& values, Fill&& fill) noexcept {
  values.clear();
  fill(values);
  pipeline.send(statement, values);
}

/// any_version is NULL.
inline void version(Values& to, Version given) noexcept {
  given == any_version ? to.null() : to.int8(static_cast<std::int64_t>(given));
}

inline void text_or_null(Values& to, std::string_view text) noexcept {
  text.empty() ? to.null() : to.text(text);
}

/// Converts `stale` into the error of an unconditional set-up operation.
inline Result<void> outcome_of(const Connection& connection, Result<void> done) noexcept {
  if (done || done.assume_error().code != Errc::stale) return done;
  if (connection.sqlstate() == "23505") return Errc::exists;
  if (connection.sqlstate() == "22012") return Errc::not_found;
  return Error(Errc::store_failed, detail_of(connection.sqlstate()));
}

/// True if the server refused a conditional operation by its check, and not by a unique key or a conflict.
inline bool failed_check(const Connection& connection, const Result<void>& done) noexcept {
  return !done && done.assume_error().code == Errc::stale && connection.sqlstate() == "22012";
}
/// The result of a conditional set-up operation without a failed check. `row` is the statement that wrote the record.
inline Result<Version> version_of(const Connection& connection, const Result<void>& done, std::uint32_t row) noexcept {
  if (done) return Version{static_cast<std::uint64_t>(connection.rows(row).number(0, 0))};
  if (connection.sqlstate() == "23505") return Errc::exists;
  return done.assume_error();
}

/// The result of a put whose check failed; not_found if its condition holds after all. A record that is stored already
/// is a failed check too, so that nothing of it is written.
template <class Record, class SameFields>
Result<Version> refused_put(const Record& record, const Result<std::optional<Record>>& stored,
                            const SameFields& has_same_fields) noexcept {
  if (!stored) return stored.assume_error();
  if (!stored.assume_value()) return Errc::not_found;
  if (has_same_fields(*stored.assume_value(), record)) return stored.assume_value()->version;
  const Errc failed = check_put(record.version, stored.assume_value()->version);
  return failed == Errc{} ? Errc::not_found : failed;
}

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
