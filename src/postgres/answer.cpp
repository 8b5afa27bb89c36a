#include "postgres/answer.hpp"

#include <algorithm>

#include "postgres/invitation_end.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

// The indexes of columns, in the order of Columns in statements.hpp.
namespace of_organization {
enum : int {
  id,
  slug,
  version,
  joinable,
  closed,
  parent,
  seats_max,
  role,
  rank,
  assignable,
  manages,
  owns,
  takes_seat,
  actor_role
};
inline constexpr int actor_version = actor_role + 1, actor_valid_until = actor_role + 2;
}  // namespace of_organization
namespace of_account {
enum : int { id, email_key, username_key, version, disabled, invited, verified };
}
namespace of_membership {
enum : int { organization, account, id, version, role, state, valid_until, idempotency_key, before, written_at };
enum : int { invitation_until = written_at + 1, inviter, inviter_role, inviter_version, inviter_valid_until };
}  // namespace of_membership
namespace of_count {
enum : int { organization, role, state, owns, members, membership, has_owned };
}

bool has(std::span<const RoleId> roles, std::string_view role) noexcept {
  return std::any_of(roles.begin(), roles.end(), [&](const RoleId& id) { return id.view() == role; });
}

Version version_at(const Rows& rows, int row, int column) noexcept {
  return Version{static_cast<std::uint64_t>(rows.number(row, column))};
}

}  // namespace

// ---- rows

/// Fills the fact at `at` with the organization `number`.
bool Answer::place(std::uint32_t at, std::uint32_t number, const Rows& rows) noexcept {
  namespace column = of_organization;
  const int row = known_[number].row;
  OrganizationFact& fact = facts_.organizations[at];
  fact.id = rows.id<OrganizationId>(row, column::id);
  fact.version = version_at(rows, row, column::version);
  fact.joinable = rows.boolean(row, column::joinable);
  fact.closed = rows.boolean(row, column::closed);
  if (query_.counts) fact.counts.seats_max = static_cast<std::uint32_t>(rows.number(row, column::seats_max));
  if (!organization_places_.put(number, at)) return false;
  if (query_.actor.empty() || rows.null(row, column::actor_role)) return true;
  fact.actor_is_member = true;
  fact.actor_version = version_at(rows, row, column::actor_version);
  fact.actor_valid_until = Time{rows.number(row, column::actor_valid_until)};
  return role_of(number, rows.text(row, column::actor_role), fact.actor_role);
}

bool Answer::organizations(const Rows& rows, const sql::OrganizationKeys& keys) noexcept {
  namespace column = of_organization;
  const std::uint32_t count = query_.rows();
  if (!facts_.organizations.resize(count, OrganizationFact{}) || !organization_places_.begin(2 * std::size_t{count}) ||
      !learn_roles(rows))
    return false;
  for (const sql::Key& key : keys.ids) {
    const std::uint32_t number = organization_names_.find(key.text);
    if (number != no_number && !place(key.at, number, rows)) return false;
  }
  for (const sql::Key& key : keys.nested) {
    const std::uint32_t number = organization_names_.find(key.text);
    if (number == no_number || rows.text(known_[number].row, column::parent) != key.parent || key.parent.empty())
      continue;
    if (!place(key.at, number, rows)) return false;
  }
  if (!keys.slugs.empty()) {
    Names slugs;
    SmallVector<std::uint32_t, 4> owners;
    for (std::uint32_t i = 0; i < known_.size(); ++i) {
      if (rows.null(known_[i].row, column::slug)) continue;
      if (slugs.enter(rows.text(known_[i].row, column::slug)) == no_number || !owners.try_push_back(i)) return false;
    }
    for (const sql::Key& key : keys.slugs) {
      const std::uint32_t slug = slugs.find(key.text);
      if (slug != no_number && !place(key.at, owners[slug], rows)) return false;
    }
  }
  return !query_.parents || parents(rows);
}

/// Appends each distinct parent of the rows once, whether or not it is a row as well.
bool Answer::parents(const Rows& rows) noexcept {
  const std::uint32_t count = query_.rows();
  SmallVector<std::uint32_t, 4> at;  // by number
  if (!at.resize(known_.size(), no_number)) return false;
  for (std::uint32_t row = 0; row < count; ++row) {
    if (facts_.organizations[row].id.empty()) continue;
    const std::uint32_t child = organization_names_.find(facts_.organizations[row].id.view());
    const std::string_view parent = rows.text(known_[child].row, of_organization::parent);
    const std::uint32_t number = parent.empty() ? no_number : organization_names_.find(parent);
    if (number == no_number) continue;
    if (at[number] == no_number) {
      at[number] = facts_.organizations.size();
      if (!facts_.organizations.try_push_back(OrganizationFact{}) || !place(at[number], number, rows)) return false;
    }
    facts_.organizations[row].parent = at[number];
  }
  return true;
}

// ---- roles

/// Registers every organization of the rows, and its catalog.
bool Answer::learn_roles(const Rows& rows) noexcept {
  namespace column = of_organization;
  for (int row = 0; row < rows.size(); ++row) {
    if (rows.null(row, column::id)) continue;
    const std::uint32_t number = organization_names_.enter(rows.text(row, column::id));
    if (number == no_number || (number == known_.size() && !known_.try_push_back({row}))) return false;
    if (rows.null(row, column::role)) continue;
    const std::uint32_t name = role_names_.enter(rows.text(row, column::role));
    if (name == no_number) return false;
    const Role role{rows.id<RoleId>(row, column::role),    static_cast<std::uint16_t>(rows.number(row, column::rank)),
                    rows.boolean(row, column::assignable), rows.boolean(row, column::manages),
                    rows.boolean(row, column::owns),       rows.boolean(row, column::takes_seat)};
    if (!catalog_.try_push_back({number, name, role, known_[number].first_role})) return false;
    known_[number].first_role = catalog_.size() - 1;
  }
  return true;
}

const Answer::OwnRole* Answer::find_own(std::uint32_t organization, std::uint32_t name) const noexcept {
  for (std::uint32_t i = known_[organization].first_role; i != no_number; i = catalog_[i].next)
    if (catalog_[i].name == name) return &catalog_[i];
  return nullptr;
}

/// Sets `index` to the dictionary entry of a role. A role that is not in the catalog of the organization has only its
/// name.
bool Answer::role_of(std::uint32_t organization, std::string_view name, RoleIndex& index) noexcept {
  const std::uint32_t number = role_names_.enter(name);
  if (number == no_number) return false;
  const OwnRole* const own = find_own(organization, number);
  // Organizations of one kind have the same catalog, so the entry mostly exists. Comparing the latest is enough,
  // because a duplicate entry does no harm.
  constexpr std::uint32_t looked_at_max = 64;
  const std::uint32_t size = facts_.roles.size();
  for (std::uint32_t i = size, looked_at = 0; i > 0 && looked_at < looked_at_max; ++looked_at) {
    const Entry& entry = entries_[--i];
    if (entry.name != number || entry.own != (own != nullptr) || (own != nullptr && facts_.roles[i] != own->role))
      continue;
    index = static_cast<RoleIndex>(i);
    return true;
  }
  Role role;
  role.assignable = role.exists = false;
  if (own != nullptr) {
    role = own->role;
  } else {
    auto parsed = RoleId::parse_stored(name);
    if (parsed) role.id = parsed.assume_value();
  }
  index = static_cast<RoleIndex>(size);
  return size < roles_max && facts_.roles.try_push_back(role) && entries_.try_push_back({number, own != nullptr});
}

bool Answer::wanted_roles() noexcept {
  if (query_.roles.empty()) return true;
  if (!facts_.wanted_roles.reserve(std::uint64_t{facts_.organizations.size()} * query_.roles.size())) return false;
  for (const OrganizationFact& fact : facts_.organizations) {
    const std::uint32_t in = fact.id.empty() ? no_number : organization_names_.find(fact.id.view());
    for (const RoleId& wanted : query_.roles) {
      RoleIndex index = no_role;
      const std::uint32_t name = role_names_.find(wanted.view());
      if (in != no_number && name != no_number && find_own(in, name) != nullptr && !role_of(in, wanted.view(), index))
        return false;
      facts_.wanted_roles.unchecked_push_back(index);
    }
  }
  return true;
}

bool Answer::takes_seat(std::uint32_t organization, std::string_view role) const noexcept {
  if (!query_.counts_by_catalog()) return !has(query_.free_roles, role);
  const std::uint32_t name = role_names_.find(role);
  const OwnRole* const own = name == no_number ? nullptr : find_own(organization, name);
  return own == nullptr || own->role.takes_seat;
}

/// A role has an entry for each meaning that it has in a catalog.
void Answer::mark_owned(std::string_view role) noexcept {
  for (Role& entry : facts_.roles)
    if (entry.id.view() == role) entry.has_owned = true;
}

bool Answer::counts(const Rows& rows) noexcept {
  namespace column = of_count;
  SmallVector<MemberCounts, 2> sums;
  if (!sums.resize(known_.size(), MemberCounts{})) return false;
  for (int row = 0; row < rows.size(); ++row) {
    if (rows.null(row, column::members) || !rows.null(row, column::membership)) continue;
    const std::uint32_t in = organization_names_.find(rows.text(row, column::organization));
    if (in == no_number) continue;
    const auto members = static_cast<std::uint32_t>(rows.number(row, column::members));
    const bool active = rows.number(row, column::state) == 0;
    if (takes_seat(in, rows.text(row, column::role))) (active ? sums[in].active : sums[in].invited) += members;
    if (rows.boolean(row, column::owns)) sums[in].owners += members;
    if (rows.boolean(row, column::has_owned)) mark_owned(rows.text(row, column::role));
  }
  for (OrganizationFact& fact : facts_.organizations) {
    if (fact.id.empty()) continue;
    sums[organization_names_.find(fact.id.view())].seats_max = fact.counts.seats_max;
    fact.counts = sums[organization_names_.find(fact.id.view())];
  }
  return true;
}

// ---- columns

bool Answer::accounts(const Rows& rows, const sql::AccountKeys& keys) noexcept {
  namespace column = of_account;
  if (!facts_.accounts.resize(query_.columns(), AccountFact{}) || !account_places_.begin(query_.columns()))
    return false;
  SmallVector<int, 4> first_rows;  // by account number; further rows of an account are ignored
  for (int row = 0; row < rows.size(); ++row) {
    if (rows.null(row, column::id)) continue;
    const std::uint32_t number = account_names_.enter(rows.text(row, column::id));
    if (number == no_number || (number == first_rows.size() && !first_rows.try_push_back(row))) return false;
  }
  const auto place = [&](std::uint32_t at, std::uint32_t number) noexcept {
    const int row = first_rows[number];
    AccountFact& fact = facts_.accounts[at];
    fact.id = rows.id<AccountId>(row, column::id);
    fact.version = version_at(rows, row, column::version);
    fact.disabled = rows.boolean(row, column::disabled);
    fact.invited = rows.boolean(row, column::invited);
    fact.verified = rows.boolean(row, column::verified);
    return account_places_.put(number, at);
  };
  for (const sql::Key& key : keys.ids) {
    const std::uint32_t number = account_names_.find(key.text);
    if (number != no_number && !place(key.at, number)) return false;
  }
  const auto by_name = [&](const sql::Keys& names, int name_column) noexcept {
    if (names.empty()) return true;
    Names known;
    SmallVector<std::uint32_t, 4> owners;
    for (std::uint32_t i = 0; i < first_rows.size(); ++i) {
      if (rows.null(first_rows[i], name_column)) continue;
      if (known.enter(rows.text(first_rows[i], name_column)) == no_number || !owners.try_push_back(i)) return false;
    }
    for (const sql::Key& key : names) {
      const std::uint32_t name = known.find(key.text);
      if (name != no_number && !place(key.at, owners[name])) return false;
    }
    return true;
  };
  return by_name(keys.emails, column::email_key) && by_name(keys.usernames, column::username_key);
}

// ---- cells

/// Adds a membership to each cell with its organization and account.
bool Answer::membership(const Rows& rows, int row, std::uint32_t in, std::uint32_t who) noexcept {
  namespace column = of_membership;
  MembershipFact fact;
  fact.id = rows.key<MembershipId>(row, column::id);
  fact.version = version_at(rows, row, column::version);
  fact.state = static_cast<MembershipState>(rows.number(row, column::state));
  sql::StoredKeys keys;
  keys.last = rows.key<IdempotencyKey>(row, column::idempotency_key);
  keys.moved = !rows.null(row, column::before);
  if (keys.moved) keys.before = rows.key<IdempotencyKey>(row, column::before);
  keys.written_at = Time{rows.number(row, column::written_at)};
  sql::match(query_, keys, fact);
  fact.valid_until = Time{rows.number(row, column::valid_until)};
  fact.invitation_until =
      invitation_end(fact.state, rows.number(row, column::invitation_until), fact.valid_until, keys.written_at);
  if (!role_of(in, rows.text(row, column::role), fact.role)) return false;
  InviterFact inviter;
  if (query_.inviters && fact.state == MembershipState::invited && !rows.null(row, column::inviter)) {
    inviter.id = rows.id<AccountId>(row, column::inviter);
    inviter.is_member = !rows.null(row, column::inviter_role);
    inviter.version = version_at(rows, row, column::inviter_version);
    inviter.valid_until = Time{rows.number(row, column::inviter_valid_until)};
    if (inviter.is_member && !role_of(in, rows.text(row, column::inviter_role), inviter.role)) return false;
  }
  for (std::uint32_t at = organization_places_.first(in); at != no_number; at = organization_places_.next(at))
    for (std::uint32_t to = account_places_.first(who); to != no_number; to = account_places_.next(to)) {
      fact.organization = at;
      fact.account = to;
      if (!facts_.memberships.try_push_back(fact) || (query_.inviters && !facts_.inviters.try_push_back(inviter)))
        return false;
    }
  return true;
}

bool Answer::memberships(const Rows& rows) noexcept {
  namespace column = of_membership;
  if (!facts_.memberships.reserve(static_cast<std::size_t>(rows.size()))) return false;
  std::uint32_t in = no_number;
  std::string_view last;  // rows of one organization are mostly consecutive
  for (int row = 0; row < rows.size(); ++row) {
    if (rows.null(row, column::id)) continue;
    const std::string_view organization = rows.text(row, column::organization);
    if (in == no_number || organization != last) in = organization_names_.find(last = organization);
    const std::uint32_t who = account_names_.find(rows.text(row, column::account));
    // An organization or account that the host has deleted may have left memberships behind.
    if (in != no_number && who != no_number && !membership(rows, row, in, who)) return false;
  }
  return sort_memberships();
}

/// Sorts memberships, and their inviters, by cell, and removes duplicates. A duplicate in an array causes a duplicate
/// row.
bool Answer::sort_memberships() noexcept {
  SmallVector<MembershipFact, 1>& facts = facts_.memberships;
  const auto before = [](const MembershipFact& a, const MembershipFact& b) {
    return a.organization != b.organization ? a.organization < b.organization : a.account < b.account;
  };
  const auto same = [](const MembershipFact& a, const MembershipFact& b) {
    return a.organization == b.organization && a.account == b.account;
  };
  const auto not_before = [&](const MembershipFact& a, const MembershipFact& b) { return !before(a, b); };
  if (std::adjacent_find(facts.begin(), facts.end(), not_before) == facts.end()) return true;
  if (!query_.inviters) {
    std::sort(facts.begin(), facts.end(), before);
    facts.truncate(static_cast<std::uint32_t>(std::unique(facts.begin(), facts.end(), same) - facts.begin()));
    return true;
  }
  struct Both {
    MembershipFact fact;
    InviterFact inviter;
  };
  SmallVector<Both, 1> both;
  if (!both.reserve(facts.size())) return false;
  for (std::uint32_t i = 0; i < facts.size(); ++i) both.unchecked_push_back({facts[i], facts_.inviters[i]});
  std::sort(both.begin(), both.end(), [&](const Both& a, const Both& b) { return before(a.fact, b.fact); });
  facts.clear();
  facts_.inviters.clear();
  for (const Both& each : both) {
    if (!facts.empty() && same(facts.back(), each.fact)) continue;
    facts.unchecked_push_back(each.fact);
    facts_.inviters.unchecked_push_back(each.inviter);
  }
  return true;
}

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI
