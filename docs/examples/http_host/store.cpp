#include "store.hpp"

#include "roster/memory_store.hpp"

namespace http_host {
namespace {

using namespace roster;

constexpr OrganizationId acme("11111111-1111-4111-8111-111111111111"), globex("22222222-2222-4222-8222-222222222222"),
    enterprise("enterprise"), search("search"), personal("personal");
constexpr AccountId ada("33333333-3333-4333-8333-333333333333"), grace("44444444-4444-4444-8444-444444444444"),
    iku("66666666-6666-4666-8666-666666666666");
constexpr RoleId editor("55555555-5555-4555-8555-555555555555");

/// An enterprise with two organizations, a project in one of them, a personal organization; ada runs all of it.
bool fill(MemoryStore& store, IdSource& ids) {
  const auto member = [&](const OrganizationId& where, const AccountId& who, const RoleId& as) {
    Membership membership;
    membership.organization = where;
    membership.account = who;
    membership.role = as;
    ids.fill(std::span<MembershipId>(&membership.id, 1));
    return store.put_membership(membership).has_value();
  };
  const auto account = [&](const AccountId& id, const char* address, Username username) {
    const auto email = Email::parse(address);
    return email &&
           store.put_account({.id = id, .email = email.assume_value(), .username = username, .verified = true});
  };
  const AccountId crew[] = {ada, grace};
  return store.put_organization({.id = enterprise}) &&
         store.put_organization({.id = acme, .slug = Slug("acme"), .parent = enterprise}) &&
         store.put_organization({.id = globex, .slug = Slug("globex"), .parent = enterprise}) &&
         store.put_organization({.id = search, .parent = acme}) &&
         store.put_organization({.id = personal, .slug = Slug("ada"), .joinable = false}) &&
         store.put_role(acme, {.id = editor, .rank = 1}) && account(ada, "ada@example.com", Username("ada")) &&
         account(grace, "grace@example.com", Username("Grace")) && account(iku, "iku@example.com", Username("iku")) &&
         store.put_group(GroupName("crew"), crew) && member(enterprise, ada, RoleId("org_admin")) &&
         member(acme, ada, RoleId("owner")) && member(globex, ada, RoleId("owner")) &&
         member(search, ada, RoleId("OWNER")) && member(personal, ada, RoleId("owner"));
}

/// What this directory knows of people and places beyond what the rules need: little.
class Cards final : public http::RecordSource {
 public:
  explicit Cards(const MemoryStore& store) : store_(&store) {}

  http::Records look_up(const http::RecordsWanted& wanted) override {
    http::Records records;
    const auto organization = store_->organization(*wanted.organization);
    if (organization) records.organization = http::OrganizationShown{.name = std::string(organization->slug.view())};
    if (!wanted.role.empty()) records.role = http::RoleShown{wanted.role == editor ? "editor" : "", false};
    const auto account = store_->account(wanted.account);
    const auto membership = organization ? store_->membership(organization->id, wanted.account) : std::nullopt;
    if (membership) records.member_since = membership->added_at;
    if (account) {
      http::AccountShown& shown = records.account.emplace();
      if (account->email) shown.email = std::string(account->email->text());
      if (!account->username.empty()) shown.username = std::string(account->username.view());
      shown.is_active = !account->disabled && !account->invited;
      shown.status = account->invited ? "pending" : "active";
      if (account->invited) shown.invited_at = records.member_since;
    }
    return records;
  }

 private:
  const MemoryStore* store_;
};

}  // namespace

Backing open_store(std::string_view name, IdSource& ids) {
  if (name != "memory") return {};
  auto store = std::make_unique<MemoryStore>(MemoryOptions{.folds_usernames = true});
  if (!fill(*store, ids)) return {};
  auto records = std::make_unique<Cards>(*store);
  return {std::move(store), std::move(records)};
}

}  // namespace http_host
