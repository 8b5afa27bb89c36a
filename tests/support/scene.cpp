// What each byte means. The universe is small on purpose: five organizations, six accounts, five roles and eight
// addresses meet each other, and the same person under several names, in almost every command.
#include "support/scene.hpp"

#include <algorithm>
#include <array>

#include "../../src/core/request.hpp"

namespace roster_test {

using namespace roster;

namespace {

constexpr unsigned places_max = 5, people_max = 6, groups_max = 3;
constexpr std::array role_names = {"viewer", "member", "admin", "owner"};
constexpr Time story_begins{1'700'000'000'000'000};
constexpr Time later_by(Time at, std::int64_t seconds) {
  return Time{static_cast<std::int64_t>(at) + 1'000'000 * seconds};
}

std::string place_name(unsigned i) {
  return "o" + std::to_string(i);
}
std::string person_name(unsigned i) {
  return "a" + std::to_string(i);
}
std::string address_name(unsigned i) {  // the last two belong to nobody
  return i < people_max ? person_name(i) + "@x.de" : "n" + std::to_string(i - people_max) + "@x.de";
}

std::string spelled(std::string address, unsigned spelling) {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const bool upper = spelling == 1 || (spelling == 2 && i % 2 == 0) || (spelling == 3 && i > 2);
    if (upper && address[i] >= 'a' && address[i] <= 'z') address[i] = static_cast<char>(address[i] - 'a' + 'A');
  }
  return address;
}

Role read_role(unsigned name, unsigned bits) {
  Role role;
  role.id = id<RoleId>(role_names[name]);
  role.rank = static_cast<std::uint16_t>(bits % 4 == 0 ? name + 1 : bits % 4);
  role.assignable = (bits & 0x1C) != 0x1C;  // one in eight is read-only
  role.manages = ((bits & 0x20) != 0) != (name >= 2);
  role.owns = name == 3 && (bits & 0xC0) != 0;
  return role;
}
bool has_role(unsigned bits) {
  return bits < 236;
}

/// `lived`: where stories happen, people own things, sit on few seats, and will have to go.
World read_world(Draw draw, bool lived) {
  World world;
  const unsigned some = draw.below(3), more = draw.below(3), groups = draw.below(groups_max + 1);
  const unsigned places = 3 + (lived ? 0 : some), people = 4 + (lived ? 1 : more);
  for (unsigned i = 0; i < places; ++i) {
    Place& place = world.places[place_name(i)];
    const unsigned bits = draw.byte();
    if (bits % 8 != 7) place.slug = "s" + std::to_string(i);
    if (i != 0 && bits % 8 >= 3) place.parent = place_name((bits / 8) % i);
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
      if (!lived) member.request = request_key(bits / 64 % request_keys);
      if (lived) member.added_at = later_by(story_begins, -100'000'000);
      member.number = ++world.numbers;
    }
  for (auto& [name, place] : world.places)  // nothing is broken from the start
    if (place.seats_max != no_limit)
      place.seats_max = std::max(place.seats_max, seats_taken(world, SeatRule::active_and_invited, name));
  return world;
}

std::vector<Role> story_catalog(Draw& draw) {
  return {{RoleId("owner"), 4, !draw.chance(20), true, true},
          {RoleId("admin"), 3, true, true, false},
          {RoleId("member"), 2, true, false, false},
          {RoleId("viewer"), 1, true, false, false},
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
  if (lived && catalog < 225) rules.catalog = story_catalog(draw);
  const unsigned named = draw.byte();
  fields.by_id = lived || named % 8 != 1;
  fields.by_email = lived || named / 8 % 8 != 1;
  fields.by_username = named / 64 != 1;
  fields.on_unknown_account = static_cast<OnUnknown>(draw.below(3));
  fields.on_same_role = static_cast<OnMember>(draw.below(4));
  fields.on_other_role = static_cast<OnMember>(draw.below(4));
  const unsigned fallback = draw.byte(), parent_role = draw.byte();
  if (fallback < 220) {  // mostly one that fits
    fields.default_role = rules.catalog.empty() ? id<RoleId>(role_names[fallback % role_names.size()])
                                                : rules.catalog[fallback % rules.catalog.size()].id;
    if (fallback > 4)
      for (const Role& role : rules.catalog)
        if (role.id == fields.default_role && !role.assignable) fields.default_role = {};
  }
  const unsigned parent = draw.byte();
  fields.parent = lived && parent > 150 ? ParentRule::ignore : static_cast<ParentRule>(parent % 3);
  if (parent_role < 250)
    fields.parent_role = rules.catalog.empty() ? id<RoleId>(role_names[parent_role % role_names.size()])
                                               : rules.catalog[parent_role % rules.catalog.size()].id;
  const unsigned actor = draw.byte();
  fields.actor = actor < (lived ? 70 : 116) ? ActorRule::host_decides : static_cast<ActorRule>(actor % 4);
  fields.organization_is_account = draw.chance(40);
  fields.hides_organizations = draw.chance(lived ? 15 : 50);
  fields.mode = draw.chance(lived ? 35 : 50) ? Mode::atomic : Mode::best_effort;
  const unsigned limits = draw.byte();
  fields.accounts_max = limits > 245 ? 3 : 100;
  fields.organizations_max = limits > 235 && limits < 246 ? 2 : 100;
  fields.cells_max = limits > 225 && limits < 236 ? 6 : 10000;
  fields.on_suspended = static_cast<OnFormer>(draw.below(4));
  fields.on_removed = static_cast<OnFormer>((draw.below(4) + 3) % 4);
  if (!lived) return rules;
  if (fields.default_role.empty() && draw.chance(60) && !rules.catalog.empty()) fields.default_role = RoleId("member");
  if (fields.actor == ActorRule::parent_manager && draw.chance(70)) fields.actor = ActorRule::manager;
  fields.keeps_removed = !draw.chance(20);
  fields.seats = static_cast<SeatRule>(draw.below(3));
  fields.rechecks_inviter = !draw.chance(25);
  if (draw.chance(20)) {
    fields.hides_accounts = true;
    fields.on_unknown_account = OnUnknown::invite;
    fields.by_username = false;
  }
  return rules;
}

// ---- commands

/// What a command of any kind can name.
struct Names {
  std::vector<OrganizationSelector> places;
  std::vector<AccountSelector> people;
  std::vector<GroupName> groups;
  std::vector<RoleId> roles;
  std::vector<RoleIndex> cell_roles;
  Actor actor;
  RequestKey key;
  Time end{};
};

/// Mostly somebody who is there.
unsigned number_of(unsigned who, std::size_t there) {
  return who > 235 ? who % (people_max + 1) : who % static_cast<unsigned>(there);
}

AccountSelector read_account(Draw& draw, const World& world, const Profile& fields) {
  const unsigned how = draw.byte(), who = draw.byte(), spelling = draw.below(4);
  unsigned kind = how % 3;
  // Mostly a kind that the profile accepts.
  if (how < 246)
    for (unsigned tries = 0; tries < 3; ++tries) {
      if ((kind == 0 && fields.by_id) || (kind == 1 && fields.by_email) || (kind == 2 && fields.by_username)) break;
      kind = (kind + 1) % 3;
    }
  const bool empty = how == 255 && who > 127;
  const unsigned number = number_of(who, world.people.size());
  if (kind == 0) return empty ? AccountId{} : id<AccountId>(person_name(number));
  if (kind == 2) return empty ? Username{} : id<Username>("u" + std::to_string(number));
  const unsigned address = who > 170 ? people_max + who % 2 : number % people_max;
  return empty ? Email{} : email(spelled(address_name(address), spelling));
}

OrganizationSelector read_place(Draw& draw, const World& world) {
  const unsigned how = draw.byte(), which = draw.byte();
  const unsigned number = which % (which > 230 ? places_max + 1 : 3);  // the first three are always there
  if (how > 250) return how == 255 ? OrganizationSelector(OrganizationId{}) : OrganizationSelector(Slug{});
  if (how > 210) {  // mostly where it is
    const auto found = world.places.find(place_name(number));
    const bool nested = how < 240 && found != world.places.end() && !found->second.parent.empty();
    const std::string parent = nested ? found->second.parent : place_name(how % 3);
    if (nested || how > 240) return Nested{id<OrganizationId>(parent), id<OrganizationId>(place_name(number))};
  }
  if (how > 140) return id<Slug>("s" + std::to_string(number));
  return id<OrganizationId>(place_name(number));
}

RoleId read_asked_role(Draw& draw, bool lived) {
  const unsigned choice = draw.byte();
  if (choice < (lived ? 25 : 70)) return {};
  if (choice > 248) return RoleId(lived && choice > 252 ? "robot" : "ghost");
  return id<RoleId>(role_names[choice % role_names.size()]);
}

template <class Made>
std::shared_ptr<Command> with_roles(const Names& names) {
  auto made = std::make_shared<Made>(names.places, names.people, names.roles, names.actor, names.key);
  made->cell_roles = names.cell_roles;
  if constexpr (std::is_base_of_v<AddMembers, Made>) made->valid_until = names.end;
  return made;
}

std::shared_ptr<Command> make(Kind kind, const Names& names) {
  const auto plain = [&]<class Made>(std::type_identity<Made>) -> std::shared_ptr<Command> {
    return std::make_shared<Made>(names.places, names.people, names.actor, names.key);
  };
  const auto own = [&]<class Made>(std::type_identity<Made>) -> std::shared_ptr<Command> {
    return std::make_shared<Made>(names.places, names.actor.id, names.key);
  };
  switch (kind) {
    case Kind::add: return with_roles<AddMembers>(names);
    case Kind::invite: return with_roles<Invite>(names);
    case Kind::change_role: return with_roles<ChangeRole>(names);
    case Kind::transfer_ownership:
      return std::make_shared<TransferOwnership>(names.places, names.people[0], names.roles[0], names.roles[1],
                                                 names.actor, names.key);
    case Kind::suspend: return plain(std::type_identity<Suspend>{});
    case Kind::reactivate: return plain(std::type_identity<Reactivate>{});
    case Kind::remove: return plain(std::type_identity<RemoveMembers>{});
    case Kind::revoke_invitation: return plain(std::type_identity<RevokeInvitation>{});
    case Kind::leave: return own(std::type_identity<Leave>{});
    case Kind::accept_invitation: return own(std::type_identity<AcceptInvitation>{});
    case Kind::decline_invitation: return own(std::type_identity<DeclineInvitation>{});
    case Kind::change_expiry:
      return std::make_shared<ChangeExpiry>(names.places, names.people, names.end, names.actor, names.key);
  }
  return nullptr;
}

/// A list of one entry is held inline, a longer one in a vector: both occur.
template <class Entry>
OneOrMany<Entry> one_or_many(std::vector<Entry> entries) {
  if (entries.size() == 1) return OneOrMany<Entry>(entries.front());
  return OneOrMany<Entry>(std::move(entries));
}

/// An add that mostly is well formed and names what is there.
AddMembers read_add(Draw draw, const World& world, const OwnProfile& rules) {
  constexpr std::array<unsigned, 7> heights = {1, 1, 1, 2, 2, 3, 4}, widths = {1, 1, 2, 2, 3, 4, 5};
  Names names;
  const unsigned size = draw.byte();
  const unsigned rows = size == 255 ? 0 : heights[size % 7];
  unsigned named = size == 254 ? 0 : widths[size / 7 % 7];
  const unsigned grouped = draw.byte();
  const unsigned groups = grouped < 180 ? 0 : 1 + grouped % 3;
  if (groups != 0 && grouped % 5 == 0) named = 0;
  for (unsigned i = 0; i < 4; ++i) {
    auto place = read_place(draw, world);
    if (i < rows) names.places.push_back(std::move(place));
  }
  for (unsigned i = 0; i < 5; ++i) {
    auto person = read_account(draw, world, rules.fields);
    if (i < named) names.people.push_back(std::move(person));
  }
  for (unsigned i = 0; i < 3; ++i) {
    const unsigned which = draw.byte();
    if (i < groups) names.groups.push_back(id<GroupName>("g" + std::to_string(which % (groups_max + 1))));
  }
  const unsigned actor = draw.byte();
  if (actor % 16 == 15) names.actor.staff = true;
  if (actor % 8 == 7) {
    names.actor.id = id<AccountId>(place_name(actor / 16 % 3));
  } else if (actor < 240) {
    names.actor.id = id<AccountId>(person_name(actor / 16 % people_max));
  }
  const unsigned request = draw.byte();
  names.key = request_key(request < 100 ? 0 : request % request_keys);
  const unsigned roles = draw.below(4);
  for (unsigned i = 0; i < 3; ++i) {
    const RoleId role = read_asked_role(draw, false);
    if (i < roles) names.roles.push_back(role);
  }
  const unsigned per_cell = draw.byte();
  if (per_cell > 150) {
    const unsigned choices = roles == 0 ? 1 : roles;
    const unsigned cells = rows * named + (per_cell == 255 ? 1 : 0);
    for (unsigned i = 0; i < cells; ++i)
      names.cell_roles.push_back(static_cast<RoleIndex>(draw.below(per_cell == 254 ? choices + 1 : choices)));
  }
  AddMembers command(one_or_many(names.places), one_or_many(names.people), one_or_many(names.roles), names.actor,
                     names.key);
  command.groups = names.groups;
  command.cell_roles = names.cell_roles;
  return command;
}

// ---- stories

Kind read_kind(Draw& draw) {
  using K = Kind;
  constexpr std::array kinds = {K::add,
                                K::remove,
                                K::change_role,
                                K::invite,
                                K::suspend,
                                K::leave,
                                K::accept_invitation,
                                K::transfer_ownership,
                                K::reactivate,
                                K::add,
                                K::change_role,
                                K::decline_invitation,
                                K::accept_invitation,
                                K::invite,
                                K::remove,
                                K::revoke_invitation,
                                K::change_expiry,
                                K::transfer_ownership};
  return kinds[draw.below(kinds.size())];
}

bool is_own_affair(Kind kind) {
  return kind == Kind::leave || kind == Kind::accept_invitation || kind == Kind::decline_invitation;
}
bool ends_membership(Kind kind) {
  return kind == Kind::remove || kind == Kind::suspend || kind == Kind::leave;
}
const AccountId* first_by_id(const Command& command) {
  return command.accounts.size() == 0 ? nullptr : std::get_if<AccountId>(&command.accounts.span().front());
}
/// The same organizations, and the same people.
void name_again(const Command& earlier, Names& names) {
  names.places.assign(earlier.organizations.span().begin(), earlier.organizations.span().end());
  names.people.assign(earlier.accounts.span().begin(), earlier.accounts.span().end());
}

/// Lives are made of what follows from one another: the same people in the same place, or whoever asked before.
void follow(Draw& draw, Kind kind, Names& names, const Command& earlier) {
  name_again(earlier, names);
  if (draw.chance(30) && !earlier.actor.id.empty() && !is_own_affair(kind)) names.people.assign(1, earlier.actor.id);
  const AccountId* const first = std::get_if<AccountId>(&names.people.front());
  if (is_own_affair(kind) && first != nullptr) names.actor.id = *first;
}

/// An invitation wants an answer, and sometimes something befalls whoever has sent it before the answer comes.
bool answer_invitation(Draw& draw, Kind& kind, Names& names, const std::vector<Asked>& earlier) {
  const bool befalls = draw.chance(60);
  const unsigned what = draw.below(6);
  for (std::size_t back = 0; back < std::min<std::size_t>(2, earlier.size()); ++back) {
    const Command& sent = *earlier[earlier.size() - 1 - back].command;
    const AccountId* const invited = first_by_id(sent);
    if (sent.kind() != Kind::invite || invited == nullptr) continue;
    name_again(sent, names);
    if (befalls && back == 0) {
      constexpr std::array befalling = {Kind::remove, Kind::suspend, Kind::change_role};
      kind = befalling[what % 3];
      names.people.assign(1, sent.actor.id);
      names.actor = {AccountId("a0"), sent.actor.id == AccountId("a0")};
    } else {
      kind = what == 5 ? Kind::decline_invitation : Kind::accept_invitation;
      names.actor = {*invited};
    }
    return true;
  }
  return false;
}

/// Whoever went comes back.
bool take_back(Draw& draw, Kind& kind, Names& names, const std::vector<Asked>& earlier) {
  constexpr std::array kinds = {Kind::add, Kind::reactivate, Kind::invite};
  const Kind by = kinds[draw.below(kinds.size())];
  if (earlier.empty() || !ends_membership(earlier.back().command->kind())) return false;
  const Command& ended = *earlier.back().command;
  kind = by == Kind::invite || ended.kind() != Kind::suspend ? by : Kind::reactivate;
  name_again(ended, names);
  names.actor = {AccountId("a0"), true};
  return true;
}

/// And then what had ended the membership is delivered once more; null if nothing had.
std::shared_ptr<Command> what_ended(const std::vector<Asked>& earlier) {
  if (earlier.size() < 2) return nullptr;
  const auto& ended = earlier[earlier.size() - 2].command;
  const Command& last = *earlier.back().command;
  const bool returns = last.kind() == Kind::add || last.kind() == Kind::invite || last.kind() == Kind::reactivate;
  const bool same = ended->organizations.span().front() == last.organizations.span().front() &&
                    ended->accounts.span().front() == last.accounts.span().front();
  return returns && ends_membership(ended->kind()) && same ? ended : nullptr;
}

Names read_names(Draw& draw, const World& world, const OwnProfile& rules) {
  Names names;
  const unsigned actor = draw.below(16);
  names.actor.id = actor < 7 ? AccountId("a0") : id<AccountId>(person_name(actor % people_max));
  names.actor.staff = actor == 15;
  const unsigned key = draw.below(16);
  if (key >= 9) {
    names.key.bytes.fill(0xAA);
    names.key.bytes[15] = static_cast<std::uint8_t>(key);
  }
  const unsigned shape = draw.below(16);
  const std::size_t rows = shape < 11 ? 1 : shape < 15 ? 2 : 3, columns = 1 + draw.below(3);
  for (std::size_t row = 0; row < 3; ++row) {
    auto place = read_place(draw, world);
    if (draw.chance(65)) place = OrganizationId("o0");
    if (place == OrganizationSelector(OrganizationId{}) || place == OrganizationSelector(Slug{})) place = Slug("s1");
    if (row < rows) names.places.push_back(place);
  }
  for (std::size_t column = 0; column < 3; ++column) {
    auto person = read_account(draw, world, rules.fields);
    const unsigned by_id = draw.byte();
    if (by_id > 246)
      person = AccountId("fresh00001");  // the first that is created
    else if (by_id > 110)
      person = id<AccountId>(person_name(by_id % people_max));
    if (person == AccountSelector(AccountId{}) || person == AccountSelector(Email{}) ||
        person == AccountSelector(Username{}))
      person = AccountId("a1");
    if (column < columns) names.people.push_back(person);
  }
  const bool by_cell = draw.chance(25), none = draw.chance(8);
  for (std::size_t role = 0; role < 2; ++role) names.roles.push_back(read_asked_role(draw, true));
  // Roles by cell cut a command into one tile for each row, and a tile sees what the one before has left.
  if (by_cell && (rows == 1 || rules.fields.mode == Mode::atomic)) {
    for (std::size_t cell = 0; cell < rows * columns; ++cell)
      names.cell_roles.push_back(static_cast<RoleIndex>(draw.below(2)));
  } else {
    names.roles.resize(none ? 0 : 2);
  }
  return names;
}

}  // namespace

Asked read_asked(Draw draw, Time at, const World& world, const OwnProfile& rules, const std::vector<Asked>& earlier) {
  Asked asked;
  asked.at = at;
  if (draw.chance(8)) asked.verified = all_addresses()[draw.below(people_max + 2)];
  const bool repeats = draw.chance(14);
  const unsigned back = draw.below(8);
  if (draw.chance(75)) {
    asked.command = what_ended(earlier);
    if (asked.command != nullptr) return asked;
  }
  if (repeats && !earlier.empty()) {  // a late delivery, word for word
    asked.command = earlier[earlier.size() - 1 - back % earlier.size()].command;
    return asked;
  }
  Kind kind = read_kind(draw);
  Names names = read_names(draw, world, rules);
  const bool newcomer = draw.chance(50), gives = draw.chance(85);
  if (kind == Kind::invite && newcomer) names.people.front() = id<AccountId>(person_name(2 + draw.below(4)));
  const bool follows = draw.chance(40) && !earlier.empty() && names.cell_roles.empty();
  const unsigned after = draw.below(3);
  const bool answers = draw.chance(75) && answer_invitation(draw, kind, names, earlier);
  const bool returns = draw.chance(50) && !answers && take_back(draw, kind, names, earlier);
  if (answers || returns) names.cell_roles.clear();
  if (names.key.empty() && draw.chance(60) && ends_membership(kind)) {
    names.key.bytes.fill(0xAC);
    names.key.bytes[15] = static_cast<std::uint8_t>(earlier.size());
  }
  if (follows && !answers && !returns)
    follow(draw, kind, names, *earlier[earlier.size() - 1 - after % earlier.size()].command);
  if (kind == Kind::transfer_ownership) {
    names.roles.resize(2);
    if (gives) names.roles[0] = RoleId("owner");
  } else if (names.cell_roles.empty() && names.roles.size() > 1) {
    names.roles.resize(1);
  }
  const bool ends = draw.chance(kind == Kind::change_expiry ? 80 : 20);
  const unsigned seconds = 1u << draw.below(7);
  if (ends) names.end = later_by(at, seconds);
  asked.command = make(kind, names);
  if (draw.chance(15)) asked.command->asked_at = later_by(at, -1 - std::int64_t{draw.below(12)});
  return asked;
}

Story read_opening(std::span<const std::uint8_t> bytes) {
  Story story;
  const std::size_t split = std::min(bytes.size(), world_bytes);
  story.world = read_world(Draw(bytes.first(split)), true);
  story.rules = read_profile(Draw(bytes.subspan(split)), true);
  return story;
}

Story read_story(std::span<const std::uint8_t> bytes) {
  Story story = read_opening(bytes.first(std::min(bytes.size(), opening_bytes)));
  const std::size_t count = 10 + (bytes.empty() ? 0u : bytes.front()) % (asked_max - 9);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = std::min(bytes.size(), opening_bytes + i * asked_bytes);
    const Draw draw(bytes.subspan(from, std::min(asked_bytes, bytes.size() - from)));
    const Time at = later_by(story_begins, static_cast<std::int64_t>(i));
    story.asked.push_back(read_asked(draw, at, story.world, story.rules, story.asked));
  }
  return story;
}

/// Keys in the opening world are those of the commands, under which a cell was written that asked for this or for
/// something else, or are keys of their own.
static void remember_requests(Scene& scene) {
  for (auto& [pair, member] : scene.world.members) {
    if (member.request.empty() || scene.commands.empty()) continue;
    const AddMembers& command = scene.commands[member.number % scene.commands.size()];
    const auto& roles = command.roles;
    const RoleId asked = roles.size() == 0 ? RoleId{} : roles.span()[member.number % roles.size()];
    const bool by_it = member.request != request_key(3), same = member.request == request_key(1);
    const RequestKey key = bound(by_it ? command.request : member.request, command.actor.id);
    if (key.empty())
      member.request = {};
    else
      member.request = remembered(key, same ? fingerprint_of(command.kind(), asked, command.valid_until) : 1);
  }
}

Scene read_scene(std::span<const std::uint8_t> bytes, std::size_t commands) {
  const auto part = [&](std::size_t from, std::size_t size) {
    from = from < bytes.size() ? from : bytes.size();
    return bytes.subspan(from, size < bytes.size() - from ? size : bytes.size() - from);
  };
  Scene scene;
  scene.world = read_world(Draw(part(0, world_bytes)), false);
  scene.rules = read_profile(Draw(part(world_bytes, profile_bytes)), false);
  std::size_t at = world_bytes + profile_bytes;
  for (std::size_t i = 0; i < commands; ++i, at += command_bytes)
    scene.commands.push_back(read_add(Draw(part(at, command_bytes)), scene.world, scene.rules));
  remember_requests(scene);
  const auto rest = part(at, bytes.size());
  scene.choices.assign(rest.begin(), rest.end());
  return scene;
}

Email email(std::string_view text) {
  auto parsed = Email::parse(text);
  return parsed ? std::move(parsed).assume_value() : Email{};
}

RequestKey request_key(unsigned which) {
  RequestKey key;
  if (which != 0) key.bytes.fill(static_cast<std::uint8_t>(which));
  return key;
}

std::string key_name(const RequestKey& remembered) {
  if (remembered.empty()) return "";
  if ((remembered.bytes[bound_size - 1] & 3) == 3) return "drawn";
  const UuidText text = remembered.text();
  return std::string(text.data(), text.size());
}

const std::vector<std::string>& all_addresses() {
  static const std::vector<std::string> addresses = [] {
    std::vector<std::string> names;
    for (unsigned i = 0; i < people_max + 2; ++i) names.push_back(address_name(i));
    return names;
  }();
  return addresses;
}

}  // namespace roster_test
