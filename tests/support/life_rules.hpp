// The rules of the life model: what one cell of a command comes to, by what there was when the command began. In the
// order in which the documentation states them; clarity before everything else.
#ifndef ROSTER_TESTS_SUPPORT_LIFE_RULES_HPP
#define ROSTER_TESTS_SUPPORT_LIFE_RULES_HPP

#include "support/life_model.hpp"

namespace roster_test::life {

using namespace roster;
using State = MembershipState;

inline const Role* find_role(const Profile& profile, const std::string& name) {
  for (const Role& role : profile.roles)
    if (role.id.view() == name) return &role;
  return nullptr;
}

inline Role role_of(const Profile& profile, const std::string& name) {
  const Role* const role = find_role(profile, name);
  return role != nullptr ? *role : Role{};
}

inline bool is_add(Kind kind) {
  return kind == Kind::add || kind == Kind::invite;
}
inline bool is_own(Kind kind) {
  return kind == Kind::leave || kind == Kind::accept_invitation || kind == Kind::decline_invitation;
}
inline bool names_roles(Kind kind) {
  return is_add(kind) || kind == Kind::change_role || kind == Kind::transfer_ownership;
}
inline bool is_written(Outcome outcome) {
  switch (outcome) {
    case Outcome::added:
    case Outcome::invited:
    case Outcome::replaced:
    case Outcome::removed:
    case Outcome::suspended:
    case Outcome::reactivated:
    case Outcome::accepted:
    case Outcome::expiry_changed: return true;
    default: return false;
  }
}
inline bool is_success(Outcome outcome) {
  return is_written(outcome) || outcome == Outcome::existing || outcome == Outcome::replayed;
}

inline bool sits(const Profile& profile, State state) {
  if (state == State::active) return true;
  return state == State::invited && profile.seats == SeatRule::active_and_invited;
}

/// One cell: what it names, and what it asks for.
struct Cell {
  std::size_t row = 0, column = 0;
  std::string place, account;  // empty: not found
  std::string address;         // an unknown one
  std::string role;            // asked for, or the default; empty: none
  bool omitted = false;        // the command names none
  bool hidden = false;         // nobody but staff is told whether the address has an account
};

/// What is to become of a membership.
struct Change {
  Outcome outcome;
  State to = State::active;
  std::string role{};
  Event event = Event::role_changed;
  bool fresh = false;  // a new membership
  bool dated = false;  // it gets the end that the command names, or none
};

class LifeRules {
 public:
  LifeRules(const Land& start, const Profile& profile, const Command& command, const RequestKey& request, Time now)
      : start_(start), profile_(profile), command_(command), kind_(command.kind()), request_(request), now_(now) {}

  /// When what the command writes ends.
  Time end() const {
    if (is_add(kind_)) return static_cast<const AddMembers&>(command_).valid_until;
    return kind_ == Kind::change_expiry ? static_cast<const ChangeExpiry&>(command_).valid_until : Time{};
  }

  /// What an add, or any other kind, makes of `has`, the membership as earlier cells have left it; null: there is none.
  Change judge(const Cell& cell, const Member* has) const {
    if (cell.place.empty()) {
      const bool hidden = profile_.hides_organizations && !command_.actor.staff;
      return {hidden ? Outcome::forbidden : Outcome::organization_not_found};
    }
    if (is_forbidden(cell)) return judge_forbidden(cell, has);
    if (has != nullptr && is_done(cell, *has)) return {Outcome::replayed};
    if (has != nullptr && has->request == request_ && (has->state == State::removed || !has->is_over(now_)))
      return {Outcome::request_reused};
    if (is_to_oneself(cell) && has != nullptr && has->role != cell.role) return {Outcome::request_reused};
    const bool joins = is_add(kind_) || kind_ == Kind::accept_invitation;
    if (joins && !start_.places.at(cell.place).joinable) return {Outcome::organization_not_joinable};
    if (const auto no = judge_role(cell)) return {*no};
    if (const auto no = judge_account(cell, has)) return {*no};
    if (names_roles(kind_) && outranks_actor(cell.place, cell.role)) return {Outcome::outranked};
    const Change change = is_add(kind_) ? judge_add(cell, has) : table(cell, has);
    if (!is_written(change.outcome) || has == nullptr) return change;
    if (outranks_actor(cell.place, has->role)) return {Outcome::outranked};
    if (const auto no = is_add(kind_) ? judge_former_age(*has) : judge_age(*has)) return {*no};
    if (change.outcome == Outcome::accepted && !inviter_may(cell, *has)) return {Outcome::inviter_lapsed};
    return change;
  }

  /// Row by row.
  Cell cell_numbered(std::size_t at) const {
    const std::size_t columns = command_.accounts.size();
    const std::size_t row = at / columns, column = at % columns;
    Cell cell;
    cell.row = row;
    cell.column = column;
    cell.place = text(std::get<OrganizationId>(command_.organizations.span()[row]));
    if (!start_.places.count(cell.place)) cell.place.clear();
    const AccountSelector& who = command_.accounts.span()[column];
    if (const auto* const id = std::get_if<AccountId>(&who)) {
      if (start_.people.count(text(*id))) cell.account = text(*id);
    } else {
      cell.address = std::string(std::get<Email>(who).key());
      for (const auto& [known, person] : start_.people)
        if (person.email == cell.address) cell.account = known;
    }
    cell.hidden = profile_.hides_accounts && !command_.actor.staff && !is_first_named_by_id(cell);
    if (names_roles(kind_)) {
      const auto& asks = static_cast<const RoleCommand&>(command_);
      const std::size_t index = asks.cell_roles.empty() ? 0 : asks.cell_roles[at];
      cell.omitted = asks.roles.size() == 0 || asks.roles.span()[index].empty();
      cell.role = text(cell.omitted ? profile_.default_role : asks.roles.span()[index]);
    }
    return cell;
  }

 private:
  /// Of an account that is named more than once, the first name decides what may be told of it.
  bool is_first_named_by_id(const Cell& cell) const {
    for (const AccountSelector& who : command_.accounts.span()) {
      const auto* const id = std::get_if<AccountId>(&who);
      if (id != nullptr && (cell.account.empty() ? cell.address.empty() : text(*id) == cell.account)) return true;
      if (id != nullptr) continue;
      const std::string address(std::get<Email>(who).key());
      const auto person = start_.people.find(cell.account);
      if (address == (person == start_.people.end() ? cell.address : person->second.email)) return false;
    }
    return true;
  }

  // ---- who asks

  bool is_judged() const {
    return profile_.actor != ActorRule::host_decides && !command_.actor.staff && !is_own(kind_);
  }
  /// The actor's membership there when the command began, if it is active.
  const Member* actor_in(const std::string& place) const {
    const auto found = start_.members.find({place, text(command_.actor.id)});
    return found != start_.members.end() && found->second.state_at(now_) == State::active ? &found->second : nullptr;
  }
  bool actor_may(const std::string& place) const {
    if (!is_judged()) return true;
    const Member* const own = actor_in(place);
    if (own == nullptr) return false;
    const Role role = role_of(profile_, own->role);
    if (kind_ == Kind::transfer_ownership) return role.owns;
    return role.manages || (is_add(kind_) && profile_.actor == ActorRule::member);
  }
  bool outranks_actor(const std::string& place, const std::string& role) const {
    return is_judged() && is_above(role, actor_in(place)->role);
  }
  bool is_above(const std::string& role, const std::string& own) const {
    const Role a = role_of(profile_, role), b = role_of(profile_, own);
    return a.rank > b.rank || (a.owns && !b.owns);
  }

  bool is_forbidden(const Cell& cell) const {
    if (!actor_may(cell.place)) return true;
    // Who has no part in a hidden organization hears what they would hear if it were not there.
    return is_own(kind_) && profile_.hides_organizations && !command_.actor.staff &&
           !start_.members.count({cell.place, cell.account});
  }

  /// Whether the actor gave up its right here by this very request.
  bool has_given_up(std::size_t row) const {
    const std::size_t columns = command_.accounts.size();
    for (std::size_t at = row * columns; at < (row + 1) * columns && command_.groups.empty(); ++at) {
      const Cell cell = cell_numbered(at);
      const auto own = start_.members.find({cell.place, cell.account});
      if (cell.account == text(command_.actor.id) && own != start_.members.end() && is_done(cell, own->second))
        return true;
    }
    return false;
  }

  /// Then it is told what it has done.
  Change judge_forbidden(const Cell& cell, const Member* has) const {
    if (has == nullptr || !has_given_up(cell.row)) return {Outcome::forbidden};
    if (is_done(cell, *has)) return {Outcome::replayed};
    // Who was an owner before ownership was handed on to them.
    const bool owned =
        kind_ == Kind::transfer_ownership && has->state_at(now_) == State::active && has->role == cell.role;
    return {owned ? Outcome::existing : Outcome::forbidden};
  }

  std::optional<Outcome> judge_role(const Cell& cell) const {
    if (!names_roles(kind_)) return std::nullopt;
    const Role* const role = find_role(profile_, cell.role);
    if (role == nullptr) return Outcome::role_not_found;
    if (kind_ == Kind::transfer_ownership && role->owns) return std::nullopt;
    if (kind_ == Kind::transfer_ownership && cell.column == 0) return Outcome::role_not_assignable;
    if (!role->assignable) return Outcome::role_not_assignable;
    return std::nullopt;
  }

  std::optional<Outcome> judge_account(const Cell& cell, const Member* has) const {
    if (cell.hidden) {
      if (is_add(kind_)) return std::nullopt;
      const State state = has == nullptr ? State::removed : has->state_at(now_);
      if (state != State::active && state != State::suspended) return std::nullopt;
    }
    if (cell.account.empty()) {
      const bool creates =
          kind_ == Kind::invite || (kind_ == Kind::add && profile_.on_unknown_account != OnUnknown::reject);
      if (creates && !cell.address.empty()) return std::nullopt;
      return Outcome::account_not_found;
    }
    const Person& person = start_.people.at(cell.account);
    const bool joins = is_add(kind_) || kind_ == Kind::accept_invitation || kind_ == Kind::reactivate;
    if (joins && person.disabled) return Outcome::account_disabled;
    if (kind_ == Kind::accept_invitation && (person.invited || !person.verified)) return Outcome::not_verified;
    return std::nullopt;
  }

  // ---- adds

  State joins_as(const Cell& cell) const {
    if (kind_ == Kind::invite || cell.hidden) return State::invited;
    const bool waits = cell.account.empty() ? profile_.on_unknown_account == OnUnknown::invite
                                            : start_.people.at(cell.account).invited;
    return waits ? State::invited : State::active;
  }

  /// Who was given back an old role has not the one that the request asked for.
  bool restores_roles() const {
    return profile_.on_suspended == OnFormer::restore_role || profile_.on_removed == OnFormer::restore_role;
  }

  Change judge_add(const Cell& cell, const Member* has) const {
    const State as = joins_as(cell);
    const Change joins{as == State::invited ? Outcome::invited : Outcome::added, as,   cell.role,
                       as == State::invited ? Event::invited : Event::added,     true, true};
    if (has == nullptr) return joins;
    const State state = has->state_at(now_);
    if (state == State::suspended || state == State::removed) return judge_former(*has, joins);

    const bool same = cell.omitted || has->role == cell.role;
    if (same) return {profile_.on_same_role == OnMember::reject ? Outcome::conflict : Outcome::existing};
    if (profile_.on_other_role == OnMember::keep) return {Outcome::existing};
    if (profile_.on_other_role == OnMember::reject) return {Outcome::role_conflict};
    const bool higher = role_of(profile_, cell.role).rank > role_of(profile_, has->role).rank;
    if (profile_.on_other_role == OnMember::raise && !higher) return {Outcome::existing};
    return {Outcome::replaced, has->state, cell.role, Event::role_changed};
  }

  Change judge_former(const Member& has, const Change& joins) const {
    const bool removed = has.state_at(now_) == State::removed;
    const OnFormer policy = removed ? profile_.on_removed : profile_.on_suspended;
    if (policy == OnFormer::refuse) return {removed ? Outcome::was_removed : Outcome::was_suspended};
    if (policy == OnFormer::fresh) return joins;
    Change back = joins;
    back.fresh = false;
    if (joins.to == State::active) {
      back.outcome = Outcome::reactivated;
      back.event = Event::reactivated;
    }
    if (policy == OnFormer::restore_role) back.role = has.role;
    return back;
  }

  /// What was asked before somebody went does not undo it.
  std::optional<Outcome> judge_former_age(const Member& has) const {
    const State state = has.state_at(now_);
    if (state != State::suspended && state != State::removed) return std::nullopt;
    const bool removed = state == State::removed, by_time = has.state != State::removed && removed;
    const Outcome refused = removed ? Outcome::was_removed : Outcome::was_suspended;
    const Time went = by_time ? has.valid_until : has.ended_at;
    if (by_time && has.request == request_) return refused;
    if (!by_time || has.state == State::suspended || has.came_back) {
      const RequestKey& wrote = by_time && has.state != State::suspended ? has.ended_by : has.before;
      if (!wrote.empty() && wrote == command_.request) return refused;
    }
    if (command_.asked_at != Time{} && command_.asked_at <= went) return refused;
    return std::nullopt;
  }

  // ---- changes

  /// This very request has left the membership as it asks for.
  bool is_done(const Cell& cell, const Member& has) const {
    if (has.request != request_ || (has.is_over(now_) && has.state != State::removed)) return false;
    const bool there = has.state == State::active || has.state == State::invited;
    switch (kind_) {
      case Kind::add:
      case Kind::invite: return there && (cell.omitted || has.role == cell.role || restores_roles());
      case Kind::suspend: return has.state == State::suspended;
      case Kind::reactivate:
      case Kind::accept_invitation: return has.state == State::active;
      case Kind::change_role:
      case Kind::transfer_ownership: return has.state != State::removed && has.role == cell.role;
      case Kind::change_expiry: return has.state != State::removed && has.valid_until == end();
      default: return has.state == State::removed;
    }
  }

  /// What the kind of command makes of a membership in that state.
  Change table(const Cell& cell, const Member* has) const {
    if (has == nullptr) return {Outcome::not_member};
    const bool active = has->state == State::active, invited = has->state == State::invited,
               suspended = has->state == State::suspended, removed = has->state == State::removed;
    if (!removed && has->is_over(now_)) return table_of_expired(*has);
    const auto removal = [&](Event event) { return Change{Outcome::removed, State::removed, has->role, event}; };
    switch (kind_) {
      case Kind::change_role:
        if (removed) return {Outcome::not_member};
        if (has->role == cell.role) return {Outcome::existing};
        return {Outcome::replaced, has->state, cell.role, Event::role_changed};
      case Kind::transfer_ownership: {
        if (suspended) return {Outcome::was_suspended};
        if (!active) return {Outcome::not_member};
        if (has->role == cell.role) return {Outcome::existing};
        Event event = role_of(profile_, has->role).owns ? Event::ownership_given_up : Event::role_changed;
        if (role_of(profile_, cell.role).owns) event = Event::ownership_given;
        return {Outcome::replaced, has->state, cell.role, event};
      }
      case Kind::suspend:
        if (active) return {Outcome::suspended, State::suspended, has->role, Event::suspended};
        return {suspended ? Outcome::existing : Outcome::not_member};
      case Kind::reactivate:
        if (suspended) return {Outcome::reactivated, State::active, has->role, Event::reactivated};
        return {active ? Outcome::existing : Outcome::not_member};
      case Kind::remove:
        if (removed) return {Outcome::not_member};
        return removal(invited ? Event::revoked : Event::removed);
      case Kind::leave:
        if (removed) return {Outcome::not_member};
        return removal(invited ? Event::declined : Event::left);
      case Kind::accept_invitation:
        if (active) return {Outcome::existing};
        if (suspended) return {Outcome::was_suspended};
        if (removed) return {Outcome::was_removed};
        return {Outcome::accepted, State::active, has->role, Event::accepted};
      case Kind::decline_invitation:
      case Kind::revoke_invitation:
        if (removed) return {Outcome::not_member};
        if (!invited) return {Outcome::conflict};
        return removal(kind_ == Kind::decline_invitation ? Event::declined : Event::revoked);
      case Kind::change_expiry:
        if (removed) return {Outcome::not_member};
        if (has->valid_until == end()) return {Outcome::existing};
        return {Outcome::expiry_changed, has->state, has->role, Event::expiry_changed, false, true};
      default: return {Outcome::undecided};
    }
  }

  /// It is no membership any more, and all that can be done about it is to clear it away.
  Change table_of_expired(const Member& has) const {
    if (kind_ == Kind::remove || kind_ == Kind::leave)
      return {Outcome::removed, State::removed, has.role, Event::expired};
    return {kind_ == Kind::accept_invitation ? Outcome::was_removed : Outcome::not_member};
  }

  /// What was asked before somebody was suspended does not reactivate them, and what was asked before they came back is
  /// not about the membership that they have now.
  std::optional<Outcome> judge_age(const Member& has) const {
    const State state = has.state_at(now_);
    const auto is_older = [&](const RequestKey& wrote, Time moved) {
      return (!wrote.empty() && wrote == command_.request) ||
             (command_.asked_at != Time{} && command_.asked_at <= moved);
    };
    if (state == State::suspended && kind_ == Kind::reactivate && is_older(has.before, has.ended_at))
      return Outcome::was_suspended;
    const bool there = state == State::active || state == State::invited;
    if (there && has.came_back && is_older(has.ended_by, has.back_at)) return Outcome::has_returned;
    return std::nullopt;
  }

  bool inviter_may(const Cell& cell, const Member& has) const {
    if (!profile_.rechecks_inviter || has.invited_by.empty()) return true;
    if (profile_.actor != ActorRule::member && profile_.actor != ActorRule::manager) return true;
    const auto found = start_.members.find({cell.place, has.invited_by});
    if (found == start_.members.end() || found->second.state_at(now_) != State::active) return false;
    if (profile_.actor == ActorRule::manager && !role_of(profile_, found->second.role).manages) return false;
    return !is_above(has.role, found->second.role);
  }

  bool is_to_oneself(const Cell& cell) const {
    return kind_ == Kind::transfer_ownership && cell.column == 1 && cell_numbered(0).account == cell.account;
  }

  const Land& start_;
  const Profile& profile_;
  const Command& command_;
  const Kind kind_;
  const RequestKey request_;
  const Time now_;
};

}  // namespace roster_test::life

#endif
