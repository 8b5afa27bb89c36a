#include "sqlite/connection.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

Error error_of(Code code) noexcept {
  if (code <= 0xFFFF && (code & 0xFF) == SQLITE_NOMEM) return Errc::out_of_memory;
  return {Errc::store_failed, code};
}

/// Of 36 bits, so that 2^27 writes in transactions of hosts fit into the version of one record.
std::int64_t Connection::draw_salt() noexcept {
  std::uint64_t drawn = 0;
  sqlite3_randomness(sizeof drawn, &drawn);
  return static_cast<std::int64_t>(drawn >> 28) + 1;
}

Connection::~Connection() {
  for (sqlite3_stmt* const statement : statements_) sqlite3_finalize(statement);
  if (owned_) sqlite3_close_v2(connection_);
}

sqlite3_stmt* Connection::prepare(Sql which, Code& code) noexcept {
  sqlite3_stmt*& statement = statements_[static_cast<std::size_t>(which)];
  if (statement != nullptr) return statement;
  if (sqlite3_prepare_v3(connection_, text_of(which), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    code = last_code();
  return statement;
}

Code Connection::run(Sql which) noexcept {
  return Statement(*this, which).run();
}

Code Connection::run(const char* text) noexcept {
  return sqlite3_exec(connection_, text, nullptr, nullptr, nullptr) == SQLITE_OK ? ok : last_code();
}

void Statement::fail(int stepped) noexcept {
  const int extended = sqlite3_extended_errcode(sqlite3_db_handle(statement_));
  // The connection has a more detailed code than the step, unless the host has disabled extended codes or has used the
  // connection since.
  code_ = static_cast<Code>((extended & 0xFF) == (stepped & 0xFF) ? extended : stepped);
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
