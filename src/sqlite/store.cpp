// Construction and destruction of an SqliteStore, and the texts of its errors.
#include <new>
#include <utility>

#include "roster/sqlite_store.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/state.hpp"

namespace roster::inline ROSTER_ABI {

using sqlite::Code;
using sqlite::ok;

namespace {

/// Sets the journal mode and durability of a connection that the store owns. A database in memory, or a read-only one,
/// keeps its journal mode.
Code set_up(sqlite::Connection& connection, const SqliteOptions& options) noexcept {
  Code code = connection.run("PRAGMA journal_mode = WAL");
  if (code == SQLITE_READONLY) code = ok;
  const bool full = options.durability == SqliteOptions::Durability::power_loss;
  return code == ok ? connection.run(full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL") : code;
}

}  // namespace

/// The store owns the state from here on, also after an error.
Result<SqliteStore> SqliteStore::start(State* state) noexcept {
  SqliteStore store(state);
  Code code = static_cast<Code>(sqlite::register_rows(state->connection.get()));
  if (code == ok) code = sqlite::migrate(state->connection, state->options);
  if (code != ok) return sqlite::error_of(code);
  return store;
}

Result<SqliteStore> SqliteStore::open(const char* path, const SqliteOptions& options) noexcept {
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (options.create_if_missing ? SQLITE_OPEN_CREATE : 0);
  const int opened = sqlite3_open_v2(path, &connection, flags, nullptr);
  if (opened != SQLITE_OK) {
    const auto code = static_cast<Code>(connection == nullptr ? opened : sqlite3_extended_errcode(connection));
    sqlite3_close_v2(connection);
    return sqlite::error_of(code);
  }
  auto* const state = new (std::nothrow) State(connection, true, options);
  if (state == nullptr) {
    sqlite3_close_v2(connection);
    return Errc::out_of_memory;
  }
  sqlite3_busy_timeout(connection, static_cast<int>(options.busy_timeout_ms));
  const Code code = set_up(state->connection, options);
  if (code == ok) return start(state);
  delete state;
  return sqlite::error_of(code);
}

Result<SqliteStore> SqliteStore::adopt(sqlite3* connection, const SqliteOptions& options) noexcept {
  if (connection == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  auto* const state = new (std::nothrow) State(connection, false, options);
  if (state == nullptr) return Errc::out_of_memory;
  return start(state);
}

SqliteStore::SqliteStore(SqliteStore&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}

SqliteStore& SqliteStore::operator=(SqliteStore&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

SqliteStore::~SqliteStore() {
  delete state_;
}

sqlite3* SqliteStore::connection() const noexcept {
  return state_ == nullptr ? nullptr : state_->connection.get();
}

std::string_view describe_sqlite(std::uint32_t detail) noexcept {
  switch (detail) {
    case sqlite_no_schema:
      return "this database has no tables of roster; open it with SqliteOptions::create_if_missing to make them";
    case sqlite_newer_schema: return "only a later version of roster can read this database; use that version";
    case sqlite_other_usernames:
      return "this database was made with the other setting of SqliteOptions::case_insensitive_usernames; open it with "
             "that one";
    case sqlite_bad_value:
      return "a row of this database holds what roster never writes; run `PRAGMA integrity_check` and look at who else "
             "writes to its tables";
    case SQLITE_BUSY_SNAPSHOT:
      return "the transaction looks at a past that others have changed since; roll it back and begin it again";
    default: break;
  }
  switch (detail & 0xFF) {
    case SQLITE_OK: return "no failure";
    case SQLITE_PERM:
    case SQLITE_AUTH: return "access was denied; look at the permissions, or at the host's authorizer";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another connection holds the database; try again, or raise SqliteOptions::busy_timeout_ms";
    case SQLITE_NOMEM: return "memory was out while the transaction ended; read again before trying again";
    case SQLITE_READONLY: return "the database may only be read; look at the permissions of the file and its folder";
    case SQLITE_INTERRUPT: return "the host interrupted the statement; try again";
    case SQLITE_IOERR: return "the disk failed to read or write; look at the disk, then try again with the same key";
    case SQLITE_CORRUPT: return "the database is damaged; restore it from a copy";
    case SQLITE_FULL: return "the disk is full; make room, then try again with the same key";
    case SQLITE_CANTOPEN: return "the file could not be opened; look at its path and at the permissions of the folder";
    case SQLITE_PROTOCOL: return "the lock on the write-ahead log was not to be had; try again";
    case SQLITE_SCHEMA: return "the tables have changed meanwhile; open the store again";
    case SQLITE_TOOBIG: return "a value is larger than this connection allows; raise its limit";
    case SQLITE_CONSTRAINT: return "the database refused a value; look at who else changed its tables";
    case SQLITE_MISUSE: return "there is no connection: it is null, or the store was moved from";
    case SQLITE_NOTADB: return "this file is no SQLite database; look at its path";
    default: return "SQLite failed; look its result code up at https://sqlite.org/rescode.html";
  }
}

}  // namespace roster::inline ROSTER_ABI
