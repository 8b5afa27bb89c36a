// Carries out a command on a world: cell after cell, then the totals.
#include "support/oracle.hpp"

#include <algorithm>
#include <iterator>

#include "support/oracle_cell.hpp"

namespace roster_test {

namespace {

class Evaluation : CommandView {
 public:
  explicit Evaluation(CommandView&& view) : CommandView(std::move(view)) {}

  Expected run() {
    lay_out_report();
    for (const Time until : {end(), requested_end()}) find_errors(profile, command, at, until, expected_.errors);
    if (!expected_.errors.empty()) return std::move(expected_);
    const bool too_large = expected_.columns > profile.accounts_max && kind() != CommandKind::transfer_ownership;
    if (expected_.columns == 0 || too_large || cells() > profile.cells_max) {
      if (hides_groups() && !is_open())
        look_into_no_group();
      else
        expected_.errors.insert({expected_.columns == 0 ? Errc::batch_empty : Errc::batch_too_large, 0});
      return std::move(expected_);
    }
    draw_key();
    for (std::uint32_t row = 0; row < expected_.rows; ++row)
      for (const bool losing : {false, true})  // removals of owners come after the new owners
        for (std::uint32_t column = 0; column < expected_.columns; ++column) visit(row, column, losing);
    if (profile.mode == Mode::atomic || kind() == CommandKind::transfer_ownership) undo_if_refused();
    if (!profile.keeps_tombstones)
      std::erase_if(now.members, [](const auto& each) { return each.second.state == State::removed; });
    show_accounts();
    const bool nowhere = std::all_of(expected_.outcomes.begin(), expected_.outcomes.end(),
                                     [](Outcome outcome) { return outcome == Outcome::forbidden; });
    if (hides_groups() && nowhere) look_into_no_group();
    return std::move(expected_);
  }

 private:
  std::size_t cells() const { return std::size_t{expected_.rows} * expected_.columns; }

  void lay_out_report() {
    columns = find_columns(before, command);
    for (const auto& selector : command.organizations.span()) places.push_back(find_place(before, selector));
    expected_.rows = static_cast<std::uint32_t>(places.size());
    expected_.columns = static_cast<std::uint32_t>(columns.size());
    expected_.direct_columns = static_cast<std::uint32_t>(command.accounts.size());
    all_are(Outcome::undecided);
  }
  void all_are(Outcome outcome) {
    expected_.outcomes.assign(cells(), outcome);
    expected_.cell_roles.assign(cells(), "");
    expected_.before.assign(cells(), std::nullopt);
  }

  /// Draws a key for a command without one.
  void draw_key() {
    key = bound(command.idempotency_key, command.actor.id);
    if (key.empty()) key = remembered(IdempotencyKey::of("drawn " + std::to_string(++now.keys_drawn)), 0);
  }

  /// Whether a member is an owner, or may be one by another catalog. A closed organization needs none.
  bool is_guarded(const Pair& pair, const Member& member) const {
    if (before.places.at(pair.first).closed) return false;
    return is_owner(before, profile, pair, member) || may_own(before, profile, pair, member);
  }
  bool is_full(const std::string& place) const {
    return seats_taken(now, profile, place, at) >= before.places.at(place).seats_max;
  }

  void visit(std::uint32_t row, std::uint32_t column, bool losing) {
    const std::size_t index = std::size_t{row} * expected_.columns + column;
    Outcome& outcome = expected_.outcomes[index];
    if (outcome != Outcome::undecided) return;
    OneCell cell(*this, row, column);
    if (!losing && waiting_.count(cell.pair())) return;  // cells of one pair keep their order
    const Verdict verdict = judge_cell(kind(), cell);
    const Member* const has = cell.has();
    if (!is_written(verdict.outcome)) {
      outcome = verdict.outcome;
      const bool shows = succeeded(outcome) || outcome == Outcome::conflict || outcome == Outcome::role_conflict;
      if (shows && has != nullptr) expected_.cell_roles[index] = meant(profile, has->role);
      return;
    }
    const bool keeps_end = verdict.outcome == Outcome::accepted && end() == Time{};
    const bool rejoins = is_add(kind()) && verdict.outcome != Outcome::replaced && !keeps_end;
    const bool sets_expiry = rejoins || kind() == CommandKind::change_expiry;
    Member after = has != nullptr ? *has : Member{};
    after.state = verdict.to;
    if (names_roles(kind()) && !verdict.keeps_role) after.role = cell.role();
    if (verdict.to != State::removed) after.role = meant(profile, after.role);
    // The end of an invitation follows a change of the expiry that it is, or that is earlier.
    const bool lowers = end() != Time{} && (after.invitation_until == Time{} || end() < after.invitation_until);
    const bool follows = verdict.outcome == Outcome::expiry_changed && (lowers || after.end() == after.valid_until);
    if (sets_expiry) after.valid_until = end();
    if (rejoins || follows) after.invitation_until = invitation_end();
    const bool ends_invitation = after.state == State::removed && has->state == State::invited;
    if (after.state != State::invited) after.invitation_until = ends_invitation ? at : Time{};
    const bool had_seat = has != nullptr && takes_seat(before, profile, cell.place(), *has, at);
    const bool owned = has != nullptr && is_owner(before, profile, cell.pair(), *has);
    Member same_role = after;
    if (has != nullptr) same_role.role = has->role;
    const bool keeps_role = !names_roles(kind()) || verdict.keeps_role;
    const bool loses = has != nullptr && is_guarded(cell.pair(), *has) &&
                       !is_owner(before, profile, cell.pair(), after) &&
                       !(keeps_role && may_own(before, profile, cell.pair(), same_role));
    if (loses && !losing) {
      waiting_.insert(cell.pair());
      return;
    }
    const std::string& above = parent_of(cell.place());
    const Member there{.role = text_of(profile.parent_role), .state = after.state};
    const bool takes_seat_now = takes_seat(before, profile, cell.place(), after, at);
    const bool parent_takes_seat = verdict.joins_parent && takes_seat(before, profile, above, there, at);
    // An invitation with an end has no seat beyond it, and a command with a later time may have given it away.
    const bool ends = had_seat && has->state == State::invited && has->invitation_until != Time{};
    const bool lacks = takes_seat_now && ends && (rejoins || follows || after.state == State::active) &&
                       seats_taken(now, profile, cell.place(), at) > before.places.at(cell.place()).seats_max;
    if (lacks || (takes_seat_now && !had_seat && is_full(cell.place())) || (parent_takes_seat && is_full(above))) {
      outcome = Outcome::seats_taken;
    } else if (loses && owners_of(now, profile, cell.place()) < (owned ? 2 : 1)) {
      outcome = Outcome::last_owner;
    } else {
      outcome = verdict.outcome;
      expected_.cell_roles[index] = meant(profile, after.role);
      if (has != nullptr) expected_.before[index] = Before{meant(profile, has->role), has->state};
      write(column, cell.place(), verdict, after, cell);
    }
  }

  void write(std::uint32_t number, const std::string& place, const Verdict& verdict, Member after,
             const OneCell& cell) {
    Column& column = columns[number];
    if (column.account.empty()) create(column.address);
    const Pair pair{place, column.account};
    const auto had = now.members.find(pair);
    const bool is_new = had == now.members.end();
    Event event = verdict.event;
    if (kind() == CommandKind::transfer_ownership) {
      if (held(place, had->second.role).owns) event = Event::ownership_given_up;
      if (held(place, after.role).owns) event = Event::ownership_given;
    }
    const std::string by = before.people.count(actor()) ? actor() : std::string();
    const State was = is_new ? State::active : had->second.state;
    const bool ends = after.state != was && (after.state == State::removed || after.state == State::suspended);
    const bool joins = event == Event::added || event == Event::invited || event == Event::reactivated;
    if (ends || (joins && !is_new)) after.before = after.idempotency_key;
    if (ends) after.removed_by = by;
    after.written_at = std::max(after.written_at, at);
    const bool offers = event == Event::role_changed && after.state == State::invited;
    if (event == Event::invited || event == Event::invitation_renewed || offers)
      after.invited_by = is_staff() ? std::string() : by;
    if (is_new || verdict.new_identity) {
      after.number = ++now.numbers;
      after.added_at = at;
    }
    // The parent membership carries the fingerprint of the parent role, or of an omitted role like the command.
    const bool parent_role = place != cell.place() && !cell.is_omitted();
    after.idempotency_key = parent_role
                                ? remembered(key, fingerprint_of(kind(), profile.parent_role, end(), requested_end()))
                                : cell.remembered();
    now.members[pair] = after;
    written_.insert(pair);
    expected_.happenings.push_back({event, pair, after.role});
    if (!verdict.joins_parent) return;
    Verdict above = verdict;
    above.joins_parent = false;
    above.event = after.state == State::invited ? Event::invited : Event::added;  // also if the one below is restored
    Member there{
        .role = meant(profile, text_of(profile.parent_role)), .state = after.state, .valid_until = after.valid_until};
    there.invitation_until = after.invitation_until;
    write(number, parent_of(place), above, there, cell);
  }

  void create(const std::string& address) {
    const std::string name = "new:" + address;
    const bool invited = kind() == CommandKind::invite || profile.on_unknown_account == OnUnknown::invite;
    now.people[name] = Person{.email = address, .username = "", .invited = invited};
    created_.insert(name);
    for (Column& column : columns)
      if (column.account.empty() && column.address == address) column.account = name;
  }

  /// Undoes this command. The writes of an earlier attempt stay.
  void undo_if_refused() {
    if (std::all_of(expected_.outcomes.begin(), expected_.outcomes.end(), &succeeded)) return;
    for (std::size_t index = 0; index < cells(); ++index) {
      Outcome& outcome = expected_.outcomes[index];
      const Pair pair{places[index / expected_.columns], columns[index % expected_.columns].account};
      if (!is_written(outcome) && !(outcome == Outcome::replayed && written_.count(pair))) continue;
      outcome = Outcome::not_attempted;
      expected_.cell_roles[index].clear();
    }
    expected_.before.assign(cells(), std::nullopt);
    expected_.happenings.clear();
    for (Column& column : columns)
      if (created_.count(column.account)) column.account.clear();
    created_.clear();
    const std::uint64_t keys = now.keys_drawn;
    now = before;
    now.keys_drawn = keys;
  }

  /// Whether the actor is allowed in some row.
  bool is_open() {
    for (std::uint32_t row = 0; row < expected_.rows; ++row) {
      OneCell cell(*this, row, 0);
      if (cell.is(Question::organization_exists) && cell.is(Question::actor_allowed)) return true;
    }
    return false;
  }

  void show_accounts() {
    const bool open = is_open();
    std::set<std::string> named;  // an account is reported as created once, in the first column that names it
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const std::string& account = columns[column].account;
      bool shown = open;
      for (std::size_t row = 0; row < expected_.rows; ++row)
        shown = shown || succeeded(expected_.outcomes[row * expected_.columns + column]);
      shown = shown && !account.empty() && !is_hidden(column);
      expected_.accounts.push_back(shown ? account : "");
      expected_.created.push_back(shown && created_.count(account) && named.insert(account).second);
    }
  }

  bool hides_groups() const { return hides_places() && !command.groups.empty(); }
  /// The report for an actor that is forbidden everywhere: each group is one column.
  void look_into_no_group() {
    expected_.columns = expected_.direct_columns + static_cast<std::uint32_t>(command.groups.size());
    all_are(Outcome::forbidden);
    expected_.created.assign(expected_.columns, false);
    expected_.accounts.assign(expected_.columns, "");
  }

  Expected expected_;
  std::set<Pair> waiting_;  // pairs whose change would take an owner away
  std::set<Pair> written_;  // by this command
  std::set<std::string> created_;
};

}  // namespace

Expected carry_out(World& world, const Profile& profile, const Command& command, Time now, bool sent) {
  return Evaluation({world, world, profile, command, {}, now, sent}).run();
}

}  // namespace roster_test
