// Working memory of the rules: what is known about rows, columns, roles and pairs while a tile is decided.
#ifndef ROSTER_CORE_WORKSPACE_HPP
#define ROSTER_CORE_WORKSPACE_HPP

#include "roster/decision.hpp"

namespace roster::inline ROSTER_ABI {

/// Kept with the decision so that its memory is reused; nothing in it is a result.
struct Workspace {
  struct Row {
    std::int64_t seats = 0;         ///< left, after the cells carried out so far; no_limit: any number
    std::uint32_t owners = 0;       ///< there, after the cells carried out so far
    std::uint32_t first = 0;        ///< the first row that is the same organization
    std::uint8_t bounds = 0;        ///< which of the two must be guarded
    std::uint8_t dependencies = 0;  ///< the facts here on which a commit depends
  };
  struct Column {
    std::uint8_t traits = 0;  ///< all that a verdict asks of it
    bool writes = false;      ///< a written membership depends on it
    bool exists = false;      ///< the account was found
    std::uint32_t first = 0;
    std::uint32_t created_at = no_index;  ///< into ChangeSet::created
  };
  /// What a cell of the row that is being judged asks for.
  struct RequestedRole {
    std::uint8_t role_class = 0;
    bool omitted = false;      ///< the default, because the command names no role
    RoleIndex role = no_role;  ///< into Decision::roles
    std::uint16_t rank = 0;    ///< of that role
    bool owns = false;         ///< that role
    bool outranks = false;     ///< that role is above the actor's own
  };
  /// A cell that this very command writes, or finds written by itself.
  struct Touched {
    std::uint32_t cell = 0;
    std::uint32_t added = no_index;    ///< into ChangeSet::added
    std::uint32_t changed = no_index;  ///< into ChangeSet::changed, where that becomes a new membership
  };
  /// One pair (organization, account) that several cells may name.
  struct PairState {
    std::uint32_t fact = no_index;     ///< into Facts::memberships
    std::uint32_t added = no_index;    ///< as in Touched
    std::uint32_t changed = no_index;  ///< as in Touched
    RoleIndex role = no_role;          ///< into Decision::roles: what it has got
    bool written = false;              ///< by an earlier cell
    std::uint32_t fingerprint = 0;     ///< of that cell
    bool waits = false;                ///< what it wrote is an invitation
    bool defers = false;               ///< an earlier cell that names it would take an owner away, and is judged last
  };
  /// A cell, and what is there.
  struct Cell {
    std::uint32_t row, column, cell;
    std::uint32_t first_column;      ///< the first that is the same account
    const RequestedRole* requested;  ///< null: it asks for no role
    const MembershipFact* has;       ///< null: there was no membership
    PairState* pair;                 ///< null: no other cell is about it
  };
  /// A role of Decision::roles.
  struct RoleUse {
    RoleIndex first = no_role;    ///< the first there with the same id
    RoleIndex written = no_role;  ///< its place in ChangeSet::roles, once something is written with it
    std::uint16_t rank = 0;
    bool owns = false;
    std::uint32_t fingerprint = 0;  ///< of a cell that asks for it
  };
  SmallVector<RoleUse, 4> roles;
  SmallVector<Row, 2> rows;  ///< one for each of Facts::organizations
  SmallVector<Column, 1> columns;
  SmallVector<RequestedRole, 1> requested_roles;  ///< one for each role that the command asks for
  SmallVector<Touched, 1> touched;
  SmallVector<Cell, 0> deferred;  ///< cells that take an owner away, in the row that is judged
  SmallVector<PairState, 0> pairs;
  SmallVector<std::uint64_t, 0> buckets;
};

}  // namespace roster::inline ROSTER_ABI

#endif
