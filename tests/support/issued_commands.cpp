// Reads commands of every kind from bytes.
#include <algorithm>

#include "support/oracle.hpp"

namespace roster_test {

using namespace roster;

namespace {

AccountSelector read_account(Draw& draw, const World& world, const Profile& fields) {
  const unsigned how = draw.byte(), who = draw.byte(), spelling = draw.below(4);
  const std::array accepted = {fields.by_id, fields.by_email, fields.by_username};
  unsigned kind = how % 3;  // mostly a kind that the profile accepts
  for (unsigned tries = 0; how < 246 && tries < 3 && !accepted[kind]; ++tries) kind = (kind + 1) % 3;
  const bool empty = how == 255 && who > 127;
  const auto there = static_cast<unsigned>(world.people.size());
  const unsigned number = who % (who > 235 ? people_max + 1 : there);  // mostly an account that exists
  if (kind == 0) return empty ? AccountId{} : id<AccountId>(person_name(number));
  if (kind == 2) return empty ? Username{} : id<Username>("u" + std::to_string(number));
  const unsigned address = who > 170 ? people_max + who % 2 : number % people_max;
  return empty ? Email{} : email(spelled(address_name(address), spelling));
}

OrganizationSelector read_place(Draw& draw, const World& world) {
  const unsigned how = draw.byte(), which = draw.byte();
  const unsigned number = which % (which > 230 ? places_max + 1 : 3);  // the first three always exist
  if (how > 250) return how == 255 ? OrganizationSelector(OrganizationId{}) : OrganizationSelector(Slug{});
  if (how > 210) {  // mostly under its real parent
    const auto found = world.places.find(place_name(number));
    const bool nested = how < 240 && found != world.places.end() && !found->second.parent.empty();
    const std::string parent = nested ? found->second.parent : place_name(how % 3);
    if (nested || how > 240) return Nested{id<OrganizationId>(parent), id<OrganizationId>(place_name(number))};
  }
  if (how > 140) return id<Slug>("s" + std::to_string(number));
  return id<OrganizationId>(place_name(number));
}

RoleId read_role(Draw& draw, bool lived) {
  const unsigned choice = draw.byte();
  if (choice < (lived ? 25 : 70)) return {};
  if (choice > 248) return RoleId(lived && choice > 252 ? "robot" : "ghost");
  return id<RoleId>(role_names[choice % role_names.size()]);
}

}  // namespace

AddMembers read_add(Draw draw, const World& world, const OwnProfile& rules) {
  constexpr std::array<unsigned, 7> heights = {1, 1, 1, 2, 2, 3, 4}, widths = {1, 1, 2, 2, 3, 4, 5};
  Parts parts;
  const unsigned size = draw.byte();
  const unsigned rows = size == 255 ? 0 : heights[size % 7];
  unsigned named = size == 254 ? 0 : widths[size / 7 % 7];
  const unsigned grouped = draw.byte();
  const unsigned groups = grouped < 180 ? 0 : 1 + grouped % 3;
  if (groups != 0 && grouped % 5 == 0) named = 0;
  for (unsigned i = 0; i < 4; ++i) {
    auto place = read_place(draw, world);
    if (i < rows) parts.places.push_back(std::move(place));
  }
  for (unsigned i = 0; i < 5; ++i) {
    auto person = read_account(draw, world, rules.fields);
    if (i < named) parts.people.push_back(std::move(person));
  }
  for (unsigned i = 0; i < 3; ++i) {
    const unsigned which = draw.byte();
    if (i < groups) parts.groups.push_back(id<GroupName>("g" + std::to_string(which % (groups_max + 1))));
  }
  const unsigned actor = draw.byte();
  if (actor % 16 == 15) parts.actor.staff = true;
  if (actor % 8 == 7) {
    parts.actor.id = id<AccountId>(place_name(actor / 16 % 3));
  } else if (actor < 240) {
    parts.actor.id = id<AccountId>(person_name(actor / 16 % people_max));
  }
  const unsigned request = draw.byte();
  parts.key = request_key(request < 100 ? 0 : request % request_keys);
  const unsigned roles = draw.below(4);
  for (unsigned i = 0; i < 3; ++i) {
    const RoleId role = read_role(draw, false);
    if (i < roles) parts.roles.push_back(role);
  }
  const unsigned per_cell = draw.byte();
  if (per_cell > 150) {
    const unsigned choices = roles == 0 ? 1 : roles;
    const unsigned cells = rows * named + (per_cell == 255 ? 1 : 0);
    for (unsigned i = 0; i < cells; ++i)
      parts.cell_roles.push_back(static_cast<RoleIndex>(draw.below(per_cell == 254 ? choices + 1 : choices)));
  }
  const auto made = make_command(CommandKind::add, parts);
  return static_cast<const AddMembers&>(*made);
}

namespace {

CommandKind read_kind(Draw& draw) {
  using enum CommandKind;
  // clang-format off
  constexpr std::array kinds = {
      add, remove, change_role, invite, suspend, leave, accept_invitation, transfer_ownership,
      reactivate, add, change_role, decline_invitation, accept_invitation, invite, remove,
      revoke_invitation, change_expiry, transfer_ownership};
  // clang-format on
  return kinds[draw.below(kinds.size())];
}

bool ends_membership(CommandKind kind) {
  return kind == CommandKind::remove || kind == CommandKind::suspend || kind == CommandKind::leave;
}
const AccountId* first_by_id(const Command& command) {
  return command.accounts.size() == 0 ? nullptr : std::get_if<AccountId>(&command.accounts.span().front());
}
/// Names the same organizations and accounts as the earlier command.
void name_again(const Command& earlier, Parts& parts) {
  parts.places.assign(earlier.organizations.span().begin(), earlier.organizations.span().end());
  parts.people.assign(earlier.accounts.span().begin(), earlier.accounts.span().end());
}

/// Reuses the accounts and organizations of an earlier command, or its actor as the account.
void follow(Draw& draw, CommandKind kind, Parts& parts, const Command& earlier) {
  name_again(earlier, parts);
  if (draw.chance(30) && !earlier.actor.id.empty() && !is_own(kind)) parts.people.assign(1, earlier.actor.id);
  const AccountId* const first = std::get_if<AccountId>(&parts.people.front());
  if (is_own(kind) && first != nullptr) parts.actor.id = *first;
}

/// Answers an earlier invitation, or sends it again. Sometimes a command about its inviter comes first.
bool answer_invitation(Draw& draw, CommandKind& kind, Parts& parts, const std::vector<IssuedCommand>& earlier) {
  const bool befalls = draw.chance(54);
  const unsigned what = draw.below(8);
  for (std::size_t back = 0; back < std::min<std::size_t>(2, earlier.size()); ++back) {
    const Command& sent = *earlier[earlier.size() - 1 - back].command;
    const AccountId* const invited = first_by_id(sent);
    if (sent.kind() != CommandKind::invite || invited == nullptr) continue;
    name_again(sent, parts);
    if (befalls && back == 0) {
      constexpr std::array befalling = {CommandKind::remove, CommandKind::suspend, CommandKind::change_role};
      kind = befalling[what % 3];
      parts.people.assign(1, sent.actor.id);
      parts.actor = {AccountId("a0"), sent.actor.id == AccountId("a0")};
    } else {
      kind = what == 4 ? CommandKind::decline_invitation : CommandKind::accept_invitation;
      parts.actor = {*invited};
      if (what >= 5) kind = CommandKind::invite, parts.actor = {AccountId("a0"), what != 5};
    }
    return true;
  }
  return false;
}

/// Restores a membership that the last command ended.
bool take_back(Draw& draw, CommandKind& kind, Parts& parts, const std::vector<IssuedCommand>& earlier) {
  constexpr std::array kinds = {CommandKind::add, CommandKind::reactivate, CommandKind::invite};
  const CommandKind by = kinds[draw.below(kinds.size())];
  if (earlier.empty() || !ends_membership(earlier.back().command->kind())) return false;
  const Command& ended = *earlier.back().command;
  kind = by == CommandKind::invite || ended.kind() != CommandKind::suspend ? by : CommandKind::reactivate;
  name_again(ended, parts);
  parts.actor = {AccountId("a0"), true};
  return true;
}

/// The command that had ended a membership before its return, to deliver it again; null: there was none.
std::shared_ptr<Command> what_ended(const std::vector<IssuedCommand>& earlier) {
  if (earlier.size() < 2) return nullptr;
  const auto& ended = earlier[earlier.size() - 2].command;
  const Command& last = *earlier.back().command;
  const bool returns =
      last.kind() == CommandKind::add || last.kind() == CommandKind::invite || last.kind() == CommandKind::reactivate;
  const bool same = ended->organizations.span().front() == last.organizations.span().front() &&
                    ended->accounts.span().front() == last.accounts.span().front();
  return returns && ends_membership(ended->kind()) && same ? ended : nullptr;
}

Parts read_parts(Draw& draw, const World& world, const OwnProfile& rules) {
  Parts parts;
  const unsigned actor = draw.below(16);
  parts.actor.id = actor < 7 ? AccountId("a0") : id<AccountId>(person_name(actor % people_max));
  parts.actor.staff = actor == 15;
  const unsigned key = draw.below(16);
  if (key >= 9) {
    parts.key.bytes.fill(0xAA);
    parts.key.bytes[15] = static_cast<std::uint8_t>(key);
  }
  const unsigned shape = draw.below(16);
  const std::size_t rows = shape < 11 ? 1 : shape < 15 ? 2 : 3, columns = 1 + draw.below(3);
  for (std::size_t row = 0; row < 3; ++row) {
    auto place = read_place(draw, world);
    if (draw.chance(65)) place = OrganizationId("o0");
    if (is_blank(place)) place = Slug("s1");
    if (row < rows) parts.places.push_back(place);
  }
  for (std::size_t column = 0; column < 3; ++column) {
    auto person = read_account(draw, world, rules.fields);
    const unsigned by_id = draw.byte();
    if (by_id > 246)
      person = AccountId("fresh00001");  // the first created account
    else if (by_id > 110)
      person = id<AccountId>(person_name(by_id % people_max));
    if (is_blank(person)) person = AccountId("a1");
    if (column < columns) parts.people.push_back(person);
  }
  const bool by_cell = draw.chance(25), none = draw.chance(8);
  for (std::size_t role = 0; role < 2; ++role) parts.roles.push_back(read_role(draw, true));
  // Roles by cell cut a command into one tile for each row, and a later tile reads the writes of an earlier one.
  if (by_cell && (rows == 1 || rules.fields.mode == Mode::atomic)) {
    for (std::size_t cell = 0; cell < rows * columns; ++cell)
      parts.cell_roles.push_back(static_cast<RoleIndex>(draw.below(2)));
  } else {
    parts.roles.resize(none ? 0 : 2);
  }
  return parts;
}

}  // namespace

IssuedCommand read_issued(Draw draw, Time at, const World& world, const OwnProfile& rules,
                          const std::vector<IssuedCommand>& earlier) {
  IssuedCommand issued;
  issued.at = at;
  if (draw.chance(9)) issued.changed = address_name(draw.below(people_max + 2)), issued.disables = draw.chance(22);
  const bool repeats = draw.chance(14);
  const unsigned back = draw.below(8);
  if (draw.chance(75)) {
    issued.command = what_ended(earlier);
    if (issued.command != nullptr) return issued;
  }
  if (repeats && !earlier.empty()) {  // a late delivery of an unchanged command
    issued.command = earlier[earlier.size() - 1 - back % earlier.size()].command;
    return issued;
  }
  CommandKind kind = read_kind(draw);
  Parts parts = read_parts(draw, world, rules);
  const bool newcomer = draw.chance(50), gives = draw.chance(85);
  if (kind == CommandKind::invite && newcomer) parts.people.front() = id<AccountId>(person_name(2 + draw.below(4)));
  const bool follows = draw.chance(40) && !earlier.empty() && parts.cell_roles.empty();
  const unsigned after = draw.below(3);
  const bool answers = draw.chance(90) && answer_invitation(draw, kind, parts, earlier);
  const bool returns = draw.chance(50) && !answers && take_back(draw, kind, parts, earlier);
  if (answers || returns) parts.cell_roles.clear();
  if (parts.key.empty() && draw.chance(60) && ends_membership(kind)) {
    parts.key.bytes.fill(0xAC);
    parts.key.bytes[15] = static_cast<std::uint8_t>(earlier.size());
  }
  if (follows && !answers && !returns)
    follow(draw, kind, parts, *earlier[earlier.size() - 1 - after % earlier.size()].command);
  if (kind == CommandKind::transfer_ownership) {
    parts.roles.resize(2);
    if (gives) parts.roles[0] = RoleId("owner");
  } else if (parts.cell_roles.empty() && parts.roles.size() > 1) {
    parts.roles.resize(1);
  }
  const bool ends = draw.chance(kind == CommandKind::change_expiry ? 88 : 22);
  const unsigned seconds = 1u << draw.below(7);
  if (ends) parts.end = later_by(at, seconds);
  if (is_add(kind) && draw.chance(30)) parts.invitation_end = later_by(at, 2u << draw.below(6));
  issued.command = make_command(kind, parts);
  if (draw.chance(12)) issued.command->asked_at = later_by(at, -1 - std::int64_t{draw.below(12)});
  return issued;
}

}  // namespace roster_test
