// The grammar of scenes. The universe is small on purpose: five organizations, six accounts, five roles and eight
// addresses meet each other, and the same person under several names, in almost every command.
#include "support/scene.hpp"

#include <array>

namespace roster_test {

using namespace roster;

namespace {

constexpr unsigned organizations_max = 5, accounts_max = 6, groups_max = 3;
constexpr std::array<const char*, 4> role_names = {"viewer", "member", "admin", "owner"};

std::string organization_name(unsigned i) {
  return "o" + std::to_string(i);
}
std::string account_name(unsigned i) {
  return "a" + std::to_string(i);
}

std::string address_name(unsigned i) {  // the last two belong to nobody
  return i < accounts_max ? account_name(i) + "@x.de" : "n" + std::to_string(i - accounts_max) + "@x.de";
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

/// Mostly somebody who is there.
unsigned number_of(unsigned who, std::size_t there) {
  return who > 235 ? who % (accounts_max + 1) : who % static_cast<unsigned>(there);
}

AccountSelector read_account(Draw& draw, const World& world, const OwnProfile& rules) {
  const Profile& fields = rules.fields;
  const unsigned how = draw.byte(), who = draw.byte(), spelling = draw.below(4);
  unsigned kind = how % 3;
  // Mostly a kind that the profile accepts.
  if (how < 246)
    for (unsigned tries = 0; tries < 3; ++tries) {
      if ((kind == 0 && fields.by_id) || (kind == 1 && fields.by_email) || (kind == 2 && fields.by_username)) break;
      kind = (kind + 1) % 3;
    }
  const bool empty = how == 255 && who > 127;
  const unsigned number = number_of(who, world.accounts.size());
  if (kind == 0) return empty ? AccountId{} : id<AccountId>(account_name(number));
  if (kind == 2) return empty ? Username{} : id<Username>("u" + std::to_string(number));
  const unsigned address = who > 170 ? accounts_max + who % 2 : number % accounts_max;
  return empty ? Email{} : email(spelled(address_name(address), spelling));
}

OrganizationSelector read_place(Draw& draw, const World& world) {
  const unsigned how = draw.byte(), which = draw.byte();
  const unsigned number = which % (which > 230 ? organizations_max + 1 : 3);  // the first three are always there
  if (how > 250) return how == 255 ? OrganizationSelector(OrganizationId{}) : OrganizationSelector(Slug{});
  if (how > 210) {  // mostly where it is
    const auto found = world.organizations.find(organization_name(number));
    const bool nested = how < 240 && found != world.organizations.end() && !found->second.parent.empty();
    const std::string parent = nested ? found->second.parent : organization_name(how % 3);
    if (nested || how > 240) return Nested{id<OrganizationId>(parent), id<OrganizationId>(organization_name(number))};
  }
  if (how > 140) return id<Slug>("s" + std::to_string(number));
  return id<OrganizationId>(organization_name(number));
}

RoleId read_asked(Draw& draw) {
  const unsigned choice = draw.byte();
  if (choice < 70) return {};
  if (choice > 248) return RoleId("ghost");
  return id<RoleId>(role_names[choice % role_names.size()]);
}

}  // namespace

Email email(std::string_view text) {
  auto parsed = Email::parse(text);
  return parsed ? std::move(parsed).assume_value() : Email{};
}

RequestKey request_key(unsigned which) {
  RequestKey key;
  if (which != 0) key.bytes.fill(static_cast<std::uint8_t>(which));
  return key;
}

std::string key_name(const RequestKey& key) {
  for (unsigned i = 0; i < request_keys; ++i)
    if (key == request_key(i)) return i == 0 ? "" : "K" + std::to_string(i);
  return "drawn";
}

const std::vector<std::string>& all_addresses() {
  static const std::vector<std::string> addresses = [] {
    std::vector<std::string> names;
    for (unsigned i = 0; i < accounts_max + 2; ++i) names.push_back(address_name(i));
    return names;
  }();
  return addresses;
}

World read_world(Draw draw) {
  World world;
  const unsigned organizations = 3 + draw.below(3), accounts = 4 + draw.below(3), groups = draw.below(groups_max + 1);
  for (unsigned i = 0; i < organizations; ++i) {
    ModelOrganization organization;
    const unsigned bits = draw.byte();
    if (bits % 8 != 7) organization.slug = "s" + std::to_string(i);
    if (i != 0 && bits % 8 >= 3) organization.parent = organization_name((bits / 8) % i);
    organization.joinable = !draw.chance(7);
    for (unsigned r = 0; r < role_names.size(); ++r) {
      const unsigned role = draw.byte();
      if (has_role(role)) organization.roles[role_names[r]] = read_role(r, role);
    }
    world.organizations[organization_name(i)] = organization;
  }
  for (unsigned i = 0; i < accounts; ++i) {
    ModelAccount account;
    const unsigned bits = draw.byte();
    if (bits % 8 != 7) account.email = spelled(address_name(i), bits / 8 % 4);
    if (bits / 32 != 6) account.username = "u" + std::to_string(i);
    account.disabled = bits > 232;
    account.invited = bits > 200 && bits <= 232;
    world.accounts[account_name(i)] = account;
  }
  for (unsigned i = 0; i < groups; ++i) {
    const unsigned members = draw.byte();
    auto& group = world.groups["g" + std::to_string(i)];
    for (unsigned k = 0; k < accounts; ++k)
      if ((members >> (members > 127 ? k : accounts - 1 - k) & 1) != 0) group.push_back(account_name(k));
  }
  for (unsigned o = 0; o < organizations; ++o)
    for (unsigned a = 0; a < accounts; ++a) {
      const unsigned bits = draw.byte();
      if (bits % 2 == 0) continue;
      ModelMembership membership;
      membership.role = bits > 250 ? "ghost" : role_names[bits / 2 % 4];
      membership.state = bits / 8 % 8 == 7 ? MembershipState::invited : MembershipState::active;
      membership.request = request_key(bits / 64 % request_keys);
      world.memberships[{organization_name(o), account_name(a)}] = membership;
    }
  return world;
}

OwnProfile read_profile(Draw draw) {
  OwnProfile rules;
  Profile& fields = rules.fields;
  const unsigned catalog = draw.byte();
  for (unsigned r = 0; r < role_names.size(); ++r) {
    const unsigned role = draw.byte();
    if (catalog < 150 && has_role(role)) rules.catalog.push_back(read_role(r, role));
  }
  const unsigned named = draw.byte();
  fields.by_id = named % 8 != 1;
  fields.by_email = named / 8 % 8 != 1;
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
  fields.parent = static_cast<ParentRule>(draw.below(3));
  if (parent_role < 250)
    fields.parent_role = rules.catalog.empty() ? id<RoleId>(role_names[parent_role % role_names.size()])
                                               : rules.catalog[parent_role % rules.catalog.size()].id;
  const unsigned actor = draw.byte();
  fields.actor = actor < 116 ? ActorRule::host_decides : static_cast<ActorRule>(actor % 4);
  fields.organization_is_account = draw.chance(40);
  fields.hides_organizations = draw.chance(50);
  fields.mode = draw.chance(50) ? Mode::atomic : Mode::best_effort;
  const unsigned limits = draw.byte();
  fields.accounts_max = limits > 245 ? 3 : 100;
  fields.organizations_max = limits > 235 && limits < 246 ? 2 : 100;
  fields.cells_max = limits > 225 && limits < 236 ? 6 : 10000;
  return rules;
}

AddMembers read_command(Draw draw, const World& world, const OwnProfile& rules) {
  constexpr std::array<unsigned, 7> heights = {1, 1, 1, 2, 2, 3, 4}, widths = {1, 1, 2, 2, 3, 4, 5};
  AddMembers command;
  const unsigned size = draw.byte();
  const unsigned rows = size == 255 ? 0 : heights[size % 7];
  unsigned named = size == 254 ? 0 : widths[size / 7 % 7];
  const unsigned grouped = draw.byte();
  const unsigned groups = grouped < 180 ? 0 : 1 + grouped % 3;
  if (groups != 0 && grouped % 5 == 0) named = 0;

  std::vector<OrganizationSelector> places;
  for (unsigned i = 0; i < 4; ++i) {
    auto place = read_place(draw, world);
    if (i < rows) places.push_back(std::move(place));
  }
  std::vector<AccountSelector> people;
  for (unsigned i = 0; i < 5; ++i) {
    auto person = read_account(draw, world, rules);
    if (i < named) people.push_back(std::move(person));
  }
  // A command of one entry holds it inline, a longer one in a vector: both occur.
  if (places.size() == 1)
    command.organizations = places.front();
  else
    command.organizations = std::move(places);
  if (people.size() == 1)
    command.accounts = people.front();
  else
    command.accounts = std::move(people);
  for (unsigned i = 0; i < 3; ++i) {
    const unsigned which = draw.byte();
    if (i < groups) command.groups.push_back(id<GroupName>("g" + std::to_string(which % (groups_max + 1))));
  }

  const unsigned actor = draw.byte();
  if (actor % 16 == 15) command.actor.staff = true;
  if (actor % 8 == 7) {
    command.actor.id = id<AccountId>(organization_name(actor / 16 % 3));
  } else if (actor < 240) {
    command.actor.id = id<AccountId>(account_name(actor / 16 % accounts_max));
  }
  const unsigned request = draw.byte();
  command.request = request_key(request < 100 ? 0 : request % request_keys);

  const unsigned roles = draw.below(4);
  std::vector<RoleId> asked;
  for (unsigned i = 0; i < 3; ++i) {
    const RoleId role = read_asked(draw);
    if (i < roles) asked.push_back(role);
  }
  if (asked.size() == 1)
    command.roles = asked.front();
  else
    command.roles = std::move(asked);
  const unsigned per_cell = draw.byte();
  if (per_cell > 150) {
    const unsigned choices = roles == 0 ? 1 : roles;
    const unsigned cells = rows * named + (per_cell == 255 ? 1 : 0);
    for (unsigned i = 0; i < cells; ++i)
      command.cell_roles.push_back(static_cast<RoleIndex>(draw.below(per_cell == 254 ? choices + 1 : choices)));
  }
  return command;
}

Scene read_scene(std::span<const std::uint8_t> bytes, std::size_t commands) {
  const auto part = [&](std::size_t from, std::size_t size) {
    from = from < bytes.size() ? from : bytes.size();
    return bytes.subspan(from, size < bytes.size() - from ? size : bytes.size() - from);
  };
  Scene scene;
  scene.world = read_world(Draw(part(0, world_bytes)));
  scene.rules = read_profile(Draw(part(world_bytes, profile_bytes)));
  std::size_t at = world_bytes + profile_bytes;
  for (std::size_t i = 0; i < commands; ++i, at += command_bytes)
    scene.commands.push_back(read_command(Draw(part(at, command_bytes)), scene.world, scene.rules));
  const auto rest = part(at, bytes.size());
  scene.choices.assign(rest.begin(), rest.end());
  return scene;
}

}  // namespace roster_test
