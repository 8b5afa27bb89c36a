// The rules of an add in the order in which the documentation states them. Clarity before everything else.
#include "support/model.hpp"

#include <algorithm>
#include <optional>

namespace roster_test {

using namespace roster;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

namespace {

using Pair = std::pair<std::string, std::string>;

/// One column: an account that is there, an address that may get one, or nobody.
struct Column {
  std::string account;  // empty: not found
  std::string address;  // not empty: an unknown address, in lower case
  bool missing_group = false;
};

std::string account_by_address(const World& world, const std::string& address) {
  for (const auto& [id, account] : world.accounts)
    if (!account.email.empty() && lower(account.email) == address) return id;
  return {};
}

std::string find_organization(const World& world, const OrganizationSelector& selector) {
  if (const auto* id = std::get_if<OrganizationId>(&selector))
    return world.organizations.count(text_of(*id)) ? text_of(*id) : "";
  if (const auto* slug = std::get_if<Slug>(&selector)) {
    for (const auto& [id, organization] : world.organizations)
      if (!organization.slug.empty() && organization.slug == slug->view()) return id;
    return {};
  }
  const auto& nested = std::get<Nested>(selector);
  const auto found = world.organizations.find(text_of(nested.id));
  if (found == world.organizations.end() || found->second.parent != nested.parent.view()) return {};
  return found->first;
}

Column find_account(const World& world, const AccountSelector& selector) {
  Column column;
  if (const auto* id = std::get_if<AccountId>(&selector)) {
    if (world.accounts.count(text_of(*id))) column.account = text_of(*id);
  } else if (const auto* name = std::get_if<Username>(&selector)) {
    for (const auto& [known, account] : world.accounts)
      if (!account.username.empty() && account.username == name->view()) column.account = known;
  } else {
    const std::string address = lower(std::get<Email>(selector).text());
    column.account = account_by_address(world, address);
    column.address = address;
  }
  return column;
}

const Role* find_role(const World& world, const Profile& profile, const std::string& organization,
                      std::string_view role) {
  if (!profile.roles.empty()) {
    for (const Role& known : profile.roles)
      if (known.id.view() == role) return &known;
    return nullptr;
  }
  const auto& own = world.organizations.at(organization).roles;
  const auto found = own.find(std::string(role));
  return found == own.end() ? nullptr : &found->second;
}

/// Is the actor a member there (and, if asked, one whose role manages)? A pending invitation does not count.
bool actor_is(const World& world, const Profile& profile, const std::string& actor, const std::string& organization,
              bool manager) {
  const auto found = world.memberships.find({organization, actor});
  if (found == world.memberships.end() || found->second.state != MembershipState::active) return false;
  if (!manager) return true;
  const Role* const role = find_role(world, profile, organization, found->second.role);
  return role != nullptr && role->manages;
}

bool actor_may(const World& world, const Profile& profile, const Actor& actor, const std::string& organization) {
  if (actor.staff || profile.actor == ActorRule::host_decides) return true;
  const std::string id = text_of(actor.id);
  if (profile.actor == ActorRule::parent_manager) {
    const std::string& parent = world.organizations.at(organization).parent;
    return !parent.empty() && actor_is(world, profile, id, parent, true);
  }
  if (profile.organization_is_account && id == organization) return true;
  return actor_is(world, profile, id, organization, profile.actor == ActorRule::manager);
}

/// Whoever may add only because of a membership gives no role above its own, and touches none above it.
bool is_above(const World& world, const Profile& profile, const Actor& actor, const std::string& organization,
              const Role& role) {
  if (actor.staff || profile.actor == ActorRule::host_decides) return false;
  const std::string id = text_of(actor.id);
  const bool above = profile.actor == ActorRule::parent_manager;
  const std::string& place = above ? world.organizations.at(organization).parent : organization;
  if (!actor_is(world, profile, id, place, profile.actor != ActorRule::member)) return false;  // it is the organization
  const Role* const own = find_role(world, profile, place, world.memberships.at({place, id}).role);
  const Role none;
  const Role& held = own != nullptr ? *own : none;
  return role.rank > held.rank || (role.owns && !held.owns);
}

bool succeeds(Outcome outcome) {
  return outcome == Outcome::added || outcome == Outcome::invited || outcome == Outcome::existing ||
         outcome == Outcome::replaced || outcome == Outcome::replayed;
}

void find_errors(const Profile& profile, const AddMembers& command, ModelAnswer& answer) {
  auto& errors = answer.errors;
  const auto organizations = command.organizations.span();
  const auto accounts = command.accounts.span();
  if (organizations.empty() || (accounts.empty() && command.groups.empty())) errors.insert({Errc::batch_empty, 0});
  if (organizations.size() > profile.organizations_max || accounts.size() > profile.accounts_max)
    errors.insert({Errc::batch_too_large, 0});

  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    if (const auto* id = std::get_if<AccountId>(&accounts[i])) {
      if (!profile.by_id) errors.insert({Errc::selector_not_accepted, i});
      if (id->empty()) errors.insert({Errc::id_empty, i});
    } else if (const auto* email = std::get_if<Email>(&accounts[i])) {
      if (!profile.by_email) errors.insert({Errc::selector_not_accepted, i});
      if (email->text().empty()) errors.insert({Errc::email_empty, i});
    } else {
      if (!profile.by_username) errors.insert({Errc::selector_not_accepted, i});
      if (std::get<Username>(accounts[i]).empty()) errors.insert({Errc::id_empty, i});
    }
  }
  for (std::uint32_t i = 0; i < organizations.size(); ++i) {
    const auto* const id = std::get_if<OrganizationId>(&organizations[i]);
    const auto* const slug = std::get_if<Slug>(&organizations[i]);
    const auto* const nested = std::get_if<Nested>(&organizations[i]);
    if ((id && id->empty()) || (slug && slug->empty()) || (nested && (nested->id.empty() || nested->parent.empty())))
      errors.insert({Errc::id_empty, i});
  }

  if (!command.cell_roles.empty()) {
    bool fits = command.cell_roles.size() == organizations.size() * accounts.size();
    for (const RoleIndex index : command.cell_roles)
      fits = fits && index < std::max<std::size_t>(1, command.roles.size());
    if (!fits) errors.insert({Errc::roles_malformed, 0});
  }
  if (command.actor.id.empty() && !command.actor.staff && profile.actor != ActorRule::host_decides)
    errors.insert({Errc::actor_missing, 0});

  if (!profile.roles.empty()) {
    bool default_fits = profile.default_role.empty(), parent_fits = profile.parent != ParentRule::add;
    for (const Role& role : profile.roles) {
      default_fits = default_fits || (role.id == profile.default_role && role.assignable);
      parent_fits = parent_fits || role.id == profile.parent_role;
    }
    if (!default_fits || !parent_fits) errors.insert({Errc::profile_malformed, 0});
  }
  if (profile.parent == ParentRule::add && profile.parent_role.empty()) errors.insert({Errc::profile_malformed, 0});
}

std::vector<Column> lay_out(const World& world, const AddMembers& command) {
  std::vector<Column> columns;
  for (const AccountSelector& selector : command.accounts.span()) columns.push_back(find_account(world, selector));
  std::set<std::string> seen;
  std::uint32_t missing = 0;
  for (const GroupName& name : command.groups) {
    const auto group = world.groups.find(text_of(name));
    if (group == world.groups.end()) {
      ++missing;
      continue;
    }
    for (const std::string& account : group->second)
      if (seen.insert(account).second) columns.push_back(Column{account, "", false});
  }
  for (std::uint32_t i = 0; i < missing; ++i) columns.push_back(Column{"", "", true});
  return columns;
}

/// One command being carried out: `now_` is the world that its later cells see.
class Run {
 public:
  Run(const World& before, const Profile& profile, const AddMembers& command, Time at, RequestKey key)
      : now_(before), before_(before), profile_(profile), command_(command), at_(at), key_(key) {}

  std::optional<Outcome> visit(const std::string& organization, Column& column, std::string_view asked,
                               std::string& shown_role) {
    if (organization.empty())
      return profile_.hides_organizations && !command_.actor.staff ? Outcome::forbidden
                                                                   : Outcome::organization_not_found;
    // The actor is judged by the world in which the command began.
    const Pair pair{organization, column.account};
    if (!actor_may(before_, profile_, command_.actor, organization)) {
      const bool done = actor_gave_up_ && is_done(pair, asked);
      if (done) shown_role = before_.memberships.at(pair).role;
      return done ? Outcome::replayed : Outcome::forbidden;
    }
    const auto there = now_.memberships.find(pair);
    if (there != now_.memberships.end() && there->second.request == key_) {
      const bool same = asked.empty() || there->second.role == asked;
      if (same) shown_role = there->second.role;
      return same ? Outcome::replayed : Outcome::request_reused;
    }
    const ModelOrganization& place = now_.organizations.at(organization);
    if (!place.joinable) return Outcome::organization_not_joinable;

    const std::string_view wanted = asked.empty() ? profile_.default_role.view() : asked;
    const Role* const role = wanted.empty() ? nullptr : find_role(now_, profile_, organization, wanted);
    if (role == nullptr) return Outcome::role_not_found;
    if (profile_.parent == ParentRule::add && !place.parent.empty() &&
        find_role(now_, profile_, place.parent, profile_.parent_role.view()) == nullptr)
      return Outcome::role_not_found;
    if (!role->assignable) return Outcome::role_not_assignable;

    if (column.missing_group) return Outcome::group_not_found;
    if (column.account.empty() && !column.address.empty()) column.account = account_by_address(now_, column.address);
    const bool create =
        column.account.empty() && !column.address.empty() && profile_.on_unknown_account != OnUnknown::reject;
    if (column.account.empty() && !create) return Outcome::account_not_found;
    if (!create && now_.accounts.at(column.account).disabled) return Outcome::account_disabled;

    if (is_above(before_, profile_, command_.actor, organization, *role)) return Outcome::outranked;
    if (!create) {
      const auto member = now_.memberships.find({organization, column.account});
      if (member != now_.memberships.end())
        return meet(organization, {organization, column.account}, member->second, asked, *role, shown_role);
    }

    const bool in_parent =
        !create && !place.parent.empty() && now_.memberships.count({place.parent, column.account}) != 0;
    if (profile_.parent == ParentRule::require && !place.parent.empty() && !in_parent) return Outcome::parent_required;
    if (profile_.parent == ParentRule::add && !place.parent.empty() && !in_parent &&
        !now_.organizations.at(place.parent).joinable)
      return Outcome::parent_required;

    if (create) {
      column.account = "new:" + column.address;
      ModelAccount fresh;
      fresh.email = column.address;
      fresh.invited = profile_.on_unknown_account == OnUnknown::invite;
      now_.accounts[column.account] = fresh;
      created_.insert(column.account);
    }
    const bool invited = now_.accounts.at(column.account).invited;
    if (profile_.parent == ParentRule::add && !place.parent.empty() && !in_parent)
      write({place.parent, column.account}, text_of(profile_.parent_role), invited);
    write({organization, column.account}, text_of(role->id), invited);
    shown_role = text_of(role->id);
    return invited ? Outcome::invited : Outcome::added;
  }

  /// Whether this very request had written the pair before the command began.
  bool is_done(const Pair& pair, std::string_view asked) const {
    const auto found = before_.memberships.find(pair);
    return found != before_.memberships.end() && found->second.request == key_ &&
           (asked.empty() || found->second.role == asked);
  }
  /// True if the pair was written by this command, not by an earlier one under the same key.
  bool written_here(const std::string& organization, const std::string& account) const {
    return written_.count({organization, account}) != 0;
  }
  bool wrote() const { return !written_.empty(); }
  const std::set<std::string>& created() const { return created_; }
  World& world() { return now_; }

 private:
  /// Nothing: the cell takes an owner away, and waits for the others of its row.
  std::optional<Outcome> meet(const std::string& organization, const Pair& pair, ModelMembership& member,
                              std::string_view asked, const Role& role, std::string& shown_role) {
    const bool same = asked.empty() || member.role == asked;
    shown_role = member.role;
    if (same) return profile_.on_same_role == OnMember::reject ? Outcome::conflict : Outcome::existing;
    if (profile_.on_other_role == OnMember::reject) return Outcome::role_conflict;
    const Role* const current = find_role(now_, profile_, organization, member.role);
    const bool raises = role.rank > (current != nullptr ? current->rank : 0);
    const bool replaces =
        profile_.on_other_role == OnMember::replace || (profile_.on_other_role == OnMember::raise && raises);
    if (!replaces) return Outcome::existing;
    const Role held = current != nullptr ? *current : Role{};
    if (is_above(before_, profile_, command_.actor, organization, held)) {
      shown_role.clear();
      return Outcome::outranked;
    }
    if (held.owns && !role.owns && member.state == MembershipState::active) {
      if (!last_) return std::nullopt;
      if (owners(organization) < 2) {
        shown_role.clear();
        return Outcome::last_owner;
      }
    }
    member.role = text_of(role.id);
    member.request = key_;
    written_.insert(pair);
    shown_role = member.role;
    return Outcome::replaced;
  }

  int owners(const std::string& organization) const {
    int count = 0;
    for (const auto& [pair, member] : now_.memberships) {
      const Role* const role =
          pair.first == organization ? find_role(now_, profile_, organization, member.role) : nullptr;
      count += role != nullptr && role->owns && member.state == MembershipState::active ? 1 : 0;
    }
    return count;
  }

  void write(const Pair& pair, const std::string& role, bool invited) {
    now_.memberships[pair] =
        ModelMembership{role, invited ? MembershipState::invited : MembershipState::active, key_, at_};
    written_.insert(pair);
  }

  World now_;
  const World& before_;
  const Profile& profile_;
  const AddMembers& command_;
  Time at_;
  RequestKey key_;
  std::set<Pair> written_;
  std::set<std::string> created_;

 public:
  bool actor_gave_up_ = false;  ///< by this very request, in the row that is visited
  bool last_ = false;           ///< cells that take an owner away are carried out now
};

bool hides_groups(const Profile& profile, const AddMembers& command) {
  return profile.hides_organizations && !command.actor.staff && !command.groups.empty();
}

/// The answer to who is forbidden everywhere: each group is one column.
void look_into_no_group(const AddMembers& command, ModelAnswer& answer) {
  answer.columns = answer.named + static_cast<std::uint32_t>(command.groups.size());
  answer.outcomes.assign(std::size_t{answer.rows} * answer.columns, Outcome::forbidden);
  answer.cell_roles.assign(answer.outcomes.size(), "");
  answer.created.assign(answer.columns, false);
  answer.accounts.assign(answer.columns, "");
}

}  // namespace

ModelAnswer model_add(World& world, const Profile& profile, const AddMembers& command, Time now) {
  ModelAnswer answer;
  answer.named = static_cast<std::uint32_t>(command.accounts.size());
  find_errors(profile, command, answer);
  std::vector<Column> columns = lay_out(world, command);
  answer.rows = static_cast<std::uint32_t>(command.organizations.size());
  answer.columns = static_cast<std::uint32_t>(columns.size());
  if (!answer.errors.empty()) return answer;
  const bool too_large =
      columns.size() > profile.accounts_max || std::uint64_t{answer.rows} * answer.columns > profile.cells_max;
  if (columns.empty() || too_large) {
    const auto organizations = command.organizations.span();
    const bool open = std::any_of(organizations.begin(), organizations.end(), [&](const auto& selector) {
      const std::string organization = find_organization(world, selector);
      return !organization.empty() && actor_may(world, profile, command.actor, organization);
    });
    if (hides_groups(profile, command) && !open)
      look_into_no_group(command, answer);
    else
      answer.errors.insert({columns.empty() ? Errc::batch_empty : Errc::batch_too_large, 0});
    return answer;
  }

  RequestKey key = command.request;
  if (key.empty()) {
    key.bytes.fill(0xEE);
    key.bytes[15] = static_cast<std::uint8_t>(++world.keys_drawn);
  }
  Run run(world, profile, command, now, key);
  const std::size_t cells = std::size_t{answer.rows} * answer.columns;
  answer.outcomes.assign(cells, Outcome::undecided);
  answer.cell_roles.assign(cells, "");
  std::vector<bool> settled_before(cells, false);  // replayed because the store says so, not because of a cell above
  bool refused = false, open = false;
  for (std::uint32_t r = 0; r < answer.rows; ++r) {
    const std::string organization = find_organization(world, command.organizations.span()[r]);
    open = open || (!organization.empty() && actor_may(world, profile, command.actor, organization));
    std::vector<std::uint32_t> order(answer.columns), waiting;
    for (std::uint32_t c = 0; c < answer.columns; ++c) order[c] = c;
    const auto asked_at = [&](std::uint32_t c) -> std::string {
      std::size_t k = 0;
      if (!command.cell_roles.empty() && c < answer.named) k = command.cell_roles[std::size_t{r} * answer.named + c];
      return k < command.roles.size() ? text_of(command.roles.span()[k]) : "";
    };
    run.actor_gave_up_ = false;
    for (std::uint32_t c = 0; c < answer.columns && command.groups.empty(); ++c)
      if (columns[c].account == text_of(command.actor.id) &&
          run.is_done({organization, columns[c].account}, asked_at(c)))
        run.actor_gave_up_ = true;
    const auto visit_all = [&] {
      for (const std::uint32_t c : order) {
        const std::size_t cell = std::size_t{r} * answer.columns + c;
        const std::string asked = asked_at(c);
        Column& column = columns[c];
        if (column.account.empty() && !column.address.empty())
          column.account = account_by_address(run.world(), column.address);
        settled_before[cell] = !run.written_here(organization, column.account);
        const auto outcome = run.visit(organization, column, asked, answer.cell_roles[cell]);
        if (!outcome) {
          waiting.push_back(c);
          continue;
        }
        answer.outcomes[cell] = *outcome;
        refused = refused || !succeeds(answer.outcomes[cell]);
      }
    };
    run.last_ = false;
    visit_all();
    run.last_ = true;
    order = waiting;
    visit_all();
  }

  const bool undone = refused && profile.mode == Mode::atomic;
  for (std::size_t cell = 0; undone && cell < cells; ++cell) {
    Outcome& outcome = answer.outcomes[cell];
    const bool writes = outcome == Outcome::added || outcome == Outcome::invited || outcome == Outcome::replaced ||
                        (outcome == Outcome::replayed && !settled_before[cell]);
    if (!writes) continue;
    outcome = Outcome::not_attempted;
    answer.cell_roles[cell].clear();
  }

  answer.wrote = run.wrote() && !undone;
  if (answer.wrote) {
    const unsigned drawn = world.keys_drawn;
    World after = run.world();
    world = after;
    world.keys_drawn = drawn;
  }
  std::set<std::string> named;  // an account is reported as created once, in the first column that names it
  for (Column& column : columns) {
    if (column.account.empty() && !column.address.empty()) column.account = account_by_address(world, column.address);
    const bool there = !column.account.empty() && world.accounts.count(column.account) != 0;
    answer.created.push_back(there && run.created().count(column.account) != 0 && named.insert(column.account).second);
    const std::size_t index = answer.accounts.size();
    bool shown = open;
    for (std::uint32_t r = 0; r < answer.rows; ++r)
      shown = shown || succeeds(answer.outcomes[std::size_t{r} * answer.columns + index]);
    answer.accounts.push_back(there && shown ? column.account : "");
  }
  const bool nowhere = std::all_of(answer.outcomes.begin(), answer.outcomes.end(),
                                   [](Outcome outcome) { return outcome == Outcome::forbidden; });
  if (hides_groups(profile, command) && nowhere) look_into_no_group(command, answer);
  return answer;
}

}  // namespace roster_test
