// The "exactly one of" rule for naming an account in a request.
#include "roster/profile.hpp"

namespace roster::inline ROSTER_ABI {

namespace {

template <class T>
Result<AccountSelector> selected(bool accepted, Result<T> parsed) noexcept {
  if (!accepted) return Errc::selector_not_accepted;
  if (!parsed) return parsed.assume_error();
  return AccountSelector(std::in_place_type<T>, std::move(parsed).assume_value());
}

}  // namespace

Result<AccountSelector> select_account(const Profile& profile, std::optional<std::string_view> id,
                                       std::optional<std::string_view> email,
                                       std::optional<std::string_view> username) {
  const int given = int{id.has_value()} + int{email.has_value()} + int{username.has_value()};
  if (given == 0) return Errc::selector_missing;
  if (given > 1) return Errc::selector_ambiguous;  // even if they agree: no name has precedence
  if (id) return selected(profile.by_id, AccountId::parse(*id));
  if (email) return selected(profile.by_email, Email::parse(*email, profile.email));
  return selected(profile.by_username, Username::parse(*username));
}

}  // namespace roster::inline ROSTER_ABI
