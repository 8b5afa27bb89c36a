#include "sql/answer.hpp"

#include <algorithm>

namespace roster::inline ROSTER_ABI {
namespace sql {

namespace {

std::uint64_t number_of(Locator locator) noexcept {
  return static_cast<std::uint64_t>(locator);
}

}  // namespace

bool Answer::begin() noexcept {
  return facts_.organizations.resize(query_.rows(), OrganizationFact{}) &&
         facts_.accounts.resize(query_.columns(), AccountFact{}) && places_.resize(query_.rows(), Place{});
}

void Answer::organization(std::uint32_t at, const OrganizationRow& row) noexcept {
  OrganizationFact& fact = facts_.organizations[at];
  fact.id = row.id;
  fact.locator = Locator{row.number};
  fact.version = row.version;
  fact.joinable = row.joinable;
  fact.closed = row.closed;
  places_[at].parent = row.parent;
  places_[at].has_roles = row.has_roles;
}

bool Answer::make_room_for_parents() noexcept {
  const std::uint32_t rows = query_.rows();
  struct Child {
    std::uint64_t parent;
    std::uint32_t row, first;  ///< the first row with that parent
  };
  SmallVector<Child, 4> children;
  for (std::uint32_t row = 0; row < rows; ++row)
    if (places_[row].parent != 0 && !children.try_push_back({places_[row].parent, row, row})) return false;
  std::sort(children.begin(), children.end(),
            [](const Child& a, const Child& b) { return a.parent != b.parent ? a.parent < b.parent : a.row < b.row; });
  for (std::uint32_t i = 1; i < children.size(); ++i)
    if (children[i].parent == children[i - 1].parent) children[i].first = children[i - 1].first;
  std::sort(children.begin(), children.end(),
            [](const Child& a, const Child& b) { return a.first != b.first ? a.first < b.first : a.row < b.row; });
  std::uint64_t last = 0;
  for (const Child& child : children) {
    if (child.parent != last) {
      OrganizationFact fact;
      fact.locator = Locator{child.parent};
      if (!facts_.organizations.try_push_back(fact) || !places_.try_push_back(Place{})) return false;
      last = child.parent;
    }
    facts_.organizations[child.row].parent = facts_.organizations.size() - 1;
  }
  return true;
}

void Answer::account(std::uint32_t column, std::uint64_t number, const AccountFact& fact) noexcept {
  facts_.accounts[column] = fact;
  facts_.accounts[column].locator = Locator{number};
}

// ---- roles

bool Answer::own_role(std::uint32_t organization, std::uint64_t number, const Role& role) noexcept {
  Place& place = places_[organization];
  if (place.role_count == 0) place.first_role = catalog_.size();
  ++place.role_count;
  return catalog_.try_push_back({number, role, no_role});
}

Answer::CatalogRole* Answer::find_own(std::uint32_t organization, std::uint64_t number) noexcept {
  const Place& place = places_[organization];
  CatalogRole* const first = catalog_.data() + place.first_role;
  CatalogRole* const last = first + place.role_count;
  CatalogRole* const found = std::lower_bound(
      first, last, number, [](const CatalogRole& own, std::uint64_t wanted) { return own.number < wanted; });
  return found != last && found->number == number ? found : nullptr;
}

/// Organizations of one kind have the same catalog, so the entry mostly exists. Comparing the latest is enough, because
/// a duplicate entry does no harm.
bool Answer::enter(const Role& role, RoleIndex& index) noexcept {
  constexpr std::uint32_t looked_at_max = 64;
  const std::uint32_t size = facts_.roles.size();
  for (std::uint32_t i = size, looked_at = 0; i > 0 && looked_at < looked_at_max; ++looked_at) {
    if (facts_.roles[--i] != role) continue;
    index = static_cast<RoleIndex>(i);
    return true;
  }
  index = static_cast<RoleIndex>(size);
  return size < roles_max && facts_.roles.try_push_back(role);
}

bool Answer::role_of(std::uint32_t organization, std::uint64_t number, RoleIndex& index) noexcept {
  if (CatalogRole* const own = find_own(organization, number)) {
    if (own->index == no_role && !enter(own->role, own->index)) return false;
    index = own->index;
    return true;
  }
  for (const Unnamed& known : unnamed_)
    if (known.number == number) {
      index = known.at;
      return true;
    }
  const std::uint32_t size = facts_.roles.size();
  if (size >= roles_max) return false;
  Role role;
  role.assignable = role.exists = false;
  index = static_cast<RoleIndex>(size);
  return facts_.roles.try_push_back(role) && unnamed_.try_push_back({number, index});
}

bool Answer::actor(std::uint32_t organization, std::uint64_t role, Version version, Time valid_until) noexcept {
  OrganizationFact& fact = facts_.organizations[organization];
  fact.actor_is_member = true;
  fact.actor_version = version;
  fact.actor_valid_until = valid_until;
  return role_of(organization, role, fact.actor_role);
}

bool Answer::wanted_roles(const std::uint64_t* numbers) noexcept {
  const std::size_t wanted = query_.roles.size();
  if (!facts_.wanted_roles.reserve(std::uint64_t{facts_.organizations.size()} * wanted)) return false;
  for (std::uint32_t i = 0; i < facts_.organizations.size(); ++i) {
    for (std::size_t j = 0; j < wanted; ++j) {
      RoleIndex index = no_role;
      if (numbers[j] != 0 && find_own(i, numbers[j]) != nullptr && !role_of(i, numbers[j], index)) return false;
      facts_.wanted_roles.unchecked_push_back(index);
    }
  }
  return true;
}

// ---- cells

bool Answer::sort_columns() noexcept {
  if (!columns_.reserve(facts_.accounts.size())) return false;
  for (std::uint32_t i = 0; i < facts_.accounts.size(); ++i)
    if (!facts_.accounts[i].id.empty()) columns_.unchecked_push_back({number_of(facts_.accounts[i].locator), i});
  const auto before = [](const Column& a, const Column& b) {
    return a.account != b.account ? a.account < b.account : a.column < b.column;
  };
  if (!std::is_sorted(columns_.begin(), columns_.end(), before)) std::sort(columns_.begin(), columns_.end(), before);
  return true;
}

void Answer::take(MembershipFact& fact, const MemberRow& row) const noexcept {
  fact.id = row.id;
  fact.version = row.version;
  fact.state = row.state;
  match(query_, row.keys, fact);
  fact.valid_until = row.valid_until;
  fact.invitation_until = invitation_end(row.state, row.invitation_until, row.keys.written_at);
}

bool Answer::member(std::uint32_t organization, const MemberRow& row) noexcept {
  const std::uint32_t count = columns_.size();
  if (row.role != last_role_) {
    if (!role_of(organization, row.role, last_index_)) return false;
    last_role_ = row.role;
  }
  for (; cursor_ < count && columns_[cursor_].account == row.account; ++cursor_) {
    MembershipFact* const fact = facts_.memberships.try_emplace_back();
    if (fact == nullptr) return false;
    fact->organization = organization;
    fact->account = columns_[cursor_].column;
    fact->role = last_index_;
    take(*fact, row);
  }
  return true;
}

void Answer::only_member(const MemberRow& row, RoleIndex role) noexcept {
  MembershipFact& fact = facts_.memberships.unchecked_emplace_back();
  fact.role = role;
  take(fact, row);
}

void Answer::sort_members() noexcept {
  const auto before = [](const MembershipFact& a, const MembershipFact& b) {
    return a.organization != b.organization ? a.organization < b.organization : a.account < b.account;
  };
  SmallVector<MembershipFact, 1>& all = facts_.memberships;
  if (!std::is_sorted(all.begin(), all.end(), before)) std::sort(all.begin(), all.end(), before);
}

bool Answer::inviter(std::uint32_t at, std::uint64_t role, Version version, Time valid_until) noexcept {
  InviterFact& fact = facts_.inviters[at];
  fact.is_member = true;
  fact.version = version;
  fact.valid_until = valid_until;
  return role_of(facts_.memberships[at].organization, role, fact.role);
}

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI
