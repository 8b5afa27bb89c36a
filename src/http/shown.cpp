// How names, identifiers and times stand in a response.
#include "roster/http/api.hpp"

ROSTER_BEGIN
namespace http {
namespace {

void append_padded(std::string& to, std::int64_t number, int width) {
  std::string digits = std::to_string(number);
  for (int missing = width - static_cast<int>(digits.size()); missing > 0; --missing) to += '0';
  to += digits;
}

}  // namespace

JsonText begin(Response& response, std::uint16_t status, std::string_view media_type) {
  response.status = status;
  response.body.clear();
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
  std::string text;
  append_padded(text, year, 4);
  text += '-';
  append_padded(text, month, 2);
  text += '-';
  append_padded(text, of_year - (153 * from_march + 2) / 5 + 1, 2);
  text += 'T';
  append_padded(text, of_day / 3600, 2);
  text += ':';
  append_padded(text, of_day / 60 % 60, 2);
  text += ':';
  append_padded(text, of_day % 60, 2);
  if (fraction != 0) {
    text += '.';
    append_padded(text, fraction, 6);
  }
  return text + "Z";
}

}  // namespace http
ROSTER_END
