// The sample directory of the host, for any store: its records, and the fields that responses contain.
#ifndef HTTP_HOST_DIRECTORY_HPP
#define HTTP_HOST_DIRECTORY_HPP

#include <optional>
#include <string>
#include <utility>

#include "roster/http/records.hpp"
#include "roster/memory_store.hpp"

namespace http_host {

inline constexpr roster::OrganizationId acme("11111111-1111-4111-8111-111111111111"),
    globex("22222222-2222-4222-8222-222222222222"), enterprise("enterprise"), search("search"), personal("personal");
inline constexpr roster::AccountId ada("33333333-3333-4333-8333-333333333333"),
    grace("44444444-4444-4444-8444-444444444444"), iku("66666666-6666-4666-8666-666666666666");
inline constexpr roster::RoleId editor("55555555-5555-4555-8555-555555555555");

/// Converts look-ups of stores that cannot fail and of stores that can. A failed look-up is treated as a missing
/// record.
template <class T>
std::optional<T> found(std::optional<T> answer) {
  return answer;
}
template <class T>
std::optional<T> found(roster::Result<std::optional<T>> answer) {
  if (!answer) return std::nullopt;
  return std::move(answer).assume_value();
}

/// Puts an enterprise with two organizations, a project in one of them, and a personal organization. ada is an owner or
/// admin of each. Existing accounts and organizations stay unchanged.
template <class Of>
bool fill(Of& store, roster::IdSource& ids) {
  using namespace roster;
  const auto member = [&](const OrganizationId& where, const AccountId& who, const RoleId& as) {
    Membership membership;
    membership.organization = where;
    membership.account = who;
    membership.role = as;
    ids.fill(std::span<MembershipId>(&membership.id, 1));
    const auto put = store.put_membership(membership);
    return put || put.assume_error().code == Errc::exists;
  };
  const auto account = [&](const AccountId& id, const char* address, Username username) {
    if (found(store.account(id))) return true;
    const auto email = Email::parse(address);
    return email &&
           store.put_account({.id = id, .email = email.assume_value(), .username = username, .verified = true});
  };
  const auto place = [&](const OrganizationRecord& record) {
    return found(store.organization(record.id)) || store.put_organization(record);
  };
  const AccountId crew[] = {ada, grace};
  return place({.id = enterprise}) && place({.id = acme, .slug = Slug("acme"), .parent = enterprise}) &&
         place({.id = globex, .slug = Slug("globex"), .parent = enterprise}) && place({.id = search, .parent = acme}) &&
         place({.id = personal, .slug = Slug("ada"), .joinable = false}) &&
         store.put_role(acme, {.id = editor, .rank = 1}, any_version) &&
         account(ada, "ada@example.com", Username("ada")) && account(grace, "grace@example.com", Username("Grace")) &&
         account(iku, "iku@example.com", Username("iku")) && store.overwrite_group(GroupName("crew"), crew) &&
         member(enterprise, ada, RoleId("org_admin")) && member(acme, ada, RoleId("owner")) &&
         member(globex, ada, RoleId("owner")) && member(search, ada, RoleId("OWNER")) &&
         member(personal, ada, RoleId("owner"));
}

/// The records of people and organizations for responses. `Source` has use(), which calls its argument with a store.
template <class Source>
class Cards final : public roster::http::RecordSource {
 public:
  explicit Cards(Source source) : source_(std::move(source)) {}

  roster::http::Records look_up(const roster::http::RecordsQuery& query) override {
    return source_.use([&query](auto& store) { return cards(store, query); });
  }

 private:
  template <class Of>
  static roster::http::Records cards(Of& store, const roster::http::RecordsQuery& query) {
    using namespace roster;
    http::Records records;
    const auto organization = found(store.organization(*query.organization));
    if (organization) records.organization = http::OrganizationView{.name = std::string(organization->slug.view())};
    if (!query.role.empty()) records.role = http::RoleView{query.role == editor ? "editor" : "", false};
    const auto account = found(store.account(AccountSelector(query.account)));
    if (organization)
      if (const auto membership = found(store.membership(organization->id, query.account).value()))
        records.member_since = membership->added_at;
    if (account) {
      http::AccountView& shown = records.account.emplace();
      if (account->email) shown.email = std::string(account->email->text());
      if (!account->username.empty()) shown.username = std::string(account->username.view());
      shown.is_active = !account->disabled && !account->invited;
      shown.status = account->invited ? "pending" : "active";
      if (account->invited) shown.invited_at = records.member_since;
    }
    return records;
  }

  Source source_;
};

}  // namespace http_host

#endif
