// A run of cells with equal facts is judged once. Its outcomes, roles and memberships equal those of its cells one by
// one, for every kind of command.
#include "catch.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

namespace {

constexpr unsigned people = 14;
constexpr std::array role_ids = {RoleId("viewer"), RoleId("member"), RoleId("admin"), RoleId("owner")};

std::string name_of(unsigned number) {
  return "p" + std::to_string(100 + number);
}

/// Two organizations, in which adjacent accounts mostly have equal memberships.
World read_crowd(Draw& draw) {
  World world;
  for (const char* const place : {"o0", "o1"}) world.places[place].joinable = !draw.chance(4);
  world.places["o0"].closed = draw.chance(4);
  world.places["o2"];
  if (draw.chance(30)) world.places["o0"].parent = "o2";
  if (draw.chance(30)) world.places["o1"].seats_max = 4 + draw.below(16);
  for (unsigned i = 0; i < people; ++i) {
    Person& person = world.people[name_of(i)];
    person.disabled = draw.chance(4);
    person.invited = draw.chance(4);
    person.verified = true;
  }
  world.people["boss"].verified = true;
  for (const char* const place : {"o0", "o1", "o2"}) {
    world.members[{place, "boss"}].role = "admin";
    for (unsigned i = 0; i < people;) {
      const unsigned what = draw.below(7), role = draw.below(3);
      for (unsigned run = 1 + draw.below(9); run > 0 && i < people; --run, ++i) {
        if (what < 2) continue;
        Member& member = world.members[{place, name_of(i)}];
        member.role = text_of(role_ids[role]);
        member.state = what == 5   ? MembershipState::invited
                       : what == 6 ? MembershipState::suspended
                                   : MembershipState::active;
        if (what == 4) member.valid_until = Time{static_cast<std::int64_t>(now) - 1'000'000};
        if (what == 3 && role == 0) member.idempotency_key = request_key(1);
      }
    }
  }
  return world;
}

struct RunCase {
  World world;
  OwnProfile rules;
  CommandKind kind;
  unsigned rows = 1;
  RoleId role;
  Time end{};
};

RunCase read_case(const Bytes& bytes) {
  Draw draw(bytes);
  constexpr std::array kinds = {
      CommandKind::add,          CommandKind::add,        CommandKind::invite, CommandKind::change_role,
      CommandKind::suspend,      CommandKind::reactivate, CommandKind::remove, CommandKind::revoke_invitation,
      CommandKind::change_expiry};
  RunCase run_case;
  run_case.kind = kinds[draw.below(kinds.size())];
  run_case.rows = 1 + draw.below(2);
  if (draw.chance(70)) run_case.role = role_ids[draw.below(3)];
  if (draw.chance(50)) run_case.end = Time{static_cast<std::int64_t>(now) + 1'000'000};
  // There are no owners, because the order of cells decides which of two removed owners is the last.
  run_case.rules.former.clear();
  run_case.rules.catalog = {
      {role_ids[0], 1}, {role_ids[1], 2}, {role_ids[2], 3, true, true}, {role_ids[3], 4, true, true}};
  Profile& fields = run_case.rules.fields;
  fields.default_role = role_ids[1];
  fields.parent_role = role_ids[0];
  fields.mode = Mode::best_effort;
  fields.accounts_max = fields.organizations_max = 100;
  fields.on_same_role = draw.chance(30) ? OnConflict::reject : OnConflict::keep;
  fields.on_other_role = static_cast<OnConflict>(draw.below(4));
  fields.on_suspended = static_cast<OnFormer>(draw.below(4));
  fields.on_removed = static_cast<OnFormer>(draw.below(4));
  fields.on_invited = static_cast<OnInvited>(draw.below(2));
  fields.on_reinvite = static_cast<OnReinvite>(draw.below(2));
  fields.actor = draw.chance(50) ? ActorRule::manager : ActorRule::host_decides;
  fields.parent = static_cast<ParentRule>(draw.below(3));
  fields.seats = static_cast<SeatRule>(draw.below(3));
  run_case.world = read_crowd(draw);
  return run_case;
}

std::shared_ptr<Command> command_of(const RunCase& run_case, std::vector<OrganizationSelector> in,
                                    std::vector<AccountSelector> who) {
  return make_command(
      run_case.kind,
      {std::move(in), std::move(who), {run_case.role}, {AccountId("boss")}, request_key(1), run_case.end});
}

}  // namespace

TEST_CASE("a run of cells is the fold of its cells, for every kind of command") {
  Shares shares;
  prop("a run is the fold of its cells", [&] {
    const RunCase run_case = read_case(*any_bytes(160));
    const Profile profile = run_case.rules.profile();
    std::vector<OrganizationSelector> places{OrganizationId("o0")};
    if (run_case.rows == 2) places.push_back(OrganizationId("o1"));
    std::vector<AccountSelector> all;
    for (unsigned i = 0; i < people; ++i) all.push_back(id<AccountId>(name_of(i)));
    TestFixture bulk(run_case.world), single(run_case.world);
    RC_ASSERT(bulk.filled);
    const Answer answer = bulk.run(profile, *command_of(run_case, places, all));
    RC_ASSERT(!answer.error);
    unsigned written = 0;
    for (std::uint32_t row = 0; row < run_case.rows; ++row)
      for (std::uint32_t column = 0; column < people; ++column) {
        const std::size_t cell = std::size_t{row} * people + column;
        const Answer one = single.run(profile, *command_of(run_case, {places[row]}, {all[column]}));
        RC_ASSERT(!one.error);
        RC_ASSERT(one.outcomes[0] == answer.outcomes[cell]);
        RC_ASSERT(one.cell_roles[0] == answer.cell_roles[cell]);
        RC_ASSERT(one.before[0] == answer.before[cell]);
        written += is_written(answer.outcomes[cell]) ? 1 : 0;
      }
    RC_ASSERT(difference(single.state(), bulk.state()) == "");
    shares.count("several were written", written > 2);
    shares.count("some were written, some not", written != 0 && written != answer.outcomes.size());
  });
  shares.at_least("several were written", 30);
  shares.at_least("some were written, some not", 30);
}
