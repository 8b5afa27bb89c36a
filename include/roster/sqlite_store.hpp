// SqliteStore: a store in an SQLite database, in a file of its own or beside the host's own tables.
#ifndef ROSTER_SQLITE_STORE_HPP
#define ROSTER_SQLITE_STORE_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "roster/records.hpp"
#include "roster/store.hpp"

struct sqlite3;

ROSTER_PUBLIC_BEGIN

struct SqliteOptions {
  /// When a commit has happened for good. A crash of the process never loses one; only this is about the machine.
  enum class Durability : std::uint8_t {
    power_loss,  ///< synchronous=FULL: what commit() said was written survives a loss of power
    crash,       ///< synchronous=NORMAL: the last commits may be lost with the power, whole and in order
  };
  Durability durability = Durability::power_loss;  ///< not used with adopt(): the host has set up its connection
  std::uint32_t busy_wait_max = 5000;              ///< milliseconds to wait for another writer; not used with adopt()
  bool locked = true;            ///< false: the host promises that only one thread uses the store at a time
  bool folds_usernames = false;  ///< as MemoryOptions::folds_usernames; kept in the database, which must agree
  bool outbox = false;           ///< every commit writes its events to the table roster_outbox, in the same transaction
  bool creates = true;           ///< false: a database without roster's tables is refused (sqlite_no_schema)
};

/// Error::detail of store_failed is an extended result code of SQLite (https://sqlite.org/rescode.html), or one of
/// these, which are above them all.
inline constexpr std::uint32_t sqlite_no_schema = 0x10001;        ///< no tables of roster, and creates is false
inline constexpr std::uint32_t sqlite_newer_schema = 0x10002;     ///< a later roster has written this database
inline constexpr std::uint32_t sqlite_other_usernames = 0x10003;  ///< folds_usernames differs from the database's
inline constexpr std::uint32_t sqlite_bad_value = 0x10004;        ///< a row holds what roster never writes

/// What such a detail means and what to do next. One sentence, lower case, no full stop.
std::string_view describe_sqlite(std::uint32_t detail) noexcept;

/// One connection to a database. Any number of stores, in any number of processes, may use one file: SQLite lets one
/// of them write at a time, and a commit waits for its turn as long as busy_wait_max says.
///
/// Owns the connection that open() made; never closes one that it adopted. Inside a transaction of the host, which only
/// an adopted connection can be in, every verb nests: it is done or undone as a whole, and becomes durable with the
/// host's own COMMIT.
/// Threads: as MemoryStore. The host must not use an adopted connection from another thread while a verb runs.
/// Nothing throws. Needs SQLite 3.35 or later. docs/sqlite.md shows it at work.
///
/// Errors of every verb, besides those it names: store_failed with a detail as above; out_of_memory, nothing written.
/// commit() says stale, nothing written, where a check fails or the host's transaction looks at a past that others
/// have changed since (SQLITE_BUSY_SNAPSHOT).
/// Does not check that membership ids are unique: they come from the IdSource, which promises it.
/// Cost: the statements of a fetch or a commit are prepared once, and their number does not depend on the number of
/// cells: one cell takes 1 + 1, any number at most sqlite_fetch_statements_max + sqlite_commit_statements_max.
class SqliteStore final : public Store {
 public:
  /// Opens the file, or makes it; ":memory:" is a database that goes when the store does. Brings tables of an earlier
  /// roster up to date. A file goes to write-ahead logging, where readers and the writer do not wait for each other.
  static Result<SqliteStore> open(const char* path, const SqliteOptions& options = {}) noexcept;
  /// Uses a connection of the host, which must outlive the store. Sets nothing on it: its journal, its waiting for
  /// other writers and its durability are the host's. Where memory ends while tables are made, their transaction may
  /// stay open (sqlite3_get_autocommit() is 0): the host rolls it back, as SQLite needs memory even for that.
  static Result<SqliteStore> adopt(sqlite3* connection, const SqliteOptions& options = {}) noexcept;

  SqliteStore(SqliteStore&& other) noexcept;
  SqliteStore& operator=(SqliteStore&& other) noexcept;
  ~SqliteStore() override;

  Result<void> fetch(const Query& query, Facts& facts) noexcept override;
  Result<void> commit(const ChangeSet& changes) noexcept override;

  // ---- set-up: the host's own records. A put of an id that is there changes the record and raises its version.
  // The forms for many do all or nothing in one transaction; one by one, each waits for the disk.
  /// Errors: exists (the slug is another's), not_found (the parent), id_empty.
  Result<void> put_organization(const OrganizationRecord& record) noexcept;
  Result<void> put_organizations(std::span<const OrganizationRecord> records) noexcept;
  /// Adds or changes a role in an organization's own catalog, for profiles without one. Errors: not_found, id_empty.
  Result<void> put_role(const OrganizationId& organization, const Role& role) noexcept;
  /// Errors: exists (the e-mail key or username is another's), id_empty.
  Result<void> put_account(const AccountRecord& record) noexcept;
  Result<void> put_accounts(std::span<const AccountRecord> records) noexcept;
  /// Names a set of accounts; a second put replaces the set. Errors: not_found (an account), id_empty.
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) noexcept;
  /// A membership that is there from the start, such as the owner of a new organization. No rule is judged.
  /// Errors: exists, not_found, id_empty.
  Result<void> put_membership(const Membership& membership) noexcept;
  /// Forgets a membership, and with it the RequestKey it remembered. Errors: not_found.
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept;

  // ---- look-ups. An error is not "nothing": what could not be read may be there.
  Result<std::optional<Membership>> membership(const OrganizationId& organization,
                                               const AccountId& account) const noexcept;
  /// The tombstone of a membership that was removed under a profile that keeps them.
  Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                            const AccountId& account) const noexcept;
  /// Fills `out` with members, in the order in which their accounts became known, from `cursor` on (0: the first).
  /// Returns how many were written and moves the cursor past them; 0 at the end, or if there is no such organization.
  Result<std::size_t> members(const OrganizationId& organization, std::uint64_t& cursor,
                              std::span<Membership> out) const noexcept;
  /// The same for the organizations of an account, in the order in which they became known.
  Result<std::size_t> organizations_of(const AccountId& account, std::uint64_t& cursor,
                                       std::span<Membership> out) const noexcept;
  Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept;
  Result<std::uint64_t> organization_count() const noexcept;
  Result<std::uint64_t> account_count() const noexcept;
  Result<std::uint64_t> membership_count() const noexcept;  ///< reads them all
  Result<std::optional<OrganizationRecord>> organization(const OrganizationSelector& selector) const noexcept;
  Result<std::optional<AccountRecord>> account(const AccountSelector& selector) const noexcept;

  /// The connection, for what a host does beside roster. Null after a move.
  sqlite3* connection() const noexcept;

 private:
  struct State;
  explicit SqliteStore(State* state) noexcept : state_(state) {}
  static Result<SqliteStore> start(State* state) noexcept;
  State* state_;
};

/// The most statements one fetch and one commit run, whatever their size.
inline constexpr std::uint32_t sqlite_fetch_statements_max = 18;
inline constexpr std::uint32_t sqlite_commit_statements_max = 22;

ROSTER_END

#endif
