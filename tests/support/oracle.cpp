// A command on its way: cell after cell, and what is left behind.
#include "support/oracle.hpp"

#include <algorithm>
#include <iterator>

#include "support/oracle_cell.hpp"

namespace roster_test {

namespace {

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
    asking_.columns = find_columns(start_, asking_.command);
    for (const auto& selector : asking_.command.organizations.span())
      asking_.places.push_back(find_place(start_, selector));
    expected_.rows = static_cast<std::uint32_t>(asking_.places.size());
    expected_.columns = static_cast<std::uint32_t>(asking_.columns.size());
    expected_.named = static_cast<std::uint32_t>(asking_.command.accounts.size());
    all_are(Outcome::undecided);
  }
  void all_are(Outcome outcome) {
    expected_.outcomes.assign(cells(), outcome);
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
    const bool sat = has != nullptr && takes_seat(profile_.seats, has->state);
    const bool owned = has != nullptr && owns(cell.place(), has->state_at(asking_.at), has->role, has->valid_until);
    const bool loses = owned && !owns(cell.place(), after.state, after.role, after.valid_until);
    if (loses && !losing) {
      waiting_.insert(cell.pair());
      return;
    }
    const std::string& above = asking_.above(cell.place());
    const bool sits = takes_seat(profile_.seats, after.state);
    if ((sits && !sat && is_full(cell.place())) || (sits && verdict.joins_parent && is_full(above))) {
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
    above.event = after.state == State::invited ? Event::invited : Event::added;  // also for who comes back below
    Member there;
    there.role = text_of(profile_.parent_role);
    there.state = after.state;
    there.valid_until = after.valid_until;
    write(number, asking_.above(place), above, there, cell);
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
      if (cell.is(Question::organization_exists) && cell.is(Question::actor_allowed)) return true;
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
    all_are(Outcome::forbidden);
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
