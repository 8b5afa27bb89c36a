// Outcomes and conditions, in the order of docs/outcomes.md.
#include "support/rules.hpp"

namespace roster_test {

using namespace roster;
using Q = Question;
using S = StateAnswer;
using A = AccountAnswer;

bool is_add(Kind kind) {
  return kind == Kind::add || kind == Kind::invite;
}
bool is_own(Kind kind) {
  return kind == Kind::leave || kind == Kind::accept_invitation || kind == Kind::decline_invitation;
}
bool names_roles(Kind kind) {
  return is_add(kind) || kind == Kind::change_role || kind == Kind::transfer_ownership;
}
bool is_written(Outcome outcome) {
  return wrote(outcome) && outcome != Outcome::replayed;
}

namespace {

bool one_of(Kind kind, std::initializer_list<Kind> kinds) {
  for (const Kind each : kinds)
    if (kind == each) return true;
  return false;
}
bool joins(Kind kind) {
  return is_add(kind) || kind == Kind::accept_invitation;
}
bool is_member(Cell& cell) {
  return cell.state_is(S::active) || cell.state_is(S::invited);
}
bool is_gone(Cell& cell) {
  return cell.state_is(S::removed) || cell.state_is(S::over);
}
bool says(Cell& cell, Question field, OnFormer policy) {
  return cell.as<OnFormer>(field) == policy;
}
/// The policy about whoever was a member before.
bool former_policy(Cell& cell, OnFormer policy) {
  return says(cell, cell.state_is(S::suspended) ? Q::on_suspended : Q::on_removed, policy);
}
bool on_other(Cell& cell, OnMember policy) {
  return cell.as<OnMember>(Q::on_other_role) == policy;
}
bool on_unknown(Cell& cell, OnUnknown policy) {
  return cell.as<OnUnknown>(Q::on_unknown_account) == policy;
}
ParentAnswer parent(Cell& cell) {
  const bool asks = cell.as<ParentRule>(Q::parent_rule) != ParentRule::ignore;
  return asks ? cell.as<ParentAnswer>(Q::parent) : ParentAnswer::free;
}
/// What stands against an account may be told, unless nobody may know of it and it is no member here either.
bool may_tell(Kind kind, Cell& cell) {
  if (!cell.is(Q::account_hidden)) return true;
  return !is_add(kind) && (cell.state_is(S::active) || cell.state_is(S::suspended));
}
bool requires_parent(Cell& cell) {
  return cell.as<ParentRule>(Q::parent_rule) == ParentRule::require;
}
bool waits_by_itself(Kind kind, Cell& cell) {
  if (kind == Kind::invite || cell.is(Q::account_hidden)) return true;
  return cell.account_is(A::address) ? on_unknown(cell, OnUnknown::invite) : cell.account_is(A::waits);
}
/// Nobody is in below while they are only invited above.
bool joins_invited(Kind kind, Cell& cell) {
  return waits_by_itself(kind, cell) || parent(cell) == ParentAnswer::waits;
}

struct Rule {
  Outcome outcome;
  bool (*holds)(Kind kind, Cell& cell);
};
using O = Outcome;
using K = Kind;

// clang-format off
const std::vector<Rule> rules = {
    // ---- the organization, and who asks
    {O::organization_not_found, [](K, Cell& c) { return !c.is(Q::organization_exists) && !c.is(Q::hides_organizations); }},
    {O::forbidden, [](K, Cell& c) { return !c.is(Q::organization_exists); }},
    {O::replayed, [](K, Cell& c) { return !c.is(Q::actor_allowed) && (c.is(Q::actor_carries_request) || c.is(Q::commit_sent)) && c.as<Replay>(Q::replay) == Replay::request; }},
    {O::existing, [](K k, Cell& c) { return !c.is(Q::actor_allowed) && k == K::transfer_ownership && c.is(Q::actor_carries_request) && c.state_is(S::active) && c.is_same(); }},
    {O::forbidden, [](K, Cell& c) { return !c.is(Q::actor_allowed); }},
    // ---- this very request, or its key
    {O::replayed, [](K, Cell& c) { return c.as<Replay>(Q::replay) == Replay::request; }},
    {O::request_reused, [](K, Cell& c) { return c.as<Replay>(Q::replay) == Replay::key; }},
    // ---- what can be known without the membership
    {O::organization_not_joinable, [](K k, Cell& c) { return joins(k) && !c.is(Q::joinable); }},
    {O::role_not_found, [](K k, Cell& c) { return names_roles(k) && c.as<RoleAnswer>(Q::role) == RoleAnswer::unknown; }},
    {O::role_not_assignable, [](K k, Cell& c) { return names_roles(k) && c.as<RoleAnswer>(Q::role) == RoleAnswer::read_only; }},
    {O::group_not_found, [](K, Cell& c) { return c.account_is(A::no_group); }},
    {O::account_not_found, [](K k, Cell& c) { return c.account_is(A::nobody) && may_tell(k, c); }},
    {O::account_not_found, [](K k, Cell& c) { return c.account_is(A::address) && !is_add(k) && may_tell(k, c); }},
    {O::account_not_found, [](K k, Cell& c) { return c.account_is(A::address) && k == K::add && on_unknown(c, OnUnknown::reject) && may_tell(k, c); }},
    {O::account_disabled, [](K k, Cell& c) { return c.account_is(A::disabled) && (joins(k) || k == K::reactivate) && may_tell(k, c); }},
    {O::not_verified, [](K k, Cell& c) { return k == K::accept_invitation && (c.account_is(A::waits) || c.account_is(A::unverified)) && may_tell(k, c); }},
    {O::outranked, [](K k, Cell& c) { return names_roles(k) && c.is(Q::asked_outranks); }},
    // ---- the two together: nobody is there
    {O::not_member, [](K k, Cell& c) { return !is_add(k) && c.state_is(S::none); }},
    {O::not_member, [](K k, Cell& c) { return !is_add(k) && k != K::accept_invitation && c.state_is(S::removed); }},
    {O::not_member, [](K k, Cell& c) { return !is_add(k) && !one_of(k, {K::remove, K::leave, K::accept_invitation}) && c.state_is(S::over); }},
    {O::not_member, [](K k, Cell& c) { return one_of(k, {K::transfer_ownership, K::suspend, K::reactivate}) && c.state_is(S::invited); }},
    // ---- somebody was
    {O::was_suspended, [](K k, Cell& c) { return one_of(k, {K::transfer_ownership, K::accept_invitation}) && c.state_is(S::suspended); }},
    {O::was_suspended, [](K k, Cell& c) { return is_add(k) && c.state_is(S::suspended) && says(c, Q::on_suspended, OnFormer::refuse); }},
    {O::was_removed, [](K k, Cell& c) { return k == K::accept_invitation && is_gone(c); }},
    {O::was_removed, [](K k, Cell& c) { return is_add(k) && is_gone(c) && says(c, Q::on_removed, OnFormer::refuse); }},
    // ---- somebody is, and nothing is to be done, or may be
    {O::conflict, [](K k, Cell& c) { return one_of(k, {K::decline_invitation, K::revoke_invitation}) && (c.state_is(S::active) || c.state_is(S::suspended)); }},
    {O::conflict, [](K k, Cell& c) { return is_add(k) && is_member(c) && c.is_same() && c.as<OnMember>(Q::on_same_role) == OnMember::reject; }},
    {O::role_conflict, [](K k, Cell& c) { return is_add(k) && is_member(c) && !c.is_same() && on_other(c, OnMember::reject); }},
    {O::existing, [](K k, Cell& c) { return is_add(k) && is_member(c) && c.is_same(); }},
    {O::existing, [](K k, Cell& c) { return is_add(k) && is_member(c) && on_other(c, OnMember::keep); }},
    {O::existing, [](K k, Cell& c) { return is_add(k) && is_member(c) && on_other(c, OnMember::raise) && c.as<Relation>(Q::relation) != Relation::higher; }},
    {O::existing, [](K k, Cell& c) { return one_of(k, {K::change_role, K::transfer_ownership, K::change_expiry}) && c.is_same(); }},
    {O::existing, [](K k, Cell& c) { return one_of(k, {K::reactivate, K::accept_invitation}) && c.state_is(S::active); }},
    {O::existing, [](K k, Cell& c) { return k == K::suspend && c.state_is(S::suspended); }},
    // ---- it would be written, and something stands against that
    {O::outranked, [](K, Cell& c) { return !c.state_is(S::none) && c.is(Q::held_outranks); }},
    {O::was_suspended, [](K k, Cell& c) { return (is_add(k) || k == K::reactivate) && c.state_is(S::suspended) && c.is(Q::outdated); }},
    {O::was_removed, [](K k, Cell& c) { return is_add(k) && is_gone(c) && c.is(Q::outdated); }},
    {O::has_returned, [](K k, Cell& c) { return !is_add(k) && is_member(c) && c.is(Q::outdated); }},
    {O::inviter_lapsed, [](K k, Cell& c) { return k == K::accept_invitation && c.is(Q::inviter_lapsed); }},
    {O::parent_required, [](K k, Cell& c) { return is_add(k) && !is_member(c) && parent(c) == ParentAnswer::closed; }},
    {O::parent_required, [](K k, Cell& c) { return is_add(k) && !is_member(c) && parent(c) == ParentAnswer::absent && requires_parent(c); }},
    {O::parent_required, [](K k, Cell& c) { return is_add(k) && !is_member(c) && parent(c) == ParentAnswer::waits && requires_parent(c) && !waits_by_itself(k, c); }},
    // ---- it is written
    {O::replaced, [](K k, Cell& c) { return is_add(k) && is_member(c); }},
    {O::invited, [](K k, Cell& c) { return is_add(k) && joins_invited(k, c); }},
    {O::added, [](K k, Cell& c) { return is_add(k) && (c.state_is(S::none) || former_policy(c, OnFormer::fresh)); }},
    {O::reactivated, [](K k, Cell&) { return is_add(k) || k == K::reactivate; }},
    {O::replaced, [](K k, Cell&) { return one_of(k, {K::change_role, K::transfer_ownership}); }},
    {O::suspended, [](K k, Cell&) { return k == K::suspend; }},
    {O::removed, [](K k, Cell&) { return one_of(k, {K::remove, K::leave, K::decline_invitation, K::revoke_invitation}); }},
    {O::accepted, [](K k, Cell&) { return k == K::accept_invitation; }},
    {O::expiry_changed, [](K k, Cell&) { return k == K::change_expiry; }},
};
// clang-format on

/// What an outbox is told.
Event event_of(Kind kind, Outcome outcome, Cell& cell) {
  switch (outcome) {
    case O::added: return Event::added;
    case O::invited: return Event::invited;
    case O::reactivated: return Event::reactivated;
    case O::suspended: return Event::suspended;
    case O::accepted: return Event::accepted;
    case O::expiry_changed: return Event::expiry_changed;
    case O::removed: break;
    default: return Event::role_changed;
  }
  if (cell.state_is(S::over)) return Event::expired;
  if (kind == K::revoke_invitation || (kind == K::remove && cell.state_is(S::invited))) return Event::revoked;
  if (kind == K::decline_invitation || (kind == K::leave && cell.state_is(S::invited))) return Event::declined;
  return kind == K::leave ? Event::left : Event::removed;
}

MembershipState state_after(Outcome outcome, Cell& cell) {
  switch (outcome) {
    case O::invited: return MembershipState::invited;
    case O::removed: return MembershipState::removed;
    case O::suspended: return MembershipState::suspended;
    case O::replaced:
    case O::expiry_changed: return cell.as<MembershipState>(Q::state);
    default: return MembershipState::active;
  }
}

}  // namespace

Verdict judge_cell(Kind kind, Cell& cell) {
  Verdict verdict;
  for (const Rule& rule : rules) {
    if (!rule.holds(kind, cell)) continue;
    verdict.outcome = rule.outcome;
    break;
  }
  if (!is_written(verdict.outcome)) return verdict;
  verdict.to = state_after(verdict.outcome, cell);
  verdict.event = event_of(kind, verdict.outcome, cell);
  if (!is_add(kind) || is_member(cell)) return verdict;
  verdict.joins_parent = parent(cell) == ParentAnswer::absent;
  if (!cell.state_is(S::none)) {
    verdict.anew = former_policy(cell, OnFormer::fresh);
    verdict.keeps_role = former_policy(cell, OnFormer::restore_role);
  }
  return verdict;
}

}  // namespace roster_test
