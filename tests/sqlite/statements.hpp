// Statements on a connection, outside the store.
#ifndef ROSTER_TESTS_SQLITE_STATEMENTS_HPP
#define ROSTER_TESTS_SQLITE_STATEMENTS_HPP

#include <sqlite3.h>

#include <cstdint>

namespace roster_test {

/// False if a statement failed.
inline bool execute(sqlite3* connection, const char* text) {
  return sqlite3_exec(connection, text, nullptr, nullptr, nullptr) == SQLITE_OK;
}
/// The first column of the first row; -1 if there is none.
inline std::int64_t read_number(sqlite3* connection, const char* text) {
  sqlite3_stmt* statement = nullptr;
  std::int64_t number = -1;
  if (sqlite3_prepare_v2(connection, text, -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

}  // namespace roster_test

#endif
