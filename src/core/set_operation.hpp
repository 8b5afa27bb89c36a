// The state of an operation on a set, and its steps.
// set_operation.cpp: the order of the steps, and the report.
// set_pages.cpp: validation of the set, and the cells of its pages.
#ifndef ROSTER_CORE_SET_OPERATION_HPP
#define ROSTER_CORE_SET_OPERATION_HPP

#include "admission.hpp"
#include "operation.hpp"
#include "roster/set_operation.hpp"

namespace roster::inline ROSTER_ABI {

struct SetState {
  /// The step in progress.
  enum class Step : std::uint8_t {
    probe,  ///< whether the actor may act in the organization of a MemberSet
    own,    ///< it may not: whether its own membership carries the request
    list,   ///< a page of the set is requested
    page,   ///< the cells of a page
    last,   ///< the cell that is settled last
    done,
  };

  SetState(const Profile& by, const Command& requested, const MembershipSet& of, const Context& in,
           const Options& as) noexcept
      : profile(by), command(requested), set(of), context(in), options(as) {
    context.details = false;  // a SetReport shows no membership
    report.idempotency_key = requested.idempotency_key;
  }

  const Profile& profile;
  const Command& command;
  const MembershipSet& set;
  Context context;
  const Options options;
  Step step = Step::done;
  bool settled_any = false, finished = false;
  bool has_last = false;  // the set contains the cell that is settled last
  bool at_end = false;    // there is no further page
  SetPage list;
  Query query;
  Facts facts;
  SmallVector<AccountId, 0> except;           // MemberSet::except, sorted
  SmallVector<AccountId, 0> accounts;         // the members of the page
  SmallVector<OrganizationSelector, 0> rows;  // the organizations of the page
  std::optional<OperationState> page;
  SetReport report;

  /// Whether all cells are settled in one tile.
  bool is_together() const noexcept { return is_atomic(profile, command); }
  /// Null for an OrganizationSet.
  const MemberSet* members() const noexcept { return std::get_if<MemberSet>(&set); }
  const OrganizationSet& organizations() const noexcept { return *std::get_if<OrganizationSet>(&set); }
  std::size_t cells() const noexcept { return members() != nullptr ? accounts.size() : rows.size(); }
};

/// Validates the set, and describes it to the store. Errors: as SetOperation::finish().
Result<void> admit_set(SetState& op) noexcept;
/// Requests the next page of the set.
void request_list(SetState& op) noexcept;
/// Takes the cells of a requested page. Those of an atomic set are collected. Errors: out_of_memory; batch_too_large;
/// store_broke_contract.
Result<void> take_list(SetState& op) noexcept;
/// Appends the cell that is settled last: the actor's own membership, or the parent. Returns false if memory runs out.
bool push_last(SetState& op) noexcept;

}  // namespace roster::inline ROSTER_ABI

#endif
