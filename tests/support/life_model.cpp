// A command on its way through the model: cell after cell, and what is left behind. The rules are in life_rules.hpp.
#include <iterator>
#include <set>

#include "support/life_rules.hpp"

namespace roster_test::life {

namespace {

class Walk {
 public:
  Walk(Land& land, const Profile& profile, const Command& command, Time now, const Drawn& drawn)
      : start_(land),
        land_(land),
        profile_(profile),
        command_(command),
        kind_(command.kind()),
        now_(now),
        drawn_(drawn),
        request_(key_of(command, drawn)),
        rules_(start_, profile, command, request_, now) {}

  Verdict go() {
    verdict_.rows = static_cast<std::uint32_t>(command_.organizations.size());
    verdict_.columns = static_cast<std::uint32_t>(command_.accounts.size());
    verdict_.outcomes.assign(std::size_t{verdict_.rows} * verdict_.columns, Outcome::undecided);
    verdict_.before.assign(verdict_.outcomes.size(), std::nullopt);
    for (std::uint32_t row = 0; row < verdict_.rows; ++row)
      for (const bool losing : {false, true})  // who takes an owner away waits until it is known who becomes one
        for (std::uint32_t column = 0; column < verdict_.columns; ++column) visit(row, column, losing);
    if (profile_.mode == Mode::atomic || kind_ == Kind::transfer_ownership) undo_if_refused();
    settle();
    return std::move(verdict_);
  }

 private:
  /// Nothing is written under a key that nobody drew.
  static RequestKey key_of(const Command& command, const Drawn& drawn) {
    RequestKey key = command.request.empty() ? drawn.request : command.request;
    if (key.empty()) key.bytes.fill(0xEE);
    return key;
  }

  /// What will end by itself does not count: time alone takes no owner away.
  bool is_owner(State state, const std::string& role, Time valid_until) const {
    return state == State::active && role_of(profile_, role).owns && valid_until == Time{};
  }

  Pair pair_of(const Cell& cell) const {
    return {cell.place, cell.account.empty() ? "?" + cell.address : cell.account};
  }

  void visit(std::uint32_t row, std::uint32_t column, bool losing) {
    const std::size_t at = std::size_t{row} * verdict_.columns + column;
    if (verdict_.outcomes[at] != Outcome::undecided) return;
    const Cell cell = rules_.cell_numbered(at);
    const Pair pair = pair_of(cell);
    const auto found = land_.members.find(pair);
    const Member* const has = found == land_.members.end() ? nullptr : &found->second;
    if (!losing && waiting_.count(pair)) return;  // of one pair, the first cell comes first
    Change change = rules_.judge(cell, has);
    if (is_written(change.outcome)) {
      const bool owned = has != nullptr && is_owner(has->state_at(now_), has->role, has->valid_until);
      const Time until = change.dated ? rules_.end() : has->valid_until;
      const bool owns = is_owner(change.to, change.role, until);
      if (owned && !owns && !losing) {
        if (!is_add(kind_)) waiting_.insert(pair);
        return;
      }
      const bool sat = has != nullptr && sits(profile_, has->state);
      if (!sat && sits(profile_, change.to) && profile_.seats != SeatRule::unlimited &&
          seats_taken(land_, profile_, cell.place) >= start_.places.at(cell.place).seats_max)
        change.outcome = Outcome::seats_taken;
      else if (owned && !owns && owners_of(land_, profile_, cell.place) < 2)
        change.outcome = Outcome::last_owner;
    }
    verdict_.outcomes[at] = change.outcome;
    if (is_written(change.outcome)) write(at, cell, pair, change);
  }

  void write(std::size_t at, const Cell& cell, const Pair& pair, const Change& change) {
    written_.insert(pair);
    Pair written = pair;
    if (cell.account.empty()) {
      written.second = drawn_.accounts.count(cell.address) ? drawn_.accounts.at(cell.address) : "not drawn";
      land_.people[written.second] = {cell.address, false, change.to == State::invited, false};
      // The rest of this command still finds an unknown address there: see start_.
      created_[pair] = written;
    }
    const auto found = land_.members.find(pair);
    const bool was_there = found != land_.members.end();
    if (was_there) verdict_.before[at] = Before{found->second.role, found->second.state};
    Member& member = land_.members[pair];
    if (change.to != member.state && (change.to == State::removed || change.to == State::suspended)) {
      member.before = member.request;
      member.removed_by = text(command_.actor.id);
      if (!land_.people.count(member.removed_by)) member.removed_by.clear();
      member.ended_at = now_;
      member.came_back = false;
    }
    if (was_there &&
        (change.event == Event::added || change.event == Event::invited || change.event == Event::reactivated)) {
      member.came_back = true;
      member.ended_by = member.request;
      member.back_at = now_;
    }
    if (change.event == Event::invited) {
      member.invited_by = text(command_.actor.id);
      if (!start_.people.count(member.invited_by)) member.invited_by.clear();
    }
    member.role = change.role;
    member.state = change.to;
    member.request = request_;
    if (change.dated) member.valid_until = rules_.end();
    if (!was_there || change.fresh) {
      member.number = ++land_.numbers;
      member.added_at = now_;
    }
    verdict_.happenings.push_back({change.event, written, change.role});
  }

  /// Gives those created their names; nothing is left of those removed if the profile says so.
  void settle() {
    for (const auto& [unnamed, named] : created_) {
      land_.members[named] = land_.members.at(unnamed);
      land_.members.erase(unnamed);
    }
    if (profile_.keeps_removed) return;
    for (auto at = land_.members.begin(); at != land_.members.end();)
      at = at->second.state == State::removed ? land_.members.erase(at) : std::next(at);
  }

  void undo_if_refused() {
    bool refused = false;
    for (const Outcome outcome : verdict_.outcomes) refused = refused || !is_success(outcome);
    if (!refused) return;
    std::vector<Outcome> outcomes = verdict_.outcomes;
    for (std::size_t at = 0; at < outcomes.size(); ++at)
      if (is_written(outcomes[at]) || (outcomes[at] == Outcome::replayed && repeats_itself(at)))
        outcomes[at] = Outcome::not_attempted;
    verdict_.outcomes = outcomes;
    verdict_.before.assign(verdict_.outcomes.size(), std::nullopt);
    verdict_.happenings.clear();
    created_.clear();
    land_ = start_;
  }
  /// Replayed by what this very command has written.
  bool repeats_itself(std::size_t at) const {
    if (!is_add(kind_)) return written_.count(pair_of(rules_.cell_numbered(at)));
    const auto found = start_.members.find(pair_of(rules_.cell_numbered(at)));
    if (found == start_.members.end() || found->second.request != request_) return true;
    const State state = found->second.state_at(now_);
    return state == State::removed || state == State::suspended;
  }

  const Land start_;  // what is decided on, but for seats and owners
  Land& land_;
  const Profile& profile_;
  const Command& command_;
  const Kind kind_;
  const Time now_;
  const Drawn& drawn_;
  const RequestKey request_;
  const LifeRules rules_;
  Verdict verdict_;
  std::set<Pair> waiting_;        // of which a change would take an owner away
  std::set<Pair> written_;        // by this very command
  std::map<Pair, Pair> created_;  // what stands for an unknown address, and the account it became
};

}  // namespace

Verdict carry_out(Land& land, const Profile& profile, const Command& command, Time now, const Drawn& drawn) {
  return Walk(land, profile, command, now, drawn).go();
}

std::uint32_t seats_taken(const Land& land, const Profile& profile, const std::string& place) {
  std::uint32_t taken = 0;
  for (const auto& [pair, member] : land.members) taken += pair.first == place && sits(profile, member.state) ? 1 : 0;
  return taken;
}

std::uint32_t owners_of(const Land& land, const Profile& profile, const std::string& place) {
  std::uint32_t owners = 0;
  for (const auto& [pair, member] : land.members)
    owners += pair.first == place && member.state == State::active && role_of(profile, member.role).owns &&
                      member.valid_until == Time{}
                  ? 1
                  : 0;
  return owners;
}

}  // namespace roster_test::life
