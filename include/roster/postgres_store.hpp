// PostgresStore: organizations, accounts and memberships in PostgreSQL, or in an engine with the same protocol.
//
//     PostgresStore store("host=db dbname=app connect_timeout=5");
//     if (Result<void> made = store.create_schema(); !made) log(store.last_error_message());
//     const Engine engine(profiles::recoup, store, ids);
#ifndef ROSTER_POSTGRES_STORE_HPP
#define ROSTER_POSTGRES_STORE_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "roster/membership_reader.hpp"
#include "roster/record_store.hpp"
#include "roster/store.hpp"

struct pg_conn;  // libpq's PGconn

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// PostgresOptions are the choices of a host at the construction of a PostgresStore.
struct PostgresOptions {
  bool outbox = false;                  ///< each commit writes its events to roster_outbox, in the same unit
  bool use_prepared_statements = true;  ///< false: behind a pooler that assigns each transaction another connection
  bool case_insensitive_usernames =
      false;  ///< as MemoryOptions::case_insensitive_usernames; the same for every store on one database
};

/// PostgresStore is one connection and the store on it.
///
/// Threads: one at a time. A host with several threads opens one store for each, or uses a connection pool
/// (docs/examples/170-postgres-pool.cpp). Stores of any number of processes may share a database.
/// Isolation: correct at READ COMMITTED and stricter; READ COMMITTED gives the fewest `stale` retries. A fetch is one
/// statement, so it reads one snapshot at each level, in a host's transaction too.
/// Round trips: one for a fetch, a commit, a look-up or a set-up operation, of any size; round_trips() counts them. A
/// commit or set-up operation of several statements takes one more if it fails, for its ROLLBACK.
/// Errors: as Store. store_failed carries the SQLSTATE (sqlstate() makes it readable), and last_error_message() is the
/// server's message. The next call reopens a broken connection that the store owns. fetch then retries by itself, and
/// commit never does. Nothing throws, and it works without exceptions. Nothing is printed.
class PostgresStore final : public Store, public MembershipReader, public RecordStore {
 public:
  /// Connects at the first call. `conninfo` is libpq's: "host=db dbname=app", "postgresql://...". It should set
  /// connect_timeout. The store owns the connection.
  explicit PostgresStore(const char* conninfo, const PostgresOptions& options = {}) noexcept;
  /// Uses a connection of the host, with client_encoding UTF8, which must outlive the store. Inside the host's
  /// transaction each call is a savepoint, and a commit takes effect with the host's commit. At REPEATABLE READ or
  /// SERIALIZABLE a `stale` inside a host's transaction stays `stale` until the host begins another.
  explicit PostgresStore(pg_conn* connection, const PostgresOptions& options = {}) noexcept;
  /// Returns the statement that a store runs on its own connection. It makes the planner keep its plans and prefer the
  /// indexes. On the host's connection the store does not run it, because it affects the host's other statements too.
  static std::string_view settings() noexcept;
  ~PostgresStore() override;
  PostgresStore(const PostgresStore&) = delete;
  PostgresStore& operator=(const PostgresStore&) = delete;

  Result<void> fetch(const Query& query, Facts& facts) noexcept override;
  Result<void> commit(const ChangeSet& changes) noexcept override;

  // ---- the schema
  /// Returns the statements of every migration step, for use in a host's own migrations. They may be repeated: a step
  /// that was made changes nothing, and waits for every transaction on the tables.
  static std::string_view schema() noexcept;
  /// Runs these statements if a step is missing, all or none. Tables of an earlier roster keep their rows.
  /// Errors: store_failed, with detail schema_differs if this version of roster cannot work with the tables.
  Result<void> create_schema() noexcept;
  /// Error::detail of create_schema(): this version of roster cannot work with the tables.
  static constexpr std::uint32_t schema_differs = 1;

  // ---- set-up: the calls of RecordStore. At REPEATABLE READ or SERIALIZABLE a conditional call is `stale` too if the
  // server could not serialize it.
  Result<std::optional<OrganizationRecord>> organization(const OrganizationSelector& selector) const noexcept override;
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override;
  Result<Version> overwrite_organization(const OrganizationRecord& record) noexcept override;
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override;
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override;
  Result<std::size_t> children(const OrganizationId& parent, const OrganizationId& after,
                               std::span<OrganizationId> out) const noexcept override;
  Result<Version> put_role(const OrganizationId& organization, const Role& role, Version version) noexcept override;
  Result<void> record_owner_role(const RoleId& role) noexcept override;
  Result<void> forget_owner_role(const RoleId& role) noexcept override;
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override;
  Result<std::size_t> roles(const OrganizationId& organization, const RoleId& after,
                            std::span<Role> out) const noexcept override;
  Result<std::optional<AccountRecord>> account(const AccountSelector& selector) const noexcept override;
  Result<Version> put_account(const AccountRecord& record) noexcept override;
  Result<Version> overwrite_account(const AccountRecord& record) noexcept override;
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version version) noexcept override;
  Result<void> change_accounts(std::span<AccountUpdate> updates) noexcept override;
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override;
  Result<void> overwrite_group(const GroupName& group, std::span<const AccountId> accounts) noexcept override;
  Result<void> put_membership(const Membership& membership) noexcept override;
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept override;
  /// Adds many accounts in one round trip. Existing accounts stay unchanged. `record.email` and `record.username` of
  /// the others must be unused.
  /// Errors: exists if one of them is in use; id_empty. No account is then added.
  Result<void> add_accounts(std::span<const AccountRecord> records) noexcept;

  // ---- look-ups: the calls of MembershipReader, and those of this store
  Result<std::optional<Membership>> membership(const OrganizationId& organization,
                                               const AccountId& account) const noexcept override;
  Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                            const AccountId& account) const noexcept override;
  Result<std::size_t> members(const OrganizationId& organization, const AccountId& after,
                              std::span<Membership> out) const noexcept override;
  Result<std::size_t> members_with_role(const OrganizationId& organization, const RoleId& role, const AccountId& after,
                                        std::span<Membership> out) const noexcept override;
  Result<std::size_t> invitations(const OrganizationId& organization, const AccountId& after,
                                  std::span<Membership> out) const noexcept override;
  Result<std::size_t> organizations_of(const AccountId& account, const OrganizationId& after,
                                       std::span<Membership> out) const noexcept override;
  Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept override;
  Result<std::uint64_t> organization_count(const AccountId& account) const noexcept override;
  Result<std::uint64_t> membership_count() noexcept;  ///< reads the whole table: for reports, not for requests
  Result<std::uint64_t> account_count() noexcept;     ///< the same

  /// Returns the server's message about the last failure, at most 256 bytes, for a log. It may quote stored data.
  std::string_view last_error_message() const noexcept;
  /// Returns the SQLSTATE of Error::detail of a store_failed: five letters and digits, or "00000" if the server sent
  /// none.
  static std::array<char, 5> sqlstate(std::uint32_t detail) noexcept;
  /// Returns the number of round trips of this store so far. It always has a value.
  std::optional<std::uint64_t> round_trips() const noexcept override;

 private:
  struct State;
  State* state_;  ///< null if its allocation failed: every call then returns out_of_memory
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
