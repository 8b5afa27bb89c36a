// Fuzzes everything that reads text from outside: ids, UUIDs and e-mail addresses. Two kinds of check: laws that hold
// for any rules, and slow models of the two grammars, written from the documentation and unlike the real code.
#include "roster/identity.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using roster::Email;
using roster::EmailCase;
using roster::EmailGrammar;
using roster::Errc;

void expect(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "broken law: %s\n", law);
  std::abort();
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

/// The property Default_Ignorable_Code_Point, and five characters more.
bool model_is_invisible(std::uint32_t point) {
  const std::uint32_t row = point >> 8, in_row = point & 0xFF;
  switch (row) {
    case 0x00: return in_row == 0xAD;
    case 0x03: return in_row == 0x4F;
    case 0x06: return in_row == 0x1C;
    case 0x11: return in_row == 0x5F || in_row == 0x60;
    case 0x17: return in_row == 0xB4 || in_row == 0xB5;
    case 0x18: return in_row >= 0x0B && in_row <= 0x0F;
    case 0x20: return (in_row >= 0x0B && in_row <= 0x0F) || (in_row >= 0x28 && in_row <= 0x2E) || in_row >> 4 == 6;
    case 0x31: return in_row == 0x64;
    case 0xFE: return in_row <= 0x0F || in_row == 0xFF;
    case 0xFF: return in_row == 0xA0 || (in_row >= 0xF0 && in_row <= 0xFB);
    case 0x1BC: return in_row >= 0xA0 && in_row <= 0xA3;
    case 0x1D1: return in_row >= 0x73 && in_row <= 0x7A;
    default: return row >> 4 == 0xE0;
  }
}
bool model_is_blank(std::uint32_t point) {
  constexpr std::uint32_t others[] = {0x20, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000};
  return (point >= 0x2000 && point <= 0x200A) || std::find(others, others + 6, point) != others + 6;
}

/// Whether the text is UTF-8 without control characters, by decoding every character and encoding it again. A name has
/// no invisible character besides, and no blank at its ends.
bool model_is_printable(std::string_view text, bool is_name = false) {
  std::size_t at = 0;
  while (at < text.size()) {
    const unsigned lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (size == 0 || at + size > text.size()) return false;
    std::uint32_t point = size == 1 ? lead : lead & (0xFFu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
      const unsigned tail = static_cast<unsigned char>(text[at + i]);
      if (tail >> 6 != 2) return false;
      point = point << 6 | (tail & 0x3F);
    }
    const std::size_t shortest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
    const bool is_control = point < 0x20 || (point >= 0x7F && point <= 0x9F);
    if (size != shortest || is_surrogate || is_control || point > 0x10FFFF) return false;
    const bool is_first = at == 0;
    at += size;
    if (is_name && (model_is_invisible(point) || ((is_first || at == text.size()) && model_is_blank(point))))
      return false;
  }
  return true;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> pieces(1);
  for (const char c : text) {
    if (c == at) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  return pieces;
}

bool all_in(const std::string& text, const char* set) {
  return text.find_first_not_of(set) == std::string::npos;
}

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/// Whether the text is an address of EmailGrammar::dot_atom.
bool model_is_dot_atom(const std::string& text) {
  if (text.size() > 254 || text.find('\0') != std::string::npos) return false;
  const auto sides = split(text, '@');
  if (sides.size() != 2 || sides[0].size() > 64) return false;
  for (const auto& atom : split(sides[0], '.'))
    if (atom.empty() || !all_in(atom, LETTERS_AND_DIGITS "!#$%&'*+-/=?^_`{|}~")) return false;
  const auto labels = split(sides[1], '.');
  for (const auto& label : labels) {
    if (label.empty() || label.size() > 63 || !all_in(label, LETTERS_AND_DIGITS "-")) return false;
    if (label.front() == '-' || label.back() == '-') return false;
  }
  return labels.size() >= 2 && !all_in(labels.back(), "0123456789");
}

/// Folds like roster does, but for addresses that ask for a bad key.
struct Canonicalizer final : roster::EmailCanonicalizer {
  std::size_t key(std::string_view address, std::span<char, 254> key) const noexcept override {
    const std::string made = lower(address);
    made.copy(key.data(), key.size());
    if (address[0] == '0') return 0;
    if (address[0] == '1') return 255;
    if (address[0] == '2') key[0] = '\n';
    if (address[0] == '3') key[made.size() - 1] = '\xC3';
    return made.size();
  }
};

void check_id(const std::string& text) {
  auto id = roster::AccountId::parse(text);
  expect(id.has_value() == (!text.empty() && text.size() <= 63 && model_is_printable(text, true)),
         "ids are as documented");
  if (id) {
    expect(id.value().view() == text, "an id is the text it was made from");
    return;
  }
  const auto error = id.error();
  const auto stored = roster::AccountId::parse_stored(text);
  const bool was_one = error.code == Errc::id_blank_at_end || error.code == Errc::id_invisible;
  expect(stored.has_value() ? was_one && stored.value().view() == text : !was_one || !model_is_printable(text),
         "only blanks and invisible characters are refused that a stored id may have");
  expect(error.detail <= 63 && error.detail <= text.size(), "the fault is within the text");
  if (error.code == Errc::id_bad_byte || was_one) {
    expect(model_is_printable(text.substr(0, error.detail)), "all is well before the fault");
    expect(!roster::AccountId::parse(text.substr(0, error.detail + 1)), "nothing behind the fault matters");
  }
}

void check_name(const std::string& text) {
  const auto name = roster::Username::parse(text);
  expect(name.has_value() == (!text.empty() && text.size() <= 255 && model_is_printable(text, true)),
         "usernames are as documented");
  if (!name) return;
  roster::Username copy(name.value());
  const roster::Username moved(std::move(copy));
  expect(moved.view() == text && copy.empty() && moved == name.value(), "a name is the text it was made from");
}

void check_uuid(const std::string& text) {
  auto key = roster::MembershipId::parse(text);
  if (key) {
    const auto printed = key.value().text();
    expect(std::string(printed.data(), printed.size()) == lower(text), "a UUID is written as it was read");
  } else {
    expect(key.error().detail <= 36 && key.error().detail <= text.size(), "the fault is within the text");
  }
  const auto digest = roster::IdempotencyKey::of(text);
  expect(digest.bytes[6] >> 4 == 5 && digest.bytes[8] >> 6 == 2, "a digest is a version 5 UUID");
  expect(roster::IdempotencyKey::of(text + "x") != digest, "other text, other digest");
}

void check_email(const std::string& text, const roster::EmailRules& rules) {
  const bool own_keys = rules.canonicalizer == nullptr;
  const bool dot_atom = rules.grammar == EmailGrammar::dot_atom;
  auto email = Email::parse(text, rules);
  if (own_keys && dot_atom)
    expect(email.has_value() == model_is_dot_atom(text), "dot-atom addresses are as documented");
  if (!email) {
    const auto error = email.error();
    expect(error.code >= Errc::email_empty && error.code <= Errc::email_no_key, "the error is about e-mail");
    expect(error.detail <= 254 && error.detail <= text.size(), "the fault is within the text");
    expect(!own_keys || error.code != Errc::email_no_key, "there is always a key by roster's own rules");
    expect(own_keys || error.code != Errc::email_not_ascii, "with a canonicalizer, ASCII is not asked for");
    if (own_keys && dot_atom && text.size() <= 254 && error.detail < text.size()) {
      auto again = Email::parse(text.substr(0, error.detail + 1), rules);
      expect(!again && again.error() == error, "nothing behind the fault matters");
    }
    return;
  }

  const Email& read = email.value();
  const std::string key(read.key());
  expect(read.text() == text, "an address is the text it was made from");
  expect(model_is_printable(text) && model_is_printable(key), "no control character gets in");
  expect(!key.empty() && key.size() <= 254, "a key is stored as it is");
  Email copy(read);
  const Email moved(std::move(copy));
  expect(moved.text() == text && moved.key() == key && copy.text().empty(), "copies and moves keep everything");
  if (!own_keys) return;

  auto again = Email::parse(key, rules);
  expect(again && again.value().key() == key, "the key of a key is that key");
  const std::size_t at = key.rfind('@');
  if (dot_atom || text[0] != '"') {
    const bool all = rules.letters == EmailCase::fold_all;
    const std::size_t split_at = text.find('@');
    expect(key == (all ? lower(text) : text.substr(0, split_at) + lower(text.substr(split_at))),
           "folding is ASCII only");
  } else {
    expect(at != std::string::npos && at <= 64 && key.size() <= text.size(), "a key is never longer than the address");
    if (key[0] != '"' && key.find("@[") == std::string::npos) {
      expect(model_is_dot_atom(key.substr(0, at) + "@x.de"), "quotes only go where a dot-atom remains");
    }
    if (rules.letters == EmailCase::fold_all) expect(key == lower(key), "the whole key is folded");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  check_id(text);
  check_name(text);
  check_uuid(text);
  const Canonicalizer canonicalizer;
  for (const auto grammar : {EmailGrammar::dot_atom, EmailGrammar::mailbox}) {
    for (const auto letters : {EmailCase::fold_all, EmailCase::fold_domain}) {
      check_email(text, {grammar, letters, nullptr});
      check_email(text, {grammar, letters, &canonicalizer});
    }
  }
  return 0;
}
