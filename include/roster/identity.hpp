// How a request names people and places: e-mail addresses and selectors.
#ifndef ROSTER_IDENTITY_HPP
#define ROSTER_IDENTITY_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "roster/id.hpp"

ROSTER_PUBLIC_BEGIN

/// Turns an address into the key under which it is compared, for hosts that accept non-ASCII addresses or have rules of
/// their own (IDNA, provider rules). Must be a pure function: the keys are stored. Must not throw.
class EmailCanonicalizer {
 public:
  virtual ~EmailCanonicalizer() = default;
  /// Writes the key of `address` (as written, already split and measured) to `key` and returns its size;
  /// 0 refuses the address (email_no_key).
  virtual std::size_t key(std::string_view address, std::span<char, 254> key) const noexcept = 0;
};

enum class EmailGrammar : std::uint8_t {
  dot_atom,  ///< RFC 5322 dot-atom before the `@`, two or more LDH labels behind it
  mailbox,   ///< the whole RFC 5321 `Mailbox`: quoted local parts, address literals, one label
};
enum class EmailCase : std::uint8_t {
  fold_all,     ///< the key is the whole address in ASCII lower case
  fold_domain,  ///< only the domain is folded: RFC 5321 leaves the local part to its host
};

/// Which addresses a profile accepts, and which of them are the same.
struct EmailRules {
  EmailGrammar grammar = EmailGrammar::dot_atom;
  EmailCase letters = EmailCase::fold_all;
  const EmailCanonicalizer* canonicalizer = nullptr;  ///< outlives every parse; nullptr: ASCII only
};

/// An e-mail address as written (text) and as compared (key). Both together are held inline up to 86 bytes; a longer
/// address owns one block on the heap, and copying it can throw std::bad_alloc. Moving never throws.
class Email {
 public:
  static constexpr std::size_t size_max = 254;  ///< bytes of an address: RFC 5321 section 4.5.3.1.3, less `<` and `>`
  static constexpr std::size_t local_part_max = 64;    ///< RFC 5321 section 4.5.3.1.1
  static constexpr std::size_t domain_label_max = 63;  ///< RFC 1035 section 2.3.4

  /// Takes the address as it is: nothing is trimmed. Looks at no more than 255 bytes.
  /// Errors: email_*, out_of_memory; detail is the offset of the byte at fault.
  /// No dot rules, no plus rules, no Unicode folding: see docs/email.md for where this departs from the RFCs.
  static Result<Email> parse(std::string_view text, const EmailRules& rules = {}) noexcept;

  Email() noexcept {}  ///< the empty address, which parse() never gives; defaulted, it would clear all 86 bytes first
  Email(const Email& other);
  Email(Email&& other) noexcept;
  Email& operator=(const Email& other);
  Email& operator=(Email&& other) noexcept;
  ~Email();

  std::string_view text() const noexcept { return {bytes(), text_size_}; }
  std::string_view key() const noexcept { return {bytes() + (key_is_text_ ? 0 : text_size_), key_size_}; }
  friend bool operator==(const Email& a, const Email& b) noexcept { return a.key() == b.key(); }

 private:
  static constexpr std::size_t inline_max = 86;
  std::size_t stored() const noexcept { return text_size_ + (key_is_text_ ? std::size_t{0} : key_size_); }
  const char* bytes() const noexcept { return on_heap_ ? heap_ : inline_.data(); }
  void adopt(Email& other) noexcept;

  std::uint8_t text_size_ = 0, key_size_ = 0;
  bool key_is_text_ = true;
  bool on_heap_ = false;  ///< what is stored is longer than inline_max
  union {
    char* heap_;
    std::array<char, inline_max> inline_;
  };
};

/// A project inside an organization. It is not found if either is not, or if the one is not inside the other.
struct Nested {
  OrganizationId parent, id;
  friend bool operator==(const Nested&, const Nested&) = default;
};

using AccountSelector = std::variant<AccountId, Email, Username>;
using OrganizationSelector = std::variant<OrganizationId, Slug, Nested>;

struct Profile;
/// The "exactly one of" rule of an API request: each argument is what the request carried under that name, or nothing.
/// A name that was given empty counts as given, and is malformed.
/// Errors: selector_missing, selector_ambiguous, selector_not_accepted, and those of the parse.
Result<AccountSelector> select_account(const Profile& profile, std::optional<std::string_view> id,
                                       std::optional<std::string_view> email, std::optional<std::string_view> username);

ROSTER_END

#endif
