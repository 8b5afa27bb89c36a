// Proves the "exactly one of" rule: nothing given, one given, more given, and what each refusal is called.
#include <string>

#include "catch.hpp"
#include "roster/profile.hpp"

namespace selector_test {

namespace {

using roster::Errc;
using roster::Error;
using Given = std::optional<std::string_view>;

Error refusal(const roster::Profile& profile, Given id, Given email, Given username) {
  auto selected = roster::select_account(profile, id, email, username);
  return selected ? Error() : selected.error();
}

}  // namespace

TEST_CASE("of all ways to give or not to give three names, exactly those with one are accepted") {
  const roster::Profile profile{.actor = roster::ActorRule::host_decides};
  for (unsigned ways = 0; ways < 8; ++ways) {
    const auto given = [&](unsigned bit, const char* text) { return (ways & bit) != 0 ? Given(text) : Given(); };
    auto selected = roster::select_account(profile, given(1, "u-1"), given(2, "a@x.de"), given(4, "ann"));
    INFO("ways " << ways);
    switch (ways) {
      case 0: CHECK(selected.error() == Error(Errc::selector_missing)); break;
      case 1: CHECK(std::get<roster::AccountId>(selected.value()) == roster::AccountId("u-1")); break;
      case 2: CHECK(std::get<roster::Email>(selected.value()).text() == "a@x.de"); break;
      case 4: CHECK(std::get<roster::Username>(selected.value()) == roster::Username("ann")); break;
      default: CHECK(selected.error() == Error(Errc::selector_ambiguous));
    }
  }
}

TEST_CASE("an empty name was given: it is malformed, and it makes another one ambiguous") {
  const roster::Profile profile{.actor = roster::ActorRule::host_decides};
  CHECK(refusal(profile, "", {}, {}) == Error(Errc::id_empty));
  CHECK(refusal(profile, {}, "", {}) == Error(Errc::email_empty));
  CHECK(refusal(profile, {}, {}, "") == Error(Errc::id_empty));
  CHECK(refusal(profile, "", "a@x.de", {}) == Error(Errc::selector_ambiguous));
  CHECK(refusal(profile, "u-1", "", {}) == Error(Errc::selector_ambiguous));
}

TEST_CASE("a way that the profile does not accept is refused before the text is looked at") {
  roster::Profile profile{.actor = roster::ActorRule::host_decides};
  profile.by_id = false;
  CHECK(refusal(profile, "u-1", {}, {}) == Error(Errc::selector_not_accepted));
  CHECK(refusal(profile, "\n", {}, {}) == Error(Errc::selector_not_accepted));
  CHECK(refusal(profile, {}, "a@x.de", {}) == Error());
  profile = {};
  profile.by_email = false;
  CHECK(refusal(profile, {}, "a@x.de", {}) == Error(Errc::selector_not_accepted));
  CHECK(refusal(profile, "u-1", {}, {}) == Error());
  profile = {};
  profile.by_username = false;
  CHECK(refusal(profile, {}, {}, "ann") == Error(Errc::selector_not_accepted));
  CHECK(refusal(profile, "u-1", {}, "ann") == Error(Errc::selector_ambiguous));
}

TEST_CASE("the error of the text itself comes through with its offset") {
  const roster::Profile profile{.actor = roster::ActorRule::host_decides};
  CHECK(refusal(profile, "ab\ncd", {}, {}) == Error(Errc::id_bad_byte, 2));
  CHECK(refusal(profile, {}, "a@b_c.de", {}) == Error(Errc::email_domain, 3));
  CHECK(refusal(profile, std::string(64, 'x'), {}, {}) == Error(Errc::id_too_long, 63));
  CHECK(refusal(profile, {}, {}, std::string(256, 'x')) == Error(Errc::id_too_long, 255));
}

TEST_CASE("one kind of name is never read as another, whatever it looks like") {
  const roster::Profile profile{.actor = roster::ActorRule::host_decides};
  CHECK(std::holds_alternative<roster::AccountId>(roster::select_account(profile, "A@b.de", {}, {}).value()));
  CHECK(refusal(profile, {}, "123e4567-e89b-12d3-a456-426614174000", {}) == Error(Errc::email_no_at, 36));
}

TEST_CASE("an e-mail address is judged by the rules of the profile") {
  roster::Profile profile{.actor = roster::ActorRule::host_decides};
  CHECK(refusal(profile, {}, "root@localhost", {}) == Error(Errc::email_domain, 14));
  profile.email.grammar = roster::EmailGrammar::mailbox;
  CHECK(refusal(profile, {}, "root@localhost", {}) == Error());
}

}
