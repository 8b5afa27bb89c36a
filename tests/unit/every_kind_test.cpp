// Proves, for each kind of command, what groups do to it, whom it may name, which accounts its report shows, and that
// each of its cells is explained.
#include <map>

#include "roster/explanation.hpp"
#include "unit/commands.hpp"

namespace every_kind_test {

using namespace fixtures;

namespace {

constexpr std::array everything = {CommandKind::add,
                                   CommandKind::invite,
                                   CommandKind::change_role,
                                   CommandKind::transfer_ownership,
                                   CommandKind::suspend,
                                   CommandKind::reactivate,
                                   CommandKind::remove,
                                   CommandKind::leave,
                                   CommandKind::accept_invitation,
                                   CommandKind::decline_invitation,
                                   CommandKind::revoke_invitation,
                                   CommandKind::change_expiry};
constexpr bool is_own(CommandKind kind) {
  return kind == CommandKind::leave || kind == CommandKind::accept_invitation ||
         kind == CommandKind::decline_invitation;
}
constexpr bool gives_roles(CommandKind kind) {
  return kind == CommandKind::add || kind == CommandKind::invite || kind == CommandKind::change_role;
}
/// Those that may name anybody, groups too.
std::vector<CommandKind> about_others() {
  std::vector<CommandKind> all;
  for (const CommandKind kind : everything)
    if (!is_own(kind) && kind != CommandKind::transfer_ownership) all.push_back(kind);
  return all;
}

using Places = std::vector<OrganizationSelector>;
using People = std::vector<AccountSelector>;
using Editable = std::shared_ptr<Command>;

template <class Of, class... Args>
Editable draft(Args&&... args) {
  return std::make_shared<Of>(std::forward<Args>(args)...);
}

/// A command of that kind, to be changed before it is sent. Of a transfer the first account is the new owner.
Editable of(CommandKind kind, const Places& in, const People& who, const Actor& asks, const RoleId& role = clerk) {
  switch (kind) {
    case CommandKind::add: return draft<AddMembers>(in, who, role, asks);
    case CommandKind::invite: return draft<Invite>(in, who, role, asks);
    case CommandKind::change_role: return draft<ChangeRole>(in, who, role, asks);
    case CommandKind::transfer_ownership: return draft<TransferOwnership>(in, who.front(), owner, admin, asks);
    case CommandKind::suspend: return draft<Suspend>(in, who, asks);
    case CommandKind::reactivate: return draft<Reactivate>(in, who, asks);
    case CommandKind::remove: return draft<RemoveMembers>(in, who, asks);
    case CommandKind::leave: return draft<Leave>(in, asks.id);
    case CommandKind::accept_invitation: return draft<AcceptInvitation>(in, asks.id);
    case CommandKind::decline_invitation: return draft<DeclineInvitation>(in, asks.id);
    case CommandKind::revoke_invitation: return draft<RevokeInvitation>(in, who, asks);
    case CommandKind::change_expiry: return draft<ChangeExpiry>(in, who, far_off, asks);
  }
  return {};
}

const Places both{acme, works};

/// Brings the account, in both places, where a command of this kind has something to do.
void prepare(AcmeFixture& in, CommandKind kind, const AccountId& who) {
  if (kind == CommandKind::add || kind == CommandKind::invite) return;
  if (kind == CommandKind::revoke_invitation || kind == CommandKind::accept_invitation ||
      kind == CommandKind::decline_invitation) {
    must(in.outcome(host_rules(), Invite(both, who, guest, by(boss))) == Outcome::invited, "an invitation");
    return;
  }
  for (const OrganizationId& place : {acme, works}) in.put(place, who, guest);
  if (kind == CommandKind::reactivate)
    must(in.outcome(host_rules(), Suspend(both, who, by(boss))) == Outcome::suspended, "a suspension");
}

const GroupName team{"team"}, nobody{"nobody"}, gone{"gone"};

/// ann, cid and dora are where the command wants them; emil is nowhere, and disabled; the team is cid and dora; bob is
/// an admin of acme alone.
struct Scenario : AcmeFixture {
  explicit Scenario(CommandKind kind) {
    for (const AccountId& who : {ann, cid, dora}) prepare(*this, kind, who);
    put_account({.id = emil, .disabled = true});
    put(acme, bob, admin);
    must(store.overwrite_group(team, std::array{cid, dora, cid}).has_value(), "a group");
    must(store.overwrite_group(nobody, {}).has_value(), "a group");
  }
};

Errc code_of(const Result<Report>& answer, std::uint32_t* detail = nullptr) {
  if (answer) return {};
  if (detail != nullptr) *detail = answer.assume_error().detail;
  return answer.assume_error().code;
}

}  // namespace

TEST_CASE("every kind with groups: a cell is what it is alone, and each group not found is a last column of each row") {
  const std::array<AccountId, 4> columns{ann, emil, cid, dora};  // two named, and the team
  for (const CommandKind kind : about_others())
    for (const AccountId& asks : {boss, bob, stranger}) {
      // What each cell is when it is asked for alone.
      std::vector<Outcome> alone;
      for (const OrganizationSelector& place : both) {
        for (const AccountId& who : columns) {
          Scenario in(kind);
          alone.push_back(in.outcome(manager_rules(), *of(kind, {place}, {who}, by(asks))));
        }
        const bool may = asks == boss || (asks == bob && place == OrganizationSelector(acme));
        for (int i = 0; i < 2; ++i) alone.push_back(may ? Outcome::group_not_found : Outcome::forbidden);
      }
      const Editable command = of(kind, both, {ann, emil}, by(asks));
      command->groups = {gone, team, nobody, GroupName("lost")};
      for (const std::uint32_t tile : {1u, 2u, 3u, 5u, 16'384u})
        for (const bool whole : {false, true}) {
          INFO(text_of(kind) << " by " << asks.view() << ", tiles of " << tile << (whole ? ", atomic" : ""));
          Scenario in(kind);
          const auto answer =
              in.run(whole ? atomic(manager_rules()) : manager_rules(), *command, {.tile_cells_max = tile});
          REQUIRE(answer.has_value());
          const Report& report = answer.assume_value();
          REQUIRE((report.rows == 2 && report.columns == 6 && report.direct_columns == 2));
          for (std::uint32_t row = 0; row < 2; ++row)
            for (std::uint32_t column = 0; column < 6; ++column) {
              INFO("cell " << row << ", " << column);
              const Outcome expected = alone[row * 6 + column];
              CHECK(report.at(row, column) == (whole && wrote(expected) ? Outcome::not_attempted : expected));
            }
          // Whoever is let in somewhere is shown all accounts that are there, whatever became of their cells.
          for (std::uint32_t column = 0; column < 6; ++column)
            CHECK(report.accounts[column].id == (asks == stranger || column >= 4 ? AccountId{} : columns[column]));
        }
    }
}

TEST_CASE("every kind that gives roles: what stands against the role is said of a group that is not there, too") {
  for (const CommandKind kind : about_others()) {
    if (!gives_roles(kind)) continue;
    for (const auto& [role, verdict] :
         {std::pair{RoleId("king"), Outcome::role_not_found}, std::pair{ghost, Outcome::role_not_assignable}}) {
      INFO(text_of(kind) << " as " << role.view());
      Scenario in(kind);
      const Editable command = of(kind, both, {ann}, by(boss), role);
      command->groups = {gone, team};
      CHECK(in.outcomes(manager_rules(), *command) == Outcomes(2 * 4, verdict));
    }
  }
}

TEST_CASE("every kind with groups: how many columns they make is limited, and a name is not empty") {
  for (const CommandKind kind : about_others()) {
    INFO(text_of(kind));
    Scenario in(kind);
    std::uint32_t detail = 0;
    const auto run = [&](std::vector<GroupName> groups, std::uint32_t accounts_max, const AccountId& asks = boss,
                         bool hides = false, std::uint64_t cells_max = 1'000) {
      const Editable command = of(kind, both, {ann}, by(asks));
      command->groups = std::move(groups);
      return in.run(with(atomic(manager_rules()),
                         [&](Profile& p) {
                           p.accounts_max = accounts_max;
                           p.cells_max = cells_max;
                           p.hides_organizations = hides;
                         }),
                    *command);
    };
    const auto before = in.exactly();
    CHECK(code_of(run({team}, 2), &detail) == Errc::batch_too_large);  // three columns
    CHECK(detail == 2);
    CHECK(code_of(run({gone, nobody, team}, 3), &detail) == Errc::batch_too_large);    // four
    CHECK(code_of(run({team}, 3, boss, false, 5), &detail) == Errc::batch_too_large);  // six cells
    CHECK(detail == 5);
    const unsigned asked = in.outbox.fetches;
    CHECK(code_of(run({team, gone, nobody}, 2), &detail) == Errc::batch_too_large);  // three groups
    CHECK(code_of(run({team, GroupName{}, gone}, 9), &detail) == Errc::id_empty);
    CHECK(detail == 1);
    CHECK(in.outbox.fetches == asked);  // both can be said without looking
    // Who is refused everywhere, where that is hidden, hears neither how large a group is nor whether it is there.
    const std::vector<std::pair<std::vector<GroupName>, std::uint32_t>> secrets = {
        {{team}, 2}, {{team}, 100}, {{gone}, 2}, {{nobody}, 2}};
    for (const auto& [groups, limit] : secrets) {
      const auto told = run(groups, limit, stranger, true);
      REQUIRE(told.has_value());
      CHECK(told.assume_value().columns == 2);
      CHECK(told.assume_value().count(Outcome::forbidden) == 4);
    }
    CHECK(in.exactly() == before);
    // At the limits it is carried out.
    Scenario other(kind);
    const Editable fits = of(kind, both, {ann}, by(boss));
    fits->groups = {team};
    const auto done = other.run(with(manager_rules(), [](Profile& p) { p.accounts_max = 3, p.cells_max = 6; }), *fits);
    REQUIRE(done.has_value());
    CHECK(done.assume_value().succeeded());
    // Nothing but an empty group is nothing at all.
    const Editable empty = of(kind, both, {}, by(boss));
    empty->groups = {nobody};
    CHECK(code_of(other.run(manager_rules(), *empty)) == Errc::batch_empty);
    empty->groups = {gone};
    CHECK(other.outcomes(manager_rules(), *empty) == Outcomes(2, Outcome::group_not_found));
  }
}

TEST_CASE(
    "a command about oneself names the actor by its id, once, and nobody else: anything else is no such command") {
  const Email own = address("ann@x.example");
  for (const CommandKind kind : everything) {
    if (!is_own(kind)) continue;
    INFO(text_of(kind));
    Scenario in(kind);
    const auto before = in.exactly();
    const auto run = [&](People who, const Actor& asks = by(ann), std::vector<GroupName> groups = {}) {
      const Editable command = of(kind, both, {}, asks);
      command->accounts = std::move(who);
      command->groups = std::move(groups);
      return code_of(in.run(with(host_rules(), [](Profile& p) { p.by_id = false; }), *command));
    };
    CHECK(run({cid}) == Errc::actor_missing);
    CHECK(run({cid}, {ann, true}) == Errc::actor_missing);
    CHECK(run({ann}, by(cid)) == Errc::actor_missing);
    CHECK(run({ann, cid}) == Errc::actor_missing);
    CHECK(run({ann, ann}) == Errc::actor_missing);
    CHECK(run({own}) == Errc::actor_missing);
    CHECK(run({Username("ann")}) == Errc::actor_missing);
    CHECK(run({ann}, by(ann), {team}) == Errc::actor_missing);
    CHECK(run({ann}, by(ann), {gone}) == Errc::actor_missing);
    CHECK(run({}, by(ann), {team}) == Errc::actor_missing);
    CHECK(run({}) == Errc::batch_empty);
    CHECK(run({ann}, Actor{}) == Errc::actor_missing);
    CHECK(in.exactly() == before);
    CHECK(run({ann}) == Errc{});
    CHECK(in.exactly() != before);
  }
}

TEST_CASE(
    "a transfer names one new owner and the actor, with a role for each, and no group, limits do not count that") {
  Scenario in(CommandKind::transfer_ownership);
  const auto before = in.exactly();
  const auto run = [&](auto change) {
    TransferOwnership command(both, ann, owner, admin, by(boss));
    change(command);
    return code_of(in.run(with(manager_rules(), [](Profile& p) { p.accounts_max = 1; }), command));
  };
  using T = TransferOwnership;
  CHECK(run([](T& c) { c.accounts = People{ann, cid}; }) == Errc::actor_missing);
  CHECK(run([](T& c) { c.accounts = People{boss, ann}; }) == Errc::actor_missing);
  CHECK(run([](T& c) { c.accounts = People{ann}; }) == Errc::actor_missing);
  CHECK(run([](T& c) { c.accounts = People{ann, cid, boss}; }) == Errc::actor_missing);
  CHECK(run([](T& c) { c.accounts = People{ann, address("boss@x.example")}; }) == Errc::actor_missing);
  CHECK(run([](T& c) { c.groups = {team}; }) == Errc::actor_missing);
  CHECK(run([](T& c) { c.groups = {gone}; }) == Errc::actor_missing);
  CHECK(run([](T& c) { c.roles = owner; }) == Errc::roles_malformed);
  CHECK(run([](T& c) { c.roles = {owner, admin, clerk}; }) == Errc::roles_malformed);
  CHECK(run([](T& c) { c.cell_roles = {0, 1}; }) == Errc::roles_malformed);
  CHECK(run([](T& c) { c.cell_roles = {0, 1, 1, 0}; }) == Errc::roles_malformed);
  CHECK(run([](T& c) { c.cell_roles = {0, 0, 0, 1}; }) == Errc::roles_malformed);
  CHECK(run([](T& c) { c.cell_roles.clear(); }) == Errc::roles_malformed);
  CHECK(in.exactly() == before);
  CHECK(run([](T&) {}) == Errc{});
  CHECK(in.at(ann) == "owner active");
  CHECK(in.at(boss, works) == "admin active");
}

TEST_CASE("every kind shows every account that it was asked about, refused or not, named however") {
  for (const CommandKind kind : about_others())
    for (const std::uint32_t tile : {1u, 2u, 16'384u}) {
      INFO(text_of(kind) << ", tiles of " << tile);
      Scenario in(kind);
      in.put_account({.id = stranger, .username = Username("zoe")});
      // In order: refused, done, refused, not there, done, refused.
      const People who{emil, ann, Username("zoe"), AccountId("nobody"), address("CID@x.example"), bob};
      const auto answer = in.run(manager_rules(), *of(kind, {acme}, who, by(boss)), {.tile_cells_max = tile});
      REQUIRE(answer.has_value());
      const Report& report = answer.assume_value();
      const std::array<AccountId, 6> shown{emil, ann, stranger, AccountId{}, cid, bob};
      for (std::uint32_t i = 0; i < 6; ++i) CHECK(report.accounts[i].id == shown[i]);
      CHECK(report.at(0, 3) == Outcome::account_not_found);
      CHECK(wrote(report.at(0, 1)));
      CHECK(wrote(report.at(0, 4)));
    }
}

TEST_CASE("every kind: every cell of its report is explained by what it asks there, and no other cell is") {
  for (const CommandKind kind : everything) {
    INFO(text_of(kind));
    Scenario in(kind);
    if (kind == CommandKind::transfer_ownership) in.put(works, bob, owner);
    const Actor asks = by(is_own(kind) ? ann : boss);
    const Editable command = of(kind, both, {ann, emil}, asks);
    command->idempotency_key = key("k");
    const bool others = !is_own(kind) && kind != CommandKind::transfer_ownership;
    if (others) command->groups = {team, gone};
    std::vector<RoleId> asked(2 * 5);
    if (gives_roles(kind)) {
      auto& roles = static_cast<RoleCommand&>(*command);
      roles.roles = {clerk, RoleId{}, admin};
      roles.cell_roles = {2, 1, 0, 2};
      asked = {admin, {}, clerk, clerk, clerk, clerk, admin, clerk, clerk, clerk};  // groups ask for the first
    }
    if (kind == CommandKind::transfer_ownership) asked = {owner, admin, owner, admin};
    const auto answer = in.run(manager_rules(), *command);
    REQUIRE(answer.has_value());
    const Report& report = answer.assume_value();
    REQUIRE(report.columns == (others ? 5u : kind == CommandKind::transfer_ownership ? 2u : 1u));
    for (std::uint32_t row = 0; row <= report.rows + 1; ++row)
      for (std::uint32_t column = 0; column <= report.columns + 1; ++column) {
        INFO(row << ", " << column);
        const auto why = explain(*command, report, row, column);
        REQUIRE(why.has_value() == (row < report.rows && column < report.columns));
        if (!why) continue;
        CHECK(why->outcome == report.at(row, column));
        CHECK(why->subject == subject(report.at(row, column)));
        CHECK(*why->organization == both[row]);
        const bool named = column < command->accounts.size();
        REQUIRE((why->account != nullptr) == named);
        if (named) CHECK(*why->account == command->accounts.span()[column]);
        CHECK(why->account_id == report.accounts[column].id);
        CHECK(why->actor == asks.id);
        CHECK(why->requested_role == asked[row * report.columns + column]);
        CHECK(why->current_role == report.role(row, column));
        CHECK(why->idempotency_key == key("k"));
      }
    for (const std::uint32_t far : {1u << 16, no_index - 1, no_index}) {
      CHECK_FALSE(explain(*command, report, far, 0).has_value());
      CHECK_FALSE(explain(*command, report, 0, far).has_value());
      CHECK_FALSE(explain(*command, report, far, far).has_value());
    }
  }
}

TEST_CASE("a report that is not the command's is explained as far as the two go together, and no list is overrun") {
  Scenario in(CommandKind::add);
  AddMembers wide(both, People{ann, cid, dora}, clerk, by(boss));
  wide.cell_roles = {0, 0, 0, 0, 0, 0};
  auto answer = in.run(manager_rules(), wide);
  REQUIRE(answer.has_value());
  Report& report = answer.assume_value();
  const auto of_all = [&](const Command& command) {
    unsigned explained = 0;
    for (std::uint32_t row = 0; row < 4; ++row)
      for (std::uint32_t column = 0; column < 4; ++column)
        explained += explain(command, report, row, column).has_value() ? 1 : 0;
    return explained;
  };
  CHECK(of_all(wide) == 6);
  CHECK(of_all(AddMembers(acme, People{ann, cid, dora}, clerk, by(boss))) == 3);  // of one row less
  const AddMembers narrow(both, People{ann}, clerk, by(boss));
  CHECK(of_all(narrow) == 6);
  CHECK(explain(narrow, report, 0, 0)->account != nullptr);
  CHECK(explain(narrow, report, 0, 1)->account == nullptr);
  AddMembers few = wide;
  few.cell_roles = {0, 7};  // fewer than cells, and one outside the roles
  CHECK(explain(few, report, 0, 0)->requested_role == clerk);
  CHECK(explain(few, report, 0, 1)->requested_role.empty());
  CHECK(explain(few, report, 1, 2)->requested_role == clerk);
  few.roles = OneOrMany<RoleId>();
  CHECK(explain(few, report, 0, 0)->requested_role.empty());
  report.accounts.truncate(1);
  CHECK(explain(wide, report, 0, 0)->account_id == ann);
  CHECK(explain(wide, report, 0, 1)->account_id.empty());
  report.cell_roles.truncate(1);
  CHECK(explain(wide, report, 0, 0)->current_role == clerk);
  CHECK(explain(wide, report, 0, 1)->current_role.empty());
  report.roles.clear();
  CHECK(explain(wide, report, 0, 0)->current_role.empty());
  report.outcomes.truncate(4);
  CHECK(of_all(wide) == 4);
  report.outcomes.clear();
  CHECK(of_all(wide) == 0);
}

}
