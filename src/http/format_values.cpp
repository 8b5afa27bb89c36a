// The form of names, identifiers and times in a response.
#include <array>
#include <chrono>

#include "roster/http/api.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr std::size_t body_bytes = 256;  // the usual maximum of a body with one sentence

/// Writes a number with leading zeros, and returns the end of its digits.
char* put(char* at, std::int64_t number, int digits) noexcept {
  for (int i = digits - 1; i >= 0; --i, number /= 10) at[i] = static_cast<char>('0' + number % 10);
  return at + digits;
}

}  // namespace

JsonWriter begin(Response& response, std::uint16_t status, std::string_view media_type) {
  response.status = status;
  response.body.clear();
  response.body.reserve(body_bytes);
  response.headers.push_back({"Content-Type", std::string(media_type)});
  return JsonWriter(response.body);
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
  using namespace std::chrono;  // the Gregorian calendar
  // RFC 3339 writes four digits.
  constexpr sys_days first = year(0) / January / 1, behind = year(10'000) / January / 1;
  const sys_time<microseconds> at{microseconds(static_cast<std::int64_t>(time))};
  if (at < first) return "0000-01-01T00:00:00Z";
  if (at >= behind) return "9999-12-31T23:59:59Z";
  const sys_days midnight = floor<days>(at);
  const year_month_day date = midnight;
  const hh_mm_ss of_day(at - midnight);
  std::array<char, sizeof "2023-11-07T05:31:56.000001Z"> text;
  char* end = put(text.data(), int{date.year()}, 4);
  *end++ = '-';
  end = put(end, unsigned{date.month()}, 2);
  *end++ = '-';
  end = put(end, unsigned{date.day()}, 2);
  *end++ = 'T';
  end = put(end, of_day.hours().count(), 2);
  *end++ = ':';
  end = put(end, of_day.minutes().count(), 2);
  *end++ = ':';
  end = put(end, of_day.seconds().count(), 2);
  if (const auto fraction = of_day.subseconds().count(); fraction != 0) {
    *end++ = '.';
    end = put(end, fraction, 6);
  }
  *end++ = 'Z';
  return std::string(text.data(), end);
}

namespace {

/// Removes a number of exactly so many digits from the front. Returns -1 if there is none.
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

/// Minutes east of UTC; nothing if `text` is not exactly an offset.
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
  using namespace std::chrono;
  const int in_year = take(text, 4);
  if (in_year < 0 || !take(text, '-', '-')) return std::nullopt;
  const int in_month = take(text, 2);
  if (in_month < 0 || !take(text, '-', '-')) return std::nullopt;
  const int on_day = take(text, 2);
  if (on_day < 0 || !take(text, 'T', 't')) return std::nullopt;
  const year_month_day date(year(in_year), month(static_cast<unsigned>(in_month)), day(static_cast<unsigned>(on_day)));
  if (!date.ok()) return std::nullopt;
  const int hour = take(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':', ':')) return std::nullopt;
  const int minute = take(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':', ':')) return std::nullopt;
  const int second = take(text, 2);
  if (second < 0 || second > 60) return std::nullopt;  // 60: a leap second, converted to the next second
  std::int64_t micros = 0;
  if (take(text, '.', '.')) {
    std::int64_t scale = 100'000;
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), scale /= 10)
      micros += scale * (text.front() - '0');
  }
  const std::optional<int> offset = offset_of(text);
  if (!offset) return std::nullopt;
  const std::int64_t days_before = sys_days(date).time_since_epoch().count();
  const std::int64_t minutes = (days_before * 24 + hour) * 60 + minute - *offset;
  return Time{(minutes * 60 + second) * 1'000'000 + micros};
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
