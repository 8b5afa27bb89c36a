// Changes of memberships, for the laws about what may fail.
#include "faults/fault_cases.hpp"
#include "support/fixture_world.hpp"

namespace faults {

using namespace fixtures;

namespace {

using State = MembershipState;
using Any = std::shared_ptr<const Command>;
constexpr AccountId fresh{"fresh"};

template <class Of, class... Args>
Any make(Args&&... args) {
  auto command = std::make_shared<Of>(std::forward<Args>(args)...);
  command->idempotency_key = key("change");
  return command;
}

/// ann is a clerk, bob an admin, cid an owner beside the boss, dora suspended, emil invited by bob; somebody was
/// removed.
void fill(AcmeFixture& in, const Profile& rules, bool counted, bool with_many) {
  in.put_account({.id = fresh});
  in.put(ann, clerk);
  in.put(bob, admin);
  in.put(cid, owner);
  in.put(dora, clerk, State::suspended);
  in.put(emil, clerk, State::invited, bob);
  in.put(stranger, clerk, State::removed);
  in.put_acme(100);
  for (int i = 0; with_many && i < 60; ++i) {
    const auto id = AccountId::parse("many" + std::to_string(i)).assume_value();
    in.put_account({.id = id});
    in.put(id, clerk, i < 30 ? State::active : State::removed);
  }
  if (!counted) return;
  must(in.outcome(rules, ChangeRole(acme, ann, clerk, by(boss))) == Outcome::existing, "a count");
}

}  // namespace

std::vector<FaultCase> changes() {
  const Profile seats = with(manager_rules(), [](Profile& p) { p.seats = SeatRule::active_and_invited; });
  const Profile gone = with(seats, [](Profile& p) { p.keeps_tombstones = false; });
  const std::vector<AccountSelector> people{ann, bob, cid, dora};
  const auto new_one = address("somebody@" + std::string(60, 'q') + "." + std::string(60, 'r') + ".example");
  auto roles =
      std::make_shared<ChangeRole>(acme, people, std::vector<RoleId>{guest, admin, owner}, by(boss), key("change"));
  roles->cell_roles = {2, 0, 1, 1};
  std::vector<FaultCase> all;
  const auto both = [&](const char* name, const Profile& rules, Any command) {
    for (const bool counted : {false, true})
      for (const bool whole : {false, true}) {
        const Profile how = whole ? atomic(rules) : rules;
        const auto begin = [=] {
          const auto in = std::make_shared<AcmeFixture>();
          fill(*in, how, counted, counted != whole);
          return in;
        };
        all.push_back(
            {std::string(name) + (whole ? ", atomic" : "") + (counted ? ", counted" : ""), how, command, begin});
      }
  };
  both("removals", seats, make<RemoveMembers>(acme, people, by(boss)));
  both("removals that leave nothing", gone, make<RemoveMembers>(acme, people, by(boss)));
  both("changes of role", seats, roles);
  both("suspensions", seats, make<Suspend>(acme, people, by(boss)));
  both("reactivations", seats, make<Reactivate>(acme, people, by(boss)));
  both("an acceptance", seats, make<AcceptInvitation>(acme, emil));
  both("a decline", seats, make<DeclineInvitation>(acme, emil));
  both("a revocation", seats, make<RevokeInvitation>(acme, emil, by(boss)));
  both("a leave", seats, make<Leave>(acme, cid));
  both("a transfer", seats, make<TransferOwnership>(acme, bob, owner, guest, by(boss)));
  both("additions", seats,
       make<AddMembers>(acme, std::vector<AccountSelector>{stranger, ann, dora, fresh}, clerk, by(boss)));
  both("invitations", seats,
       make<Invite>(acme, std::vector<AccountSelector>{new_one, stranger, fresh}, clerk, by(boss)));
  return all;
}

}  // namespace faults
