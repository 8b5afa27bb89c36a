// One cell: all facts of a decision, in one statement.
#include "sqlite/fetch.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

// The first column of each part of the answer.
constexpr int organization_at = 0, account_at = 4, member_at = 8, trace_at = 14, member_role_at = 17, actor_at = 19,
              actor_role_at = 22, wanted_at = 24;

Sql statement_for(const OrganizationSelector& row, const AccountSelector& column) noexcept {
  const Sql first = std::holds_alternative<OrganizationId>(row) ? Sql::cell_by_id_by_id : Sql::cell_by_slug_by_id;
  return static_cast<Sql>(static_cast<std::size_t>(first) + column.index());
}
static_assert(static_cast<int>(Sql::cell_by_slug_by_username) - static_cast<int>(Sql::cell_by_id_by_id) == 5);

/// The dictionary of an answer about one organization, in which a role has one meaning. It has three roles at most.
class Roles {
 public:
  explicit Roles(Facts& facts) noexcept : facts_(facts) {}
  RoleIndex enter(Number number, const Role& role) noexcept {
    for (std::uint32_t i = 0; i < facts_.roles.size(); ++i)
      if (numbers_[i] == number) return static_cast<RoleIndex>(i);
    numbers_[facts_.roles.size()] = number;
    facts_.roles.unchecked_push_back(role);
    return static_cast<RoleIndex>(facts_.roles.size() - 1);
  }

 private:
  Facts& facts_;
  Number numbers_[3] = {};
};

/// The catalog entry of a role, as the macro GRANTS packs it. NULL: the role is in no catalog.
Role role_at(Statement& found, const RoleId& id, int grants_at) noexcept {
  Role role;
  role.id = id;
  role.exists = !found.is_null(grants_at);
  role.assignable = false;
  if (!role.exists) return role;
  const std::uint64_t grants = found.index(grants_at);
  role.rank = static_cast<std::uint16_t>(grants >> 4);
  role.takes_seat = (grants & 8) != 0;
  role.assignable = (grants & 4) != 0;
  role.manages = (grants & 2) != 0;
  role.owns = (grants & 1) != 0;
  return role;
}
Role role_at(Statement& found, int first) noexcept {
  return role_at(found, found.id<RoleId>(first), first + 1);
}

}  // namespace

bool Fetch::is_one_cell() const noexcept {
  return query_.organizations.size() == 1 && query_.accounts.size() == 1 && query_.group_accounts.empty() &&
         query_.roles.size() <= 1 && !query_.parents && !query_.counts && !query_.inviters &&
         !std::holds_alternative<Nested>(query_.organizations.front());
}

Code Fetch::cell() noexcept {
  const OrganizationSelector& row = query_.organizations.front();
  const AccountSelector& column = query_.accounts.front();
  const auto* const row_id = std::get_if<OrganizationId>(&row);
  const auto* const column_id = std::get_if<AccountId>(&column);
  const auto* const email = std::get_if<Email>(&column);
  const auto* const username = std::get_if<Username>(&column);
  const sql::FoldedName folded(username != nullptr ? username->view() : std::string_view(),
                               options_.case_insensitive_usernames);
  if (!answer_.begin() || !facts_.roles.reserve(3) || !facts_.wanted_roles.reserve(1) || !facts_.memberships.reserve(1))
    return SQLITE_NOMEM;

  Statement found(connection_, statement_for(row, column));
  found.text(1, row_id != nullptr ? row_id->view() : std::get<Slug>(row).view());
  found.text(2, column_id != nullptr ? column_id->view() : email != nullptr ? email->key() : folded.view());
  found.text_if_any(3, query_.actor.view());
  found.text_if_any(4, query_.roles.empty() ? std::string_view() : query_.roles.front().view());
  if (!found.next()) return found.code();

  if (!found.is_null(account_at)) {
    AccountFact fact;
    fact.id = column_id != nullptr ? *column_id : found.id<AccountId>(account_at + 1);
    fact.version = Version{found.index(account_at + 2)};
    read_flags(found, account_at + 3, fact);
    answer_.account(0, found.index(account_at), fact);
  }
  if (!query_.roles.empty()) facts_.wanted_roles.unchecked_push_back(no_role);
  if (found.is_null(organization_at)) return found.code();

  sql::OrganizationRow organization;
  organization.number = found.index(organization_at);
  organization.id = row_id != nullptr ? *row_id : found.id<OrganizationId>(organization_at + 1);
  organization.version = Version{found.index(organization_at + 2)};
  const std::uint64_t flags = found.index(organization_at + 3);
  organization.joinable = (flags & 1) != 0;
  organization.closed = (flags & 2) != 0;
  answer_.organization(0, organization);

  Roles roles(facts_);
  OrganizationFact& fact = facts_.organizations[0];
  if (!found.is_null(actor_at)) {
    fact.actor_is_member = true;
    fact.actor_version = Version{found.index(actor_at)};
    fact.actor_valid_until = Time{found.number(actor_at + 1)};
    fact.actor_role = roles.enter(found.index(actor_at + 2), role_at(found, actor_role_at));
  }
  if (!found.is_null(member_at)) {
    sql::MemberRow member = read_member(found, member_at);
    member.keys = read_request(found, trace_at);
    answer_.only_member(member, roles.enter(member.role, role_at(found, member_role_at)));
  }
  if (!found.is_null(wanted_at) && !found.is_null(wanted_at + 1))
    facts_.wanted_roles[0] = roles.enter(found.index(wanted_at), role_at(found, query_.roles.front(), wanted_at + 1));
  return found.code();
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
