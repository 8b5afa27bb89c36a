// Formatters for {fmt}, versions 9 to 12, and describe() for an error with the text that caused it. The header is
// optional: nothing else in roster depends on fmt. Link roster::format, or your own fmt.
//
//     fmt::print("{} {:<24}", report.at(0, 0), command.actor.id);
//     fmt::print("{}", describe(email.error(), text));  // quotes the text and the offending byte
//
// Every formatter accepts the fill, alignment, width and precision of a string: "{:<24}". Only the light header of fmt
// is included. The text is composed in a buffer on the stack.
#ifndef ROSTER_FORMAT_HPP
#define ROSTER_FORMAT_HPP

#if __has_include(<fmt/base.h>)
#include <fmt/base.h>
#else
#include <fmt/core.h>
#endif

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "roster/explanation.hpp"
#include "roster/memory_store.hpp"
#include "roster/operation.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

namespace format_detail {

/// Line is text of bounded length; it omits text beyond the bound. The longest text of roster is a Report, below 1,000
/// bytes.
class Line {
 public:
  Line() noexcept {}  // the bytes stay uninitialized on purpose
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }

  Line& operator<<(std::string_view text) noexcept {
    const std::size_t fits = std::min(text.size(), bytes_.size() - size_);
    std::copy_n(text.data(), fits, bytes_.data() + size_);
    size_ += fits;
    return *this;
  }
  template <class Integer>
  requires(std::is_integral_v<Integer> && sizeof(Integer) > 1) Line& operator<<(Integer number) noexcept {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
  /// Writes `width` digits, with leading zeros.
  Line& padded(std::int64_t number, std::int64_t width) noexcept {
    std::int64_t scale = 1;
    while (--width > 0) scale *= 10;
    for (; scale > number && scale > 1; scale /= 10) *this << std::string_view("0");
    return *this << number;
  }
  /// Quotes at most 64 bytes of untrusted text. Control and non-ASCII bytes, backticks and backslashes appear as \xNN,
  /// so the text can neither control a terminal nor mislead a reader.
  Line& quoted(std::string_view text) noexcept {
    constexpr std::size_t shown_max = 64;
    constexpr std::string_view hex = "0123456789abcdef";
    *this << "`";
    for (const char c : std::string_view(text.data(), std::min(text.size(), shown_max))) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 && byte < 0x7F && c != '`' && c != '\\') {
        *this << std::string_view(&c, 1);
      } else {
        *this << "\\x" << std::string_view(&hex[byte >> 4u], 1) << std::string_view(&hex[byte & 15u], 1);
      }
    }
    *this << "`";
    if (text.size() > shown_max) *this << "... (" << text.size() << " bytes)";
    return *this;
  }

 private:
  std::size_t size_ = 0;
  std::array<char, 1280> bytes_;
};

template <class Enum>
std::string_view pick(Enum value, std::initializer_list<std::string_view> names) noexcept {
  const auto i = static_cast<std::size_t>(value);
  return i < names.size() ? names.begin()[i] : "unknown";
}

enum class Detail { none, byte, entry, store };
/// detail_of() returns the unit of Error::detail. An "empty" code may also refer to an entry of a command, so it shows
/// no location.
constexpr Detail detail_of(Errc code) noexcept {
  switch (code) {
    case Errc::id_too_long:
    case Errc::id_bad_byte:
    case Errc::uuid_malformed:
    case Errc::id_blank_at_end:
    case Errc::id_invisible:
    case Errc::email_too_long:
    case Errc::email_no_at:
    case Errc::email_local_part:
    case Errc::email_domain:
    case Errc::email_not_ascii: return Detail::byte;
    case Errc::selector_not_accepted: return Detail::entry;
    case Errc::store_failed: return Detail::store;
    default: return Detail::none;
  }
}
constexpr std::string_view text_kind(Errc code) noexcept {
  if (code == Errc::uuid_malformed) return "malformed uuid ";
  if (code >= Errc::id_empty && code <= Errc::id_invisible) return "malformed id ";
  if (code >= Errc::email_empty && code <= Errc::email_no_key) return "malformed e-mail ";
  return "";
}
inline void place(Line& line, const Error& error) noexcept {
  switch (detail_of(error.code)) {
    case Detail::byte: line << " at byte " << error.detail; break;
    case Detail::entry: line << " at entry " << error.detail; break;
    case Detail::store: line << " (detail of the store: " << error.detail << ")"; break;
    case Detail::none: break;
  }
}

template <class Tag>
void show(Line& line, const Id<Tag>& id) noexcept {
  line << id.view();
}
template <class Tag>
void show(Line& line, const Name<Tag>& name) noexcept {
  line << name.view();
}
template <class Tag>
void show(Line& line, const Key<Tag>& key) noexcept {
  const UuidText text = key.text();
  line << std::string_view(text.data(), text.size());
}
inline void show(Line& line, const Email& email) noexcept {
  line << email.text();
}
inline void show(Line& line, const Nested& nested) noexcept {
  line << nested.parent.view() << "/" << nested.id.view();
}
template <class... Ways>
void show(Line& line, const std::variant<Ways...>& selector) noexcept {
  // By index, not std::visit: a valueless variant prints nothing instead of throwing.
  ((std::get_if<Ways>(&selector) != nullptr ? show(line, *std::get_if<Ways>(&selector)) : void()), ...);
}
inline void show(Line& line, Version version) noexcept {
  line << static_cast<std::uint64_t>(version);
}
inline void show(Line& line, const Role& role) noexcept {
  line << role.id.view() << " (rank " << role.rank << (role.manages ? ", manages" : "") << (role.owns ? ", owns" : "")
       << (role.assignable ? ")" : ", read only)");
}
inline void show(Line& line, const Actor& actor) noexcept {
  line << (actor.id.empty() ? "nobody" : actor.id.view()) << (actor.staff ? " (staff)" : "");
}

inline void show(Line& line, Errc code) noexcept {
  line << name(code);
}
inline void show(Line& line, Outcome outcome) noexcept {
  line << name(outcome);
}
inline void show(Line& line, const Error& error) noexcept {
  line << name(error.code);
  place(line, error);
}
inline void show(Line& line, OnConflict v) noexcept {
  line << pick(v, {"keep", "reject", "replace", "raise"});
}
inline void show(Line& line, OnUnknown v) noexcept {
  line << pick(v, {"reject", "create", "invite"});
}
inline void show(Line& line, ActorRule v) noexcept {
  line << pick(v, {"host_decides", "member", "manager", "parent_manager"});
}
inline void show(Line& line, ParentRule v) noexcept {
  line << pick(v, {"ignore", "require", "add"});
}
inline void show(Line& line, Mode v) noexcept {
  line << pick(v, {"atomic", "best_effort"});
}
inline void show(Line& line, MembershipState v) noexcept {
  line << pick(v, {"active", "invited", "suspended", "removed"});
}
inline void show(Line& line, CommandKind v) noexcept {
  line << pick(v, {"add", "invite", "change_role", "transfer_ownership", "suspend", "reactivate", "remove", "leave",
                   "accept_invitation", "decline_invitation", "revoke_invitation", "change_expiry"});
}
inline void show(Line& line, OnFormer v) noexcept {
  line << pick(v, {"refuse", "reactivate", "restore_role", "fresh"});
}
inline void show(Line& line, OnInvited v) noexcept {
  line << pick(v, {"activate", "keep"});
}
inline void show(Line& line, OnReinvite v) noexcept {
  line << pick(v, {"renew", "keep"});
}
inline void show(Line& line, SeatRule v) noexcept {
  line << pick(v, {"unlimited", "active", "active_and_invited"});
}
inline void show(Line& line, Event v) noexcept {
  line << name(v);
}
inline void show(Line& line, Subject v) noexcept {
  line << name(v);
}
inline void show(Line& line, Grant v) noexcept {
  line << pick(v, {"yes", "default", "read_only"});
}
inline void show(Line& line, EmailGrammar v) noexcept {
  line << pick(v, {"dot_atom", "mailbox"});
}
inline void show(Line& line, EmailCase v) noexcept {
  line << pick(v, {"fold_all", "fold_domain"});
}
inline void show(Line& line, Operation::Need v) noexcept {
  line << pick(v, {"facts", "commit", "nothing"});
}
inline void show(Line& line, Guard::Record v) noexcept {
  line << pick(v, {"organization", "account", "membership", "actor", "inviter", "seats", "owners"});
}
inline void show(Line& line, const Guard& guard) noexcept {
  show(line, guard.record);
  if (guard.record != Guard::Record::account) line << " in row " << guard.organization;
  if (guard.record == Guard::Record::seats) {
    line << " at most " << guard.limit;
    return;
  }
  if (guard.record == Guard::Record::owners) return;
  if (guard.record == Guard::Record::account || guard.record == Guard::Record::membership ||
      guard.record == Guard::Record::inviter)
    line << " of column " << guard.account;
  line << " at version ";
  show(line, guard.version);
}

/// Writes RFC 3339 in UTC, with microseconds. Outside the years 0 to 9999 it writes the plain number. The calendar is
/// Gregorian throughout.
inline void show(Line& line, Time time) noexcept {
  using namespace std::chrono;
  constexpr sys_days first = year(0) / January / 1, behind = year(10'000) / January / 1;
  const sys_time<microseconds> at{microseconds(static_cast<std::int64_t>(time))};
  if (at < first || at >= behind) {
    line << static_cast<std::int64_t>(time) << " microseconds";
    return;
  }
  const sys_days midnight = floor<days>(at);
  const year_month_day date = midnight;
  const hh_mm_ss of_day(at - midnight);
  line.padded(int{date.year()}, 4) << "-";
  line.padded(unsigned{date.month()}, 2) << "-";
  line.padded(unsigned{date.day()}, 2) << "T";
  line.padded(of_day.hours().count(), 2) << ":";
  line.padded(of_day.minutes().count(), 2) << ":";
  line.padded(of_day.seconds().count(), 2) << ".";
  line.padded(of_day.subseconds().count(), 6) << "Z";
}
inline void show(Line& line, const Membership& membership) noexcept {
  line << membership.account.view() << " in " << membership.organization.view() << " as " << membership.role.view();
  if (membership.state == MembershipState::active) return;
  line << " (";
  show(line, membership.state);
  line << ")";
}
inline void show(Line& line, const Report& report) noexcept {
  line << report.rows << " x " << report.columns << (report.outcomes.size() == 1 ? " cell" : " cells");
  OutcomeTable<std::uint64_t> counts;
  for (const Outcome outcome : report.outcomes) ++counts[outcome];
  std::string_view before = ": ";
  // Successes come first, because readers look for them.
  for (const bool success : {true, false})
    for (const Outcome outcome : outcomes_by_precedence) {
      if (succeeded(outcome) != success || counts[outcome] == 0) continue;
      line << before << counts[outcome] << " " << name(outcome);
      before = ", ";
    }
  if (!report.stopped) return;
  line << "; stopped: ";
  show(line, *report.stopped);
}

/// Writes the name of the fact.
inline void show_fact(Line& line, const Explanation& why) noexcept {
  const auto named = [&line](std::string_view what, std::string_view id) {
    line << what << " ";
    line.quoted(id);
  };
  switch (why.subject) {
    case Subject::nothing:
    case Subject::organization:
    case Subject::parent:
    case Subject::group:
    case Subject::account:
    case Subject::store: line << name(why.subject); break;
    case Subject::others: line << "other cells"; break;
    case Subject::seats:
    case Subject::owners: line << name(why.subject) << " of the organization"; break;
    case Subject::actor: why.actor.empty() ? void(line << "actor (none)") : named("actor", why.actor.view()); break;
    case Subject::role:
      why.requested_role.empty() ? void(line << "default role") : named("role", why.requested_role.view());
      break;
    case Subject::membership:
    case Subject::inviter:
      line << name(why.subject);
      if (!why.current_role.empty()) named(", whose role is", why.current_role.view());
      break;
    case Subject::request:
      line << "idempotency key ";
      show(line, why.idempotency_key);
      break;
  }
  if (why.subject == Subject::actor && !why.requested_role.empty()) named(" and role", why.requested_role.view());
}
/// Writes one line: account, organization, outcome, fact, and the next step.
inline void show(Line& line, const Explanation& why) noexcept {
  Line name_of;
  if (why.account != nullptr) {
    show(name_of, *why.account);
  } else {
    name_of << (why.account_id.empty() ? "a group's account" : why.account_id.view());
  }
  line.quoted(name_of.view());
  if (why.organization != nullptr) {
    Line place_of;
    show(place_of, *why.organization);
    line << " in ";
    line.quoted(place_of.view());
  }
  line << ": " << name(why.outcome);
  if (why.subject != Subject::nothing) {
    line << ", by the ";
    show_fact(line, why);
  }
  line << ": " << describe(why.outcome);
}

/// Shown is the base of all formatters. It keeps the specification as text, and fmt applies it to the finished line. A
/// character outside a string's specification ends the parse, and fmt reports it.
template <class T>
class Shown {
 public:
  template <class Context>
  constexpr auto parse(Context& context) {
    auto at = context.begin();
    const auto end = context.end();
    if (at == end || *at == '}') return at;
    const auto aligns = [](char c) { return c == '<' || c == '>' || c == '^'; };
    if (end - at > 1 && aligns(at[1]) && *at != '{') keep(*at++);
    if (at != end && aligns(*at)) keep(*at++);
    if (at != end && *at != '0') at = digits(at, end);
    if (at != end && *at == '.') {
      keep(*at++);
      at = digits(at, end);
    }
    return at;
  }
  template <class Context>
  auto format(const T& value, Context& context) const {
    Line line;
    show(line, value);
    const std::string_view text = line.view();
    std::array<char, 20> specification{'{', ':'};
    const auto end = std::copy_n(kept_.begin(), size_, specification.begin() + 2);
    *end = '}';
    return fmt::vformat_to(context.out(), fmt::string_view(specification.data(), size_ + 3),
                           fmt::make_format_args(text));
  }

 private:
  constexpr void keep(char c) { kept_[size_++] = c; }
  template <class At>
  constexpr At digits(At at, At end) {
    constexpr int digits_max = 4;
    for (int i = 0; i < digits_max && at != end && *at >= '0' && *at <= '9'; ++i) keep(*at++);
    return at;
  }
  std::array<char, 16> kept_{};
  std::size_t size_ = 0;
};

}  // namespace format_detail

/// describe() returns one sentence about a refused text: its kind, the text, the offending byte, the problem and the
/// next step. The text is limited to 64 bytes, with control and non-ASCII bytes as `\xNN`. For errors without a text,
/// `input` is not shown. It can throw std::bad_alloc.
inline std::string describe(const Error& error, std::string_view input) {
  format_detail::Line line;
  const std::string_view kind = format_detail::text_kind(error.code);
  if (!kind.empty()) {
    line << kind;
    line.quoted(input);
    format_detail::place(line, error);
    line << ": " << describe(error.code);
  } else {
    line << describe(error.code);
    format_detail::place(line, error);
  }
  return std::string(line.view());
}

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

template <class Tag>
struct fmt::formatter<roster::Id<Tag>, char> : roster::format_detail::Shown<roster::Id<Tag>> {};
template <class Tag>
struct fmt::formatter<roster::Key<Tag>, char> : roster::format_detail::Shown<roster::Key<Tag>> {};

#define ROSTER_SHOWN(type) \
  template <>              \
  struct fmt::formatter<roster::type, char> : roster::format_detail::Shown<roster::type> {}
ROSTER_SHOWN(Errc);
ROSTER_SHOWN(Error);
ROSTER_SHOWN(Outcome);
ROSTER_SHOWN(Email);
ROSTER_SHOWN(Nested);
ROSTER_SHOWN(AccountSelector);
ROSTER_SHOWN(OrganizationSelector);
ROSTER_SHOWN(Role);
ROSTER_SHOWN(Grant);
ROSTER_SHOWN(Actor);
ROSTER_SHOWN(OnConflict);
ROSTER_SHOWN(OnUnknown);
ROSTER_SHOWN(ActorRule);
ROSTER_SHOWN(ParentRule);
ROSTER_SHOWN(Mode);
ROSTER_SHOWN(MembershipState);
ROSTER_SHOWN(CommandKind);
ROSTER_SHOWN(OnFormer);
ROSTER_SHOWN(OnInvited);
ROSTER_SHOWN(OnReinvite);
ROSTER_SHOWN(SeatRule);
ROSTER_SHOWN(Event);
ROSTER_SHOWN(Subject);
ROSTER_SHOWN(EmailGrammar);
ROSTER_SHOWN(EmailCase);
ROSTER_SHOWN(Operation::Need);
ROSTER_SHOWN(Version);
ROSTER_SHOWN(Time);
ROSTER_SHOWN(Guard::Record);
ROSTER_SHOWN(Guard);
ROSTER_SHOWN(Membership);
ROSTER_SHOWN(Report);
ROSTER_SHOWN(Explanation);
#undef ROSTER_SHOWN

#endif
