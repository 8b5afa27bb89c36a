// Proves which e-mail addresses are accepted under which rules, what their keys are, and where each refusal points to.
#include "unit/email_tables.hpp"

namespace email_test {

using namespace email_tables;

namespace {

/// An address of `size` bytes in all, with the longest labels.
std::string of_size(std::size_t size) {
  std::string text = "a@b.";
  while (text.size() + 64 < size) text += label63 + '.';
  return text + std::string(size - text.size(), 'z');
}

/// Refuses, repeats, or invents, as the test says.
struct Canonicalizer final : roster::EmailCanonicalizer {
  std::string gives;
  std::size_t says = 0;
  bool copies = false;
  std::size_t key(std::string_view address, std::span<char, 254> key) const noexcept override {
    const std::string_view from = copies ? address : std::string_view(gives);
    for (std::size_t i = 0; i < from.size() && i < key.size(); ++i) key[i] = from[i];
    return copies ? address.size() : says;
  }
};

}  // namespace

TEST_CASE("a dot-atom at a name of two labels or more is accepted, and its key is the whole in lower case") {
  check_accepted(plain, {
                            {"a@b.de", "a@b.de"},
                            {"A@X.de", "a@x.de"},
                            {"a@x.DE", "a@x.de"},
                            {"Firstname.Lastname@Ex12.Com", "firstname.lastname@ex12.com"},
                            {"user+tag@example.com", "user+tag@example.com"},
                            {"u.s.e.r@gmail.com", "u.s.e.r@gmail.com"},
                            {"!#$%&'*+-/=?^_`{|}~@x.de", "!#$%&'*+-/=?^_`{|}~@x.de"},
                            {"-@x.de", "-@x.de"},
                            {"a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
                            {"a@1.de", "a@1.de"},
                            {"a@b.1x", "a@b.1x"},
                            {"a@b.x1", "a@b.x1"},
                            {"a@b--c.d-e.fg", "a@b--c.d-e.fg"},
                            {"a@127.0.0.1a", "a@127.0.0.1a"},
                            {"ABCDEFGHIJKLMNOPQRSTUVWXYZ@EXAMPLE.ORG", "abcdefghijklmnopqrstuvwxyz@example.org"},
                        });
}

TEST_CASE("nothing else is accepted, and the offset is that of the first byte that cannot stand there") {
  check_refused(plain, {
                           {"", Errc::email_empty, 0},
                           {"a", Errc::email_no_at, 1},
                           {"a.b", Errc::email_no_at, 3},
                           {"a.", Errc::email_no_at, 2},
                           {"@", Errc::email_local_part, 0},
                           {"@b.de", Errc::email_local_part, 0},
                           {".a@b.de", Errc::email_local_part, 0},
                           {"a.@b.de", Errc::email_local_part, 2},
                           {"a..b@b.de", Errc::email_local_part, 2},
                           {"a b@b.de", Errc::email_local_part, 1},
                           {" a@b.de", Errc::email_local_part, 0},
                           {"mailto:a@b.de", Errc::email_local_part, 6},
                           {"Name <a@b.de>", Errc::email_local_part, 4},
                           {"a(c)@b.de", Errc::email_local_part, 1},
                           {"a,b@c.de", Errc::email_local_part, 1},
                           {"\"a\"@x.de", Errc::email_local_part, 0},
                           {"\"a b\"@x.de", Errc::email_local_part, 0},
                           {"\"\"@x.de", Errc::email_local_part, 0},
                           {"a\\b@x.de", Errc::email_local_part, 1},
                           {"a@", Errc::email_domain, 2},
                           {"a@b", Errc::email_domain, 3},
                           {"a@localhost", Errc::email_domain, 11},
                           {"a@123", Errc::email_domain, 5},
                           {"a@b.", Errc::email_domain, 4},
                           {"a@b.de.", Errc::email_domain, 7},
                           {"a@.b.de", Errc::email_domain, 2},
                           {"a@b..de", Errc::email_domain, 4},
                           {"a@-b.de", Errc::email_domain, 2},
                           {"a@b-.de", Errc::email_domain, 4},
                           {"a@b.de-", Errc::email_domain, 7},
                           {"a@b_c.de", Errc::email_domain, 3},
                           {"a@b.de ", Errc::email_domain, 6},
                           {"a@ b.de", Errc::email_domain, 2},
                           {"a@b@c.de", Errc::email_domain, 3},
                           {"a@@b.de", Errc::email_domain, 2},
                           {"a@[127.0.0.1]", Errc::email_domain, 2},
                           {"a@[IPv6:::1]", Errc::email_domain, 2},
                           {"a@127.0.0.1", Errc::email_domain, 10},
                           {"a@1.2", Errc::email_domain, 4},
                           {"a@b.123", Errc::email_domain, 4},
                           {"user@example.com, b@x.de", Errc::email_domain, 16},
                           {"a@b.de>", Errc::email_domain, 6},
                       });
}

TEST_CASE("no byte below a space, no DEL and no NUL is accepted anywhere, whatever the rules") {
  const Canonicalizer copier = [] {
    Canonicalizer made;
    made.copies = true;
    return made;
  }();
  const std::vector<std::string> seeds = {"ab@cd.ef",      "\"a b\"@cd.ef", "\"a\\b\"@c.d",
                                          "a@[127.0.0.1]", "a@[IPv6:::1]",  "a@[tag:xyz]"};
  for (EmailRules rules : {plain, mailbox, plain_domain, mailbox_domain}) {
    for (const auto* canonicalizer : {static_cast<const Canonicalizer*>(nullptr), &copier}) {
      rules.canonicalizer = canonicalizer;
      for (const std::string& seed : seeds) {
        for (std::size_t at = 0; at <= seed.size(); ++at) {
          for (unsigned byte = 0; byte < 0x21; ++byte) {
            const char control = byte == 0x20 ? '\x7F' : static_cast<char>(byte);
            std::string inserted = seed, replaced = seed;
            inserted.insert(at, 1, control);
            if (at < seed.size()) replaced[at] = control;
            if (refusal(inserted, rules).code == Errc{}) FAIL("accepted " << byte << " at " << at << " of " << seed);
            if (at < seed.size() && refusal(replaced, rules).code == Errc{})
              FAIL(byte << " at " << at << " of " << seed);
          }
        }
      }
    }
  }
  check_refused(plain, {
                           {"a\0b@c.de"s, Errc::email_local_part, 1},
                           {"a@b.de\0"s, Errc::email_domain, 6},
                           {"a@b.de\r\nBcc: x@y.de", Errc::email_domain, 6},
                           {"a\r\n@b.de", Errc::email_local_part, 1},
                           {"\ta@b.de", Errc::email_local_part, 0},
                       });
}

TEST_CASE("the limits: 64 bytes before the at sign, 63 a label, 254 in all") {
  CHECK(refusal(local64 + "@x.de") == Error());
  CHECK(refusal(local65 + "@x.de") == Error(Errc::email_local_part, 64));
  CHECK(refusal(local65) == Error(Errc::email_local_part, 64));
  CHECK(refusal(local64) == Error(Errc::email_no_at, 64));
  CHECK(refusal(local64 + "\xC3\xA9@x.de") == Error(Errc::email_not_ascii, 64));
  CHECK(refusal("a@" + label63 + ".de") == Error());
  CHECK(refusal("a@" + label64 + ".de") == Error(Errc::email_domain, 65));
  CHECK(refusal("a@x." + label63) == Error());
  CHECK(refusal("a@x." + label64) == Error(Errc::email_domain, 67));
  for (std::size_t size = 200; size <= 254; ++size) {
    auto parsed = Email::parse(of_size(size));
    REQUIRE(parsed);
    CHECK(parsed.value().text().size() == size);
  }
  CHECK(of_size(255).size() == 255);
  CHECK(refusal(of_size(255)) == Error(Errc::email_too_long, 254));
  CHECK(refusal(of_size(256)) == Error(Errc::email_too_long, 254));
  CHECK(refusal(std::string(10'000'000, '@')) == Error(Errc::email_too_long, 254));
  std::string sixty_four_letters;
  for (int i = 0; i < 64; ++i) sixty_four_letters += "\u00E9";
  CHECK(refusal(sixty_four_letters + "@x.de") == Error(Errc::email_not_ascii, 0));
}

TEST_CASE("an over-long text is not read beyond 255 bytes") {
  // Only 255 of the bytes that this view claims exist; the address sanitizer watches the rest.
  const std::vector<char> few(255, 'a');
  CHECK(refusal({few.data(), 1'000'000}) == Error(Errc::email_too_long, 254));
}

TEST_CASE("without a canonicalizer, what is not ASCII is refused and no Unicode folding can merge two people") {
  check_refused(plain, {
                           {"mi\u212Ae@example.com", Errc::email_not_ascii, 2},  // KELVIN SIGN, which lower-cases to k
                           {"mike@\u212Aexample.com", Errc::email_not_ascii, 5},
                           {"u\u017Fer@example.com", Errc::email_not_ascii, 1},  // LONG S
                           {"m\u0131ke@example.com", Errc::email_not_ascii, 1},  // DOTLESS I
                           {"\uFEFFa@b.de", Errc::email_not_ascii, 0},
                           {"a@b.de\u00A0", Errc::email_not_ascii, 6},
                           {"a\u0085@b.de", Errc::email_not_ascii, 1},
                           {"a@b.d\xC0\xAF", Errc::email_not_ascii, 5},
                           {"a@b\u3002de", Errc::email_not_ascii, 3},  // IDEOGRAPHIC FULL STOP
                           {"\xFF", Errc::email_not_ascii, 0},
                       });
  check_refused(mailbox, {{"\"\u00E9\"@x.de", Errc::email_not_ascii, 1}, {"a@[t:\u00E9]", Errc::email_not_ascii, 5}});
}

TEST_CASE("where only the domain is folded, the local part stays as it is") {
  check_accepted(plain_domain, {{"Ab@X.De", "Ab@x.de"}, {"AB@x.de", "AB@x.de"}, {"ab@x.de", "ab@x.de"}});
  check_accepted(
      mailbox_domain,
      {{"\"Ab\"@X.De", "Ab@x.de"}, {"\"A b\"@X.De", "\"A b\"@x.de"}, {"A@[IPv6:FE80::1]", "A@[ipv6:fe80::1]"}});
}

TEST_CASE("a canonicalizer gives the key of every address, and opens the way for characters beyond ASCII") {
  Canonicalizer fixed;
  fixed.gives = "Key \u212A";
  fixed.says = fixed.gives.size();
  EmailRules rules = plain;
  rules.canonicalizer = &fixed;
  for (const char* text : {"A@b.de", "\u043F\u043E\u0447\u0442\u0430@\u043F\u0440\u0438\u043C\u0435\u0440.\u0440\u0444",
                           "mi\u212Ae@x.de", "a@b.\U0001F600", "a.\u00E9@x.1\u00E9"}) {
    auto parsed = Email::parse(text, rules);
    INFO(text);
    REQUIRE(parsed);
    CHECK(parsed.value().text() == text);
    CHECK(parsed.value().key() == fixed.gives);
  }
  // The structure is judged as before, and what is not a character at all is refused, whichever comes first.
  check_refused(rules, {
                           {"\u00E9", Errc::email_no_at, 2},
                           {"\u00E9..b@x.de", Errc::email_local_part, 3},
                           {"\u00E9@x", Errc::email_domain, 4},
                           {"\u00E9@-x.de", Errc::email_domain, 3},
                           {"a\u0085@x.de", Errc::email_local_part, 1},
                           {"a@x\u0085.de", Errc::email_domain, 3},
                           {"a\xC3@x.de", Errc::email_local_part, 1},
                           {"a@x.d\xC3", Errc::email_domain, 5},
                           {"a@\xED\xA0\x80.de", Errc::email_domain, 2},
                           {"a@\xC0\xAF.de-", Errc::email_domain, 2},
                           {"a..b@x\xFF.de", Errc::email_local_part, 2},
                           {"\xFF..b@x.de", Errc::email_local_part, 0},
                           {"a\xFF..b@x.de", Errc::email_local_part, 1},
                           {"a\xFF", Errc::email_local_part, 1},
                           {std::string(63, 'a') + "\u00E9@x.de", Errc::email_local_part, 64},
                           {"a@" + std::string(62, 'a') + "\u00E9.de", Errc::email_domain, 65},
                       });
  rules.grammar = EmailGrammar::mailbox;
  CHECK(refusal("\"\u00E9 b\"@x", rules) == Error());
  CHECK(refusal("\"\\\u00E9\"@x", rules) == Error(Errc::email_local_part, 2));
  CHECK(refusal("a@[t:\u00E9]", rules) == Error(Errc::email_domain, 5));
}

TEST_CASE("a key that a store could not keep or compare is refused") {
  Canonicalizer canonicalizer;
  EmailRules rules = plain;
  rules.canonicalizer = &canonicalizer;
  const auto key_is = [&](std::string key) {
    canonicalizer.says = key.size();
    canonicalizer.gives = std::move(key);
    return refusal("a@b.de", rules);
  };
  CHECK(key_is("") == Error(Errc::email_no_key));
  CHECK(key_is("a\nb") == Error(Errc::email_no_key));
  CHECK(key_is("a\0"s) == Error(Errc::email_no_key));
  CHECK(key_is("\xC2\x85") == Error(Errc::email_no_key));
  CHECK(key_is("a\xC3") == Error(Errc::email_no_key));
  CHECK(key_is(std::string(255, 'k')) == Error(Errc::email_no_key));
  CHECK(key_is(std::string(254, 'k')) == Error());
  CHECK(key_is("k") == Error());
  canonicalizer.says = ~std::size_t{0};
  CHECK(refusal("a@b.de", rules) == Error(Errc::email_no_key));
}

TEST_CASE("an address keeps its text and key through copies and moves, inline and beyond") {
  Canonicalizer canonicalizer;
  canonicalizer.gives = std::string(254, 'k');
  canonicalizer.says = 254;
  EmailRules foreign = plain;
  foreign.canonicalizer = &canonicalizer;
  std::vector<Email> originals;
  for (const std::size_t size : {7u, 42u, 43u, 44u, 85u, 86u, 87u, 254u}) {
    const std::string lower = of_size(size), upper = "A" + lower.substr(1);
    originals.push_back(Email::parse(lower).value());
    originals.push_back(Email::parse(upper).value());
    originals.push_back(Email::parse(lower, foreign).value());
    CHECK(originals[originals.size() - 2].key() == lower);
    CHECK(originals[originals.size() - 2].text() == upper);
    CHECK(originals.back().key() == canonicalizer.gives);
  }
  originals.emplace_back();
  for (const Email& original : originals) {
    const std::string text(original.text()), key(original.key());
    const auto is_same = [&](const Email& email) { return email.text() == text && email.key() == key; };
    for (const Email& old : originals) {
      Email copied(original), assigned(old), moved_to(old);
      assigned = copied;
      CHECK(is_same(assigned));
      moved_to = std::move(copied);
      CHECK(is_same(moved_to));
      CHECK(copied.text().empty());
      CHECK(copied.key().empty());
      copied = moved_to;
      CHECK(is_same(copied));
      CHECK(copied == original);
    }
    Email itself(original);
    Email& same = itself;
    itself = same;
    CHECK(is_same(itself));
    itself = std::move(same);
    CHECK(is_same(itself));
  }
}

TEST_CASE("two addresses are equal when their keys are") {
  CHECK(Email::parse("A@X.de").value() == Email::parse("a@x.DE").value());
  CHECK(!(Email::parse("a@x.de").value() == Email::parse("a+b@x.de").value()));
  CHECK(!(Email::parse("a.b@gmail.com").value() == Email::parse("ab@gmail.com").value()));
  CHECK(Email() == Email());
}

}
