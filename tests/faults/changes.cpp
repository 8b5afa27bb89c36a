// Changes of memberships, for the laws about what may fail.
#include "faults/errands.hpp"
#include "support/club.hpp"

namespace faults {

using namespace life;

namespace {

using State = MembershipState;
using Any = std::shared_ptr<const Command>;
constexpr AccountId fresh{"fresh"};

template <class Of, class... Args>
Any make(Args&&... args) {
  auto command = std::make_shared<Of>(std::forward<Args>(args)...);
  command->idempotency_key = key("errand");
  return command;
}

/// ann is a clerk, bob an admin, cid an owner beside the boss, dora suspended, emil invited by bob; somebody was
/// removed.
void fill(Club& in, const Profile& rules, bool counted, bool crowded) {
  in.put_account({.id = fresh});
  in.put(ann, clerk);
  in.put(bob, admin);
  in.put(cid, owner);
  in.put(dora, clerk, State::suspended);
  in.put(emil, clerk, State::invited, bob);
  in.put(stranger, clerk, State::removed);
  in.put_club(100);
  for (int i = 0; crowded && i < 60; ++i) {
    const auto id = AccountId::parse("crowd" + std::to_string(i)).assume_value();
    in.put_account({.id = id});
    in.put(id, clerk, i < 30 ? State::active : State::removed);
  }
  if (!counted) return;
  must(in.outcome(rules, ChangeRole(club, ann, clerk, by(boss))) == Outcome::existing, "a count");
}

}  // namespace

std::vector<Errand> changes() {
  const Profile seats = with(club_rules(), [](Profile& p) { p.seats = SeatRule::active_and_invited; });
  const Profile gone = with(seats, [](Profile& p) { p.keeps_tombstones = false; });
  const std::vector<AccountSelector> people{ann, bob, cid, dora};
  const auto new_one = address("somebody@" + std::string(60, 'q') + "." + std::string(60, 'r') + ".example");
  auto roles =
      std::make_shared<ChangeRole>(club, people, std::vector<RoleId>{guest, admin, owner}, by(boss), key("errand"));
  roles->cell_roles = {2, 0, 1, 1};
  std::vector<Errand> all;
  const auto both = [&](const char* name, const Profile& rules, Any command) {
    for (const bool counted : {false, true})
      for (const bool whole : {false, true}) {
        const Profile how = whole ? atomic(rules) : rules;
        const auto begin = [=] {
          const auto in = std::make_shared<Club>();
          fill(*in, how, counted, counted != whole);
          return in;
        };
        all.push_back(
            {std::string(name) + (whole ? ", atomic" : "") + (counted ? ", counted" : ""), how, command, begin});
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

}  // namespace faults
