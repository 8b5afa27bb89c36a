// Filling a store from a world, and reading a store back with every look-up that it has.
#include "support/stage.hpp"

#include <array>
#include <set>
#include <sstream>

namespace roster_test {

using namespace roster;

void CountingIds::fill(std::span<MembershipId> out) noexcept {
  for (MembershipId& id : out) {
    const unsigned number = ++keys_;
    id = {};
    id.bytes[0] = 0xC0;  // unlike every key that a scene can name
    for (unsigned i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
}

void CountingIds::fill(std::span<AccountId> out) noexcept {
  for (AccountId& account : out) {
    std::array<char, 10> text{'f', 'r', 'e', 's', 'h'};
    unsigned number = ++accounts_;
    for (std::size_t i = text.size(); i-- > 5; number /= 10) text[i] = static_cast<char>('0' + number % 10);
    account = AccountId::parse({text.data(), text.size()}).assume_value();
  }
}

bool fill(MemoryStore& store, const World& world) {
  bool filled = true;
  std::set<std::string> put;
  while (put.size() < world.organizations.size()) {  // parents first
    const std::size_t before = put.size();
    for (const auto& [name, organization] : world.organizations) {
      if (put.count(name) || (!organization.parent.empty() && !put.count(organization.parent))) continue;
      filled = filled && store.put_organization({id<OrganizationId>(name), id<Slug>(organization.slug),
                                                 id<OrganizationId>(organization.parent), organization.joinable});
      for (const auto& [role_name, role] : organization.roles)
        filled = filled && store.put_role(id<OrganizationId>(name), role);
      put.insert(name);
    }
    if (put.size() == before) return false;
  }
  for (const auto& [name, account] : world.accounts) {
    AccountRecord record;
    record.id = id<AccountId>(name);
    if (!account.email.empty()) record.email = email(account.email);
    record.username = id<Username>(account.username);
    record.disabled = account.disabled;
    record.invited = account.invited;
    filled = filled && store.put_account(record);
  }
  for (const auto& [name, members] : world.groups) {
    std::vector<AccountId> accounts;
    for (const auto& member : members) accounts.push_back(id<AccountId>(member));
    filled = filled && store.put_group(id<GroupName>(name), accounts);
  }
  std::uint8_t number = 0;
  for (const auto& [pair, row] : world.memberships) {
    Membership membership;
    membership.id.bytes.fill(0xB0);
    membership.id.bytes[15] = ++number;
    membership.organization = id<OrganizationId>(pair.first);
    membership.account = id<AccountId>(pair.second);
    membership.role = id<RoleId>(row.role);
    membership.state = row.state;
    membership.request = row.request;
    membership.added_at = row.added_at;
    filled = filled && store.put_membership(membership);
  }
  return filled;
}

State state_of(const World& world) {
  State state;
  for (const auto& [pair, row] : world.memberships)
    state.rows[pair] = Row{row.role, key_name(row.request), row.state, static_cast<std::int64_t>(row.added_at)};
  for (const auto& [name, account] : world.accounts) state.accounts[name] = account.invited;
  return state;
}

namespace {

std::string identity(const MemoryStore& store, const World& base, const AccountId& account) {
  if (account.empty()) return "";
  if (base.accounts.count(text_of(account))) return text_of(account);
  const auto record = store.account(account);
  return record && record->email ? "new:" + lower(record->email->text()) : "nobody: " + text_of(account);
}

/// One list of memberships, page by page, and a check that the pages hold together.
template <class List>
std::vector<Membership> pages(List&& list) {
  std::vector<Membership> all;
  std::array<Membership, 3> page;
  std::uint64_t cursor = 0;
  while (const std::size_t count = list(cursor, std::span<Membership>(page))) {
    all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count));
    if (all.size() > 10'000) break;
  }
  return all;
}

bool same(const Membership& a, const Membership& b) {
  return a.id == b.id && a.organization == b.organization && a.account == b.account && a.role == b.role &&
         a.state == b.state && a.request == b.request && a.added_at == b.added_at && a.version == b.version;
}

}  // namespace

State state_of(const MemoryStore& store, const World& base) {
  State state;
  std::ostringstream broken;
  std::set<MembershipId> ids;
  std::map<AccountId, std::uint64_t> held;
  std::uint64_t memberships = 0;
  for (const auto& [name, ignored] : base.organizations) {
    const auto organization = id<OrganizationId>(name);
    const auto listed =
        pages([&](std::uint64_t& cursor, auto page) { return store.members(organization, cursor, page); });
    if (listed.size() != store.member_count(organization)) broken << name << " counts its members wrongly; ";
    memberships += listed.size();
    for (const Membership& row : listed) {
      const std::string account = identity(store, base, row.account);
      if (row.organization != organization) broken << name << " lists a row of another; ";
      if (row.id.empty() || !ids.insert(row.id).second) broken << "a membership id is empty or used twice; ";
      if (!store.account(row.account)) broken << account << " is a member of " << name << " but no account; ";
      const auto found = store.membership(organization, row.account);
      if (!found || !same(*found, row)) broken << account << " in " << name << " differs between list and look-up; ";
      const auto [at, fresh] = state.rows.emplace(
          std::pair(name, account),
          Row{text_of(row.role), key_name(row.request), row.state, static_cast<std::int64_t>(row.added_at)});
      if (!fresh) broken << account << " has two rows in " << name << "; ";
      ++held[row.account];
    }
  }
  if (memberships != store.membership_count()) broken << "memberships are counted wrongly; ";
  for (const auto& entry : held) {  // not taken apart: clang before 16 cannot capture the parts
    const AccountId& account = entry.first;
    const std::uint64_t count = entry.second;
    const auto listed =
        pages([&](std::uint64_t& cursor, auto page) { return store.organizations_of(account, cursor, page); });
    if (listed.size() != count || store.organization_count(account) != count)
      broken << text_of(account) << " is not in as many organizations as list it; ";
    for (const Membership& row : listed) {
      const auto found = store.membership(row.organization, account);
      if (row.account != account || !found || !same(*found, row)) broken << text_of(account) << " lists a wrong row; ";
    }
  }

  std::set<AccountId> accounts;
  for (const auto& [name, ignored] : base.accounts)
    if (const auto record = store.account(id<AccountId>(name))) {
      accounts.insert(record->id);
      state.accounts[name] = record->invited;
    }
  for (const std::string& address : all_addresses()) {
    const auto record = store.account(email(address));
    if (!record) continue;
    if (!record->email || lower(record->email->text()) != address) broken << address << " leads to another; ";
    accounts.insert(record->id);
    state.accounts[identity(store, base, record->id)] = record->invited;
  }
  if (accounts.size() != store.account_count()) broken << "there are accounts that nothing leads to; ";
  state.broken = broken.str();
  return state;
}

bool Answer::none_undecided() const {
  for (const Outcome outcome : outcomes)
    if (outcome == Outcome::undecided) return false;
  return true;
}

bool operator==(const Answer& a, const Answer& b) {
  return a.error == b.error && a.stopped == b.stopped && a.rows == b.rows && a.columns == b.columns &&
         a.named == b.named && a.outcomes == b.outcomes && a.accounts == b.accounts && a.cell_roles == b.cell_roles &&
         a.created == b.created;
}

Answer answer_of(const Result<Report>& result, const MemoryStore& store, const World& base) {
  Answer answer;
  if (!result) {
    answer.error = result.assume_error();
    return answer;
  }
  const Report& report = result.assume_value();
  answer.stopped = report.stopped;
  answer.rows = report.rows;
  answer.columns = report.columns;
  answer.named = report.named;
  answer.request = report.request;
  answer.outcomes.assign(report.outcomes.begin(), report.outcomes.end());
  for (const AccountReport& account : report.accounts) {
    answer.accounts.push_back(identity(store, base, account.id));
    answer.created.push_back(account.created);
  }
  for (std::uint32_t r = 0; r < report.rows; ++r)
    for (std::uint32_t c = 0; c < report.columns; ++c) {
      answer.cell_roles.push_back(text_of(report.role(r, c)));
      answer.memberships.push_back(report.membership(r, c));
    }
  return answer;
}

}  // namespace roster_test
