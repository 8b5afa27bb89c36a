#include "csv.hpp"

#include <algorithm>
#include <utility>

namespace quickstart {
namespace {

std::string too_long() {
  return "a field is longer than " + std::to_string(CsvReader::field_bytes_max) + " bytes: shorten it";
}

}  // namespace

bool CsvReader::at_line_end() const noexcept {
  return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::pass_line_end() noexcept {
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size()) ++at_, ++line_;
}

void CsvReader::pass_rest_of_line(std::size_t from) noexcept {
  const std::size_t end = text_.find('\n', from);
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
}

std::string CsvReader::read_quoted(std::string& field) {
  ++at_;
  for (;; ++at_) {
    if (at_ == text_.size()) return "a quote is never closed: add the closing quote";
    if (field.size() == field_bytes_max) return too_long() + ", or close the quote";
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] != '"') {
      field += text_[at_];
    } else if (text_.substr(at_, 2) == "\"\"") {
      field += '"';
      ++at_;
    } else {
      break;
    }
  }
  ++at_;
  if (!at_line_end() && text_[at_] != ',') return "there is text after a closing quote: double a quote inside a field";
  return {};
}

std::string CsvReader::read_field(std::string& field) {
  if (at_ < text_.size() && text_[at_] == '"') return read_quoted(field);
  for (;;) {
    const std::size_t end = std::min(text_.find_first_of(",\"\r\n", at_), text_.size());
    if (end - at_ > field_bytes_max - field.size()) return too_long();
    field += text_.substr(at_, end - at_);
    at_ = end;
    if (at_line_end() || text_[at_] == ',') return {};
    if (text_[at_] == '"') return "there is a quote inside an unquoted field: quote the whole field";
    if (field.size() == field_bytes_max) return too_long();
    field += text_[at_++];  // a carriage return without a line feed
  }
}

std::optional<CsvRecord> CsvReader::next() {
  while (at_ < text_.size() && at_line_end()) pass_line_end();
  if (at_ == text_.size()) return std::nullopt;

  CsvRecord record;
  record.line = line_;
  const std::size_t start = at_;
  for (bool more = true; more && record.error.empty();) {
    std::string field;
    record.error = read_field(field);
    record.fields.push_back(std::move(field));
    more = at_ < text_.size() && text_[at_] == ',';
    if (more && record.fields.size() == fields_max) record.error = "there are too many fields";
    if (more) ++at_;
  }
  if (record.error.empty()) {
    pass_line_end();
  } else {
    pass_rest_of_line(start);
    line_ = record.line + 1;
  }
  return record;
}

}  // namespace quickstart
