// SqliteStore: a store in an SQLite database, in a file of its own or beside the host's own tables.
//
//     Result<SqliteStore> opened = SqliteStore::open("roster.db");
//     if (!opened) return fail(describe_sqlite(opened.error().detail));
//     const Engine engine(profiles::recoup, opened.value(), ids);
#ifndef ROSTER_SQLITE_STORE_HPP
#define ROSTER_SQLITE_STORE_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "roster/membership_reader.hpp"
#include "roster/record_store.hpp"
#include "roster/store.hpp"

struct sqlite3;

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// SqliteOptions are the choices of a host at the opening of a SqliteStore.
struct SqliteOptions {
  /// Durability of a commit after a loss of power. A crash of the process alone never loses a commit.
  enum class Durability : std::uint8_t {
    power_loss,  ///< synchronous=FULL: a successful commit() survives a loss of power
    crash,       ///< synchronous=NORMAL: a loss of power may lose the last commits, whole and in order
  };
  Durability durability = Durability::power_loss;  ///< not used with adopt(): the host configures its connection
  std::uint32_t busy_timeout_ms = 5000;            ///< milliseconds to wait for another writer; not used with adopt()
  bool thread_safe = true;  ///< false: the host promises that only one thread uses the store at a time
  bool case_insensitive_usernames =
      false;            ///< as MemoryOptions::case_insensitive_usernames; kept in the database, which must agree
  bool outbox = false;  ///< each commit writes its events to the table roster_outbox, in the same transaction
  bool create_if_missing = true;  ///< false: a database without roster's tables is refused (sqlite_no_schema)
};

/// Error::detail of store_failed is an extended result code of SQLite (https://sqlite.org/rescode.html), or one of
/// these higher codes.
inline constexpr std::uint32_t sqlite_no_schema = 0x10001;     ///< no tables of roster, and create_if_missing is false
inline constexpr std::uint32_t sqlite_newer_schema = 0x10002;  ///< only a later roster can read this database
inline constexpr std::uint32_t sqlite_other_usernames =
    0x10003;                                                ///< case_insensitive_usernames differs from the database's
inline constexpr std::uint32_t sqlite_bad_value = 0x10004;  ///< a row holds a value that roster never writes

/// describe_sqlite() returns the meaning of such a detail and the next step. One sentence, lower case, no full stop.
std::string_view describe_sqlite(std::uint32_t detail) noexcept;

/// SqliteStore is one connection to a database. Any number of stores, in any number of processes, may use one file.
/// SQLite permits one writer at a time, and a commit waits at most busy_timeout_ms milliseconds.
///
/// It owns the connection of open(), and never closes an adopted one. Only an adopted connection can be inside a
/// transaction of the host. Each call then nests: it is committed or rolled back as a whole, and becomes durable with
/// the host's own COMMIT.
/// Threads: as MemoryStore. The host must not use an adopted connection from another thread during a call. Nothing
/// throws. It requires SQLite 3.35 or later. docs/reference/sqlite.md describes its use.
///
/// Further errors of each call: store_failed if SQLite failed, with a detail as above. out_of_memory if an allocation
/// failed; nothing was then written. From commit() also stale if a check failed; nothing was then written. The same
/// applies if another connection has written since the host's transaction began to read (SQLITE_BUSY_SNAPSHOT). The
/// store does not check that membership ids are unique, because the IdSource promises that.
/// Cost: the statements of a fetch or a commit are prepared once, and their number does not depend on the number of
/// cells. One cell needs 1 + 1, any number at most sqlite_fetch_statements_max + sqlite_commit_statements_max.
class SqliteStore final : public Store, public MembershipReader, public RecordStore {
 public:
  /// Opens or creates the file. ":memory:" is a database that ends with the store. Tables of an earlier roster are
  /// migrated. A file uses write-ahead logging, in which readers and the writer do not wait for each other.
  static Result<SqliteStore> open(const char* path, const SqliteOptions& options = {}) noexcept;
  /// Uses a connection of the host, which must outlive the store. It changes no setting: the journal mode, the busy
  /// timeout and the durability remain the host's. If memory runs out during the creation of tables, their transaction
  /// may stay open (sqlite3_get_autocommit() is 0). The host must roll it back, because SQLite needs memory even for
  /// that.
  static Result<SqliteStore> adopt(sqlite3* connection, const SqliteOptions& options = {}) noexcept;

  SqliteStore(SqliteStore&& other) noexcept;             ///< leaves `other` without a database: each of its calls fails
  SqliteStore& operator=(SqliteStore&& other) noexcept;  ///< exchanges the databases
  ~SqliteStore() override;

  Result<void> fetch(const Query& query, Facts& facts) noexcept override;
  Result<void> commit(const ChangeSet& changes) noexcept override;

  // ---- set-up: the calls of RecordStore. Single calls wait for the disk each time.
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
  /// Puts many organizations as put_organization() does, all or nothing, in one transaction.
  Result<void> put_organizations(std::span<const OrganizationRecord> records) noexcept;
  /// Puts many accounts as put_account() does, all or nothing, in one transaction.
  Result<void> put_accounts(std::span<const AccountRecord> records) noexcept;

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
  Result<std::uint64_t> organization_count() const noexcept;  ///< all organizations
  Result<std::uint64_t> account_count() const noexcept;       ///< all accounts
  Result<std::uint64_t> membership_count() const noexcept;    ///< reads all of them

  /// Returns the connection, for other statements of the host. Null after a move.
  sqlite3* connection() const noexcept;

 private:
  struct State;
  explicit SqliteStore(State* state) noexcept : state_(state) {}
  static Result<SqliteStore> start(State* state) noexcept;
  State* state_;
};

/// The largest number of statements of one fetch and one commit, of any size.
inline constexpr std::uint32_t sqlite_fetch_statements_max = 18;
/// The same for a commit.
inline constexpr std::uint32_t sqlite_commit_statements_max = 22;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
