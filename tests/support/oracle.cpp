// A command on its way: what is wrong with its shape, cell after cell, and what is left behind.
#include "support/oracle.hpp"

#include <algorithm>
#include <iterator>

#include "../../src/core/request.hpp"
#include "support/oracle_cell.hpp"

namespace roster_test {

using namespace roster;
using State = MembershipState;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string account_by_address(const World& world, const std::string& address) {
  for (const auto& [id, person] : world.people)
    if (!person.email.empty() && lower(person.email) == address) return id;
  return {};
}

const Role* find_role(const World& world, std::span<const Role> catalog, const std::string& place,
                      std::string_view role) {
  for (const Role& known : catalog)
    if (known.id.view() == role) return &known;
  if (!catalog.empty()) return nullptr;
  const auto& own = world.places.at(place).roles;
  const auto found = own.find(std::string(role));
  return found == own.end() ? nullptr : &found->second;
}

std::uint32_t seats_taken(const World& world, SeatRule rule, const std::string& place) {
  std::uint32_t taken = 0;
  for (const auto& [pair, member] : world.members)
    taken += pair.first == place && (member.state == State::active ||
                                     (member.state == State::invited && rule == SeatRule::active_and_invited));
  return taken;
}

/// What will end by itself does not count: time alone takes no owner away.
static bool is_owner(const World& world, std::span<const Role> catalog, const std::string& place, State state,
                     const std::string& role, Time valid_until) {
  if (state != State::active || valid_until != Time{}) return false;
  const Role* const held = find_role(world, catalog, place, role);
  return held != nullptr && held->owns;
}

std::uint32_t owners_of(const World& world, std::span<const Role> catalog, const std::string& place) {
  std::uint32_t owners = 0;
  for (const auto& [pair, member] : world.members)
    owners += pair.first == place && is_owner(world, catalog, place, member.state, member.role, member.valid_until);
  return owners;
}

void verify(World& world, const std::string& address) {
  for (auto& [name, person] : world.people) {
    if (person.email != address) continue;
    person.invited = person.disabled = false;
    person.verified = true;
  }
}

std::string find_place(const World& world, const OrganizationSelector& selector) {
  if (const auto* const id = std::get_if<OrganizationId>(&selector))
    return world.places.count(text_of(*id)) ? text_of(*id) : "";
  if (const auto* const slug = std::get_if<Slug>(&selector)) {
    for (const auto& [id, place] : world.places)
      if (!place.slug.empty() && place.slug == slug->view()) return id;
    return {};
  }
  const auto& nested = std::get<Nested>(selector);
  const auto found = world.places.find(text_of(nested.id));
  return found == world.places.end() || found->second.parent != nested.parent.view() ? std::string() : found->first;
}

namespace {

Column find_account(const World& world, const AccountSelector& selector) {
  Column column;
  if (const auto* const id = std::get_if<AccountId>(&selector)) {
    const auto drawn = world.drawn.find(text_of(*id));
    if (world.people.count(text_of(*id))) column.account = text_of(*id);
    if (drawn != world.drawn.end()) column.account = drawn->second;
  } else if (const auto* const name = std::get_if<Username>(&selector)) {
    for (const auto& [known, person] : world.people)
      if (!person.username.empty() && person.username == name->view()) column.account = known;
  } else {
    column.address = lower(std::get<Email>(selector).text());
    column.account = account_by_address(world, column.address);
  }
  return column;
}

std::vector<Column> lay_out(const World& world, const Command& command) {
  std::vector<Column> columns;
  for (const AccountSelector& selector : command.accounts.span()) columns.push_back(find_account(world, selector));
  std::set<std::string> seen;
  std::uint32_t missing = 0;
  for (const GroupName& name : command.groups) {
    const auto group = world.groups.find(text_of(name));
    missing += group == world.groups.end() ? 1 : 0;
    if (group == world.groups.end()) continue;
    for (const std::string& account : group->second)
      if (seen.insert(account).second) columns.push_back(Column{account, "", false});
  }
  columns.insert(columns.end(), missing, Column{"", "", true});
  return columns;
}

using Errors = decltype(Expected::errors);

void find_errors_in_names(const Profile& profile, const Command& command, Errors& errors) {
  const auto accounts = command.accounts.span();
  const bool transfers = command.kind() == Kind::transfer_ownership;
  for (std::uint32_t i = 0; i < accounts.size(); ++i) {
    const bool itself = is_own(command.kind()) || (transfers && i == 1);
    const auto* const id = std::get_if<AccountId>(&accounts[i]);
    const auto* const email = std::get_if<Email>(&accounts[i]);
    const bool accepted = id ? profile.by_id : email ? profile.by_email : profile.by_username;
    if (!accepted && !itself) errors.insert({Errc::selector_not_accepted, i});
    if (email && email->text().empty()) errors.insert({Errc::email_empty, i});
    if (id ? id->empty() : !email && std::get<Username>(accounts[i]).empty()) errors.insert({Errc::id_empty, i});
  }
  const auto organizations = command.organizations.span();
  for (std::uint32_t i = 0; i < organizations.size(); ++i) {
    const auto* const id = std::get_if<OrganizationId>(&organizations[i]);
    const auto* const slug = std::get_if<Slug>(&organizations[i]);
    const auto* const nested = std::get_if<Nested>(&organizations[i]);
    if ((id && id->empty()) || (slug && slug->empty()) || (nested && (nested->id.empty() || nested->parent.empty())))
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

void find_errors(const Profile& profile, const Command& command, Time now, Time end, Errors& errors) {
  const std::size_t rows = command.organizations.size(), named = command.accounts.size();
  const bool transfers = command.kind() == Kind::transfer_ownership;
  if (rows == 0 || (named == 0 && command.groups.empty())) errors.insert({Errc::batch_empty, 0});
  if (rows > profile.organizations_max || (named > profile.accounts_max && !transfers))
    errors.insert({Errc::batch_too_large, 0});
  find_errors_in_names(profile, command, errors);
  if (names_roles(command.kind())) find_errors_in_roles(profile, static_cast<const RoleCommand&>(command), errors);
  const bool needs_actor = is_own(command.kind()) || (!command.actor.staff && profile.actor != ActorRule::host_decides);
  if (command.actor.id.empty() && needs_actor) errors.insert({Errc::actor_missing, 0});
  if (end != Time{} && end <= now) errors.insert({Errc::valid_until_passed, 0});
}

class Walk {
 public:
  Walk(World& world, const Profile& profile, const Command& command, Time at, bool sent)
      : start_(world), now_(world), profile_(profile), kind_(command.kind()), asking_{start_, now_, profile, command,
                                                                                      {},     at,   sent} {}

  Expected go() {
    lay_out_report();
    find_errors(profile_, asking_.command, asking_.at, asking_.end(), expected_.errors);
    if (!expected_.errors.empty()) return std::move(expected_);
    const bool too_large = expected_.columns > profile_.accounts_max && kind_ != Kind::transfer_ownership;
    if (expected_.columns == 0 || too_large || cells() > profile_.cells_max) {
      if (hides_groups() && !is_open())
        look_into_no_group();
      else
        expected_.errors.insert({expected_.columns == 0 ? Errc::batch_empty : Errc::batch_too_large, 0});
      return std::move(expected_);
    }
    draw_key();
    for (std::uint32_t row = 0; row < expected_.rows; ++row)
      for (const bool losing : {false, true})  // who takes an owner away waits until it is known who becomes one
        for (std::uint32_t column = 0; column < expected_.columns; ++column) visit(row, column, losing);
    if (profile_.mode == Mode::atomic || kind_ == Kind::transfer_ownership) undo_if_refused();
    if (!profile_.keeps_removed)
      std::erase_if(now_.members, [](const auto& each) { return each.second.state == State::removed; });
    show_accounts();
    const bool nowhere = std::all_of(expected_.outcomes.begin(), expected_.outcomes.end(),
                                     [](Outcome outcome) { return outcome == Outcome::forbidden; });
    if (hides_groups() && nowhere) look_into_no_group();
    return std::move(expected_);
  }

 private:
  std::size_t cells() const { return std::size_t{expected_.rows} * expected_.columns; }

  void lay_out_report() {
    asking_.columns = lay_out(start_, asking_.command);
    for (const auto& selector : asking_.command.organizations.span())
      asking_.places.push_back(find_place(start_, selector));
    expected_.rows = static_cast<std::uint32_t>(asking_.places.size());
    expected_.columns = static_cast<std::uint32_t>(asking_.columns.size());
    expected_.named = static_cast<std::uint32_t>(asking_.command.accounts.size());
    expected_.outcomes.assign(cells(), Outcome::undecided);
    expected_.cell_roles.assign(cells(), "");
    expected_.before.assign(cells(), std::nullopt);
  }

  /// A command without a key of its own writes under one that is drawn.
  void draw_key() {
    asking_.key = bound(asking_.command.request, asking_.command.actor.id);
    if (!asking_.key.empty()) return;
    asking_.key.bytes.fill(0xEF);
    const std::uint64_t number = ++now_.keys_drawn;
    for (unsigned i = 0; i < 4; ++i) asking_.key.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    asking_.key = remembered(asking_.key, 0);
  }

  bool owns(const std::string& place, State state, const std::string& role, Time valid_until) const {
    return is_owner(start_, profile_.roles, place, state, role, valid_until);
  }
  bool is_full(const std::string& place) const {
    return seats_taken(now_, profile_.seats, place) >= start_.places.at(place).seats_max;
  }

  void visit(std::uint32_t row, std::uint32_t column, bool losing) {
    const std::size_t at = std::size_t{row} * expected_.columns + column;
    Outcome& outcome = expected_.outcomes[at];
    if (outcome != Outcome::undecided) return;
    OneCell cell(asking_, row, column);
    if (!losing && waiting_.count(cell.pair())) return;  // of one pair, the first cell comes first
    const Verdict verdict = judge_cell(kind_, cell);
    const Member* const has = cell.has();
    if (!is_written(verdict.outcome)) {
      outcome = verdict.outcome;
      const bool shows = succeeded(outcome) || outcome == Outcome::conflict || outcome == Outcome::role_conflict;
      if (shows && has != nullptr) expected_.cell_roles[at] = has->role;
      return;
    }
    const bool rejoins = is_add(kind_) && verdict.outcome != Outcome::replaced;
    const bool dated = rejoins || kind_ == Kind::change_expiry;
    Member after = has != nullptr ? *has : Member{};
    after.state = verdict.to;
    if (names_roles(kind_) && !verdict.keeps_role) after.role = cell.role();
    if (dated) after.valid_until = asking_.end();
    const bool sat = has != nullptr && asking_.sits(has->state);
    const bool owned = has != nullptr && owns(cell.place(), has->state_at(asking_.at), has->role, has->valid_until);
    const bool loses = owned && !owns(cell.place(), after.state, after.role, after.valid_until);
    if (loses && !losing) {
      waiting_.insert(cell.pair());
      return;
    }
    const std::string& above = start_.places.at(cell.place()).parent;
    if (!sat && asking_.sits(after.state) && (is_full(cell.place()) || (verdict.joins_parent && is_full(above)))) {
      outcome = Outcome::seats_taken;
    } else if (loses && owners_of(now_, profile_.roles, cell.place()) < 2) {
      outcome = Outcome::last_owner;
    } else {
      outcome = verdict.outcome;
      expected_.cell_roles[at] = after.role;
      if (has != nullptr) expected_.before[at] = Before{has->role, has->state};
      write(column, cell.place(), verdict, after, cell);
    }
  }

  void write(std::uint32_t number, const std::string& place, const Verdict& verdict, Member after,
             const OneCell& cell) {
    Column& column = asking_.columns[number];
    if (column.account.empty()) create(column.address);
    const Pair pair{place, column.account};
    const auto had = now_.members.find(pair);
    const bool is_new = had == now_.members.end();
    Event event = verdict.event;
    if (kind_ == Kind::transfer_ownership) {
      if (asking_.held(place, had->second.role).owns) event = Event::ownership_given_up;
      if (asking_.held(place, after.role).owns) event = Event::ownership_given;
    }
    const std::string actor = start_.people.count(asking_.actor()) ? asking_.actor() : std::string();
    const State was = is_new ? State::active : had->second.state;
    if (after.state != was && (after.state == State::removed || after.state == State::suspended)) {
      after.before = after.request;
      after.removed_by = actor;
      after.ended_at = asking_.at;
      after.came_back = false;
    }
    const bool joins = event == Event::added || event == Event::invited || event == Event::reactivated;
    if (joins && !is_new) {
      after.came_back = true;
      after.ended_by = after.request;
      after.back_at = asking_.at;
    }
    if (event == Event::invited) after.invited_by = actor;
    if (is_new || verdict.anew) {
      after.number = ++now_.numbers;
      after.added_at = asking_.at;
    }
    // A parent is joined with a role of its own; who asks for none by name there does so here.
    const bool parent_role = place != cell.place() && !cell.is_omitted();
    after.request = parent_role ? remembered(asking_.key, fingerprint_of(kind_, profile_.parent_role, asking_.end()))
                                : cell.remembered();
    now_.members[pair] = after;
    written_.insert(pair);
    expected_.happenings.push_back({event, pair, after.role});
    if (!verdict.joins_parent) return;
    Verdict above = verdict;
    above.joins_parent = false;
    Member there;
    there.role = text_of(profile_.parent_role);
    there.state = after.state;
    there.valid_until = after.valid_until;
    write(number, start_.places.at(place).parent, above, there, cell);
  }

  void create(const std::string& address) {
    const std::string name = "new:" + address;
    Person person;
    person.email = address;
    person.invited = kind_ == Kind::invite || profile_.on_unknown_account == OnUnknown::invite;
    now_.people[name] = person;
    created_.insert(name);
    for (Column& column : asking_.columns)
      if (column.account.empty() && column.address == address) column.account = name;
  }

  /// Nothing is left of what this command did; what an earlier attempt did stays.
  void undo_if_refused() {
    if (std::all_of(expected_.outcomes.begin(), expected_.outcomes.end(), &succeeded)) return;
    for (std::size_t at = 0; at < cells(); ++at) {
      Outcome& outcome = expected_.outcomes[at];
      const Pair pair{asking_.places[at / expected_.columns], asking_.columns[at % expected_.columns].account};
      if (!is_written(outcome) && !(outcome == Outcome::replayed && written_.count(pair))) continue;
      outcome = Outcome::not_attempted;
      expected_.cell_roles[at].clear();
    }
    expected_.before.assign(cells(), std::nullopt);
    expected_.happenings.clear();
    for (Column& column : asking_.columns)
      if (created_.count(column.account)) column.account.clear();
    created_.clear();
    const std::uint64_t keys = now_.keys_drawn;
    now_ = start_;
    now_.keys_drawn = keys;
  }

  /// Whether the actor is let in somewhere.
  bool is_open() {
    for (std::uint32_t row = 0; row < expected_.rows; ++row) {
      OneCell cell(asking_, row, 0);
      const bool exists = cell.is(Question::organization_exists);
      if (exists && (is_own(kind_) ? cell.is(Question::actor_allowed) : asking_.lets_in(cell.place()))) return true;
    }
    return false;
  }

  void show_accounts() {
    const bool open = is_open();
    std::set<std::string> named;  // an account is reported as created once, in the first column that names it
    for (std::size_t column = 0; column < asking_.columns.size(); ++column) {
      const std::string& account = asking_.columns[column].account;
      bool shown = open;
      for (std::size_t row = 0; row < expected_.rows; ++row)
        shown = shown || succeeded(expected_.outcomes[row * expected_.columns + column]);
      shown = shown && !account.empty() && !asking_.is_hidden(column);
      expected_.accounts.push_back(shown ? account : "");
      expected_.created.push_back(shown && created_.count(account) && named.insert(account).second);
    }
  }

  bool hides_groups() const {
    return profile_.hides_organizations && !asking_.is_staff() && !asking_.command.groups.empty();
  }
  /// The answer to who is forbidden everywhere: each group is one column.
  void look_into_no_group() {
    expected_.columns = expected_.named + static_cast<std::uint32_t>(asking_.command.groups.size());
    expected_.outcomes.assign(cells(), Outcome::forbidden);
    expected_.cell_roles.assign(cells(), "");
    expected_.before.assign(cells(), std::nullopt);
    expected_.created.assign(expected_.columns, false);
    expected_.accounts.assign(expected_.columns, "");
  }

  const World start_;  // what is decided on, but for what this command has written
  World& now_;
  const Profile& profile_;
  const Kind kind_;
  Asking asking_;
  Expected expected_;
  std::set<Pair> waiting_;  // of which a change would take an owner away
  std::set<Pair> written_;  // by this very command
  std::set<std::string> created_;
};

}  // namespace

bool lets_in(const World& world, const Profile& profile, const Command& command, const std::string& place, Time now) {
  return Asking{world, world, profile, command, {}, now, false}.lets_in(place);
}

Expected carry_out(World& world, const Profile& profile, const Command& command, Time now, bool sent) {
  return Walk(world, profile, command, now, sent).go();
}

}  // namespace roster_test
