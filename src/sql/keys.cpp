#include "sql/keys.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

namespace {

/// Writes the name with ASCII letters in lower case.
void fold(char* to, std::string_view name) noexcept {
  for (const char c : name) *to++ = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

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
  std::uint64_t folded_size = 0;
  for (const AccountSelector& selector : query.accounts) {
    bool pushed = true;
    if (const auto* const id = std::get_if<AccountId>(&selector)) {
      pushed = to.ids.try_push_back({id->view(), column, {}});
    } else if (const auto* const email = std::get_if<Email>(&selector)) {
      pushed = to.emails.try_push_back({email->key(), column, {}});
    } else {
      const Username& name = std::get<Username>(selector);
      pushed = to.usernames.try_push_back({name.view(), column, {}});
      folded_size += name.view().size();
    }
    if (!pushed) return false;
    ++column;
  }
  if (case_insensitive_usernames && folded_size != 0) {
    if (!to.folded.reserve(folded_size)) return false;
    char* at = to.folded.data();
    for (Key& key : to.usernames) {
      fold(at, key.text);
      key.text = {at, key.text.size()};
      at += key.text.size();
    }
  }
  for (const AccountId& id : query.group_accounts)
    if (!to.ids.try_push_back({id.view(), column++, {}})) return false;
  return true;
}

FoldedName::FoldedName(std::string_view name, bool folds) noexcept : text_(name) {
  if (!folds) return;
  fold(bytes_.data(), name);
  text_ = {bytes_.data(), name.size()};
}

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI
