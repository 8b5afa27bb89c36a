// Outcomes and conditions, in the order of docs/reference/outcomes.md.
#include <algorithm>

#include "support/oracle.hpp"

namespace roster_test {

using namespace roster;
using Q = Question;
using S = StateAnswer;
using A = AccountAnswer;

bool is_add(CommandKind kind) {
  return kind == CommandKind::add || kind == CommandKind::invite;
}
bool is_own(CommandKind kind) {
  return kind == CommandKind::leave || kind == CommandKind::accept_invitation ||
         kind == CommandKind::decline_invitation;
}
bool names_roles(CommandKind kind) {
  return is_add(kind) || kind == CommandKind::change_role || kind == CommandKind::transfer_ownership;
}
bool is_written(Outcome outcome) {
  return wrote(outcome) && outcome != Outcome::replayed;
}

namespace {

bool one_of(CommandKind kind, std::initializer_list<CommandKind> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}
bool joins(CommandKind kind) {
  return is_add(kind) || kind == CommandKind::accept_invitation;
}
/// Whether the policy about former members has this value. An invitation that is over or removed was no membership.
bool former_policy(Cell& cell, OnFormer policy) {
  if (cell.state_is(S::over_invitation) || cell.state_is(S::removed_invitation)) return policy == OnFormer::fresh;
  return cell.equals(cell.state_is(S::suspended) ? Q::on_suspended : Q::on_removed, policy);
}
ParentAnswer parent(Cell& cell) {
  const bool applies = cell.as<ParentRule>(Q::parent_rule) != ParentRule::ignore;
  return applies ? cell.as<ParentAnswer>(Q::parent) : ParentAnswer::free;
}
/// A refusal about an account is disclosed, unless the profile hides the account and it is no member here.
bool may_tell(CommandKind kind, Cell& cell) {
  if (!cell.is(Q::account_hidden)) return true;
  return !is_add(kind) && (cell.state_is(S::active) || cell.state_is(S::suspended));
}
bool waits_by_itself(CommandKind kind, Cell& cell) {
  if (kind == CommandKind::invite || cell.is(Q::account_hidden)) return true;
  return cell.account_is(A::address) ? cell.equals(Q::on_unknown_account, OnUnknown::invite)
                                     : cell.account_is(A::waits);
}
/// While the parent membership is an invitation, the new one is too.
bool joins_invited(CommandKind kind, Cell& cell) {
  return waits_by_itself(kind, cell) || parent(cell) == ParentAnswer::waits;
}

using O = Outcome;
using K = CommandKind;
using E = Event;
using M = MembershipState;
struct Rule {
  Outcome outcome;
  bool (*holds)(CommandKind kind, Cell& cell);
  Event event = E::role_changed;  // the event in the outbox
  std::optional<M> to = {};       // the new state; none: unchanged
};

// clang-format off
/// An add of an invited member, if an add of anybody else in its place would make an active one.
bool activates(K k, Cell& c) { return k == K::add && c.state_is(S::invited) && c.equals(Q::on_invited, OnInvited::activate) && !waits_by_itself(k, c) && !(c.equals(Q::parent_rule, ParentRule::add) && parent(c) == ParentAnswer::waits); }
bool renews(K k, Cell& c) { return k == K::invite && c.state_is(S::invited) && c.equals(Q::on_reinvite, OnReinvite::renew); }
/// An add of a member to which the policies about members apply.
bool meets(K k, Cell& c) { return is_add(k) && c.is_member() && !activates(k, c) && !renews(k, c); }
bool keeps(K k, Cell& c) { return meets(k, c) && (c.is_same() || c.equals(Q::on_other_role, OnConflict::keep) || (c.equals(Q::on_other_role, OnConflict::raise) && !c.equals(Q::relation, Relation::higher))); }
/// An add that creates, restores or activates a membership.
bool begins(K k, Cell& c) { return is_add(k) && (!c.is_member() || activates(k, c)); }

/// A command that makes a membership active, or offers it, with the role that it has.
bool keeps_its_role(K k, Cell& c) {
  if (!is_add(k)) return k == K::accept_invitation || k == K::reactivate;
  if (activates(k, c) || renews(k, c)) return c.is_same();
  return !c.is_member() && !c.state_is(S::none) && former_policy(c, OnFormer::restore_role);
}

const std::vector<Rule> rules = {
    // ---- the organization and the actor
    {O::organization_not_found, [](K, Cell& c) { return !c.is(Q::organization_exists) && !c.is(Q::hides_organizations); }},
    {O::forbidden, [](K, Cell& c) { return !c.is(Q::organization_exists); }},
    {O::replayed, [](K, Cell& c) { return !c.is(Q::actor_allowed) && (c.is(Q::actor_carries_request) || c.is(Q::commit_sent)) && c.equals(Q::replay, Replay::idempotency_key); }},
    {O::existing, [](K k, Cell& c) { return !c.is(Q::actor_allowed) && k == K::transfer_ownership && c.is(Q::actor_carries_request) && c.state_is(S::active) && c.is_same(); }},
    {O::forbidden, [](K, Cell& c) { return !c.is(Q::actor_allowed); }},
    // ---- the same request, or its key
    {O::replayed, [](K, Cell& c) { return c.equals(Q::replay, Replay::idempotency_key); }},
    {O::request_reused, [](K, Cell& c) { return c.equals(Q::replay, Replay::key); }},
    // ---- conditions that need no membership
    {O::organization_closed, [](K k, Cell& c) { return !one_of(k, {K::suspend, K::remove, K::leave, K::decline_invitation, K::revoke_invitation}) && c.is(Q::closed); }},
    {O::organization_not_joinable, [](K k, Cell& c) { return joins(k) && !c.is(Q::joinable); }},
    {O::role_not_found, [](K k, Cell& c) { return names_roles(k) && c.equals(Q::role, RoleAnswer::unknown); }},
    {O::role_not_assignable, [](K k, Cell& c) { return names_roles(k) && c.equals(Q::role, RoleAnswer::read_only); }},
    {O::group_not_found, [](K, Cell& c) { return c.account_is(A::no_group); }},
    {O::account_not_found, [](K k, Cell& c) { return c.account_is(A::nobody) && may_tell(k, c); }},
    {O::account_not_found, [](K k, Cell& c) { return c.account_is(A::address) && !is_add(k) && may_tell(k, c); }},
    {O::account_not_found, [](K k, Cell& c) { return c.account_is(A::address) && k == K::add && c.equals(Q::on_unknown_account, OnUnknown::reject) && may_tell(k, c); }},
    {O::account_disabled, [](K k, Cell& c) { return c.account_is(A::disabled) && (joins(k) || k == K::reactivate || (k == K::transfer_ownership && c.is(Q::asked_owns))) && may_tell(k, c); }},
    {O::not_verified, [](K k, Cell& c) { return k == K::accept_invitation && (c.account_is(A::waits) || c.account_is(A::unverified)) && may_tell(k, c); }},
    {O::outranked, [](K k, Cell& c) { return names_roles(k) && c.is(Q::asked_outranks); }},
    // ---- there is no membership
    {O::not_member, [](K k, Cell& c) { return !is_add(k) && c.state_is(S::none); }},
    {O::not_member, [](K k, Cell& c) { return !is_add(k) && k != K::accept_invitation && c.is_removed(); }},
    {O::not_member, [](K k, Cell& c) { return !is_add(k) && !one_of(k, {K::remove, K::leave, K::accept_invitation}) && c.is_over() && !(k == K::revoke_invitation && c.state_is(S::over_invitation)); }},
    {O::not_member, [](K k, Cell& c) { return one_of(k, {K::transfer_ownership, K::suspend, K::reactivate}) && c.state_is(S::invited); }},
    // ---- there was a membership
    {O::was_suspended, [](K k, Cell& c) { return one_of(k, {K::transfer_ownership, K::accept_invitation}) && c.state_is(S::suspended); }},
    {O::was_suspended, [](K k, Cell& c) { return is_add(k) && c.state_is(S::suspended) && c.equals(Q::on_suspended, OnFormer::refuse); }},
    {O::was_removed, [](K k, Cell& c) { return k == K::accept_invitation && c.is_gone(); }},
    {O::was_removed, [](K k, Cell& c) { return is_add(k) && c.is_gone() && former_policy(c, OnFormer::refuse); }},
    // ---- there is a membership, and the command has nothing to do or may do nothing
    {O::conflict, [](K k, Cell& c) { return one_of(k, {K::decline_invitation, K::revoke_invitation}) && (c.state_is(S::active) || c.state_is(S::suspended)); }},
    {O::conflict, [](K k, Cell& c) { return meets(k, c) && c.is_same() && c.equals(Q::on_same_role, OnConflict::reject); }},
    {O::role_conflict, [](K k, Cell& c) { return meets(k, c) && !c.is_same() && c.equals(Q::on_other_role, OnConflict::reject); }},
    {O::still_invited, [](K k, Cell& c) { return c.state_is(S::invited) && keeps(k, c); }},
    {O::existing, [](K k, Cell& c) { return keeps(k, c); }},
    {O::existing, [](K k, Cell& c) { return one_of(k, {K::change_role, K::transfer_ownership, K::change_expiry}) && c.is_same(); }},
    {O::existing, [](K k, Cell& c) { return one_of(k, {K::reactivate, K::accept_invitation}) && c.state_is(S::active); }},
    {O::existing, [](K k, Cell& c) { return k == K::suspend && c.state_is(S::suspended); }},
    // ---- the cell would write, but is refused
    {O::outranked, [](K, Cell& c) { return !c.state_is(S::none) && c.is(Q::held_outranks); }},
    {O::was_suspended, [](K, Cell& c) { return c.state_is(S::suspended) && c.is(Q::outdated); }},
    {O::was_removed, [](K, Cell& c) { return c.is_gone() && c.is(Q::outdated); }},
    {O::has_changed, [](K, Cell& c) { return c.is_member() && c.is(Q::outdated); }},
    {O::role_not_found, [](K k, Cell& c) { return keeps_its_role(k, c) && c.is(Q::role_gone); }},
    {O::inviter_lapsed, [](K k, Cell& c) { return k == K::accept_invitation && c.is(Q::inviter_lapsed); }},
    {O::parent_required, [](K k, Cell& c) { return begins(k, c) && parent(c) == ParentAnswer::closed; }},
    {O::parent_required, [](K k, Cell& c) { return begins(k, c) && parent(c) == ParentAnswer::absent && c.equals(Q::parent_rule, ParentRule::require); }},
    {O::parent_required, [](K k, Cell& c) { return begins(k, c) && parent(c) == ParentAnswer::waits && c.equals(Q::parent_rule, ParentRule::require) && !waits_by_itself(k, c); }},
    // ---- the cell writes
    {O::accepted, [](K k, Cell& c) { return activates(k, c); }, E::accepted, M::active},
    {O::invitation_renewed, [](K k, Cell& c) { return renews(k, c); }, E::invitation_renewed},
    {O::replaced, [](K k, Cell& c) { return is_add(k) && c.is_member(); }},
    {O::invited, [](K k, Cell& c) { return is_add(k) && joins_invited(k, c); }, E::invited, M::invited},
    {O::added, [](K k, Cell& c) { return is_add(k) && (c.state_is(S::none) || former_policy(c, OnFormer::fresh)); }, E::added, M::active},
    {O::reactivated, [](K k, Cell&) { return is_add(k) || k == K::reactivate; }, E::reactivated, M::active},
    {O::replaced, [](K k, Cell&) { return one_of(k, {K::change_role, K::transfer_ownership}); }},
    {O::suspended, [](K k, Cell&) { return k == K::suspend; }, E::suspended, M::suspended},
    {O::accepted, [](K k, Cell&) { return k == K::accept_invitation; }, E::accepted, M::active},
    {O::expiry_changed, [](K k, Cell&) { return k == K::change_expiry; }, E::expiry_changed},
    {O::removed, [](K, Cell& c) { return c.is_over(); }, E::expired, M::removed},
    {O::removed, [](K k, Cell& c) { return k == K::revoke_invitation || (k == K::remove && c.state_is(S::invited)); }, E::revoked, M::removed},
    {O::removed, [](K k, Cell& c) { return k == K::decline_invitation || (k == K::leave && c.state_is(S::invited)); }, E::declined, M::removed},
    {O::removed, [](K k, Cell&) { return k == K::leave; }, E::left, M::removed},
    {O::removed, [](K k, Cell&) { return k == K::remove; }, E::removed, M::removed},
};
// clang-format on

}  // namespace

Verdict judge_cell(CommandKind kind, Cell& cell) {
  Verdict verdict;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& each) { return each.holds(kind, cell); });
  if (rule == rules.end()) return verdict;
  verdict.outcome = rule->outcome;
  if (!is_written(verdict.outcome)) return verdict;
  verdict.to = rule->to ? *rule->to : cell.as<MembershipState>(Q::state);
  verdict.event = rule->event;
  if (!is_add(kind)) return verdict;
  if (verdict.outcome == O::accepted || verdict.outcome == O::invitation_renewed) verdict.keeps_role = cell.is_same();
  if (!begins(kind, cell)) return verdict;
  verdict.joins_parent = parent(cell) == ParentAnswer::absent;
  if (!cell.state_is(S::none) && !cell.is_member()) {
    verdict.new_identity = former_policy(cell, OnFormer::fresh);
    verdict.keeps_role = former_policy(cell, OnFormer::restore_role);
  }
  return verdict;
}

// ---- the shape of a command

namespace {

void find_errors_in_names(const Profile& profile, const Command& command, Errors& errors) {
  const auto accounts = command.accounts.span();
  const bool transfers = command.kind() == CommandKind::transfer_ownership;
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    const bool itself = is_own(command.kind()) || (transfers && i == 1);
    const auto* const id = std::get_if<AccountId>(&accounts[i]);
    const auto* const email = std::get_if<Email>(&accounts[i]);
    const bool accepted = id ? profile.by_id : email ? profile.by_email : profile.by_username;
    if (!accepted && !itself) errors.insert({Errc::selector_not_accepted, i});
    if (is_blank(accounts[i])) errors.insert({email ? Errc::email_empty : Errc::id_empty, i});
  }
  const auto organizations = command.organizations.span();
  for (std::uint32_t i = 0; i < organizations.size(); ++i) {
    const auto* const nested = std::get_if<Nested>(&organizations[i]);
    if (nested ? nested->id.empty() || nested->parent.empty() : is_blank(organizations[i]))
      errors.insert({Errc::id_empty, i});
  }
}

void find_errors_in_roles(const Profile& profile, const RoleCommand& command, Errors& errors) {
  if (!command.cell_roles.empty()) {
    bool fits = command.cell_roles.size() == command.organizations.size() * command.accounts.size();
    for (const RoleIndex index : command.cell_roles)
      fits = fits && index < std::max<std::size_t>(1, command.roles.size());
    if (!fits) errors.insert({Errc::roles_malformed, 0});
  }
  bool sound = profile.parent != ParentRule::add || !profile.parent_role.empty();
  if (profile.hides_accounts) sound = sound && profile.on_unknown_account == OnUnknown::invite && !profile.by_username;
  if (!profile.roles.empty()) {
    bool default_fits = profile.default_role.empty(), parent_fits = profile.parent != ParentRule::add;
    for (const Role& role : profile.roles) {
      default_fits = default_fits || (role.id == profile.default_role && role.assignable);
      parent_fits = parent_fits || role.id == profile.parent_role;
    }
    sound = sound && default_fits && parent_fits;
  }
  if (!sound) errors.insert({Errc::profile_malformed, 0});
}

}  // namespace

void find_errors(const Profile& profile, const Command& command, Time now, Time end, Errors& errors) {
  const std::size_t rows = command.organizations.size(), named = command.accounts.size();
  const bool transfers = command.kind() == CommandKind::transfer_ownership;
  if (rows == 0 || (named == 0 && command.groups.empty())) errors.insert({Errc::batch_empty, 0});
  if (rows > profile.organizations_max || (named > profile.accounts_max && !transfers))
    errors.insert({Errc::batch_too_large, 0});
  find_errors_in_names(profile, command, errors);
  if (names_roles(command.kind())) find_errors_in_roles(profile, static_cast<const RoleCommand&>(command), errors);
  const bool needs_actor = is_own(command.kind()) || (!command.actor.staff && profile.actor != ActorRule::host_decides);
  if (command.actor.id.empty() && needs_actor) errors.insert({Errc::actor_missing, 0});
  if (end != Time{} && end <= now) errors.insert({Errc::valid_until_passed, 0});
}

}  // namespace roster_test
