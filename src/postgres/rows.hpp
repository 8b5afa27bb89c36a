// The rows of a statement, in PostgreSQL's binary format.
#ifndef ROSTER_POSTGRES_ROWS_HPP
#define ROSTER_POSTGRES_ROWS_HPP

#include <libpq-fe.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "roster/id.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

/// Views into a PGresult that outlives it. A NULL or missing field reads as empty, 0 or false.
class Rows {
 public:
  explicit Rows(const PGresult* result = nullptr) noexcept : result_(result) {}
  /// The same rows with columns in another order: `columns[n]` becomes column n. `columns` must outlive the result.
  Rows in_order(std::span<const std::uint8_t> columns) const noexcept {
    Rows rows(result_);
    rows.columns_ = columns.data();
    return rows;
  }

  int size() const noexcept { return result_ == nullptr ? 0 : PQntuples(result_); }
  bool null(int row, int column) const noexcept { return PQgetisnull(result_, row, at(column)) != 0; }
  std::string_view text(int row, int column) const noexcept {
    return {PQgetvalue(result_, row, at(column)), static_cast<std::size_t>(PQgetlength(result_, row, at(column)))};
  }
  bool boolean(int row, int column) const noexcept { return number(row, column) != 0; }
  /// An integer of any width, with its sign.
  std::int64_t number(int row, int column) const noexcept {
    const std::string_view bytes = text(row, column);
    if (bytes.empty() || bytes.size() > 8) return 0;
    std::uint64_t value = (bytes[0] & 0x80) != 0 && bytes.size() > 1 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
  }
  template <class AnyKey>
  AnyKey key(int row, int column) const noexcept {
    AnyKey key;
    const std::string_view bytes = text(row, column);
    if (bytes.size() == key.bytes.size()) std::memcpy(key.bytes.data(), bytes.data(), bytes.size());
    return key;
  }
  /// Empty if the value is not a valid id.
  template <class AnyId>
  AnyId id(int row, int column) const noexcept {
    auto parsed = AnyId::parse_stored(text(row, column));
    return parsed ? parsed.assume_value() : AnyId{};
  }

 private:
  int at(int column) const noexcept { return columns_ == nullptr ? column : columns_[column]; }

  const PGresult* result_;
  const std::uint8_t* columns_ = nullptr;
};

/// The elements of a text array.
class TextArray {
 public:
  explicit TextArray(std::string_view bytes) noexcept
      : bytes_(bytes.substr(bytes.size() < header ? bytes.size() : header)) {}
  /// Returns false at the end. A NULL element is empty.
  bool next(std::string_view& element) noexcept {
    if (bytes_.size() < 4) return false;
    std::uint32_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes_[static_cast<std::size_t>(i)]);
    bytes_.remove_prefix(4);
    if (size == 0xFFFFFFFFu) size = 0;
    element = bytes_.substr(0, size);
    bytes_.remove_prefix(element.size());
    return true;
  }

 private:
  /// Dimensions, flags, type; length and first index of the one dimension. An empty array has no dimension.
  static constexpr std::size_t header = 20;
  std::string_view bytes_;
};

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
