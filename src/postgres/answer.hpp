// Answer: converts the rows of a fetch into facts. The rows refer to records by id and come in any order. Answer finds
// their cells in the query, and resolves the names of roles.
#ifndef ROSTER_POSTGRES_ANSWER_HPP
#define ROSTER_POSTGRES_ANSWER_HPP

#include "postgres/names.hpp"
#include "postgres/rows.hpp"
#include "sql/keys.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

/// The functions are called in the order of their declaration. A row with a NULL id is ignored. Each function returns
/// false only if an allocation failed, or if the dictionary of roles is full.
class Answer {
 public:
  Answer(const Query& query, Facts& facts) noexcept : query_(query), facts_(facts) {}

  [[nodiscard]] bool organizations(const Rows& rows, const sql::OrganizationKeys& keys) noexcept;
  [[nodiscard]] bool accounts(const Rows& rows, const sql::AccountKeys& keys) noexcept;
  [[nodiscard]] bool memberships(const Rows& rows) noexcept;
  [[nodiscard]] bool counts(const Rows& rows) noexcept;
  [[nodiscard]] bool wanted_roles() noexcept;

 private:
  struct OwnRole {
    std::uint32_t organization;  ///< index in known_
    std::uint32_t name;          ///< index in role_names_
    Role role;
    std::uint32_t next;  ///< the next role of the organization
  };
  /// An organization of the answer, which may be in several rows of the query.
  struct Organization {
    int row;
    std::uint32_t first_role = no_number;  ///< index in catalog_
  };
  /// An entry of the dictionary. `name` is the number of its name.
  struct Entry {
    std::uint32_t name;
    bool own;
  };

  bool place(std::uint32_t at, std::uint32_t number, const Rows& rows) noexcept;
  bool parents(const Rows& rows) noexcept;
  bool learn_roles(const Rows& rows) noexcept;
  const OwnRole* find_own(std::uint32_t organization, std::uint32_t name) const noexcept;
  bool role_of(std::uint32_t organization, std::string_view name, RoleIndex& index) noexcept;
  bool membership(const Rows& rows, int row, std::uint32_t in, std::uint32_t who) noexcept;
  bool sort_memberships() noexcept;
  bool takes_seat(std::uint32_t organization, std::string_view role) const noexcept;
  void mark_owned(std::string_view role) noexcept;

  const Query& query_;
  Facts& facts_;
  Names organization_names_, account_names_, role_names_;
  SmallVector<Organization, 2> known_;
  SmallVector<OwnRole, 4> catalog_;
  SmallVector<Entry, 4> entries_;  ///< parallel to facts_.roles
  Places organization_places_, account_places_;
};

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
