// Proves that memory may end at any allocation, and a store fail in any call, once or for ever, while memberships are
// changed: everything is as it was, or as it was meant to be, the numbers of the organization included; and the same
// request sent again comes to the same end as if nothing had happened.
#include <memory>
#include <optional>

#include "catch.hpp"
#include "faults/allocations.hpp"
#include "support/club.hpp"
#include "support/faulty_store.hpp"

using namespace life;
using faults::WatchedAllocations;
using roster_test::Fault;
using roster_test::FaultyStore;

namespace {

using State = MembershipState;
constexpr AccountId fresh{"fresh"};
using Any = std::shared_ptr<const Command>;

/// One command, the club in which it is given, and the rules there.
struct Errand {
  std::string name;
  Profile rules;
  Any command;
  bool counted = false;  // the organization's numbers are known already, and must be kept up
  bool crowded = false;  // a crowd is there as well, and a crowd that was removed
};

template <class Of, class... Args>
Any make(Args&&... args) {
  auto command = std::make_shared<Of>(std::forward<Args>(args)...);
  command->request = key("errand");
  return command;
}

std::vector<Errand> errands() {
  const Profile seats = with(club_rules(), [](Profile& p) { p.seats = SeatRule::active_and_invited; });
  const Profile gone = with(seats, [](Profile& p) { p.keeps_removed = false; });
  const std::vector<AccountSelector> people{ann, bob, cid, dora};
  const auto new_one = address("somebody@" + std::string(60, 'q') + "." + std::string(60, 'r') + ".example");
  auto roles =
      std::make_shared<ChangeRole>(club, people, std::vector<RoleId>{guest, admin, owner}, by(boss), key("errand"));
  roles->cell_roles = {2, 0, 1, 1};
  std::vector<Errand> all;
  const auto both = [&](const char* name, const Profile& rules, Any command) {
    for (const bool counted : {false, true}) {
      all.push_back({name, rules, command, counted, counted});
      all.push_back({std::string(name) + ", atomic", atomic(rules), command, counted, !counted});
    }
  };
  both("removals", seats, make<RemoveMembers>(club, people, by(boss)));
  both("removals that leave nothing", gone, make<RemoveMembers>(club, people, by(boss)));
  both("changes of role", seats, roles);
  both("suspensions", seats, make<Suspend>(club, people, by(boss)));
  both("reactivations", seats, make<Reactivate>(club, people, by(boss)));
  both("an acceptance", seats, make<AcceptInvitation>(club, emil));
  both("a decline", seats, make<DeclineInvitation>(club, emil));
  both("a revocation", seats, make<RevokeInvitation>(club, emil, by(boss)));
  both("a leave", seats, make<Leave>(club, cid));
  both("a transfer", seats, make<TransferOwnership>(club, bob, owner, guest, by(boss)));
  both("additions", seats,
       make<AddMembers>(club, std::vector<AccountSelector>{stranger, ann, dora, fresh}, clerk, by(boss)));
  both("invitations", seats,
       make<Invite>(club, std::vector<AccountSelector>{new_one, stranger, fresh}, clerk, by(boss)));
  return all;
}

/// ann is a clerk, bob an admin, cid an owner beside the boss, dora suspended, emil invited by bob; somebody was
/// removed.
void fill(Club& in, const Errand& errand) {
  in.put_account({.id = fresh});
  in.put(ann, clerk);
  in.put(bob, admin);
  in.put(cid, owner);
  in.put(dora, clerk, State::suspended);
  in.put(emil, clerk, State::invited, bob);
  in.put(stranger, clerk, State::removed);
  in.put_club(100);
  for (int i = 0; errand.crowded && i < 60; ++i) {
    const auto id = AccountId::parse("crowd" + std::to_string(i)).assume_value();
    in.put_account({.id = id});
    in.put(id, clerk, i < 30 ? State::active : State::removed);
  }
  if (!errand.counted) return;
  must(in.outcome(errand.rules, ChangeRole(club, ann, clerk, by(boss))) == Outcome::existing, "a count");
}

/// What the store says of its numbers, against what it lists; empty if they agree.
std::string miscounted(Club& in) {
  const std::array<OrganizationSelector, 1> place{club};
  const std::array<AccountSelector, 1> nobody{stranger};
  const std::array owning{owner};
  Query query;
  query.organizations = place;
  query.accounts = nobody;
  query.counts = true;
  query.owner_roles = owning;
  Facts facts;
  must(in.store.fetch(query, facts).has_value(), "an answer");
  const MemberCounts& counts = facts.organizations[0].counts;
  if (counts.active != in.count(State::active)) return "the active are counted wrongly";
  if (counts.invited != in.count(State::invited)) return "the invited are counted wrongly";
  if (counts.owners != in.owners()) return "owners are counted wrongly";
  return counts.seats_max == 100 ? "" : "seats are forgotten";
}

/// The request again, now that nothing fails; `expected` is what it says if nothing ever failed.
void converges(Club& in, const Errand& errand, const std::vector<Outcome>& expected,
               const std::vector<std::string>& end) {
  const auto again = Engine(errand.rules, in.store, in.ids).run(*errand.command, Time{9'000'000});
  REQUIRE(again.has_value());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Outcome now = again.assume_value().outcomes[i], then = expected[i];
    // Of a removal that leaves nothing a repeat can only say that there is nobody.
    const bool forgotten = !errand.rules.keeps_removed && then == Outcome::removed && now == Outcome::not_member;
    if (now != then && !(wrote(then) && now == Outcome::replayed) && !forgotten && then != Outcome::not_attempted)
      FAIL_CHECK("again, cell " << i << " is " << name(now));
  }
  CHECK(in.all() == end);
  CHECK(in.broken() == "");
  CHECK(miscounted(in) == "");
}

struct Calm {
  explicit Calm(const Errand& errand) {
    Club in;
    fill(in, errand);
    const auto answer = Engine(errand.rules, in.store, in.ids).run(*errand.command, Time{8'000'000});
    REQUIRE(answer.has_value());
    expected.assign(answer.assume_value().outcomes.begin(), answer.assume_value().outcomes.end());
    end = in.all();
    CHECK(in.broken() == "");
    CHECK(miscounted(in) == "");
  }
  std::vector<Outcome> expected;
  std::vector<std::string> end;
};

}  // namespace

TEST_CASE("a change of memberships survives the end of memory at every allocation: done, or everything as it was") {
  std::uint64_t points = 0, done = 0;
  for (const Errand& errand : errands()) {
    INFO(errand.name << (errand.counted ? ", counted" : "") << (errand.crowded ? ", crowded" : ""));
    const Calm calm(errand);
    for (const bool for_ever : {false, true})
      for (std::uint64_t nth = 1;; ++nth) {
        REQUIRE(nth < 5'000);
        INFO("allocation " << nth << (for_ever ? " and all after it" : ""));
        Club in;
        fill(in, errand);
        const auto before = in.exactly();
        const Engine engine(errand.rules, in.store, in.ids);
        std::optional<Result<Report>> answer;
        {
          const WatchedAllocations watched(nth, for_ever);
          answer.emplace(engine.run(*errand.command, Time{8'000'000}));
        }
        const bool failed = WatchedAllocations::failed();
        CHECK(in.broken() == "");
        if (answer->has_error()) {
          CHECK(answer->assume_error() == Error(Errc::out_of_memory));
          CHECK(in.exactly() == before);
          CHECK(miscounted(in) == "");
        } else {
          const Report& report = answer->assume_value();
          CHECK(std::vector<Outcome>(report.outcomes.begin(), report.outcomes.end()) == calm.expected);
          CHECK(in.all() == calm.end);
          done += failed ? 1 : 0;
        }
        converges(in, errand, calm.expected, calm.end);
        if (!failed) break;
        ++points;
      }
  }
  CHECK(points >= 500);
  CHECK(done * 10 < points);  // with no memory, next to nothing can be done
}

TEST_CASE("a change of memberships survives every fault in every call of its store, once and for ever") {
  std::uint64_t points = 0;
  for (const Errand& errand : errands()) {
    const Calm calm(errand);
    for (const Fault fault : roster_test::faults)
      for (const bool for_ever : {false, true})
        for (unsigned nth = 0;; ++nth) {
          INFO(errand.name << ": " << roster_test::name(fault) << " in call " << nth
                           << (for_ever ? " and all after it" : ""));
          Club in;
          fill(in, errand);
          const auto before = in.exactly();
          const auto before_in_words = in.all();
          FaultyStore faulty(in.store, [&](unsigned call, bool) {
            return call == nth || (for_ever && call > nth) ? fault : Fault::pass;
          });
          const auto answer = Engine(errand.rules, faulty, in.ids).run(*errand.command, Time{8'000'000});
          CHECK(in.broken() == "");
          CHECK((in.all() == calm.end || in.all() == before_in_words ||
                 (answer.has_value() && answer.assume_value().stopped)));
          const bool wrote_nothing = fault != Fault::fail_after && fault != Fault::throw_after;
          if (answer.has_error() && wrote_nothing) CHECK(in.exactly() == before);
          if (answer.has_value() && !answer.assume_value().stopped)
            for (std::size_t i = 0; i < calm.expected.size(); ++i) {
              const Outcome now = answer.assume_value().outcomes[i], then = calm.expected[i];
              const bool forgotten = !errand.rules.keeps_removed && now == Outcome::not_member;
              if (now != then && !(wrote(then) && now == Outcome::replayed && !wrote_nothing) && !forgotten)
                FAIL_CHECK("cell " << i << " is " << name(now));
            }
          converges(in, errand, calm.expected, calm.end);
          if (!faulty.failed) break;
          ++points;
        }
  }
  CHECK(points >= 500);
}
