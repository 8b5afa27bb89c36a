// Reads comma-separated values, RFC 4180. A quoted field may have commas, line ends and doubled quotes. Lines end with
// LF or CRLF.
#ifndef QUICKSTART_CSV_HPP
#define QUICKSTART_CSV_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quickstart {

struct CsvRecord {
  std::size_t line = 0;  ///< the first line of the record, counted from 1
  std::vector<std::string> fields;
  std::string error;  ///< not empty: the record is malformed, and `fields` is unspecified
};

/// Reads the text record by record. After a malformed record it continues at the next line, so that one bad quote costs
/// one line and not the rest of the file. Empty lines are skipped.
class CsvReader {
 public:
  static constexpr std::size_t field_bytes_max = 256;
  static constexpr std::size_t fields_max = 16;

  explicit CsvReader(std::string_view text) noexcept : text_(text) {}
  /// Returns nothing at the end of the text.
  std::optional<CsvRecord> next();

 private:
  bool at_line_end() const noexcept;
  void pass_line_end() noexcept;
  void pass_rest_of_line(std::size_t from) noexcept;
  std::string read_field(std::string& field);
  std::string read_quoted(std::string& field);

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1;
};

}  // namespace quickstart

#endif
