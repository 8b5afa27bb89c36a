// E-mail addresses as values: validation, and the key that compares them.
#include <cstring>
#include <new>
#include <utility>

#include "email_grammar.hpp"
#include "roster/identity.hpp"
#include "utf8.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

/// The parts of an address, or the reason why it is invalid (then `error.code` is not 0).
struct ParsedAddress {
  Error error;
  std::size_t local_size = 0;
  bool local_has_upper = false, domain_has_upper = false, is_quoted = false;
};

Error fault(Errc code, std::size_t offset) noexcept {
  return {code, static_cast<std::uint32_t>(offset)};
}

/// The reason why `text` is invalid. The scan stopped at `at`, before or after the `@`.
Error explain(std::string_view text, std::size_t at, bool before_at, const EmailRules& rules) noexcept {
  const Errc part = before_at ? Errc::email_local_part : Errc::email_domain;
  if (before_at && at > Email::local_part_max) return fault(part, Email::local_part_max);
  const bool is_high = at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80;
  return fault(is_high && rules.canonicalizer == nullptr ? Errc::email_not_ascii : part, at);
}

ParsedAddress take_apart(std::string_view text, const EmailRules& rules) noexcept {
  ParsedAddress parts;
  AddressScan scan{text, rules.canonicalizer != nullptr ? letters::high : 0};
  const bool dot_atom = rules.grammar == EmailGrammar::dot_atom;

  parts.is_quoted = !dot_atom && text[0] == '"';
  const bool has_local = parts.is_quoted ? scan.quoted_string() : scan.dot_string();
  if (!has_local || !scan.is('@') || scan.at > Email::local_part_max) {
    parts.error = explain(text, scan.at, true, rules);
    const bool is_open_quote = parts.is_quoted && !has_local;
    if (scan.ended() && !is_open_quote && scan.at <= Email::local_part_max) parts.error.code = Errc::email_no_at;
    return parts;
  }
  parts.local_size = scan.at;
  parts.local_has_upper = (std::exchange(scan.seen, 0u) & letters::upper) != 0;

  ++scan.at;
  const bool has_domain = !dot_atom && scan.is('[') ? scan.address_literal() : scan.domain(dot_atom);
  parts.domain_has_upper = (scan.seen & letters::upper) != 0;
  if (!has_domain) parts.error = explain(text, scan.at, false, rules);
  return parts;
}

/// Writes a quoted local part in its one canonical spelling: as a dot-atom if possible, otherwise quoted with the
/// fewest backslashes. The result is never longer than the input. Returns its size.
std::size_t simplify_quoted(std::string_view quoted, char* to) noexcept {
  std::array<char, Email::local_part_max> plain;
  std::size_t size = 0;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\\') ++i;
    plain[size++] = quoted[i];
  }
  AddressScan scan{{plain.data(), size}};
  if (scan.dot_string() && scan.ended()) {
    std::memcpy(to, plain.data(), size);
    return size;
  }
  char* end = to;
  *end++ = '"';
  for (std::size_t i = 0; i < size; ++i) {
    if (plain[i] == '"' || plain[i] == '\\') *end++ = '\\';
    *end++ = plain[i];
  }
  *end++ = '"';
  return static_cast<std::size_t>(end - to);
}

/// Writes the key by roster's own rules. Returns its size.
std::size_t make_key(std::string_view text, const ParsedAddress& parts, EmailCase letters_rule, char* to) noexcept {
  const char* const domain = text.data() + parts.local_size;  // with the `@`
  const std::size_t domain_size = text.size() - parts.local_size;
  std::size_t local_size = parts.local_size;
  const char* local = text.data();
  if (parts.is_quoted) {
    local_size = simplify_quoted({local, local_size}, to);
    local = to;
  }
  if (letters_rule == EmailCase::fold_all) {
    if (!parts.is_quoted) {
      letters::to_lower_ascii(to, text.data(), text.size());
      return text.size();
    }
    letters::to_lower_ascii(to, local, local_size);
  } else if (local != to) {
    std::memcpy(to, local, local_size);
  }
  letters::to_lower_ascii(to + local_size, domain, domain_size);
  return local_size + domain_size;
}

/// Validates the whole address and sets `key`. It refers to `text` if the two are equal, otherwise to `to`. `to` must
/// have room for the text, or for the longest key if a canonicalizer writes it.
Error find_key(std::string_view text, const EmailRules& rules, char* to, std::string_view& key) noexcept {
  if (text.empty()) return Errc::email_empty;
  if (text.size() > Email::size_max) return fault(Errc::email_too_long, Email::size_max);

  const ParsedAddress parts = take_apart(text, rules);
  if (rules.canonicalizer == nullptr) {
    const bool folds_local = parts.local_has_upper && rules.letters == EmailCase::fold_all;
    if (parts.error.code == Errc{} && (parts.is_quoted || parts.domain_has_upper || folds_local)) {
      key = {to, make_key(text, parts, rules.letters, to)};
      if (parts.is_quoted && key == text) key = text;
    }
    return parts.error;
  }

  // The grammar accepts every byte above ASCII as a letter. This checks that they are characters, and reports the first
  // of both faults.
  const bool failed = parts.error.code != Errc{};
  const std::size_t bad = first_unprintable(text);
  if (bad < (failed ? parts.error.detail : text.size())) {
    return explain(text, bad, parts.local_size == 0 || bad < parts.local_size, rules);
  }
  if (failed) return parts.error;
  const std::size_t size = rules.canonicalizer->key(text, std::span<char, Email::size_max>(to, Email::size_max));
  if (size == 0 || size > Email::size_max) return Errc::email_no_key;
  key = {to, size};
  if (key == text) key = text;
  return first_unprintable(key) == size ? Error() : Errc::email_no_key;
}

}  // namespace

Result<Email> Email::parse(std::string_view text, const EmailRules& rules) noexcept {
  // Built in place: moving an address just after it was written costs as much as parsing it.
  Result<Email> result(std::in_place_type<Email>);
  Email& email = result.assume_value();
  // Most keys fit behind their text, and are written at their final position.
  const bool in_place = 2 * text.size() <= inline_max && rules.canonicalizer == nullptr;
  std::array<char, size_max> buffer;
  std::string_view key = text;
  Error error = find_key(text, rules, in_place ? email.inline_.data() + text.size() : buffer.data(), key);
  if (error.code == Errc{}) {
    const bool key_is_text = key.data() == text.data();
    const std::size_t stored = text.size() + (key_is_text ? 0 : key.size());
    char* const heap = stored > inline_max ? static_cast<char*>(::operator new(stored, std::nothrow)) : nullptr;
    if (heap != nullptr || stored <= inline_max) {
      if (heap != nullptr) email.heap_ = heap;
      char* const to = heap != nullptr ? heap : email.inline_.data();
      std::memcpy(to, text.data(), text.size());
      if (!key_is_text && !in_place) std::memcpy(to + text.size(), key.data(), key.size());
      email.text_size_ = static_cast<std::uint8_t>(text.size());
      email.key_size_ = static_cast<std::uint8_t>(key.size());
      email.key_is_text_ = key_is_text;
      email.on_heap_ = heap != nullptr;
    } else {
      error = Errc::out_of_memory;
    }
  }
  if (error.code != Errc{}) result = error;
  return result;
}

Email::Email(const Email& other) {
  if (other.on_heap_) {
    heap_ = static_cast<char*>(::operator new(other.stored()));
    std::memcpy(heap_, other.heap_, other.stored());
  } else {
    std::memcpy(&inline_, &other.inline_, inline_max);
  }
  text_size_ = other.text_size_;
  key_size_ = other.key_size_;
  key_is_text_ = other.key_is_text_;
  on_heap_ = other.on_heap_;
}

Email::Email(Email&& other) noexcept {
  adopt(other);
}

Email& Email::operator=(const Email& other) {
  if (this != &other) *this = Email(other);
  return *this;
}

Email& Email::operator=(Email&& other) noexcept {
  if (this != &other) {
    if (on_heap_) ::operator delete(heap_);
    adopt(other);
  }
  return *this;
}

Email::~Email() {
  if (on_heap_) ::operator delete(heap_);
}

/// Moves the value of `other` here and leaves it empty. The caller has already freed the old value.
void Email::adopt(Email& other) noexcept {
  if (other.on_heap_) {
    heap_ = other.heap_;
  } else {
    std::memcpy(&inline_, &other.inline_, inline_max);  // the whole buffer: copying a fixed size is faster
  }
  text_size_ = std::exchange(other.text_size_, std::uint8_t{0});
  key_size_ = std::exchange(other.key_size_, std::uint8_t{0});
  key_is_text_ = std::exchange(other.key_is_text_, true);
  on_heap_ = std::exchange(other.on_heap_, false);
}

}  // namespace roster::inline ROSTER_ABI
