// Everything a person would print has a formatter, and describe() points at the byte without repeating what could harm.
#include "roster/format.hpp"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include "catch.hpp"
#include "roster/profiles.hpp"

namespace format_test {

using namespace roster;

namespace {

Report report_of(std::uint32_t rows, std::uint32_t columns, std::initializer_list<Outcome> outcomes) {
  Report report;
  report.rows = rows;
  report.columns = columns;
  for (const Outcome outcome : outcomes) REQUIRE(report.outcomes.try_push_back(outcome));
  return report;
}

template <class Enum>
std::string all_of(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("{} ", static_cast<Enum>(i));
  return text;
}

}  // namespace

TEST_CASE("ids, keys, addresses and selectors print as they are written") {
  CHECK(fmt::format("{}", OrganizationId("acme")) == "acme");
  CHECK(fmt::format("[{}]", AccountId()) == "[]");
  CHECK(fmt::format("{}", IdempotencyKey()) == "00000000-0000-0000-0000-000000000000");
  const auto key = MembershipId::parse("01234567-89AB-cdef-0123-456789abcdef");
  REQUIRE(key);
  CHECK(fmt::format("{}", key.value()) == "01234567-89ab-cdef-0123-456789abcdef");
  const auto email = Email::parse("Ada@Example.com");
  REQUIRE(email);
  CHECK(fmt::format("{}", email.value()) == "Ada@Example.com");
  const Nested nested{OrganizationId("acme"), OrganizationId("search")};
  CHECK(fmt::format("{}", nested) == "acme/search");
  for (const AccountSelector& who : {AccountSelector(AccountId("u1")), AccountSelector(Username("u1"))})
    CHECK(fmt::format("{}", who) == "u1");
  CHECK(fmt::format("{}", AccountSelector(email.value())) == "Ada@Example.com");
  CHECK(fmt::format("{} {}", OrganizationSelector(Slug("acme")), OrganizationSelector(nested)) == "acme acme/search");
}

TEST_CASE("enumerators print the names they have in the program, and a value outside them prints unknown") {
  CHECK(all_of<OnConflict>(5) == "keep reject replace raise unknown ");
  CHECK(all_of<OnUnknown>(4) == "reject create invite unknown ");
  CHECK(all_of<ActorRule>(5) == "host_decides member manager parent_manager unknown ");
  CHECK(all_of<ParentRule>(4) == "ignore require add unknown ");
  CHECK(all_of<Mode>(3) == "atomic best_effort unknown ");
  CHECK(all_of<MembershipState>(5) == "active invited suspended removed unknown ");
  CHECK(all_of<CommandKind>(13) ==
        "add invite change_role transfer_ownership suspend reactivate remove leave accept_invitation "
        "decline_invitation revoke_invitation change_expiry unknown ");
  CHECK(all_of<OnFormer>(5) == "refuse reactivate restore_role fresh unknown ");
  CHECK(all_of<OnInvited>(3) == "activate keep unknown ");
  CHECK(all_of<OnReinvite>(3) == "renew keep unknown ");
  CHECK(all_of<SeatRule>(4) == "unlimited active active_and_invited unknown ");
  CHECK(all_of<Event>(16) ==
        "added invited role_changed removed left suspended reactivated accepted declined revoked ownership_given "
        "ownership_given_up expiry_changed expired invitation_renewed unknown ");
  CHECK(all_of<Subject>(15) ==
        "nothing organization actor role group account parent membership inviter request seats owners others store "
        "unknown ");
  CHECK(all_of<Grant>(4) == "yes default read_only unknown ");
  CHECK(all_of<EmailGrammar>(3) == "dot_atom mailbox unknown ");
  CHECK(all_of<EmailCase>(3) == "fold_all fold_domain unknown ");
  CHECK(all_of<Operation::Need>(4) == "facts commit nothing unknown ");
  CHECK(all_of<Guard::Record>(8) == "organization account membership actor inviter seats owners unknown ");
  for (unsigned i = 0; i <= 0xFF; ++i)
    CHECK(fmt::format("{}", static_cast<Outcome>(i)) == name(static_cast<Outcome>(i)));
  CHECK(fmt::format("{}", Errc::batch_too_large) == "batch_too_large");
}

TEST_CASE("records print on one line") {
  CHECK(fmt::format("{}", Role{.id = RoleId("admin"), .rank = 3, .manages = true}) == "admin (rank 3, manages)");
  CHECK(fmt::format("{}", Role{.id = RoleId("owner"), .rank = 4, .assignable = false}) == "owner (rank 4, read only)");
  CHECK(fmt::format("{} {}", Actor{.id = AccountId("u1")}, Actor{.staff = true}) == "u1 nobody (staff)");
  CHECK(fmt::format("{}", Guard{Guard::Record::organization, 2, 9, Version{5}}) ==
        "organization in row 2 at version 5");
  CHECK(fmt::format("{}", Guard{Guard::Record::account, 9, 3, Version{5}}) == "account of column 3 at version 5");
  CHECK(fmt::format("{}", Guard{Guard::Record::membership, 2, 3, Version{5}}) ==
        "membership in row 2 of column 3 at version 5");
  Membership membership;
  membership.account = AccountId("u1");
  membership.organization = OrganizationId("acme");
  membership.role = RoleId("admin");
  CHECK(fmt::format("{}", membership) == "u1 in acme as admin");
  membership.state = MembershipState::invited;
  CHECK(fmt::format("{}", membership) == "u1 in acme as admin (invited)");
}

TEST_CASE("a report prints what succeeded first, leaves out what did not happen, and says why it stopped") {
  Report report = report_of(
      2, 3, {Outcome::added, Outcome::added, Outcome::conflict, Outcome::existing, Outcome::added, Outcome::added});
  CHECK(fmt::format("{}", report) == "2 x 3 cells: 4 added, 1 existing, 1 conflict");
  report.stopped = Error(Errc::store_failed, 5);
  CHECK(fmt::format("{}", report) ==
        "2 x 3 cells: 4 added, 1 existing, 1 conflict; stopped: store_failed (detail of the store: 5)");
  CHECK(fmt::format("{}", report_of(1, 1, {Outcome::invited})) == "1 x 1 cell: 1 invited");
  CHECK(fmt::format("{}", Report()) == "0 x 0 cells");

  // The longest report there is still fits: every outcome is named.
  Report longest;
  longest.rows = longest.columns = 0xFFFFFFFF;
  for (const Outcome outcome : outcomes_by_precedence) REQUIRE(longest.outcomes.try_push_back(outcome));
  longest.stopped = Error(Errc::store_failed, 0xFFFFFFFF);
  const std::string text = fmt::format("{}", longest);
  for (const Outcome outcome : outcomes_by_precedence)
    CHECK(text.find(fmt::format(" 1 {}", name(outcome))) != std::string::npos);
  CHECK(text.ends_with("; stopped: store_failed (detail of the store: 4294967295)"));
}

TEST_CASE("a time prints as RFC 3339 in UTC, before and after 1970, in leap years, and at the ends of the calendar") {
  CHECK(fmt::format("{}", Time{0}) == "1970-01-01T00:00:00.000000Z");
  CHECK(fmt::format("{}", Time{-1}) == "1969-12-31T23:59:59.999999Z");
  CHECK(fmt::format("{}", Time{1'700'000'000'123'456}) == "2023-11-14T22:13:20.123456Z");
  CHECK(fmt::format("{}", Time{951'782'400'000'000}) == "2000-02-29T00:00:00.000000Z");
  CHECK(fmt::format("{}", Time{4'107'542'400'000'000}) == "2100-03-01T00:00:00.000000Z");
  CHECK(fmt::format("{}", Time{-62'167'219'200'000'000}) == "0000-01-01T00:00:00.000000Z");
  CHECK(fmt::format("{}", Time{253'402'300'799'999'999}) == "9999-12-31T23:59:59.999999Z");
  CHECK(fmt::format("{}", Time{253'402'300'800'000'000}) == "253402300800000000 microseconds");
  CHECK(fmt::format("{}", Time{INT64_MIN}) == "-9223372036854775808 microseconds");
}

TEST_CASE("fill, alignment, width and precision work as for a string, and anything else is refused by fmt") {
  CHECK(fmt::format("[{:>6}]", OrganizationId("acme")) == "[  acme]");
  CHECK(fmt::format("[{:*^8}]", Outcome::added) == "[*added**]");
  CHECK(fmt::format("[{:<8.3}]", Outcome::existing) == "[exi     ]");
  CHECK(fmt::format("[{:.2}]", Mode::atomic) == "[at]");
  const Outcome outcome = Outcome::added;
  for (const std::string_view wrong : {"{:d}", "{:08}", "{:+}", "{:5", "{:12345}", "{:<<<}", "{:{}}"})
    CHECK_THROWS(fmt::vformat(fmt::string_view(wrong.data(), wrong.size()), fmt::make_format_args(outcome)));
}

TEST_CASE("describe() names the text and the byte, and agrees with what the parser says") {
  const std::string_view wrong = "a..b@example.com";
  const auto parsed = Email::parse(wrong);
  REQUIRE_FALSE(parsed);
  CHECK(describe(parsed.error(), wrong) ==
        "malformed e-mail `a..b@example.com` at byte 2: " + std::string(describe(Errc::email_local_part)));
  CHECK(describe(Error(Errc::uuid_malformed, 8), "0123456x") ==
        "malformed uuid `0123456x` at byte 8: " + std::string(describe(Errc::uuid_malformed)));
  CHECK(describe(Error(Errc::id_blank_at_end, 3), "ann ") ==
        "malformed id `ann ` at byte 3: " + std::string(describe(Errc::id_blank_at_end)));
  CHECK(describe(Error(Errc::id_invisible, 0), "\u200B") ==
        "malformed id `\\xe2\\x80\\x8b` at byte 0: " + std::string(describe(Errc::id_invisible)));
  CHECK(describe(Error(Errc::id_empty), "") == "malformed id ``: " + std::string(describe(Errc::id_empty)));
  CHECK(describe(Error(Errc::selector_not_accepted, 3), "not shown") ==
        std::string(describe(Errc::selector_not_accepted)) + " at entry 3");
  CHECK(fmt::format("{}", Error(Errc::email_no_at, 7)) == "email_no_at at byte 7");
  CHECK(fmt::format("{}", Error(Errc::stale, 7)) == "stale");
}

TEST_CASE("describe() shows at most 64 bytes of hostile text, all of them printable ASCII") {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  for (std::size_t from = 0; from < every_byte.size(); from += 32) {
    const std::string text = describe(Error(Errc::id_bad_byte, 1), std::string_view(every_byte).substr(from, 64));
    for (const char c : text) CHECK((c >= 0x20 && c < 0x7F));
    CHECK(text.find("at byte 1: ") != std::string::npos);
  }
  CHECK(describe(Error(Errc::id_bad_byte, 1), "a\nb`c\\\xE2\x80\xAE")
            .starts_with("malformed id `a\\x0ab\\x60c\\x5c\\xe2\\x80\\xae` at byte 1: "));

  const std::string long_text(10'000'000, 'x');
  const std::string shown = describe(Error(Errc::id_too_long, 63), long_text);
  CHECK(shown.starts_with("malformed id `" + std::string(64, 'x') + "`... (10000000 bytes) at byte 63: "));
  // Even if every byte has to be escaped, the sentence is whole.
  CHECK(
      describe(Error(Errc::email_not_ascii, 63), std::string(100, '\x01')).ends_with(describe(Errc::email_not_ascii)));
}

TEST_CASE("the five profiles can be printed value by value") {
  for (const Profile* profile :
       {&profiles::recoup, &profiles::turso, &profiles::piper, &profiles::mem0, &profiles::devin}) {
    const std::string text =
        fmt::format("{} {} {} {} {} {} {}", profile->on_unknown_account, profile->on_same_role, profile->on_other_role,
                    profile->parent, profile->actor, profile->mode, profile->default_role);
    CHECK(text.find("unknown") == std::string::npos);
  }
}

TEST_CASE("an explanation is one line: who, where, the rule, the fact, and what to do") {
  const OrganizationSelector acme(OrganizationId("acme"));
  const AccountSelector eve(AccountId("eve"));
  Explanation why;
  why.organization = &acme;
  why.account = &eve;
  why.actor = AccountId("ann");
  why.requested_role = RoleId("owner");
  const auto said = [&](Outcome outcome) {
    why.outcome = outcome;
    why.subject = subject(outcome);
    return fmt::format("{}", why);
  };
  CHECK(said(Outcome::outranked) == "`eve` in `acme`: outranked, by the actor `ann` and role `owner`: " +
                                        std::string(describe(Outcome::outranked)));
  CHECK(said(Outcome::role_not_found).find("by the role `owner`: ") != std::string::npos);
  CHECK(said(Outcome::last_owner).find("by the owners of the organization: ") != std::string::npos);
  CHECK(said(Outcome::added) == "`eve` in `acme`: added: " + std::string(describe(Outcome::added)));
  why.requested_role = {};
  why.actor = {};
  why.current_role = RoleId("clerk");
  CHECK(said(Outcome::role_not_found).find("by the default role: ") != std::string::npos);
  CHECK(said(Outcome::forbidden).find("by the actor (none): ") != std::string::npos);
  CHECK(said(Outcome::role_conflict).find("by the membership, whose role is `clerk`: ") != std::string::npos);
  why.account = nullptr;
  why.account_id = AccountId("cid");
  CHECK(said(Outcome::conflict).starts_with("`cid` in `acme`: "));
  for (const Outcome outcome : outcomes_by_precedence) CHECK(said(outcome).size() < 400);
}

}
