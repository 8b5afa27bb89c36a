// Fills any store from a world and reads it back with every read function of the store. Reading also checks the store:
// one row per pair, one account per address, consistent lists and counts.
#ifndef ROSTER_TESTS_SUPPORT_STORE_VIEW_HPP
#define ROSTER_TESTS_SUPPORT_STORE_VIEW_HPP

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <tuple>

#include "support/fixture.hpp"

namespace roster_test {

/// A store that can fail returns a Result.
template <class T>
auto value_of(T found) {
  if constexpr (requires { found.assume_value(); })
    return std::move(found).assume_value();
  else
    return found;
}

/// Puts the world into an empty store; false if the store refused something.
template <class AnyStore>
bool put_world(AnyStore& store, const World& world) {
  using namespace roster;
  bool filled = true;
  std::set<std::string> seen;
  const std::function<void(const std::string&)> put = [&](const std::string& name) {  // parents first
    if (name.empty() || !seen.insert(name).second) return;
    const Place& place = world.places.at(name);
    put(place.parent);
    const auto organization = id<OrganizationId>(name);
    filled = filled && store.put_organization({organization, id<Slug>(place.slug), id<OrganizationId>(place.parent),
                                               place.joinable, place.closed, place.seats_max});
    for (const auto& [role_name, role] : place.roles)
      filled = filled && store.put_role(organization, role, any_version);
  };
  for (const auto& [name, place] : world.places) put(name);
  for (const std::string& role : world.owner_roles)
    filled = filled && store.record_owner_role(id<RoleId>(role)).has_value();
  std::vector<AccountRecord> accounts;
  for (const auto& [name, person] : world.people)
    accounts.push_back({.id = id<AccountId>(name),
                        .email = person.email.empty() ? std::nullopt : std::optional(email(person.email)),
                        .username = id<Username>(person.username),
                        .disabled = person.disabled,
                        .invited = person.invited,
                        .verified = person.verified});
  if constexpr (requires { store.add_accounts(accounts); })
    filled = filled && store.add_accounts(accounts);
  else
    for (const AccountRecord& account : accounts) filled = filled && store.put_account(account);
  for (const auto& [name, members] : world.groups) {
    std::vector<AccountId> group;
    for (const auto& member : members) group.push_back(id<AccountId>(member));
    filled = filled && store.overwrite_group(id<GroupName>(name), group);
  }
  CountingIds ids(0xB0);
  for (const auto& [pair, member] : world.members) {
    Membership row{.id = {},
                   .organization = id<OrganizationId>(pair.first),
                   .account = id<AccountId>(pair.second),
                   .role = id<RoleId>(member.role),
                   .state = member.state,
                   .idempotency_key = member.idempotency_key,
                   .added_at = member.added_at,
                   .valid_until = member.valid_until,
                   .invitation_until = member.invitation_until,
                   .invited_by = id<AccountId>(member.invited_by)};
    ids.fill({&row.id, 1});
    filled = filled && store.put_membership(row);
  }
  return filled;
}

/// The contents of a store, with the names of the world that filled it.
template <class AnyStore>
class Look {
 public:
  Look(const AnyStore& store, const World& base) : store_(store), base_(base) {}

  State all() {
    for (const auto& [name, ignored] : base_.places) {
      const auto place = id<roster::OrganizationId>(name);
      Rows& rows = listed_[name] = pages<&roster::Membership::account>(
          [&](auto after, auto page) { return store_.members(place, after, page); });
      if (rows.size() != value_of(store_.member_count(place))) wrong(name + " counts its members wrongly");
      unexplained_ += rows.size();
    }
    if (unexplained_ != value_of(store_.membership_count())) wrong("memberships are counted wrongly");
    find_accounts();
    for (const auto& [account, name] : called_) {
      const roster::AccountId& of = account;  // clang 14 captures no structured binding
      Rows own = pages<&roster::Membership::organization>(
          [&](auto after, auto page) { return store_.organizations_of(of, after, page); });
      if (value_of(store_.organization_count(account)) != own.size()) wrong(name + " counts its places wrongly");
      for (const auto& [place, rows] : listed_) take(place, rows, account, name, own);
      if (!own.empty()) wrong(name + " is not in as many organizations as list it");
    }
    if (unexplained_ != 0) wrong("a member is listed twice, in another's place, or is no account");
    return std::move(state_);
  }

 private:
  using Rows = std::vector<roster::Membership>;

  void wrong(const std::string& what) { state_.broken += what + "; "; }

  /// Reads a list of memberships, page by page. The first pages are small, and a long list does not take many.
  template <auto key, class List>
  static Rows pages(List&& list) {
    Rows all, page(3);
    std::decay_t<decltype(page[0].*key)> after;
    while (const std::size_t count = value_of(list(after, std::span<roster::Membership>(page)))) {
      all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count));
      if (!(after < all.back().*key) || all.size() > 10'000) break;
      after = all.back().*key;
      if (all.size() >= 9) page.resize(256);
    }
    return all;
  }

  void find_accounts() {
    for (const auto& [name, ignored] : base_.people) enter(value_of(store_.account(id<roster::AccountId>(name))));
    for (unsigned i = 0; i < people_max + 2; ++i) {
      const roster::Email address = email(address_name(i));
      const auto record = value_of(store_.account(address));
      if (record && (!record->email || !(*record->email == address))) wrong("an address leads to another");
      enter(record);
    }
    for (const auto& [place, rows] : listed_)
      for (const roster::Membership& row : rows)
        if (!called_.count(row.account)) enter(value_of(store_.account(row.account)));
    if (called_.size() != value_of(store_.account_count())) wrong("there are accounts that nothing leads to");
  }
  void enter(const std::optional<roster::AccountRecord>& record) {
    if (!record) return;
    std::string name = text_of(record->id);
    if (!base_.people.count(name) && record->email) name = "new:" + std::string(record->email->key());
    if (!called_.emplace(record->id, name).second) return;
    if (!state_.accounts.emplace(name, record->invited).second) wrong(name + " has two accounts");
  }

  /// Checks that every list and every read function shows a pair alike. Removes it from the account's `own` list.
  void take(const std::string& place, const Rows& rows, const roster::AccountId& account, const std::string& name,
            Rows& own) {
    const auto organization = id<roster::OrganizationId>(place);
    const auto found = value_of(store_.membership(organization, account));
    const auto former = value_of(store_.former_membership(organization, account));
    const auto is_found = [&](const roster::Membership& row) { return found && fields(*found) == fields(row); };
    auto first = std::lower_bound(rows.begin(), rows.end(), account,  // a list is sorted
                                  [](const auto& row, const auto& of) { return row.account < of; });
    std::size_t listed = 0;
    for (; first != rows.end() && first->account == account; ++first) listed += is_found(*first) ? 1 : 0;
    const std::size_t once = found ? 1 : 0;
    if (listed != once || std::erase_if(own, is_found) != once)
      wrong(name + " in " + place + " differs between list and look-up");
    unexplained_ -= listed;
    if (found) {
      if (!(found->organization == organization) || !(found->account == account)) wrong(name + " leads to another");
      if (found->id.empty() || !ids_.insert(found->id).second) wrong("a membership id is empty or used twice");
      if (found->state == roster::MembershipState::removed) wrong(name + " is listed and removed");
      if (former) wrong(name + " is there and was removed");
      Member& row = state_.rows[{place, name}] = row_of(*found);
      row.invited_by = called(found->invited_by);
    } else if (former) {
      Member& row = state_.rows[{place, name}] = row_of(former->membership);
      row.state = roster::MembershipState::removed;
      row.removed_by = called(former->removed_by);
      row.written_at = former->removed_at;
    }
  }

  static auto fields(const roster::Membership& m) {
    return std::tie(m.id, m.organization, m.account, m.role, m.state, m.idempotency_key, m.added_at, m.version,
                    m.valid_until, m.invitation_until, m.invited_by);
  }
  std::string called(const roster::AccountId& account) const {
    const auto name = called_.find(account);
    return name != called_.end() ? name->second : text_of(account);
  }
  static Member row_of(const roster::Membership& row) {
    Member member{text_of(row.role), row.state, row.idempotency_key, row.added_at, row.valid_until};
    member.invitation_until = row.invitation_until;
    return member;
  }

  const AnyStore& store_;
  const World& base_;
  State state_;
  std::map<std::string, Rows> listed_;               // by place
  std::map<roster::AccountId, std::string> called_;  // the names in the oracle
  std::set<roster::MembershipId> ids_;
  std::uint64_t unexplained_ = 0;  // listed rows that no pair has matched yet
};

}  // namespace roster_test

#endif
