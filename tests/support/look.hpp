// Any store, filled from a world and read back with every look-up that it has. Reading it back also checks it: one row
// per pair, one account per address, lists and counts that agree.
#ifndef ROSTER_TESTS_SUPPORT_LOOK_HPP
#define ROSTER_TESTS_SUPPORT_LOOK_HPP

#include <algorithm>
#include <array>
#include <set>

#include "support/stage.hpp"

namespace roster_test {

/// A store that can fail answers with a Result.
template <class T>
T value_of(T found) {
  return found;
}
template <class T>
T value_of(roster::Result<T> found) {
  return std::move(found).assume_value();
}

/// Puts everything of the world into an empty store; false if the store refused something.
template <class AnyStore>
bool put_world(AnyStore& store, const World& world) {
  using namespace roster;
  bool filled = true;
  std::set<std::string> put;
  while (put.size() < world.places.size()) {  // parents first
    const std::size_t before = put.size();
    for (const auto& [name, place] : world.places) {
      if (put.count(name) || (!place.parent.empty() && !put.count(place.parent))) continue;
      filled = filled && store.put_organization({id<OrganizationId>(name), id<Slug>(place.slug),
                                                 id<OrganizationId>(place.parent), place.joinable, place.seats_max});
      for (const auto& [role_name, role] : place.roles)
        filled = filled && store.put_role(id<OrganizationId>(name), role);
      put.insert(name);
    }
    if (put.size() == before) return false;
  }
  for (const auto& [name, person] : world.people) filled = filled && store.put_account(record_of(name, person));
  for (const auto& [name, members] : world.groups) {
    std::vector<AccountId> accounts;
    for (const auto& member : members) accounts.push_back(id<AccountId>(member));
    filled = filled && store.put_group(id<GroupName>(name), accounts);
  }
  std::uint32_t number = 0;
  for (const auto& [pair, member] : world.members) {
    Membership row;
    row.id.bytes.fill(0xB0);
    ++number;
    for (unsigned i = 0; i < 4; ++i) row.id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    row.organization = id<OrganizationId>(pair.first);
    row.account = id<AccountId>(pair.second);
    row.role = id<RoleId>(member.role);
    row.state = member.state;
    row.request = member.request;
    row.added_at = member.added_at;
    row.valid_until = member.valid_until;
    filled = filled && store.put_membership(row);
  }
  return filled;
}

/// What the store holds, in the words of the world that it was filled from.
template <class AnyStore>
class Look {
 public:
  Look(const AnyStore& store, const World& base) : store_(store), base_(base) {}

  State all() {
    for (const auto& [name, ignored] : base_.places) list(name);
    find_accounts();
    for (const auto& [place, rows] : listed_)
      for (const roster::Membership& row : rows) take(place, row);
    for (const auto& [name, account] : names_) {
      for (const auto& [place, ignored] : listed_) take_former(place, name, account);
      compare_with_own_list(name, account);
    }
    if (memberships_ != value_of(store_.membership_count())) wrong("memberships are counted wrongly");
    return std::move(state_);
  }

 private:
  using Rows = std::vector<roster::Membership>;

  void wrong(const std::string& what) { state_.broken += what + "; "; }

  /// A list of memberships, page by page.
  template <class List>
  static Rows pages(List&& list) {
    Rows all;
    std::array<roster::Membership, 3> page;
    std::uint64_t cursor = 0;
    while (const std::size_t count = value_of(list(cursor, std::span<roster::Membership>(page)))) {
      all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count));
      if (all.size() > 10'000) break;
    }
    return all;
  }

  void list(const std::string& name) {
    const auto organization = id<roster::OrganizationId>(name);
    Rows& rows = listed_[name];
    rows = pages([&](std::uint64_t& cursor, auto page) { return store_.members(organization, cursor, page); });
    if (rows.size() != value_of(store_.member_count(organization))) wrong(name + " counts its members wrongly");
    memberships_ += rows.size();
  }

  void find_accounts() {
    for (const auto& [name, ignored] : base_.people) enter(value_of(store_.account(id<roster::AccountId>(name))));
    for (const roster::Email& address : known_addresses()) {
      const auto record = value_of(store_.account(address));
      if (record && (!record->email || !(*record->email == address))) wrong("an address leads to another");
      enter(record);
    }
    for (const auto& [place, rows] : listed_)
      for (const roster::Membership& row : rows)
        if (!called_.count(row.account)) enter(value_of(store_.account(row.account)));
    if (names_.size() != value_of(store_.account_count())) wrong("there are accounts that nothing leads to");
  }
  static const std::vector<roster::Email>& known_addresses() {
    static const std::vector<roster::Email> all = [] {
      std::vector<roster::Email> parsed;
      for (const std::string& address : all_addresses()) parsed.push_back(email(address));
      return parsed;
    }();
    return all;
  }
  void enter(const std::optional<roster::AccountRecord>& record) {
    if (!record) return;
    std::string name = text_of(record->id);
    if (!base_.people.count(name) && record->email) name = "new:" + std::string(record->email->key());
    names_[name] = record->id;
    called_[record->id] = name;
    state_.accounts[name] = record->invited;
  }

  void take(const std::string& place, const roster::Membership& row) {
    const auto called = called_.find(row.account);
    if (called == called_.end()) return wrong(text_of(row.account) + " is a member of " + place + " but no account");
    const std::string& name = called->second;
    if (text_of(row.organization) != place) wrong(place + " lists a row of another");
    if (row.id.empty() || !ids_.insert(row.id).second) wrong("a membership id is empty or used twice");
    if (row.state == roster::MembershipState::removed) wrong(name + " is listed and removed");
    const auto found = value_of(store_.membership(row.organization, row.account));
    if (!found || !same(*found, row)) wrong(name + " in " + place + " differs between list and look-up");
    if (!state_.rows.emplace(Pair(place, name), row_of(row)).second) wrong(name + " has two rows in " + place);
    held_[row.account].push_back(row);
  }
  void take_former(const std::string& place, const std::string& name, const roster::AccountId& account) {
    const auto former = value_of(store_.former_membership(id<roster::OrganizationId>(place), account));
    if (!former) return;
    Row row = row_of(former->membership);
    row.state = roster::MembershipState::removed;
    const auto by = called_.find(former->removed_by);
    row.removed_by = by != called_.end() ? by->second : text_of(former->removed_by);
    row.removed_at = static_cast<std::int64_t>(former->removed_at);
    if (!state_.rows.emplace(Pair(place, name), row).second) wrong(name + " is there and was removed");
  }
  void compare_with_own_list(const std::string& name, const roster::AccountId& account) {
    const Rows own =
        pages([&](std::uint64_t& cursor, auto page) { return store_.organizations_of(account, cursor, page); });
    const Rows& rows = held_[account];
    bool agree = own.size() == rows.size();
    if constexpr (requires { store_.organization_count(account); })
      agree = agree && store_.organization_count(account) == rows.size();
    for (const roster::Membership& row : own)
      agree = agree && std::any_of(rows.begin(), rows.end(), [&](const auto& each) { return same(each, row); });
    if (!agree) wrong(name + " is not in as many organizations as list it");
  }

  static bool same(const roster::Membership& a, const roster::Membership& b) {
    return a.id == b.id && a.organization == b.organization && a.account == b.account && a.role == b.role &&
           a.state == b.state && a.request == b.request && a.added_at == b.added_at && a.version == b.version &&
           a.valid_until == b.valid_until;
  }
  static Row row_of(const roster::Membership& row) {
    return {text_of(row.role),
            row.request.empty() ? std::string() : text_of(row.request),
            row.state,
            static_cast<std::int64_t>(row.added_at),
            static_cast<std::int64_t>(row.valid_until),
            {},
            0};
  }

  const AnyStore& store_;
  const World& base_;
  State state_;
  std::map<std::string, Rows> listed_;              // by place
  std::map<std::string, roster::AccountId> names_;  // as the oracle calls them
  std::map<roster::AccountId, std::string> called_;
  std::map<roster::AccountId, Rows> held_;
  std::set<roster::MembershipId> ids_;
  std::uint64_t memberships_ = 0;
};

}  // namespace roster_test

#endif
