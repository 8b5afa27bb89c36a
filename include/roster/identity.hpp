// Identity: how a request names accounts and organizations, by id, e-mail address, username or slug.
//
//     Result<Email> email = Email::parse("Ann@Acme.Example");  // text(): as written; key(): "ann@acme.example"
//     Result<AccountSelector> account = select_account(profiles::recoup, {}, "ann@acme.example", {});
//     OrganizationSelector project = Nested{OrganizationId("acme"), OrganizationId("website")};
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

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// EmailCanonicalizer computes the comparison key of an address, for hosts with non-ASCII addresses or rules of their
/// own (IDNA, provider rules). It must be a pure function, because the keys are stored. It must not throw.
class EmailCanonicalizer {
 public:
  virtual ~EmailCanonicalizer() = default;
  /// Writes the key of `address` to `key` and returns its size in bytes. `address` is as written, with parts and sizes
  /// already checked. A size of 0 refuses the address (email_no_key).
  virtual std::size_t key(std::string_view address, std::span<char, 254> key) const noexcept = 0;
};

/// EmailGrammar is the set of accepted addresses.
enum class EmailGrammar : std::uint8_t {
  dot_atom,  ///< RFC 5322 dot-atom before the `@`, two or more LDH labels after it
  mailbox,   ///< the whole RFC 5321 `Mailbox`: quoted local parts, address literals, one label
};
/// EmailCase defines which addresses are equal.
enum class EmailCase : std::uint8_t {
  fold_all,     ///< the key is the whole address in ASCII lower case
  fold_domain,  ///< only the domain is in lower case: RFC 5321 leaves the local part to its host
};

/// EmailRules define the addresses that a profile accepts, and which of them are equal.
struct EmailRules {
  EmailGrammar grammar = EmailGrammar::dot_atom;      ///< the accepted addresses
  EmailCase letters = EmailCase::fold_all;            ///< the treatment of case
  const EmailCanonicalizer* canonicalizer = nullptr;  ///< outlives every parse; nullptr: ASCII only
};

/// An e-mail address as written (text) and as compared (key). Both together are stored inline up to 86 bytes. A longer
/// address owns one heap block, and copying it can throw std::bad_alloc. Moving never throws.
class Email {
 public:
  static constexpr std::size_t size_max = 254;  ///< bytes of an address: RFC 5321 section 4.5.3.1.3, less `<` and `>`
  static constexpr std::size_t local_part_max = 64;    ///< RFC 5321 section 4.5.3.1.1
  static constexpr std::size_t domain_label_max = 63;  ///< RFC 1035 section 2.3.4

  /// Parses the address without trimming, and reads at most 255 bytes. It applies no dot rules, no plus rules and no
  /// Unicode folding. docs/reference/email.md lists the departures from the RFCs.
  /// Errors: email_* if the text is malformed, with the offset of the offending byte as detail; out_of_memory.
  static Result<Email> parse(std::string_view text, const EmailRules& rules = {}) noexcept;

  Email() noexcept {}             ///< the empty address, never from parse(); a defaulted one would clear all 86 bytes
  Email(const Email& other);      ///< throws std::bad_alloc for more than 86 bytes
  Email(Email&& other) noexcept;  ///< leaves `other` empty
  Email& operator=(const Email& other);      ///< throws std::bad_alloc for more than 86 bytes
  Email& operator=(Email&& other) noexcept;  ///< leaves `other` empty
  ~Email();

  /// Returns the address as written.
  std::string_view text() const noexcept { return {bytes(), text_size_}; }
  /// Returns the address as compared.
  std::string_view key() const noexcept { return {bytes() + (key_is_text_ ? 0 : text_size_), key_size_}; }
  /// Addresses are equal if their keys are.
  friend bool operator==(const Email& a, const Email& b) noexcept { return a.key() == b.key(); }

 private:
  static constexpr std::size_t inline_max = 86;
  std::size_t stored() const noexcept { return text_size_ + (key_is_text_ ? std::size_t{0} : key_size_); }
  const char* bytes() const noexcept { return on_heap_ ? heap_ : inline_.data(); }
  void adopt(Email& other) noexcept;

  std::uint8_t text_size_ = 0, key_size_ = 0;
  bool key_is_text_ = true;
  bool on_heap_ = false;  ///< the stored bytes exceed inline_max
  union {
    char* heap_;
    std::array<char, inline_max> inline_;
  };
};

/// Nested names a project inside an organization. It is found only if both exist and `id` is directly inside `parent`.
struct Nested {
  OrganizationId parent;                                           ///< the organization around it
  OrganizationId id;                                               ///< the project
  friend bool operator==(const Nested&, const Nested&) = default;  ///< compares both ids
};

/// AccountSelector names an account in one of three ways.
using AccountSelector = std::variant<AccountId, Email, Username>;
/// OrganizationSelector names an organization in one of three ways.
using OrganizationSelector = std::variant<OrganizationId, Slug, Nested>;

struct Profile;
/// select_account() applies the "exactly one of" rule of an API request. Each argument is the value of that name in the
/// request, or nothing. An empty value counts as given, and is malformed.
/// Errors: selector_missing if no argument is given; selector_ambiguous if more than one is given. Also
/// selector_not_accepted if the profile does not accept that name. id_* or email_* if the value is malformed.
Result<AccountSelector> select_account(const Profile& profile, std::optional<std::string_view> id,
                                       std::optional<std::string_view> email, std::optional<std::string_view> username);

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
