#include "sqlite/schema.hpp"

#include "sqlite/transaction.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

/// Runs one statement without keeping it prepared. `number` is the first column of its first row.
Code ask(Connection& connection, const char* text, std::int64_t& number) noexcept {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection.get(), text, -1, &statement, nullptr) != SQLITE_OK) return connection.last_code();
  const int stepped = sqlite3_step(statement);
  const Code code = stepped == SQLITE_ROW || stepped == SQLITE_DONE ? ok : connection.last_code();
  if (stepped == SQLITE_ROW) number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return code;
}

/// 0 if the tables do not exist yet.
Code version_of(Connection& connection, std::int64_t& version) noexcept {
  std::int64_t tables = 0;
  version = 0;
  const Code code = ask(connection, "SELECT count(*) FROM sqlite_master WHERE name = 'roster_schema'", tables);
  return code != ok || tables == 0 ? code : ask(connection, "SELECT version FROM roster_schema", version);
}

Code write_settings(Connection& connection, std::int64_t version, bool is_new,
                    bool case_insensitive_usernames) noexcept {
  char text[96];
  sqlite3_snprintf(sizeof text, text,
                   is_new ? "UPDATE roster_schema SET version = %d, case_insensitive_usernames = %d"
                          : "UPDATE roster_schema SET version = %d",
                   static_cast<int>(version), case_insensitive_usernames ? 1 : 0);
  return connection.run(text);
}

Code make_steps(Connection& connection, const SqliteOptions& options) noexcept {
  Transaction transaction(connection, Transaction::Kind::write);
  std::int64_t made = 0;
  Code code = transaction.code();
  // Another process may have run the steps while this one waited for the lock.
  if (code == ok) code = version_of(connection, made);
  const auto steps = schema_steps();
  const bool is_new = made == 0;
  for (auto step = static_cast<std::size_t>(made); code == ok && step < steps.size(); ++step)
    code = connection.run(steps[step]);
  if (code == ok && static_cast<std::size_t>(made) < steps.size())
    code =
        write_settings(connection, static_cast<std::int64_t>(steps.size()), is_new, options.case_insensitive_usernames);
  return code == ok ? transaction.end() : code;
}

}  // namespace

Code migrate(Connection& connection, const SqliteOptions& options) noexcept {
  const auto latest = static_cast<std::int64_t>(schema_steps().size());
  std::int64_t version = 0, folds = 0;
  Code code = version_of(connection, version);
  if (code != ok) return code;
  if (version == 0 && !options.create_if_missing) return sqlite_no_schema;
  if (version < 0) return sqlite_bad_value;
  if (version < latest) code = make_steps(connection, options);
  if (code == ok) code = version_of(connection, version);
  std::int64_t readable_from = 0;
  if (code == ok) code = ask(connection, "SELECT readable_from FROM roster_schema", readable_from);
  if (code == ok && readable_from > latest) return sqlite_newer_schema;
  if (code == ok) code = ask(connection, "SELECT case_insensitive_usernames FROM roster_schema", folds);
  return code == ok && (folds != 0) != options.case_insensitive_usernames ? sqlite_other_usernames : code;
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
