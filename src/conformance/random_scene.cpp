// Any commands by any clients, under any rules.
#include <utility>

#include "scenes.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using Organizations = OneOrMany<OrganizationSelector>;
using Accounts = OneOrMany<AccountSelector>;

class Author {
 public:
  explicit Author(Chance& chance) : chance_(chance), atomic_(chance.one_in(2)) {}

  Profile rules() {
    Profile rules = plain_rules();
    rules.on_same_role = any<OnMember>(3);
    rules.on_other_role = any<OnMember>(4);
    rules.on_unknown_account = any<OnUnknown>(3);
    rules.on_suspended = any<OnFormer>(4);
    rules.on_removed = any<OnFormer>(4);
    rules.actor = chance_.one_in(2) ? ActorRule::manager : ActorRule::host_decides;
    rules.seats = any<SeatRule>(3);
    rules.keeps_removed = !chance_.one_in(4);
    rules.mode = atomic_ ? Mode::atomic : Mode::best_effort;
    rules.parent = any<ParentRule>(3);
    rules.parent_role = member;
    return rules;
  }

  AnyCommand command() {
    const RequestKey key = RequestKey::of("command " + std::to_string(++commands_));
    // Mostly about few records, so that clients conflict.
    const Actor by{who(chance_.below(4))};
    const RoleId role = this->role();
    switch (chance_.below(14)) {
      case 0:
      case 1:
      case 2: return made(ending(AddMembers(places(), people(true), OneOrMany<RoleId>(role), by, key)));
      case 3: return made(ending(Invite(places(), people(true), OneOrMany<RoleId>(role), by, key)));
      case 4: return made(ChangeRole(places(), people(false), OneOrMany<RoleId>(role), by, key));
      case 5: return made(TransferOwnership(place(), who(chance_.below(9)), owner, role, by, key));
      case 6: return made(Suspend(places(), people(false), by, key));
      case 7: return made(Reactivate(places(), people(false), by, key));
      case 8: return made(RemoveMembers(places(), people(false), by, key));
      case 9: return made(Leave(place(), who(chance_.below(9)), key));
      case 10: return made(AcceptInvitation(place(), who(chance_.below(2) * 6), key));
      case 11: return made(ChangeExpiry(places(), people(false), end(), by, key));
      case 12: return made(RevokeInvitation(place(), people(false), by, key));
      default: return made(DeclineInvitation(place(), who(6), key));
    }
  }

 private:
  template <class Any>
  static AnyCommand made(Any command) {
    return std::make_shared<Any>(std::move(command));
  }
  /// Half a second after some command of its own client, or never, or not for long.
  Time end() {
    const std::int64_t ends[] = {0, 0, scenes_begin + 500'000, scenes_begin + 2'500'000, scenes_begin + 9'000'000'000};
    return Time{ends[chance_.below(5)]};
  }
  template <class Any>
  Any ending(Any command) {
    command.valid_until = end();
    return command;
  }
  template <class Any>
  Any any(std::uint32_t count) {
    return static_cast<Any>(chance_.below(count));
  }
  RoleId role() {
    const RoleId roles[] = {member, admin, owner};
    return roles[chance_.below(3)];
  }
  OrganizationSelector place() {
    const OrganizationSelector places[] = {org(0), org(0), org(1), Nested{org(0), org(10)}};
    return places[chance_.below(4)];
  }
  Organizations places() {
    std::vector<OrganizationSelector> places = {place()};
    if (atomic_ && chance_.one_in(4)) places.push_back(place());
    return places;
  }
  Accounts people(bool strangers) {
    std::vector<AccountSelector> people;
    for (std::uint32_t i = atomic_ && chance_.one_in(3) ? 3 : 1; i > 0; --i) {
      if (strangers && chance_.one_in(4))
        people.emplace_back(newcomer(chance_.one_in(2)));
      else
        people.emplace_back(who(chance_.below(9)));
    }
    return people;
  }

  Chance& chance_;
  /// Best effort comes in pieces, and others may come in between: then every command is of one cell.
  const bool atomic_;
  int commands_ = 0;
};

}  // namespace

Scene random_scene(Chance& chance, std::uint32_t clients, std::uint32_t commands) {
  Author author(chance);
  const std::uint32_t seats_max = chance.one_in(2) ? no_limit : 4 + chance.below(4);
  Scene scene{"commands by chance", author.rules(), [seats_max](Stage& stage) { put_hall(stage, seats_max); }, {}};
  for (std::uint32_t client = 0; client < clients; ++client) {
    scene.parts.emplace_back();
    for (std::uint32_t i = 0; i < commands; ++i) scene.parts.back().push_back(author.command());
  }
  return scene;
}

}  // namespace conformance
ROSTER_END
