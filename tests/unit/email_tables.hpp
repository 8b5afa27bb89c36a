// Tables of e-mail addresses, and the checks of each row.
#ifndef ROSTER_TESTS_UNIT_EMAIL_TABLES_HPP
#define ROSTER_TESTS_UNIT_EMAIL_TABLES_HPP

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "roster/identity.hpp"

namespace email_tables {

using namespace std::string_literals;
using roster::Email;
using roster::EmailCase;
using roster::EmailGrammar;
using roster::EmailRules;
using roster::Errc;
using roster::Error;

struct Accepted {
  std::string text, key;
};
struct Refused {
  std::string text;
  Errc code;
  std::size_t offset;
};

inline constexpr EmailRules plain{};
inline constexpr EmailRules mailbox{EmailGrammar::mailbox};
inline constexpr EmailRules plain_domain{EmailGrammar::dot_atom, EmailCase::fold_domain};
inline constexpr EmailRules mailbox_domain{EmailGrammar::mailbox, EmailCase::fold_domain};

/// The text is the beginning of a longer one, and its end is its end whatever follows it in memory.
inline void check_its_end(const std::string& text, const EmailRules& rules) {
  const auto alone = Email::parse(text, rules);
  for (const char next : {'1', 'a', '.', '-', '@', ']', '"', ' '}) {
    INFO("followed by `" << next << "`");
    const std::string longer = text + next;
    const auto beginning = Email::parse(std::string_view(longer).substr(0, text.size()), rules);
    REQUIRE(beginning.has_value() == alone.has_value());
    if (alone) {
      CHECK(beginning.value().key() == alone.value().key());
    } else {
      CHECK(beginning.error() == alone.error());
    }
  }
}

inline void check_accepted(const EmailRules& rules, const std::vector<Accepted>& table) {
  for (const auto& [text, key] : table) {
    INFO("`" << text << "`");
    auto parsed = Email::parse(text, rules);
    REQUIRE(parsed);
    CHECK(parsed.value().text() == text);
    CHECK(parsed.value().key() == key);
    auto again = Email::parse(key, rules);  // the key of a key is that key
    REQUIRE(again);
    CHECK(again.value().key() == key);
    check_its_end(std::string(text), rules);
  }
}

inline Error refusal(std::string_view text, const EmailRules& rules = plain) {
  auto parsed = Email::parse(text, rules);
  return parsed ? Error() : parsed.error();
}

inline void check_refused(const EmailRules& rules, const std::vector<Refused>& table) {
  for (const auto& [text, code, offset] : table) {
    INFO("`" << text << "`");
    const Error error = refusal(text, rules);
    CHECK(name(error.code) == name(code));
    CHECK(error.detail == offset);
    check_its_end(std::string(text), rules);
  }
}

inline const std::string label63(63, 'd'), label64(64, 'd'), local64(64, 'l'), local65(65, 'l');

}  // namespace email_tables

#endif
