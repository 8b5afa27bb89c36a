#include "sql/keys.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

bool sort_out(const Query& query, OrganizationKeys& to) noexcept {
  std::uint32_t row = 0;
  for (const OrganizationSelector& selector : query.organizations) {
    bool pushed;
    if (const auto* const id = std::get_if<OrganizationId>(&selector))
      pushed = to.ids.try_push_back({id->view(), row, {}});
    else if (const auto* const slug = std::get_if<Slug>(&selector))
      pushed = to.slugs.try_push_back({slug->view(), row, {}});
    else
      pushed = to.nested.try_push_back(
          {std::get<Nested>(selector).id.view(), row, std::get<Nested>(selector).parent.view()});
    if (!pushed) return false;
    ++row;
  }
  return true;
}

bool sort_out(const Query& query, bool case_insensitive_usernames, AccountKeys& to) noexcept {
  std::uint32_t column = 0;
  for (const AccountSelector& selector : query.accounts) {
    bool pushed = true;
    if (const auto* const id = std::get_if<AccountId>(&selector)) {
      pushed = to.ids.try_push_back({id->view(), column, {}});
    } else if (const auto* const email = std::get_if<Email>(&selector)) {
      pushed = to.emails.try_push_back({email->key(), column, {}});
    } else {
      const Username& name = std::get<Username>(selector);
      pushed = (!case_insensitive_usernames || to.folded.try_push_back(fold(name))) &&
               to.usernames.try_push_back({name.view(), column, {}});
    }
    if (!pushed) return false;
    ++column;
  }
  // The list of folded names no longer moves, so views into it stay valid.
  for (std::uint32_t i = 0; i < to.folded.size(); ++i) to.usernames[i].text = to.folded[i].view();
  for (const AccountId& id : query.group_accounts)
    if (!to.ids.try_push_back({id.view(), column++, {}})) return false;
  return true;
}

Username fold(const Username& name) noexcept {
  std::array<char, Username::size_max> letters{};
  std::size_t size = 0;
  for (const char c : name.view()) letters[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto folded = Username::parse_stored({letters.data(), size});
  return folded ? folded.assume_value() : name;  // an empty name, which no account has
}

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI
