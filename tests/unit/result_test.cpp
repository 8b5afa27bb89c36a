// Proves that every error and every outcome has its own stable name and a sentence fit for people, that a number from
// elsewhere is no error of ours, and that errors travel as std::error_code.
#include "roster/result.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "roster/outcome.hpp"

namespace result_test {

namespace {

using roster::Errc;
using roster::Outcome;

const std::vector<std::pair<Errc, int>> every_errc = {
    {Errc::id_empty, 1},
    {Errc::id_too_long, 2},
    {Errc::id_bad_byte, 3},
    {Errc::uuid_malformed, 4},
    {Errc::id_blank_at_end, 5},
    {Errc::id_invisible, 6},
    {Errc::email_empty, 10},
    {Errc::email_too_long, 11},
    {Errc::email_no_at, 12},
    {Errc::email_local_part, 13},
    {Errc::email_domain, 14},
    {Errc::email_not_ascii, 15},
    {Errc::email_no_key, 16},
    {Errc::selector_missing, 30},
    {Errc::selector_ambiguous, 31},
    {Errc::selector_not_accepted, 32},
    {Errc::batch_empty, 40},
    {Errc::batch_too_large, 41},
    {Errc::roles_malformed, 42},
    {Errc::actor_missing, 43},
    {Errc::profile_malformed, 44},
    {Errc::valid_until_passed, 45},
    {Errc::stale, 60},
    {Errc::contended, 61},
    {Errc::store_failed, 62},
    {Errc::store_broke_contract, 63},
    {Errc::out_of_memory, 64},
    {Errc::not_finished, 65},
    {Errc::exists, 80},
    {Errc::not_found, 81},
    {Errc::store_full, 82},
    {Errc::role_in_use, 83},
    {Errc::owner_last, 84},
    {Errc::parent_cycle, 85},
    {Errc::has_members, 86},
    {Errc::has_children, 87},
};

/// Short enough for a log line, lower case but for the names of standards, no full stop, backticks in pairs.
void check_sentence(std::string_view sentence) {
  INFO(sentence);
  CHECK(sentence.size() >= 10);
  CHECK(sentence.size() <= 120);
  CHECK(std::islower(static_cast<unsigned char>(sentence.front())) != 0);
  CHECK(sentence.back() != '.');
  CHECK(sentence.find("  ") == std::string_view::npos);
  CHECK(std::count(sentence.begin(), sentence.end(), '`') % 2 == 0);
}

void check_name(std::string_view name) {
  INFO(name);
  CHECK(!name.empty());
  CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
  CHECK(name != "unknown");
}

}  // namespace

TEST_CASE("every error has the number, the name and the sentence that hosts may rely on") {
  std::set<std::string_view> names, sentences;
  for (const auto& [code, number] : every_errc) {
    CHECK(static_cast<int>(code) == number);
    check_name(name(code));
    check_sentence(describe(code));
    names.insert(name(code));
    sentences.insert(describe(code));
  }
  CHECK(names.size() == every_errc.size());
  CHECK(sentences.size() == every_errc.size());
  CHECK(name(Errc::email_too_long) == "email_too_long");
  CHECK(name(Errc::store_broke_contract) == "store_broke_contract");
}

TEST_CASE("no number outside the list of errors has a name") {
  std::size_t known = 0;
  for (unsigned number = 0; number <= 0xFFFF; ++number) {
    if (name(static_cast<Errc>(number)) != "unknown") ++known;
  }
  CHECK(known == every_errc.size());
  check_sentence(describe(Errc{}));
}

TEST_CASE("every outcome has a name and a sentence of its own") {
  std::set<std::string_view> names, sentences;
  for (const Outcome outcome : roster::outcomes_by_precedence) {
    check_name(name(outcome));
    check_sentence(describe(outcome));
    names.insert(name(outcome));
    sentences.insert(describe(outcome));
  }
  CHECK(names.size() == roster::outcome_count);
  CHECK(sentences.size() == roster::outcome_count);
  CHECK(name(Outcome::organization_not_found) == "organization_not_found");
  CHECK(name(Outcome::role_not_found) == "role_not_found");
  CHECK(name(Outcome::replayed) == "replayed");
}

TEST_CASE("of the 256 values of a byte each is one outcome in the order of precedence, or none: 0 is none") {
  std::size_t known = 0;
  for (unsigned value = 0; value <= 0xFF; ++value) {
    const auto outcome = static_cast<Outcome>(value);
    const std::size_t place = roster::ordinal(outcome);
    INFO(value);
    if (place < roster::outcome_count) {
      ++known;
      CHECK(roster::outcomes_by_precedence[place] == outcome);
      CHECK(name(outcome) != "unknown");
      CHECK(succeeded(outcome) == (value >= 128));
    } else {
      CHECK(place == roster::outcome_count);
      CHECK(name(outcome) == "unknown");
    }
  }
  CHECK(known == roster::outcome_count);
  CHECK(roster::ordinal(Outcome{}) == roster::outcome_count);
}

TEST_CASE("a table of outcomes keeps a value for each, and one more for any byte that is none") {
  roster::OutcomeTable<unsigned> table;
  for (unsigned value = 0; value <= 0xFF; ++value) ++table[static_cast<Outcome>(value)];
  for (const Outcome outcome : roster::outcomes_by_precedence) CHECK(table[outcome] == 1);
  CHECK(table[Outcome{}] == 256 - roster::outcome_count);
}

TEST_CASE("the successes come last, and all but existing wrote something") {
  std::string succeeding, writing;
  for (const Outcome outcome : roster::outcomes_by_precedence) {
    if (succeeded(outcome)) succeeding += std::string(name(outcome)) + ' ';
    if (wrote(outcome)) writing += std::string(name(outcome)) + ' ';
  }
  CHECK(succeeding ==
        "added invited existing still_invited replaced removed suspended reactivated accepted invitation_renewed "
        "expiry_changed "
        "replayed ");
  CHECK(writing ==
        "added invited replaced removed suspended reactivated accepted invitation_renewed expiry_changed "
        "replayed ");
}

TEST_CASE("an error is a std::error_code of one category, whose message is the sentence") {
  for (const auto& [code, number] : every_errc) {
    const std::error_code as_code = make_error_code(code);
    CHECK(as_code.value() == number);
    CHECK(&as_code.category() == &roster::category());
    CHECK(as_code.message() == describe(code));
    CHECK(as_code == code);
    CHECK(make_error_code(roster::Error(code, 7)) == as_code);
  }
  CHECK(std::string(roster::category().name()) == "roster");
  CHECK(make_error_code(Errc::stale) != make_error_code(Errc::contended));
  CHECK(make_error_code(Errc::id_empty) != std::error_code(1, std::generic_category()));
}

TEST_CASE("a value that does not fit an error code does not borrow the message of one that does") {
  for (const int value : {-1, 0, 0x10000 + static_cast<int>(Errc::stale), -0x10000 + static_cast<int>(Errc::stale)}) {
    CHECK(roster::category().message(value) == describe(Errc{}));
  }
}

TEST_CASE("errors are equal when code and detail are") {
  CHECK(roster::Error(Errc::stale) == roster::Error(Errc::stale, 0));
  CHECK(!(roster::Error(Errc::stale, 1) == roster::Error(Errc::stale, 2)));
  CHECK(!(roster::Error(Errc::stale) == roster::Error(Errc::contended)));
}

}
