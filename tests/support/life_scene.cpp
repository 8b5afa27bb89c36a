// What each byte of a story means.
#include "support/life_scene.hpp"

#include <array>
#include <ostream>
#include <set>

#include "support/life_stage.hpp"

namespace roster_test::life {

using namespace roster;
using State = MembershipState;

namespace {

constexpr std::array places = {"north", "south", "east"};
constexpr std::array people = {"ann", "bob", "cid", "dan", "eve"};
constexpr std::array strangers = {"fay@x.test", "gus@x.test"};

std::string address_of(const std::string& person) {
  return person + "@x.test";
}

AccountId read_account(Draw& draw) {
  const unsigned which = draw.below(16);
  if (which < 14) return id<AccountId>(people[which % people.size()]);
  return which == 14 ? AccountId("fresh00001") : AccountId("nobody");
}

AccountSelector read_selector(Draw& draw) {
  const unsigned how = draw.below(8);
  if (how < 5) return read_account(draw);
  if (how < 7) return email(address_of(people[draw.below(people.size())]));
  return email(strangers[draw.below(strangers.size())]);
}

OrganizationId read_place(Draw& draw) {
  const unsigned which = draw.below(32);
  if (which == 31) return OrganizationId("nowhere");
  return id<OrganizationId>(places[which % 2 == 0 ? 0 : which % places.size()]);
}

RoleId read_role(Draw& draw) {
  constexpr std::array roles = {"member", "viewer", "admin", "owner", "member", "admin", "owner", "viewer"};
  const unsigned which = draw.below(32);
  if (which == 31) return RoleId("sultan");
  if (which == 30) return RoleId("robot");
  if (which >= 27) return RoleId{};
  return id<RoleId>(roles[which % roles.size()]);
}

Actor read_actor(Draw& draw) {
  const unsigned which = draw.below(16);
  Actor actor{which < 7 ? AccountId("ann") : id<AccountId>(people[which % people.size()])};
  actor.staff = which == 15;
  return actor;
}

RequestKey read_key(Draw& draw) {
  const unsigned which = draw.below(16);
  RequestKey key;
  if (which < 9) return key;
  key.bytes.fill(0xAA);
  key.bytes[15] = static_cast<std::uint8_t>(which);
  return key;
}

Kind read_kind(Draw& draw) {
  constexpr std::array kinds = {Kind::add,
                                Kind::remove,
                                Kind::change_role,
                                Kind::invite,
                                Kind::suspend,
                                Kind::leave,
                                Kind::accept_invitation,
                                Kind::transfer_ownership,
                                Kind::reactivate,
                                Kind::add,
                                Kind::change_role,
                                Kind::decline_invitation,
                                Kind::accept_invitation,
                                Kind::invite,
                                Kind::remove,
                                Kind::revoke_invitation,
                                Kind::change_expiry,
                                Kind::transfer_ownership};
  return kinds[draw.below(kinds.size())];
}

struct Names {
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  std::vector<RoleId> roles;
  std::vector<RoleIndex> cell_roles;
  Actor actor;
  RequestKey key;
  Time end{};
};

template <class Made>
std::shared_ptr<Command> with_roles(const Names& names) {
  auto made = std::make_shared<Made>(names.organizations, names.accounts, names.roles, names.actor, names.key);
  made->cell_roles = names.cell_roles;
  if constexpr (std::is_base_of_v<AddMembers, Made>) made->valid_until = names.end;
  return made;
}

std::shared_ptr<Command> make(Kind kind, const Names& names) {
  const auto plain = [&]<class Made>(std::type_identity<Made>) -> std::shared_ptr<Command> {
    return std::make_shared<Made>(names.organizations, names.accounts, names.actor, names.key);
  };
  const auto own = [&]<class Made>(std::type_identity<Made>) -> std::shared_ptr<Command> {
    return std::make_shared<Made>(names.organizations, names.actor.id, names.key);
  };
  switch (kind) {
    case Kind::add: return with_roles<AddMembers>(names);
    case Kind::invite: return with_roles<Invite>(names);
    case Kind::change_role: return with_roles<ChangeRole>(names);
    case Kind::transfer_ownership:
      return std::make_shared<TransferOwnership>(names.organizations, names.accounts[0], names.roles[0], names.roles[1],
                                                 names.actor, names.key);
    case Kind::suspend: return plain(std::type_identity<Suspend>{});
    case Kind::reactivate: return plain(std::type_identity<Reactivate>{});
    case Kind::remove: return plain(std::type_identity<RemoveMembers>{});
    case Kind::revoke_invitation: return plain(std::type_identity<RevokeInvitation>{});
    case Kind::leave: return own(std::type_identity<Leave>{});
    case Kind::accept_invitation: return own(std::type_identity<AcceptInvitation>{});
    case Kind::decline_invitation: return own(std::type_identity<DeclineInvitation>{});
    case Kind::change_expiry:
      return std::make_shared<ChangeExpiry>(names.organizations, names.accounts, names.end, names.actor, names.key);
  }
  return nullptr;
}

bool is_own(Kind kind) {
  return kind == Kind::leave || kind == Kind::accept_invitation || kind == Kind::decline_invitation;
}

/// Lives are made of what follows from one another: the same people in the same place, or whoever asked before.
void follow(Draw& draw, Kind kind, Names& names, const Command& earlier) {
  const auto where = earlier.organizations.span();
  const auto who = earlier.accounts.span();
  names.organizations.assign(where.begin(), where.end());
  if (draw.chance(30) && !earlier.actor.id.empty() && !is_own(kind))
    names.accounts.assign(1, earlier.actor.id);
  else
    names.accounts.assign(who.begin(), who.end());
  const auto* const first = std::get_if<AccountId>(&names.accounts.front());
  if (is_own(kind) && first != nullptr) names.actor.id = *first;
}

/// An invitation wants an answer, and sometimes something befalls whoever has sent it before the answer comes.
bool answer_invitation(Draw& draw, Kind& kind, Names& names, const std::vector<Asked>& earlier) {
  const bool befalls = draw.chance(50);
  const unsigned what = draw.below(3);
  for (std::size_t back = 0; back < std::min<std::size_t>(2, earlier.size()); ++back) {
    const Command& sent = *earlier[earlier.size() - 1 - back].command;
    const auto* const invited = std::get_if<AccountId>(&sent.accounts.span().front());
    if (sent.kind() != Kind::invite || invited == nullptr) continue;
    names.organizations.assign(sent.organizations.span().begin(), sent.organizations.span().end());
    names.cell_roles.clear();
    if (befalls && back == 0) {
      constexpr std::array befalling = {Kind::remove, Kind::suspend, Kind::change_role};
      kind = befalling[what];
      names.accounts.assign(1, sent.actor.id);
      names.actor = {AccountId("ann"), sent.actor.id == AccountId("ann")};
    } else {
      kind = Kind::accept_invitation;
      names.actor = {*invited};
    }
    return true;
  }
  return false;
}

bool ends_membership(Kind kind) {
  return kind == Kind::remove || kind == Kind::suspend || kind == Kind::leave;
}

bool about_the_same(const Command& a, const Command& b) {
  return a.organizations.span().front() == b.organizations.span().front() &&
         a.accounts.span().front() == b.accounts.span().front();
}

/// Whoever went comes back.
bool take_back(Draw& draw, Kind& kind, Names& names, const std::vector<Asked>& earlier) {
  constexpr std::array kinds = {Kind::add, Kind::reactivate, Kind::invite};
  const Kind by = kinds[draw.below(kinds.size())];
  if (earlier.empty() || !ends_membership(earlier.back().command->kind())) return false;
  const Command& ended = *earlier.back().command;
  kind = by == Kind::invite || ended.kind() != Kind::suspend ? by : Kind::reactivate;
  names.organizations.assign(ended.organizations.span().begin(), ended.organizations.span().end());
  names.accounts.assign(ended.accounts.span().begin(), ended.accounts.span().end());
  names.cell_roles.clear();
  names.actor = {AccountId("ann"), true};
  return true;
}

/// And then what had ended the membership is delivered once more; null if nothing had.
std::shared_ptr<Command> what_ended(const std::vector<Asked>& earlier) {
  if (earlier.size() < 2) return nullptr;
  const auto& ended = earlier[earlier.size() - 2].command;
  const Kind back = earlier.back().command->kind();
  const bool returns = back == Kind::add || back == Kind::invite || back == Kind::reactivate;
  if (!returns || !ends_membership(ended->kind()) || !about_the_same(*ended, *earlier.back().command)) return nullptr;
  return ended;
}

}  // namespace

OwnProfile read_life_profile(Draw& draw) {
  OwnProfile rules;
  rules.catalog = {{RoleId("owner"), 4, !draw.chance(20), true, true},
                   {RoleId("admin"), 3, true, true, false},
                   {RoleId("member"), 2, true, false, false},
                   {RoleId("viewer"), 1, true, false, false},
                   {RoleId("robot"), 2, false, false, false}};
  Profile& fields = rules.fields;
  fields.default_role = draw.chance(10) ? RoleId{} : RoleId("member");
  fields.mode = draw.chance(35) ? Mode::atomic : Mode::best_effort;
  constexpr std::array actors = {ActorRule::manager, ActorRule::host_decides, ActorRule::member, ActorRule::manager};
  fields.actor = actors[draw.below(actors.size())];
  fields.on_same_role = draw.chance(30) ? OnMember::reject : OnMember::keep;
  constexpr std::array others = {OnMember::replace, OnMember::keep, OnMember::reject, OnMember::raise};
  fields.on_other_role = others[draw.below(others.size())];
  fields.on_unknown_account = static_cast<OnUnknown>(draw.below(3));
  fields.on_suspended = static_cast<OnFormer>(draw.below(4));
  fields.on_removed = static_cast<OnFormer>((draw.below(4) + 3) % 4);
  fields.keeps_removed = !draw.chance(20);
  fields.seats = static_cast<SeatRule>(draw.below(3));
  fields.rechecks_inviter = !draw.chance(25);
  fields.hides_organizations = draw.chance(15);
  fields.accounts_max = fields.organizations_max = 8;
  if (draw.chance(20)) {
    fields.hides_accounts = true;
    fields.on_unknown_account = OnUnknown::invite;
    fields.by_username = false;
  }
  return rules;
}

Land read_land(Draw& draw) {
  Land land;
  const std::size_t count = draw.chance(25) ? 2 : 3;
  for (std::size_t i = 0; i < count; ++i) {
    Place& place = land.places[places[i]];
    place.joinable = !draw.chance(4);
    place.seats_max = draw.chance(60) ? 1 + draw.below(6) : no_limit;
  }
  for (const char* const name : people) {
    Person& person = land.people[name];
    person.email = address_of(name);
    person.disabled = draw.chance(5);
    person.invited = draw.chance(6);
    person.verified = !draw.chance(10);
  }
  constexpr std::array roles = {"member", "admin", "viewer", "owner", "admin", "owner"};
  for (auto& [name, place] : land.places) {
    std::uint32_t sits = 0;
    for (const char* const person : people) {
      const unsigned has = draw.below(8), role = draw.below(8);
      const bool first = person == people[0];
      if (first ? has == 7 : has < (person == people.back() ? 6u : 3u)) continue;  // eve is new almost everywhere
      Member& member = land.members[{name, person}];
      member.role = first && role < 7 ? "owner" : roles[role % roles.size()];
      member.state = first || has < 6 ? State::active : has == 6 ? State::invited : State::suspended;
      member.added_at = Time{1'600'000'000'000'000};
      member.number = ++land.numbers;
      if (!first && role == 7) member.valid_until = Time{1'700'000'000'000'000 + 5'000'000};
      ++sits;
    }
    if (place.seats_max < sits) place.seats_max = sits;  // nothing is broken from the start
  }
  return land;
}

Asked read_asked(Draw draw, Time at, const std::vector<Asked>& earlier) {
  Asked asked;
  asked.at = at;
  if (draw.chance(8)) asked.verified = draw.chance(50) ? strangers[draw.below(2)] : address_of(people[draw.below(5)]);
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
  Names names;
  names.actor = read_actor(draw);
  names.key = read_key(draw);
  const unsigned shape = draw.below(16);
  const std::size_t rows = shape < 11 ? 1 : shape < 15 ? 2 : 3, columns = 1 + draw.below(3);
  std::set<std::string> named;
  const bool by_cell = draw.chance(25);
  for (std::size_t row = 0; row < rows; ++row) {
    const OrganizationId place = read_place(draw);
    // Roles by cell cut a command into one tile for each row, and a tile sees who asks as the one before left them.
    if (!named.insert(text(place)).second && by_cell) continue;
    names.organizations.push_back(place);
  }
  for (std::size_t column = 0; column < columns; ++column) names.accounts.push_back(read_selector(draw));
  if (kind == Kind::invite && draw.chance(50)) names.accounts.front() = AccountId("eve");
  for (std::size_t role = 0; role < 2; ++role) names.roles.push_back(read_role(draw));
  if (kind == Kind::transfer_ownership) {
    if (draw.chance(85) || draw.byte() == 0) names.roles[0] = RoleId("owner");
  } else if (!by_cell) {
    names.roles.resize(draw.chance(8) ? 0 : 1);
  } else {
    for (std::size_t cell = 0; cell < names.organizations.size() * columns; ++cell)
      names.cell_roles.push_back(static_cast<RoleIndex>(draw.below(2)));
    // Nor is an account known by its id before the tile that creates it.
    for (AccountSelector& who : names.accounts)
      if (who == AccountSelector(AccountId("fresh00001"))) who = AccountId("nobody");
  }
  const bool follows = draw.chance(40) && !earlier.empty() && names.cell_roles.empty();
  const unsigned after = draw.below(3);
  const bool answers = draw.chance(75) && answer_invitation(draw, kind, names, earlier);
  const bool returns = draw.chance(50) && !answers && names.cell_roles.empty() && take_back(draw, kind, names, earlier);
  if (names.key.empty() && draw.chance(60) && ends_membership(kind)) {
    names.key.bytes.fill(0xAC);
    names.key.bytes[15] = static_cast<std::uint8_t>(earlier.size());
  }
  if (follows && !answers && !returns)
    follow(draw, kind, names, *earlier[earlier.size() - 1 - after % earlier.size()].command);
  const bool ends = draw.chance(kind == Kind::change_expiry ? 80 : 20);
  const unsigned later = 1u << draw.below(7);
  if (ends) names.end = Time{static_cast<std::int64_t>(at) + 1'000'000 * std::int64_t{later}};
  asked.command = make(kind, names);
  if (draw.chance(15))
    asked.command->asked_at = Time{static_cast<std::int64_t>(at) - 1'000'000 * (std::int64_t{1} + draw.below(12))};
  return asked;
}

Story read_story(std::span<const std::uint8_t> bytes) {
  Story story;
  Draw opening(bytes.first(std::min(bytes.size(), opening_bytes)));
  const std::size_t count = 10 + opening.below(asked_max - 9);
  story.rules = read_life_profile(opening);
  story.land = read_land(opening);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = std::min(bytes.size(), opening_bytes + i * asked_bytes);
    const Time at{1'700'000'000'000'000 + 1'000'000 * static_cast<std::int64_t>(i)};
    story.asked.push_back(
        read_asked(Draw(bytes.subspan(from, std::min(asked_bytes, bytes.size() - from))), at, story.asked));
  }
  return story;
}

// ---- in words

void describe(std::ostream& out, const Command& command) {
  constexpr const char* words[] = {"add",    "invite", "change role", "transfer", "suspend", "reactivate",
                                   "remove", "leave",  "accept",      "decline",  "revoke",  "date"};
  out << words[static_cast<unsigned>(command.kind())] << " in";
  for (const auto& place : command.organizations.span()) out << ' ' << std::get<OrganizationId>(place).view();
  out << " for";
  for (const auto& who : command.accounts.span())
    out << ' '
        << (std::holds_alternative<AccountId>(who) ? std::get<AccountId>(who).view() : std::get<Email>(who).key());
  if (command.kind() <= Kind::transfer_ownership) {
    const auto& asks = static_cast<const RoleCommand&>(command);
    out << " as";
    for (const RoleId& role : asks.roles.span()) out << ' ' << role.view();
    for (const RoleIndex role : asks.cell_roles) out << ' ' << role;
  }
  out << ", by " << command.actor.id.view() << (command.actor.staff ? " (staff)" : "") << ", key "
      << word(command.request);
  if (command.asked_at != Time{}) out << ", asked at " << static_cast<std::int64_t>(command.asked_at) / 1'000'000;
}

void describe(std::ostream& out, const Asked& asked) {
  if (!asked.verified.empty()) out << "the host verifies " << asked.verified << "\n";
  out << static_cast<std::int64_t>(asked.at) / 1'000'000 << ": ";
  describe(out, *asked.command);
}

void showValue(const Story& story, std::ostream& out) {
  roster_test::describe(out, story.rules);
  out << "\n";
  for (const auto& [name, place] : story.land.places)
    out << name << (place.joinable ? "" : " takes nobody,") << " seats " << place.seats_max << "\n";
  for (const auto& [name, person] : story.land.people)
    out << name << (person.disabled ? " disabled" : "") << (person.invited ? " invited" : "")
        << (person.verified ? "" : " unverified") << "\n";
  out << show(story.land);
  for (const Asked& asked : story.asked) {
    describe(out, asked);
    out << "\n";
  }
}

}  // namespace roster_test::life
