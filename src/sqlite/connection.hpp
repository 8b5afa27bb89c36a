// Connection: the prepared statements of one sqlite3*, and the meaning of its result codes. Statement: one running
// statement.
#ifndef ROSTER_SQLITE_CONNECTION_HPP
#define ROSTER_SQLITE_CONNECTION_HPP

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "roster/sqlite_store.hpp"
#include "sqlite/rows.hpp"
#include "sqlite/statements.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

/// An extended result code of SQLite, or one of roster's own codes, which are greater.
using Code = std::uint32_t;
inline constexpr Code ok = SQLITE_OK;

/// The error of a failed step, if nothing was written.
Error error_of(Code code) noexcept;
inline Result<void> result_of(Code code) noexcept {
  if (code == ok) return success();
  return error_of(code);
}
/// True if a unique key already existed.
inline bool is_taken(Code code) noexcept {
  return code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE;
}

class Connection {
 public:
  Connection(sqlite3* connection, bool owned) noexcept : connection_(connection), owned_(owned) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* get() const noexcept { return connection_; }
  /// Returns the statement, and prepares it if necessary. Returns null on failure, with the reason in `code`.
  sqlite3_stmt* prepare(Sql which, Code& code) noexcept;
  /// Runs a statement without parameters and results.
  Code run(Sql which) noexcept;
  /// Runs SQL text without keeping it prepared: the schema, and settings.
  Code run(const char* text) noexcept;
  /// What is added to each new version. It is 0, but in a transaction of the host a random number: the host may roll
  /// back, and then the next write must not get a version that was read meanwhile.
  std::int64_t salt() const noexcept { return hosted_ ? draw_salt() : 0; }
  /// `hosted`: a transaction of the host contains the next writes.
  void set_hosted(bool hosted) noexcept { hosted_ = hosted; }
  Code last_code() const noexcept { return static_cast<Code>(sqlite3_extended_errcode(connection_)); }

 private:
  sqlite3* connection_;
  static std::int64_t draw_salt() noexcept;

  bool owned_, hosted_ = false;
  std::array<sqlite3_stmt*, sql_count> statements_{};
};

/// A running statement: values are bound by number from 1 on, and results read by column from 0 on. The destructor
/// resets it. After a failure it does nothing more, and code() returns the error.
class Statement {
 public:
  Statement(Connection& connection, Sql which) noexcept : statement_(connection.prepare(which, code_)) {}
  ~Statement() {
    if (statement_ != nullptr) sqlite3_reset(statement_);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Texts, blobs and rows must outlive the statement.
  Statement& null(int at) noexcept { return bound(statement_ == nullptr ? 0 : sqlite3_bind_null(statement_, at)); }
  Statement& number(int at, std::int64_t value) noexcept {
    return bound(statement_ == nullptr ? 0 : sqlite3_bind_int64(statement_, at, value));
  }
  /// What is added to the versions that the statement writes.
  Statement& salt(std::int64_t value) noexcept { return number(20, value); }
  /// Zero is NULL.
  Statement& number_if_any(int at, std::uint64_t value) noexcept {
    return value == 0 ? null(at) : number(at, static_cast<std::int64_t>(value));
  }
  Statement& text(int at, std::string_view value) noexcept {
    return bound(statement_ == nullptr
                     ? 0
                     : sqlite3_bind_text(statement_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
  }
  /// An empty text is NULL.
  Statement& text_if_any(int at, std::string_view value) noexcept { return value.empty() ? null(at) : text(at, value); }
  Statement& blob(int at, std::span<const std::uint8_t> value) noexcept {
    return bound(statement_ == nullptr
                     ? 0
                     : sqlite3_bind_blob(statement_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC));
  }
  template <std::size_t N>
  Statement& blob(int at, const std::array<std::uint8_t, N>&& temporary) = delete;
  Statement& rows(int at, const Rows& rows) noexcept {
    return bound(statement_ == nullptr
                     ? 0
                     : sqlite3_bind_pointer(statement_, at, const_cast<Rows*>(&rows), rows_module, nullptr));
  }
  Statement& collector(int at, RowCollector& collector) noexcept {
    return bound(statement_ == nullptr ? 0 : sqlite3_bind_pointer(statement_, at, &collector, take_function, nullptr));
  }

  /// Steps to the next row of results. Returns false at the end, and on failure.
  bool next() noexcept {
    if (code_ != ok) return false;
    const int stepped = sqlite3_step(statement_);
    if (stepped == SQLITE_ROW) return true;
    if (stepped != SQLITE_DONE) fail(stepped);
    return false;
  }
  /// Runs a statement without results.
  Code run() noexcept {
    while (next()) continue;
    return code_;
  }
  /// Runs a write of one record, which returns its version.
  Code read_version(Version& version) noexcept {
    while (next()) version = Version{index(0)};
    return code_;
  }
  Code code() const noexcept { return code_; }

  bool is_null(int column) const noexcept { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t number(int column) const noexcept { return sqlite3_column_int64(statement_, column); }
  std::uint64_t index(int column) const noexcept { return static_cast<std::uint64_t>(number(column)); }
  /// An index into the bound rows.
  std::size_t position(int column) const noexcept { return static_cast<std::size_t>(number(column)); }
  bool flag(int column) const noexcept { return number(column) != 0; }
  std::string_view text(int column) const noexcept {
    const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes == nullptr
               ? std::string_view()
               : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }
  /// An id, empty for NULL. A malformed id makes the statement fail.
  template <class AnyId>
  AnyId id(int column) noexcept {
    const std::string_view found = text(column);
    if (found.empty()) return {};
    Result<AnyId> parsed = AnyId::parse_stored(found);
    if (parsed) return std::move(parsed).assume_value();
    code_ = parsed.assume_error().code == Errc::out_of_memory ? Code{SQLITE_NOMEM} : sqlite_bad_value;
    return {};
  }
  /// A key of 16 bytes, empty for NULL. Anything else makes the statement fail.
  template <class AnyKey>
  AnyKey key(int column) noexcept {
    AnyKey read;
    const int size = sqlite3_column_bytes(statement_, column);
    const void* const bytes = sqlite3_column_blob(statement_, column);
    if (size == static_cast<int>(read.bytes.size()) && bytes != nullptr)
      std::memcpy(read.bytes.data(), bytes, read.bytes.size());
    else if (size != 0)
      code_ = sqlite_bad_value;
    return read;
  }
  MembershipState state(int column) noexcept {
    const std::int64_t value = number(column);
    if (value >= 0 && value <= static_cast<std::int64_t>(MembershipState::removed))
      return static_cast<MembershipState>(value);
    code_ = sqlite_bad_value;
    return MembershipState::removed;
  }

 private:
  Statement& bound(int result) noexcept {
    if (result != SQLITE_OK && code_ == ok) code_ = static_cast<Code>(result);
    return *this;
  }
  void fail(int stepped) noexcept;

  Code code_ = ok;
  sqlite3_stmt* statement_;
};

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
