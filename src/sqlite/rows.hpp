// Rows: values in memory that a statement reads as a table. One statement looks up, or writes, any number of records:
// `FROM roster_rows(?1) AS r`, with the columns r.c0, r.c1 and so on.
//
// RowCollector: a callback that receives the rows of a statement, `SELECT roster_take(?1, m.id, m.role)`. It is for
// many rows, for which stepping and reading each column are a large part of the cost.
#ifndef ROSTER_SQLITE_ROWS_HPP
#define ROSTER_SQLITE_ROWS_HPP

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

/// The output of one column of a row. Texts and blobs must outlive the statement's step.
class Value {
 public:
  explicit Value(sqlite3_context* to) noexcept : to_(to) {}
  void null() const noexcept { sqlite3_result_null(to_); }
  void number(std::int64_t value) const noexcept { sqlite3_result_int64(to_, value); }
  void number(std::uint64_t value) const noexcept { sqlite3_result_int64(to_, static_cast<std::int64_t>(value)); }
  void number(std::uint32_t value) const noexcept { sqlite3_result_int64(to_, value); }
  void number(bool value) const noexcept { sqlite3_result_int(to_, value ? 1 : 0); }
  void text(std::string_view value) const noexcept {
    sqlite3_result_text(to_, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  }
  void blob(std::span<const std::uint8_t> value) const noexcept {
    sqlite3_result_blob(to_, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  }
  template <std::size_t N>
  void blob(const std::array<std::uint8_t, N>&& temporary) const = delete;

 private:
  sqlite3_context* to_;
};

class Rows {
 public:
  /// Writes the value of that row and column; an unwritten value is null.
  using Put = void (*)(const void* from, std::uint32_t row, int column, const Value& to) noexcept;

  Rows(std::uint32_t size, const void* from, Put put) noexcept : size_(size), from_(from), put_(put) {}
  std::uint32_t size() const noexcept { return size_; }
  void write(std::uint32_t row, int column, sqlite3_context* to) const noexcept { put_(from_, row, column, Value(to)); }

 private:
  std::uint32_t size_;
  const void* from_;
  Put put_;
};

/// Rows that `values(row, column, value)` writes. `values` must outlive the statement.
template <class F>
Rows rows_of(std::size_t size, const F& values) noexcept {
  return Rows(static_cast<std::uint32_t>(size), &values,
              [](const void* from, std::uint32_t row, int column, const Value& to) noexcept {
                (*static_cast<const F*>(from))(row, column, to);
              });
}

/// Passes rows to a callback until one of them fails.
class RowCollector {
 public:
  /// `values` are the arguments after the collector. Returns a code of this adapter.
  using Take = std::uint32_t (*)(void* to, sqlite3_value** values) noexcept;

  RowCollector(void* to, Take each) noexcept : to_(to), take_(each) {}
  void take(sqlite3_value** values) noexcept {
    if (code_ == SQLITE_OK) code_ = take_(to_, values);
  }
  std::uint32_t code() const noexcept { return code_; }

 private:
  void* to_;
  Take take_;
  std::uint32_t code_ = SQLITE_OK;
};

inline constexpr const char rows_module[] = "roster_rows", take_function[] = "roster_take";

/// Registers both on a connection, also repeatedly. Returns a result code of SQLite.
int register_rows(sqlite3* connection) noexcept;

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
