#include "row_rules.hpp"

#include "role_rules.hpp"

ROSTER_BEGIN

namespace {

bool may_add(const Profile& profile, const Command& command, const Facts& facts, std::uint32_t row) noexcept {
  if (!actor_leans_on_membership(profile, command, facts, row)) return true;
  const std::uint32_t place = actor_place(profile, facts, row);
  if (place == no_index || !facts.organizations[place].actor_is_member) return false;
  if (profile.actor == ActorRule::member) return true;
  return known_role(profile, facts.roles[facts.organizations[place].actor_role]).manages;
}

}  // namespace

Outcome judge_row(const Profile& profile, const Command& command, const Facts& facts, std::uint32_t row) noexcept {
  const OrganizationFact& fact = facts.organizations[row];
  if (fact.id.empty()) {
    const bool hidden = profile.hides_organizations && !command.actor.staff;
    return hidden ? Outcome::forbidden : Outcome::organization_not_found;
  }
  if (!may_add(profile, command, facts, row)) return Outcome::forbidden;
  if (!fact.joinable) return Outcome::organization_not_joinable;
  return no_objection;
}

ROSTER_END
