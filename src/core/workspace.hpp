// Working memory of the rules: derived data about rows, columns, roles and pairs of the tile that is decided.
#ifndef ROSTER_CORE_WORKSPACE_HPP
#define ROSTER_CORE_WORKSPACE_HPP

#include "roster/decision.hpp"

namespace roster::inline ROSTER_ABI {

/// Kept with the decision to reuse its memory. It contains no results.
struct Workspace {
  // The records of the next three are written whole, so they have no default values.
  struct Row {
    std::int64_t seats;         ///< seats left after the cells applied so far; no_limit: any number
    std::uint32_t owners;       ///< owners after the cells applied so far
    std::uint32_t first;        ///< the first row with the same organization
    std::uint8_t bounds;        ///< the bounds that the commit must guard
    std::uint8_t dependencies;  ///< the facts of this row on which the commit depends
  };
  struct Column {
    std::uint8_t traits;  ///< all that a verdict reads of it
    bool writes;          ///< a written membership depends on it
    bool exists;          ///< the account was found
    std::uint32_t first;
    std::uint32_t created_at;  ///< into ChangeSet::created; no_index: not created
  };
  /// A role that the cells of the current row may request.
  struct RequestedRole {
    std::uint8_t role_class;
    bool omitted;    ///< the default, because the command names no role
    RoleIndex role;  ///< into Decision::roles
    std::uint16_t rank;
    bool owns;        ///< whether it owns
    bool takes_seat;  ///< whether its members take a seat
    bool outranks;    ///< whether it is above the actor's own role
  };
  /// A cell that this command writes, or that repeats an earlier write of it.
  struct Touched {
    std::uint32_t cell = 0;
    std::uint32_t added = no_index;    ///< into ChangeSet::added
    std::uint32_t changed = no_index;  ///< into ChangeSet::changed, if that is a new membership
  };
  /// One pair (organization, account) that several cells may name.
  struct PairState {
    std::uint32_t fact = no_index;     ///< into Facts::memberships
    std::uint32_t added = no_index;    ///< as in Touched
    std::uint32_t changed = no_index;  ///< as in Touched
    RoleIndex role = no_role;          ///< into Decision::roles: the role written
    bool written = false;              ///< by an earlier cell
    std::uint32_t fingerprint = 0;     ///< of that cell
    bool waits = false;                ///< the earlier cell wrote an invitation
    bool defers = false;               ///< an earlier cell for it would take an owner away, and is deferred
  };
  /// A cell with its current facts.
  struct Cell {
    std::uint32_t row, column, cell;
    std::uint32_t first_column;      ///< the first column with the same account
    const RequestedRole* requested;  ///< null: no role is requested
    const MembershipFact* has;       ///< null: there was no membership
    PairState* pair;                 ///< null: no other cell names the same pair
  };
  /// A role of Decision::roles.
  struct RoleUse {
    RoleIndex first = no_role;              ///< the first role with the same id
    RoleIndex written = no_role;            ///< its index in ChangeSet::roles, once an entry uses it
    RoleIndex written_as_stored = no_role;  ///< the same of its former id, by which a membership is stored
    std::uint16_t rank = 0;
    bool owns = false;
    bool takes_seat = true;
    bool exists = true;             ///< false: it is in no catalog
    bool may_own = false;           ///< it does not own, but may do so under another catalog
    std::uint32_t fingerprint = 0;  ///< of a cell that requests it
  };
  SmallVector<RoleUse, 4> roles;
  SmallVector<Row, 2> rows;  ///< one for each of Facts::organizations
  SmallVector<Column, 1> columns;
  SmallVector<RequestedRole, 1> requested_roles;  ///< one for each requested role
  SmallVector<Touched, 1> touched;
  SmallVector<Cell, 0> deferred;  ///< cells of the current row that take an owner away
  SmallVector<PairState, 0> pairs;
  SmallVector<std::uint64_t, 0> buckets;
};

}  // namespace roster::inline ROSTER_ABI

#endif
