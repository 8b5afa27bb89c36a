// SetOperation: one command for a set of memberships, page by page, in bounded memory. It removes a person from every
// organization, or all members but some from one organization.
//
//     RemoveMembers command({}, AccountId("ann"), Actor{{}, true});
//     const OrganizationSet everywhere;
//     Result<SetReport> report = engine.run(command, everywhere, now);
//     for (const SetRefusal& refusal : report.value().refusals) name_an_owner(refusal.organization);
#ifndef ROSTER_SET_OPERATION_HPP
#define ROSTER_SET_OPERATION_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "roster/operation.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// MemberSet is the members of one organization, invitations included. The command names the organization by its id,
/// and no accounts.
///
/// The actor's own membership is settled last, and only if the rest is settled. So a repeated command still has the
/// actor's right. A repeat by an actor that gave up its right by the complete command has one cell: its own,
/// `replayed`.
struct MemberSet {
  std::optional<MembershipState> state{};  ///< only memberships with this stored state; not `removed`
  RoleId role{};                           ///< only memberships with this stored role; empty: any
  std::span<const AccountId> except{};     ///< not these accounts
};

/// OrganizationSet is the organizations in which one account has a membership. The command names the account by its id,
/// and no organizations. Organizations in which the actor is `forbidden` are not in the set.
struct OrganizationSet {
  OrganizationId parent{};                 ///< only organizations directly inside this one; empty: any
  bool with_parent = false;                ///< the parent itself too, which is settled last
  std::optional<MembershipState> state{};  ///< as MemberSet::state
  RoleId role{};                           ///< as MemberSet::role
};

/// MembershipSet is a set of either kind.
using MembershipSet = std::variant<MemberSet, OrganizationSet>;

/// SetRefusal is a cell of a set that was refused.
struct SetRefusal {
  OrganizationId organization;  ///< of the cell
  AccountId account;            ///< of the cell
  Outcome outcome{};            ///< the refusal, for example last_owner
};

/// SetReport is the result of a command for a set. It holds numbers and the first refusals, and not every cell.
struct SetReport {
  static constexpr std::uint32_t refusals_max = 1024;  ///< listed refusals

  OutcomeTable<std::uint64_t> counts{};   ///< number of cells with each outcome
  SmallVector<SetRefusal, 0> refusals{};  ///< the first refusals_max refused cells, in the order of the store.
  /// The command is refused for the whole set, for example `forbidden` in the organization of a MemberSet. There are no
  /// counts then.
  std::optional<Outcome> refused{};
  std::uint32_t pages = 0;           ///< number of pages with cells
  IdempotencyKey idempotency_key{};  ///< of its writes: the command's own key, or the one drawn for it
  std::optional<Error> stopped{};    ///< the reason why the set is not settled as a whole

  SetReport() noexcept {}  ///< an empty report
  /// Returns true if every cell succeeded. An empty set succeeds.
  bool succeeded() const noexcept;
};

struct SetState;  // private to the operation
/// Frees the state of an operation.
void destroy(SetState* state) noexcept;

/// SetOperation executes one command for a set. It requests a page of the set, and judges and commits its cells like
/// those of any command. Then it requests the next page. Its loop is that of Operation. It holds one page of
/// Options::tile_cells_max cells at most.
///
/// Each page is judged on the state of its time. A membership that stays is in the set exactly once. One that begins
/// meanwhile may be in the set or not. One whose state or role changes after its page was listed is still in the set.
/// Under Mode::atomic the whole set is one tile, of at most Profile::cells_max cells. Profile::accounts_max and
/// organizations_max do not apply.
///
/// A repeat with the same IdempotencyKey completes an interrupted command. The set contains the memberships and
/// tombstones that carry the key, so those are `replayed`. A profile without tombstones has none of removed members: a
/// repeat does not report them.
///
/// Ownership, threads: as Operation. The set must outlive it too.
class SetOperation {
 public:
  /// As Operation::Need.
  using Need = Operation::Need;

  /// Allocates one block of memory. If that fails, need() is nothing and finish() returns out_of_memory.
  SetOperation(const Profile& profile, const Command& command, const MembershipSet& set, Context context,
               const Options& options = {}) noexcept;
  SetOperation(const Profile&, Command&&, const MembershipSet&, Context, const Options& = {}) = delete;
  SetOperation(const Profile&, const Command&, MembershipSet&&, Context, const Options& = {}) = delete;

  Need need() const noexcept;                   ///< as Operation::need()
  const Query& query() const noexcept;          ///< as Operation::query()
  Facts& facts() noexcept;                      ///< as Operation::facts()
  void provide(Result<void> fetched) noexcept;  ///< as Operation::provide()
  const ChangeSet& changes() const noexcept;    ///< as Operation::changes()
  void committed(Result<void> done) noexcept;   ///< as Operation::committed()

  /// Returns the report once need() is nothing. The report is moved out: call once.
  /// Errors: those of Operation::finish(), if no cell was settled. Further:
  /// - selector_not_accepted if the command does not fit the set, or the state of the set is `removed`. Also for an add
  ///   with OrganizationSet::with_parent, because its parent would have to be first;
  /// - roles_malformed for a transfer of ownership, or for roles of single cells;
  /// - batch_too_large if an atomic set has more cells than Profile::cells_max.
  Result<SetReport> finish() noexcept;

 private:
  Opaque<SetState> state_;
  bool allocation_failed_ = false;  // the allocation of the state failed
};

/// drive() runs an operation against a blocking store until need() is nothing, as for Operation.
/// Errors: as SetOperation::finish().
Result<SetReport> drive(SetOperation& operation, Store& store) noexcept;

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
