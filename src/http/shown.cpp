// How names, identifiers and times stand in a response.
#include <array>

#include "roster/http/api.hpp"

ROSTER_BEGIN
namespace http {
namespace {

constexpr std::size_t body_bytes = 256;  // that a body which is a sentence is seldom longer than

/// Writes so many digits, with zeros in front, and says where they end.
char* put(char* at, std::int64_t number, int digits) noexcept {
  for (int i = digits - 1; i >= 0; --i, number /= 10) at[i] = static_cast<char>('0' + number % 10);
  return at + digits;
}

}  // namespace

JsonText begin(Response& response, std::uint16_t status, std::string_view media_type) {
  response.status = status;
  response.body.clear();
  response.body.reserve(body_bytes);
  response.headers.push_back({"Content-Type", std::string(media_type)});
  return JsonText(response.body);
}

std::string_view text_of(const AccountSelector& account) noexcept {
  if (const auto* id = std::get_if<AccountId>(&account)) return id->view();
  if (const auto* email = std::get_if<Email>(&account)) return email->text();
  if (const auto* username = std::get_if<Username>(&account)) return username->view();
  return {};
}

std::string_view text_of(const OrganizationSelector& organization) noexcept {
  if (const auto* id = std::get_if<OrganizationId>(&organization)) return id->view();
  if (const auto* slug = std::get_if<Slug>(&organization)) return slug->view();
  if (const auto* nested = std::get_if<Nested>(&organization)) return nested->id.view();
  return {};
}

std::string text_of(const MembershipId& id) {
  const UuidText text = id.text();
  return std::string(text.data(), text.size());
}

std::string text_of(Time time) {
  constexpr std::int64_t second = 1'000'000, day = 86'400;
  const auto micros = static_cast<std::int64_t>(time);
  std::int64_t seconds = micros / second, fraction = micros % second;
  if (fraction < 0) fraction += second, --seconds;
  std::int64_t days = seconds / day, of_day = seconds % day;
  if (of_day < 0) of_day += day, --days;
  // The proleptic Gregorian calendar in eras of 400 years that begin in March, so that a leap day ends its year.
  constexpr std::int64_t era_days = 146'097, to_1970 = 719'468;
  const std::int64_t shifted = days + to_1970;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - (era_days - 1)) / era_days;
  const std::int64_t of_era = shifted - era * era_days;
  const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t from_march = (5 * of_year + 2) / 153;
  const std::int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  // RFC 3339 writes four digits.
  if (year < 0) return "0000-01-01T00:00:00Z";
  if (year > 9999) return "9999-12-31T23:59:59Z";
  std::array<char, sizeof "2023-11-07T05:31:56.000001Z"> text;
  char* end = put(text.data(), year, 4);
  *end++ = '-';
  end = put(end, month, 2);
  *end++ = '-';
  end = put(end, of_year - (153 * from_march + 2) / 5 + 1, 2);
  *end++ = 'T';
  end = put(end, of_day / 3600, 2);
  *end++ = ':';
  end = put(end, of_day / 60 % 60, 2);
  *end++ = ':';
  end = put(end, of_day % 60, 2);
  if (fraction != 0) {
    *end++ = '.';
    end = put(end, fraction, 6);
  }
  *end++ = 'Z';
  return std::string(text.data(), end);
}

namespace {

/// A number of exactly so many digits at the front, which is taken off; -1 if it is not there.
int take(std::string_view& text, std::size_t digits) noexcept {
  if (text.size() < digits) return -1;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char wanted, char or_else) noexcept {
  if (text.empty() || (text.front() != wanted && text.front() != or_else)) return false;
  text.remove_prefix(1);
  return true;
}

int days_of(int year, int month) noexcept {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Since 1970-01-01.
std::int64_t days_until(int year, int month, int day) noexcept {
  const std::int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

/// Minutes east of UTC; nothing if that is not all that is left of `text`.
std::optional<int> offset_of(std::string_view text) noexcept {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const int hours = take(text, 2);
  if (hours < 0 || hours > 23 || !take(text, ':', ':')) return std::nullopt;
  const int minutes = take(text, 2);
  if (minutes < 0 || minutes > 59 || !text.empty()) return std::nullopt;
  return sign * (hours * 60 + minutes);
}

}  // namespace

std::optional<Time> time_of(std::string_view text) noexcept {
  const int year = take(text, 4);
  if (year < 0 || !take(text, '-', '-')) return std::nullopt;
  const int month = take(text, 2);
  if (month < 1 || month > 12 || !take(text, '-', '-')) return std::nullopt;
  const int day = take(text, 2);
  if (day < 1 || day > days_of(year, month) || !take(text, 'T', 't')) return std::nullopt;
  const int hour = take(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':', ':')) return std::nullopt;
  const int minute = take(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':', ':')) return std::nullopt;
  const int second = take(text, 2);
  if (second < 0 || second > 60) return std::nullopt;  // 60: a leap second, which counts as the next
  std::int64_t micros = 0;
  if (take(text, '.', '.')) {
    std::int64_t scale = 100'000;
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), scale /= 10)
      micros += scale * (text.front() - '0');
  }
  const std::optional<int> offset = offset_of(text);
  if (!offset) return std::nullopt;
  const std::int64_t minutes = (days_until(year, month, day) * 24 + hour) * 60 + minute - *offset;
  return Time{(minutes * 60 + second) * 1'000'000 + micros};
}

}  // namespace http
ROSTER_END
