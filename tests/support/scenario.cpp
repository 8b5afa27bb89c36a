// Reads worlds and profiles from bytes, and makes commands of every kind from their parts.
#include "support/scenario.hpp"

#include <algorithm>

#include "../../src/core/request.hpp"

namespace roster_test {

using namespace roster;

std::string place_name(unsigned i) {
  return "o" + std::to_string(i);
}
std::string person_name(unsigned i) {
  return "a" + std::to_string(i);
}
std::string address_name(unsigned i) {
  return i < people_max ? person_name(i) + "@x.de" : "n" + std::to_string(i - people_max) + "@x.de";
}
std::string spelled(std::string address, unsigned spelling) {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const bool upper = spelling == 1 || (spelling == 2 && i % 2 == 0) || (spelling == 3 && i > 2);
    if (upper && address[i] >= 'a' && address[i] <= 'z') address[i] = static_cast<char>(address[i] - 'a' + 'A');
  }
  return address;
}

namespace {

constexpr Time story_begins{1'700'000'000'000'000};

Role read_role(unsigned name, unsigned bits) {
  Role role;
  role.id = id<RoleId>(role_names[name]);
  role.rank = static_cast<std::uint16_t>(bits % 4 == 0 ? name + 1 : bits % 4);
  role.assignable = (bits & 0x1C) != 0x1C;  // one in eight is read-only
  role.manages = ((bits & 0x20) != 0) != (name >= 2);
  role.owns = name == 3 && (bits & 0xC0) != 0;
  role.takes_seat = bits % 16 != 5;
  return role;
}
bool has_role(unsigned bits) {
  return bits < 236;
}

/// `lived`: the world of a history, with owners, few seats, and memberships with an expiry.
World read_world(Draw draw, bool lived) {
  World world;
  const unsigned some = draw.below(3), more = draw.below(3), groups = draw.below(groups_max + 1);
  const unsigned places = 3 + (lived ? 0 : some), people = 4 + (lived ? 1 : more);
  for (unsigned i = 0; i < places; ++i) {
    Place& place = world.places[place_name(i)];
    const unsigned bits = draw.byte();
    if (bits % 8 != 7) place.slug = "s" + std::to_string(i);
    if (i != 0 && bits % 8 >= 3) place.parent = place_name((bits / 8) % i);
    place.closed = bits >= 244;
    place.joinable = !draw.chance(lived ? 6 : 7);
    for (unsigned r = 0; r < role_names.size(); ++r) {
      const unsigned role = draw.byte();
      if (has_role(role)) place.roles[role_names[r]] = read_role(r, role);
    }
    const unsigned seats = draw.byte();
    if (lived && seats > 80) place.seats_max = 1 + seats % 4;
  }
  for (unsigned i = 0; i < people; ++i) {
    Person& person = world.people[person_name(i)];
    const unsigned bits = draw.byte();
    if (bits % 8 != 7) person.email = spelled(address_name(i), lived ? 0 : bits / 8 % 4);
    if (bits / 32 != 6) person.username = "u" + std::to_string(i);
    person.disabled = bits > (lived ? 243 : 232);
    person.invited = bits > 200 && bits <= (lived ? 215 : 232);
    person.verified = bits % 16 != 3;
  }
  for (unsigned i = 0; i < groups; ++i) {
    const unsigned members = draw.byte();
    auto& group = world.groups["g" + std::to_string(i)];
    for (unsigned k = 0; k < people; ++k)
      if ((members >> (members > 127 ? k : people - 1 - k) & 1) != 0) group.push_back(person_name(k));
  }
  for (unsigned o = 0; o < places; ++o)
    for (unsigned a = 0; a < people; ++a) {
      const unsigned bits = draw.byte();
      const bool founder = lived && a == 0 && bits < 230;
      if (bits % 2 == 0 && !founder) continue;
      Member& member = world.members[{place_name(o), person_name(a)}];
      member.role = founder ? "owner" : bits > 250 ? "ghost" : role_names[bits / 2 % 4];
      const unsigned state = founder ? 0 : bits / 8 % 8;
      member.state = state == 7   ? MembershipState::invited
                     : state == 6 ? MembershipState::suspended
                                  : MembershipState::active;
      if (lived && state == 5) member.valid_until = later_by(story_begins, 5);
      if (lived && state == 7 && bits > 127) member.invitation_until = later_by(story_begins, 19);
      if (lived && state == 7 && bits / 64 % 2 == 1) member.invited_by = "a0";
      if (!lived) member.idempotency_key = request_key(bits / 64 % request_keys);
      if (lived) member.added_at = member.written_at = later_by(story_begins, -100'000'000);
      member.number = ++world.numbers;
    }
  for (auto& [name, place] : world.places)  // no bound is violated at the start
    for (std::uint32_t taken = 0; const auto& [pair, member] : world.members)
      if (pair.first == name && member.state != MembershipState::suspended && place.seats_max != no_limit)
        place.seats_max = std::max(place.seats_max, ++taken);
  const unsigned owned = draw.byte();
  if (owned < 80) world.owner_roles.insert(owned % 8 == 7 ? "ghost" : role_names[owned % role_names.size()]);
  return world;
}

std::vector<Role> history_catalog(Draw& draw, bool viewers_sit) {
  return {{RoleId("owner"), 4, !draw.chance(20), true, true},
          {RoleId("admin"), 3, true, true, false},
          {RoleId("member"), 2, true, false, false},
          {RoleId("viewer"), 1, true, false, false, viewers_sit},
          {RoleId("robot"), 2, false, false, false}};
}

OwnProfile read_profile(Draw draw, bool lived) {
  OwnProfile rules;
  Profile& fields = rules.fields;
  const unsigned catalog = draw.byte();
  for (unsigned r = 0; r < role_names.size(); ++r) {
    const unsigned role = draw.byte();
    if (catalog < 150 && !lived && has_role(role)) rules.catalog.push_back(read_role(r, role));
  }
  if (lived && catalog < 225) rules.catalog = history_catalog(draw, catalog % 4 != 1);
  if (const std::size_t roles = rules.catalog.size(); roles != 0 && catalog % 4 == 3)
    rules.former = {{RoleId("ghost"), rules.catalog[catalog / 4 % roles].id}};
  const unsigned named = draw.byte();
  fields.by_id = lived || named % 8 != 1;
  fields.by_email = lived || named / 8 % 8 != 1;
  fields.by_username = named / 64 != 1;
  fields.on_unknown_account = static_cast<OnUnknown>(draw.below(3));
  fields.on_same_role = static_cast<OnConflict>(draw.below(4));
  fields.on_other_role = static_cast<OnConflict>(draw.below(4));
  const unsigned fallback = draw.byte(), parent_role = draw.byte();
  const auto any_role = [&](unsigned n) {
    const std::size_t roles = rules.catalog.size();
    return roles == 0 ? id<RoleId>(role_names[n % role_names.size()]) : rules.catalog[n % roles].id;
  };
  if (fallback < 220) {  // mostly a valid one
    fields.default_role = any_role(fallback);
    if (fallback > 4)
      for (const Role& role : rules.catalog)
        if (role.id == fields.default_role && !role.assignable) fields.default_role = {};
  }
  const unsigned parent = draw.byte();
  fields.parent = lived && parent > 150 ? ParentRule::ignore : static_cast<ParentRule>(parent % 3);
  if (parent_role < 250) fields.parent_role = any_role(parent_role);
  const unsigned actor = draw.byte();
  fields.actor = actor < (lived ? 70 : 116) ? ActorRule::host_decides : static_cast<ActorRule>(actor % 4);
  fields.organization_is_account = draw.chance(40);
  fields.hides_organizations = draw.chance(lived ? 15 : 50);
  fields.mode = draw.chance(lived ? 35 : 50) ? Mode::atomic : Mode::best_effort;
  const unsigned limits = draw.byte();
  fields.accounts_max = limits > 245 ? 3 : 100;
  fields.organizations_max = limits > 235 && limits < 246 ? 2 : 100;
  fields.cells_max = limits > 225 && limits < 236 ? 6 : 10000;
  fields.on_invited = static_cast<OnInvited>(limits % 2);
  fields.on_reinvite = static_cast<OnReinvite>(limits / 2 % 2);
  fields.on_suspended = static_cast<OnFormer>(draw.below(4));
  fields.on_removed = static_cast<OnFormer>((draw.below(4) + 3) % 4);
  if (!lived) return rules;
  if (fields.default_role.empty() && draw.chance(60) && !rules.catalog.empty()) fields.default_role = RoleId("member");
  if (fields.actor == ActorRule::parent_manager && draw.chance(70)) fields.actor = ActorRule::manager;
  fields.keeps_tombstones = !draw.chance(20);
  fields.seats = static_cast<SeatRule>(draw.below(3));
  fields.rechecks_inviter = !draw.chance(25);
  if (draw.chance(20)) {
    fields.hides_accounts = true;
    fields.on_unknown_account = OnUnknown::invite;
    fields.by_username = false;
  }
  return rules;
}

/// A part beyond the end is empty.
std::span<const std::uint8_t> part(std::span<const std::uint8_t> bytes, std::size_t from, std::size_t size) {
  from = std::min(from, bytes.size());
  return bytes.subspan(from, std::min(size, bytes.size() - from));
}

}  // namespace

Scenario read_opening(std::span<const std::uint8_t> bytes, bool lived) {
  return {read_world(Draw(part(bytes, 0, world_bytes)), lived),
          read_profile(Draw(part(bytes, world_bytes, profile_bytes)), lived)};
}

CommandHistory read_history(std::span<const std::uint8_t> bytes) {
  CommandHistory story = read_opening(bytes);
  const std::size_t count = 10 + (bytes.empty() ? 0u : bytes.front()) % (issued_max - 9);
  for (std::size_t i = 0; i < count; ++i) {
    const Draw draw(part(bytes, opening_bytes + i * issued_bytes, issued_bytes));
    const Time at = later_by(story_begins, static_cast<std::int64_t>(i));
    story.issued.push_back(read_issued(draw, at, story.world, story.rules, story.issued));
  }
  return story;
}

/// Makes each key of the opening world a command's, with its or another fingerprint, or a key of its own.
static void remember_requests(Scenario& scenario) {
  for (auto& [pair, member] : scenario.world.members) {
    if (member.idempotency_key.empty() || scenario.commands.empty()) continue;
    const auto number = static_cast<std::size_t>(member.number);  // 64 bits on every machine, and small
    const AddMembers& command = scenario.commands[number % scenario.commands.size()];
    const auto& roles = command.roles;
    const RoleId requested = roles.size() == 0 ? RoleId{} : roles.span()[number % roles.size()];
    const bool by_it = member.idempotency_key != request_key(3), same = member.idempotency_key == request_key(1);
    const IdempotencyKey key = bound(by_it ? command.idempotency_key : member.idempotency_key, command.actor.id);
    const auto fingerprint = same ? fingerprint_of(command.kind(), requested, command.valid_until) : 1;
    member.idempotency_key = key.empty() ? key : remembered(key, fingerprint);
  }
}

Scenario read_scenario(std::span<const std::uint8_t> bytes, std::size_t commands) {
  Scenario scenario = read_opening(bytes, false);
  std::size_t at = world_bytes + profile_bytes;
  for (std::size_t i = 0; i < commands; ++i, at += command_bytes)
    scenario.commands.push_back(read_add(Draw(part(bytes, at, command_bytes)), scenario.world, scenario.rules));
  remember_requests(scenario);
  const auto rest = part(bytes, at, bytes.size());
  scenario.choices.assign(rest.begin(), rest.end());
  return scenario;
}

namespace {

/// A list of one entry is stored inline, a longer one in a vector. Scenarios have both.
template <class Entry>
OneOrMany<Entry> one_or_many(std::vector<Entry> entries) {
  if (entries.size() == 1) return OneOrMany<Entry>(entries.front());
  return OneOrMany<Entry>(std::move(entries));
}

template <class Made>
std::shared_ptr<Command> make(const Parts& parts) {
  if constexpr (std::is_same_v<Made, TransferOwnership>) {
    return std::make_shared<Made>(parts.places, parts.people[0], parts.roles[0], parts.roles[1], parts.actor,
                                  parts.key);
  } else if constexpr (std::is_same_v<Made, ChangeExpiry>) {
    return std::make_shared<Made>(parts.places, parts.people, parts.end, parts.actor, parts.key);
  } else if constexpr (std::is_base_of_v<RoleCommand, Made>) {
    auto made = std::make_shared<Made>(one_or_many(parts.places), one_or_many(parts.people), one_or_many(parts.roles),
                                       parts.actor, parts.key);
    made->cell_roles = parts.cell_roles;
    if constexpr (std::is_base_of_v<AddMembers, Made>) {
      made->valid_until = parts.end;
      made->invitation_until = parts.invitation_end;
      made->groups = parts.groups;
    }
    return made;
  } else if constexpr (std::is_default_constructible_v<Made>) {
    return std::make_shared<Made>(parts.places, parts.people, parts.actor, parts.key);
  } else {  // a command about the actor's own memberships
    return std::make_shared<Made>(parts.places, parts.actor.id, parts.key);
  }
}

}  // namespace

std::shared_ptr<Command> make_command(CommandKind kind, const Parts& parts) {
  // clang-format off
  constexpr std::array all = {
      &make<AddMembers>, &make<Invite>, &make<ChangeRole>, &make<TransferOwnership>, &make<Suspend>, &make<Reactivate>,
      &make<RemoveMembers>, &make<Leave>, &make<AcceptInvitation>, &make<DeclineInvitation>, &make<RevokeInvitation>,
      &make<ChangeExpiry>};
  // clang-format on
  return all[static_cast<std::size_t>(kind)](parts);
}

void bring_a_clerk(Scenario& scenario) {
  // There are no owners either. If one command removes two, the tile and the order decide which is the last.
  for (Role& role : scenario.rules.catalog) role.owns = false;
  for (auto& [name, place] : scenario.world.places)
    for (auto& [id, role] : place.roles) role.owns = false;
  scenario.world.people["clerk"];
  unsigned number = 0;
  for (const auto& [name, place] : scenario.world.places)
    if (++number != scenario.world.people.size() - 3)  // no member in one of them
      scenario.world.members[{name, "clerk"}] = {.role = "admin", .number = ++scenario.world.numbers};
  for (AddMembers& command : scenario.commands)
    if (command.actor.id.empty() || command.actor.id.view()[0] == 'a') command.actor.id = AccountId("clerk");
}

Email email(std::string_view text) {
  auto parsed = Email::parse(text);
  return parsed ? std::move(parsed).assume_value() : Email{};
}

IdempotencyKey request_key(unsigned which) {
  IdempotencyKey key;
  if (which != 0) key.bytes.fill(static_cast<std::uint8_t>(which));
  return key;
}

}  // namespace roster_test
