// PostgresStore: organizations, accounts and memberships in PostgreSQL, or in an engine that speaks its protocol.
#ifndef ROSTER_POSTGRES_STORE_HPP
#define ROSTER_POSTGRES_STORE_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "roster/records.hpp"
#include "roster/store.hpp"

struct pg_conn;  // libpq's PGconn

ROSTER_PUBLIC_BEGIN

struct PostgresOptions {
  bool outbox = false;           ///< each commit writes its events to roster_outbox, in the same unit
  bool prepares = true;          ///< false: behind a pooler that gives each transaction another connection
  bool folds_usernames = false;  ///< as MemoryOptions::folds_usernames; the same for every store on one database
};

/// One connection and the store on it.
///
/// Threads: one at a time. A host with several threads makes a store for each, or lends them out
/// (docs/examples/170-postgres-pool.cpp). Stores of any number of processes may share a database.
/// Isolation: right at READ COMMITTED and above; a host that needs no other runs it at READ COMMITTED, where less is
/// stale. A fetch is one statement, so its answer is of one moment at each of them, in a host's transaction too.
/// Round trips: one a fetch, one a commit, one a look-up or set-up verb, whatever its size; round_trips() counts.
/// Errors: as Store says. store_failed carries the SQLSTATE (sqlstate() makes it readable); problem() is the server's
/// sentence. A broken connection that the store owns is made again when the next verb begins; fetch then asks again by
/// itself, commit never does. Nothing throws; works without exceptions. Nothing is printed.
class PostgresStore final : public Store {
 public:
  /// Connects when the first verb begins. `conninfo` is libpq's: "host=db dbname=app", "postgresql://...". It should
  /// set connect_timeout. The connection belongs to the store.
  explicit PostgresStore(const char* conninfo, const PostgresOptions& options = {}) noexcept;
  /// Uses a connection that the host opened, with client_encoding UTF8, and that outlives the store. Inside the host's
  /// transaction each verb is a savepoint: what commit wrote is there once the host commits. At REPEATABLE READ or
  /// SERIALIZABLE a `stale` inside a host's transaction stays stale until the host begins another.
  explicit PostgresStore(pg_conn* connection, const PostgresOptions& options = {}) noexcept;
  /// The statement that a store runs on a connection of its own: it makes the planner keep its plans and prefer the
  /// indexes. On a connection of the host's it is the host's to run, for its other statements feel it too.
  static std::string_view settings() noexcept;
  ~PostgresStore() override;
  PostgresStore(const PostgresStore&) = delete;
  PostgresStore& operator=(const PostgresStore&) = delete;

  Result<void> fetch(const Query& query, Facts& facts) noexcept override;
  Result<void> commit(const ChangeSet& changes) noexcept override;

  // ---- the schema
  /// Statements that make the tables where they are not there yet, to be put among a host's own migrations.
  static std::string_view schema() noexcept;
  /// Runs them. Errors: store_failed; with detail schema_differs if the tables are those of another version.
  Result<void> create_schema() noexcept;
  static constexpr std::uint32_t schema_differs = 1;

  // ---- set-up: the host's own records. A put of an id that is there changes the record and raises its version.
  // Errors besides those named: store_failed, out_of_memory. What was put with an answer lost may be put again.
  /// Errors: exists (the slug is another's), not_found (the parent), id_empty.
  Result<void> put_organization(const OrganizationRecord& record) noexcept;
  /// Adds or changes a role in an organization's own catalog, for profiles without one. Errors: not_found, id_empty.
  Result<void> put_role(const OrganizationId& organization, const Role& role) noexcept;
  /// Errors: exists (the e-mail key or username is another's), id_empty.
  Result<void> put_account(const AccountRecord& record) noexcept;
  /// Many at once, in one round trip; accounts that are there already stay as they are, and `record.email` and
  /// `record.username` of the others must be unused. Errors: exists, id_empty; then none is put.
  Result<void> add_accounts(std::span<const AccountRecord> records) noexcept;
  /// Names a set of accounts; a second put replaces the set. Errors: not_found (an account), id_empty.
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) noexcept;
  /// A membership that is there from the start, such as the owner of a new organization. No rule is judged.
  /// Errors: exists, not_found, id_empty.
  Result<void> put_membership(const Membership& membership) noexcept;
  /// Forgets a membership, and with it the RequestKey it remembered. Errors: not_found.
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept;

  // ---- look-ups. Errors: store_failed, out_of_memory; "there is none" is an answer.
  Result<std::optional<Membership>> membership(const OrganizationId& organization, const AccountId& account) noexcept;
  /// The tombstone of a membership that was removed under a profile that keeps them.
  Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                            const AccountId& account) noexcept;
  /// Fills `out` with members in the order of their account ids, those after `after`; empty: from the first. Returns
  /// how many; fewer than out.size() at the end. Who joins meanwhile neither repeats nor hides another.
  Result<std::size_t> members(const OrganizationId& organization, const AccountId& after,
                              std::span<Membership> out) noexcept;
  /// The same for the organizations of an account, in the order of their ids.
  Result<std::size_t> organizations_of(const AccountId& account, const OrganizationId& after,
                                       std::span<Membership> out) noexcept;
  Result<std::uint64_t> member_count(const OrganizationId& organization) noexcept;  ///< reads every one of them
  Result<std::uint64_t> membership_count() noexcept;  ///< reads the whole table: for reports, not for requests
  Result<std::uint64_t> account_count() noexcept;     ///< the same
  Result<std::optional<OrganizationRecord>> organization(const OrganizationSelector& selector) noexcept;
  Result<std::optional<AccountRecord>> account(const AccountSelector& selector) noexcept;

  /// What the server said about the last failure, at most 256 bytes; for a log. It may quote what the host had stored.
  std::string_view problem() const noexcept;
  /// The SQLSTATE behind Error::detail of a store_failed: five letters and digits, "00000" if the server said none.
  static std::array<char, 5> sqlstate(std::uint32_t detail) noexcept;
  std::uint64_t round_trips() const noexcept;

 private:
  struct State;
  State* state_;  ///< null if there was no memory for it: then every verb says out_of_memory
};

ROSTER_END

#endif
