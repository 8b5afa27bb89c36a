// The names and descriptions of errors, and their std::error_category.
#include "roster/result.hpp"

#include <string>

namespace roster::inline ROSTER_ABI {

namespace {

struct ErrorWords {
  std::string_view name, sentence;
};

/// No default case: the compiler then reports a code that is missing here.
constexpr ErrorWords words_of(Errc code) noexcept {
  switch (code) {
    case Errc::id_empty: return {"id_empty", "the id is empty: give 1 to 63 bytes of text"};
    case Errc::id_too_long:
      return {"id_too_long", "the id is longer than 63 bytes, or 255 for a username or group name: shorten it"};
    case Errc::id_bad_byte:
      return {"id_bad_byte", "the id has a control character or is not UTF-8: remove the byte at this offset"};
    case Errc::uuid_malformed:
      return {"uuid_malformed", "this is not a UUID: write it as 8-4-4-4-12 hexadecimal digits and nothing else"};
    case Errc::id_blank_at_end:
      return {"id_blank_at_end", "the id begins or ends with a blank: remove the character at this offset"};
    case Errc::id_invisible:
      return {"id_invisible", "the id has an invisible character: remove the character at this offset"};
    case Errc::email_empty: return {"email_empty", "the e-mail address is empty: give one, or name the account by id"};
    case Errc::email_too_long: return {"email_too_long", "the e-mail address is longer than 254 bytes: shorten it"};
    case Errc::email_no_at:
      return {"email_no_at", "the e-mail address ends before an `@`: write it as name@example.com"};
    case Errc::email_local_part:
      return {"email_local_part", "the part before the `@` is malformed: check the byte at this offset"};
    case Errc::email_domain:
      return {"email_domain", "the part after the `@` is malformed: check the byte at this offset"};
    case Errc::email_not_ascii:
      return {"email_not_ascii",
              "the e-mail address is not ASCII: write its domain as an A-label, or accept such "
              "addresses with a canonicalizer"};
    case Errc::email_no_key:
      return {"email_no_key", "the canonicalizer gave no usable key for this e-mail address: use another address"};
    case Errc::selector_missing: return {"selector_missing", "nothing names the account: give exactly one of the ways"};
    case Errc::selector_ambiguous:
      return {"selector_ambiguous", "the account is named in more than one way: give exactly one of them"};
    case Errc::selector_not_accepted:
      return {"selector_not_accepted", "this profile does not name records in that way: use one that it accepts"};
    case Errc::batch_empty:
      return {"batch_empty", "the command names no account or no organization: name at least one of each"};
    case Errc::batch_too_large:
      return {"batch_too_large", "the command names more than the profile allows at once: split it"};
    case Errc::roles_malformed:
      return {"roles_malformed", "the roles of the cells do not fit the command: give one valid index for each cell"};
    case Errc::actor_missing:
      return {"actor_missing", "this profile requires an actor and the command has none: give the actor"};
    case Errc::valid_until_passed:
      return {"valid_until_passed", "the membership would be over before it begins: give a later time, or remove it"};
    case Errc::profile_malformed:
      return {"profile_malformed", "the profile contradicts itself: check its roles, default role and parent role"};
    case Errc::stale:
      return {"stale", "something changed since it was read and nothing was written: read again and retry"};
    case Errc::contended:
      return {"contended", "others kept changing the same records and nothing was written: try again later"};
    case Errc::store_failed:
      return {"store_failed", "the store failed and may have written: retry with the same idempotency key"};
    case Errc::store_broke_contract:
      return {"store_broke_contract", "the store's answer does not have the shape of the question: mend the store"};
    case Errc::out_of_memory:
      return {"out_of_memory", "memory ran out and this step wrote nothing: free some, or ask for less at once"};
    case Errc::not_finished:
      return {"not_finished", "the operation still needs input: provide what `need()` returns before finishing it"};
    case Errc::exists:
      return {"exists", "that record exists, or its slug, e-mail or username is taken: read it, or choose another"};
    case Errc::not_found: return {"not_found", "there is no such record: check its name"};
    case Errc::store_full:
      return {"store_full", "the store has reached a limit and nothing was written: make room or raise the limit"};
    case Errc::role_in_use: return {"role_in_use", "a membership has this role: name the role that replaces it"};
    case Errc::owner_last:
      return {"owner_last", "the organization would be left without an owner: make another member its owner first"};
    case Errc::parent_cycle:
      return {"parent_cycle", "the parent is inside this organization: move it out first, or name another parent"};
    case Errc::has_members:
      return {"has_members", "the record has memberships that are not removed: remove them first"};
    case Errc::has_children:
      return {"has_children", "an organization is inside this one: erase it or move it out first"};
  }
  return {"unknown", "this error is unknown to this version of roster: compare the versions of its parts"};
}

class Category final : public std::error_category {
 public:
  constexpr Category() noexcept = default;
  const char* name() const noexcept override { return "roster"; }
  std::string message(int value) const override {
    // A value beyond 16 bits would otherwise be truncated to another error.
    const bool fits = value >= 0 && value <= 0xFFFF;
    return std::string(describe(fits ? static_cast<Errc>(value) : Errc{}));
  }
};

// The category is initialised before any code runs, and is never destroyed: a destructor that runs at exit may read an
// error. A plain static would be destroyed, and would register a destructor in every program that links roster.
#if defined(__clang__)
[[clang::no_destroy]] constinit const Category the_category;
const Category& kept_category() noexcept {
  return the_category;
}
#else
union Kept {
  char none;
  Category category;
  constexpr Kept() noexcept : category() {}
  constexpr ~Kept() {}  // a union does not destroy its members
};
constexpr Kept kept;
const Category& kept_category() noexcept {
  return kept.category;
}
#endif

}  // namespace

std::string_view name(Errc code) noexcept {
  return words_of(code).name;
}
std::string_view describe(Errc code) noexcept {
  return words_of(code).sentence;
}

const std::error_category& category() noexcept {
  return kept_category();
}
std::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), category()};
}
std::error_code make_error_code(const Error& error) noexcept {
  return make_error_code(error.code);
}

}  // namespace roster::inline ROSTER_ABI
