// Answer: converts rows of a database into the facts of a query about cells.
//
// A store calls the functions in the order of their declaration, with rows in any order. Answer finds the index of each
// row, resolves roles, and establishes the order that Facts requires.
#ifndef ROSTER_SQL_ANSWER_HPP
#define ROSTER_SQL_ANSWER_HPP

#include <cstdint>

#include "roster/facts.hpp"
#include "sql/requests.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

struct OrganizationRow {
  std::uint64_t number = 0;
  OrganizationId id;
  Version version{};
  std::uint64_t parent = 0;  ///< 0: none
  bool joinable = true, closed = false;
  bool has_roles = false;  ///< the organization has its own catalog
};

struct MemberRow {
  std::uint64_t account = 0;
  MembershipId id;
  Version version{};
  std::uint64_t role = 0;
  MembershipState state = MembershipState::active;
  Time valid_until{};       ///< 0: no expiry
  Time invitation_until{};  ///< read by invitation_end()
  StoredKeys keys;
};

/// A column whose account exists.
struct Column {
  std::uint64_t account;
  std::uint32_t column;
};

class Answer {
 public:
  Answer(const Query& query, Facts& facts) noexcept : query_(query), facts_(facts) {}

  // Each of these returns false only if an allocation failed, or if the dictionary of roles is full.

  /// Initializes an answer without any found record.
  [[nodiscard]] bool begin() noexcept;
  void organization(std::uint32_t at, const OrganizationRow& row) noexcept;
  /// Appends an entry for each distinct parent of the rows, in the order of their first rows, from rows() on. The
  /// locator of an entry is its number. A store reads these organizations and calls organization() for each.
  [[nodiscard]] bool make_room_for_parents() noexcept;
  void account(std::uint32_t column, std::uint64_t number, const AccountFact& fact) noexcept;

  /// Adds one role of the catalog of facts.organizations[organization]. The calls are ordered by organization, then by
  /// role.
  [[nodiscard]] bool own_role(std::uint32_t organization, std::uint64_t number, const Role& role) noexcept;
  [[nodiscard]] bool has_roles(std::uint32_t organization) const noexcept { return places_[organization].has_roles; }
  [[nodiscard]] bool actor(std::uint32_t organization, std::uint64_t role, Version version, Time valid_until) noexcept;

  /// Sorts columns(), the accounts found, by number.
  [[nodiscard]] bool sort_columns() noexcept;
  const SmallVector<Column, 4>& columns() const noexcept { return columns_; }
  /// True if the query has that account. The calls, one for each membership read, are ordered by organization, then by
  /// account.
  bool asks_for(std::uint32_t organization, std::uint64_t account) noexcept {
    if (organization != row_) {
      row_ = organization;
      cursor_ = 0;
      last_role_ = 0;
    }
    const std::uint32_t count = columns_.size();
    while (cursor_ < count && columns_[cursor_].account < account) ++cursor_;
    return cursor_ < count && columns_[cursor_].account == account;
  }
  /// Adds a membership for which asks_for() has just returned true.
  [[nodiscard]] bool member(std::uint32_t organization, const MemberRow& row) noexcept;
  /// Adds the membership of a query about one cell. The memory for it, and for its role in the dictionary, is reserved.
  void only_member(const MemberRow& row, RoleIndex role) noexcept;
  /// Sorts the memberships of each row by column.
  void sort_members() noexcept;
  /// Adds the current membership of the inviter of facts.memberships[at].
  [[nodiscard]] bool inviter(std::uint32_t at, std::uint64_t role, Version version, Time valid_until) noexcept;

  /// Adds the requested roles. `numbers` has one number for each of Query::roles; 0: the database does not have the
  /// role.
  [[nodiscard]] bool wanted_roles(const std::uint64_t* numbers) noexcept;

  /// Roles that are in no catalog. Only their names, facts.roles[at].id, are still missing.
  struct Unnamed {
    std::uint64_t number;
    RoleIndex at;
  };
  const SmallVector<Unnamed, 2>& unnamed() const noexcept { return unnamed_; }

 private:
  struct Place {
    std::uint64_t parent = 0;
    std::uint32_t first_role = 0, role_count = 0;  ///< in catalog_
    bool has_roles = false;
  };
  struct CatalogRole {
    std::uint64_t number;
    Role role;
    RoleIndex index;
  };

  void take(MembershipFact& fact, const MemberRow& row) const noexcept;
  bool role_of(std::uint32_t organization, std::uint64_t number, RoleIndex& index) noexcept;
  CatalogRole* find_own(std::uint32_t organization, std::uint64_t number) noexcept;
  bool enter(const Role& role, RoleIndex& index) noexcept;

  const Query& query_;
  Facts& facts_;
  SmallVector<Place, 2> places_;
  SmallVector<CatalogRole, 2> catalog_;
  SmallVector<Unnamed, 2> unnamed_;
  SmallVector<Column, 4> columns_;
  std::uint32_t row_ = no_index, cursor_ = 0;  // state of asks_for()
  std::uint64_t last_role_ = 0;
  RoleIndex last_index_ = no_role;
};

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI

#endif
