// Proves how an operation moves: what it needs after each step, what it does with each answer, and each error it gives.
#include <cstring>
#include <new>
#include <set>

#include "unit/facts_by_hand.hpp"

using namespace by_hand;
using Need = Operation::Need;

namespace {

/// An operation on its way, answered by hand.
struct Walk {
  explicit Walk(AddMembers asked, Profile rules = wide_profile(), Options options = {})
      : profile(std::move(rules)), command(std::move(asked)), operation(profile, command, {Time{42}, &ids, options.details}, options) {}
  Walk(const Walk&) = delete;

  void everybody_is_there() { operation.provide(Desk::answer(operation.query(), operation.facts())); }
  /// Everybody is there, and a member already.
  void everybody_is_member(bool by_this_request) {
    REQUIRE(Desk::answer(operation.query(), operation.facts()).has_value());
    Facts& facts = operation.facts();
    REQUIRE(facts.roles.push({.id = role("clerk")}));
    const auto known = static_cast<RoleIndex>(facts.roles.size() - 1);
    for (std::uint32_t row = 0; row < operation.query().rows(); ++row)
      for (std::uint32_t column = 0; column < operation.query().columns(); ++column)
        REQUIRE(facts.memberships.push({.organization = row, .account = column, .id = membership_id(7), .role = known,
                                        .written_by_request = by_this_request}));
    operation.provide(success());
  }
  Report report() {
    REQUIRE(operation.need() == Need::nothing);
    auto finished = operation.finish();
    REQUIRE(finished.has_value());
    return std::move(finished).assume_value();
  }
  Error error() {
    REQUIRE(operation.need() == Need::nothing);
    auto finished = operation.finish();
    REQUIRE(finished.has_error());
    return finished.assume_error();
  }
  Outcomes outcomes() {
    const Report all = report();
    return {all.outcomes.begin(), all.outcomes.end()};
  }

  Profile profile;
  AddMembers command;
  Numbers ids;
  Operation operation;
};

/// A place for an operation that leaves nothing readable behind: whoever still looks there sees it.
class Berth {
 public:
  template <class... From>
  Operation& holds(From&&... from) {
    return *(held_ = ::new (static_cast<void*>(bytes_)) Operation(std::forward<From>(from)...));
  }
  void wipe() {
    held_->~Operation();
    std::memset(bytes_, 0xDD, sizeof bytes_);
  }

 private:
  alignas(Operation) unsigned char bytes_[sizeof(Operation)];
  Operation* held_ = nullptr;
};

AddMembers two() {
  return {organization("o"), people({"a", "b"})};
}

}  // namespace

TEST_CASE("a new add needs facts, then a commit, then nothing") {
  AddMembers command = single("chief");
  command.actor.id = account("boss");
  Walk walk(command);
  REQUIRE(walk.operation.need() == Need::facts);
  CHECK(walk.operation.query().rows() == 1);
  CHECK(walk.operation.query().columns() == 1);
  CHECK(walk.operation.query().actor.empty());  // nobody judges the actor, so nobody asks
  CHECK(walk.operation.query().request.empty());
  CHECK(walk.operation.query().roles.empty());
  CHECK_FALSE(walk.operation.query().parents);
  walk.everybody_is_there();
  REQUIRE(walk.operation.need() == Need::commit);
  CHECK(walk.operation.changes().added.size() == 1);
  CHECK(walk.operation.changes().at == Time{42});
  CHECK_FALSE(walk.operation.changes().request.empty());
  const RequestKey drawn = walk.operation.changes().request;
  walk.operation.committed(success());
  const Report report = walk.report();
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(report.request == drawn);
  CHECK_FALSE(report.stopped.has_value());
  CHECK(report.role(0, 0) == role("chief"));
}

TEST_CASE("an add that changes nothing needs facts, then nothing, and draws nothing") {
  Walk walk(two());
  walk.everybody_is_member(false);
  CHECK(walk.outcomes() == Outcomes{Outcome::existing, Outcome::existing});
  CHECK(walk.ids.memberships + walk.ids.accounts == 0);
}

TEST_CASE("the query asks for what the profile judges: actor, parents, the organizations' own roles") {
  AddMembers command = single("chief");
  command.actor.id = account("boss");
  command.request = RequestKey::of("k");
  Profile profile = wide_profile();
  profile.actor = ActorRule::parent_manager;
  profile.roles = {};
  {
    Walk walk(command, profile);
    CHECK(walk.operation.query().actor == account("boss"));
    CHECK(walk.operation.query().parents);
    CHECK(walk.operation.query().request == RequestKey::of("k"));
    REQUIRE(walk.operation.query().roles.size() == 1);
    CHECK(walk.operation.query().roles[0] == role("chief"));
  }
  command.actor.staff = true;
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  Walk walk(command, profile);
  CHECK(walk.operation.query().actor.empty());
  REQUIRE(walk.operation.query().roles.size() == 2);
  CHECK(walk.operation.query().roles[1] == role("guest"));
}

TEST_CASE("a command with groups asks for their accounts first; they become further columns, each once") {
  AddMembers command = two();
  command.groups = {named<GroupName>("crew"), named<GroupName>("gone"), named<GroupName>("team")};
  Walk walk(command);
  REQUIRE(walk.operation.need() == Need::facts);
  CHECK(walk.operation.query().groups.size() == 3);
  CHECK(walk.operation.query().organizations.empty());
  Facts& facts = walk.operation.facts();
  for (const GroupFact& group : {GroupFact{true, 3}, GroupFact{false, 0}, GroupFact{true, 1}}) REQUIRE(facts.groups.push(group));
  for (const char* const who : {"z", "b", "z", "b"}) REQUIRE(facts.group_accounts.push(account(who)));
  walk.operation.provide(success());
  REQUIRE(walk.operation.need() == Need::facts);
  CHECK(walk.operation.query().groups.empty());
  REQUIRE(walk.operation.query().group_accounts.size() == 2);
  CHECK(walk.operation.query().group_accounts[0] == account("z"));
  CHECK(walk.operation.query().group_accounts[1] == account("b"));
  walk.everybody_is_there();
  walk.operation.committed(success());
  const Report report = walk.report();
  CHECK(report.named == 2);
  CHECK(report.columns == 5);
  CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) ==
        Outcomes{Outcome::added, Outcome::added, Outcome::added, Outcome::replayed, Outcome::group_not_found});
}

TEST_CASE("calls that do not fit the need change nothing") {
  Walk walk(two());
  const auto unchanged = [&](Need need) {
    CHECK(walk.operation.need() == need);
    auto early = walk.operation.finish();
    REQUIRE(early.has_error());
    CHECK(early.assume_error() == Error(Errc::not_finished));
  };
  walk.operation.committed(success());
  walk.operation.committed(Errc::stale);
  walk.operation.committed(Errc::store_failed);
  unchanged(Need::facts);
  walk.everybody_is_there();
  walk.operation.provide(success());
  walk.operation.provide(Errc::store_failed);
  unchanged(Need::commit);
  CHECK(walk.operation.changes().added.size() == 2);
  walk.operation.committed(success());
  walk.operation.provide(Errc::store_failed);
  walk.operation.committed(Errc::store_failed);
  CHECK(walk.outcomes() == Outcomes{Outcome::added, Outcome::added});
  auto again = walk.operation.finish();
  REQUIRE(again.has_error());
  CHECK(again.assume_error().code == Errc::not_finished);
}

TEST_CASE("an operation may be moved between any two steps: nothing that it shows stays behind in the old place") {
  // One account fits into an operation itself, more are kept apart: moving is different for each.
  const std::uint32_t accounts = GENERATE(1u, 2u, 9u);
  Profile profile = wide_profile();
  profile.roles = {};
  std::vector<AccountSelector> who;
  for (std::uint32_t i = 0; i < accounts; ++i) who.push_back(account("a" + std::to_string(i)));
  const AddMembers command(organization("o"), who, role("tutor"));
  Numbers ids;
  Berth first, second, third;
  Operation& begun = first.holds(profile, command, Context{Time{1}, &ids, true});
  Operation& asked = second.holds(std::move(begun));
  first.wipe();
  REQUIRE(asked.query().roles.size() == 1);
  CHECK(asked.query().roles[0] == role("tutor"));
  CHECK(asked.query().accounts.size() == accounts);
  asked.provide(Desk::answer(asked.query(), asked.facts()));
  Operation& decided = third.holds(std::move(asked));
  second.wipe();
  REQUIRE(decided.need() == Need::commit);
  REQUIRE(decided.changes().organizations.size() == 1);
  REQUIRE(decided.changes().accounts.size() == accounts);
  CHECK(decided.changes().organizations[0].id == organization("o"));
  CHECK(decided.changes().accounts[accounts - 1].id == std::get<AccountId>(who.back()));
  CHECK(decided.changes().roles[0] == role("tutor"));
  Operation assigned(profile, command, Context{Time{1}, &ids, true});
  assigned = std::move(decided);
  third.wipe();
  assigned.committed(success());
  auto result = assigned.finish();
  REQUIRE(result.has_value());
  const Report& report = result.assume_value();
  CHECK(report.count(Outcome::added) == accounts);
  CHECK(report.accounts[accounts - 1].id == std::get<AccountId>(who.back()));
  CHECK(report.role(0, accounts - 1) == role("tutor"));
}

TEST_CASE("stale: nothing was written, so the operation looks again and may come to another answer") {
  Walk walk(single());
  walk.everybody_is_there();
  const RequestKey drawn = walk.operation.changes().request;
  walk.operation.committed(Errc::stale);
  REQUIRE(walk.operation.need() == Need::facts);
  CHECK(walk.operation.facts().organizations.empty());
  CHECK(walk.operation.query().request == drawn);  // one key for all its tries
  walk.everybody_is_member(false);
  CHECK(walk.outcomes() == Outcomes{Outcome::existing});
}

TEST_CASE("stale: a tile of best effort is halved, row by row first; an atomic one is decided again whole") {
  const AddMembers four(places({"o1", "o2"}), people({"a", "b"}));
  Profile atomic = wide_profile();
  atomic.mode = Mode::atomic;
  {
    Walk walk(four, atomic);
    walk.everybody_is_there();
    walk.operation.committed(Errc::stale);
    CHECK(walk.operation.query().rows() == 2);
    CHECK(walk.operation.query().columns() == 2);
  }
  Walk walk(four);
  walk.everybody_is_there();
  walk.operation.committed(Errc::stale);
  CHECK(walk.operation.query().rows() == 1);
  walk.everybody_is_there();
  walk.operation.committed(Errc::stale);
  CHECK(walk.operation.query().columns() == 1);
  walk.everybody_is_there();
  walk.operation.committed(success());
  walk.everybody_is_member(false);
  walk.everybody_is_there();
  CHECK(walk.operation.changes().added.size() == 2);
  walk.operation.committed(success());
  CHECK(walk.outcomes() == Outcomes{Outcome::added, Outcome::existing, Outcome::added, Outcome::added});
}

TEST_CASE("a lost answer: what is there now tells, and own writes show as replayed") {
  Walk walk(two());
  walk.everybody_is_there();
  walk.operation.committed(Error(Errc::store_failed, 7));
  REQUIRE(walk.operation.need() == Need::facts);
  CHECK_FALSE(walk.operation.query().request.empty());
  walk.everybody_is_member(true);
  CHECK(walk.outcomes() == Outcomes{Outcome::replayed, Outcome::replayed});
}

TEST_CASE("a lost answer, and nothing is there: it is written after all, under the same key") {
  Walk walk(two());
  walk.everybody_is_there();
  const RequestKey key = walk.operation.changes().request;
  walk.operation.committed(Errc::store_failed);
  walk.everybody_is_there();
  REQUIRE(walk.operation.need() == Need::commit);
  CHECK(walk.operation.changes().request == key);
  walk.operation.committed(success());
  CHECK(walk.outcomes() == Outcomes{Outcome::added, Outcome::added});
}

TEST_CASE("an error that a commit must not give is a lost answer, too") {
  for (const Errc strange : {Errc::contended, Errc::not_found, Errc::exists, static_cast<Errc>(999)}) {
    Walk walk(single());
    walk.everybody_is_there();
    walk.operation.committed(strange);
    CHECK(walk.operation.need() == Need::facts);
    walk.everybody_is_member(true);
    CHECK(walk.outcomes() == Outcomes{Outcome::replayed});
  }
}

TEST_CASE("what was settled stays in the report when the operation stops; the rest is undecided") {
  struct Row {
    const char* statement;
    Error given, reported;
    bool on_commit;
  };
  for (const Row& row : {Row{"a failed fetch", {Errc::store_failed, 7}, {Errc::store_failed, 7}, false},
                         Row{"no memory to fetch", Errc::out_of_memory, Errc::out_of_memory, false},
                         Row{"an error that a fetch must not give", Errc::stale, Errc::store_failed, false},
                         Row{"no memory to commit", Errc::out_of_memory, Errc::out_of_memory, true}}) {
    INFO(row.statement);
    Walk walk(two(), wide_profile(), {.tile_cells_max = 1});
    walk.everybody_is_there();
    walk.operation.committed(success());
    if (row.on_commit) {
      walk.everybody_is_there();
      walk.operation.committed(row.given);
    } else {
      walk.operation.provide(row.given);
    }
    const Report report = walk.report();
    CHECK(report.at(0, 0) == Outcome::added);
    CHECK(report.at(0, 1) == Outcome::undecided);
    CHECK(report.accounts[1].id.empty());
    CHECK_FALSE(report.request.empty());
    REQUIRE(report.stopped.has_value());
    CHECK(*report.stopped == row.reported);
  }
}

TEST_CASE("lost answers are read again at most replays_max times a tile") {
  for (const std::uint32_t replays : {0u, 1u, 3u}) {
    Desk desk;
    desk.commit_error = {Errc::store_failed, 9};
    Walk walk(single(), wide_profile(), {.replays_max = replays});
    auto result = drive(walk.operation, desk);
    REQUIRE(result.has_error());
    CHECK(result.assume_error() == Error(Errc::store_failed, 9));
    CHECK(desk.commits == replays + 1);
    CHECK(desk.fetches == replays + 1);
  }
}

TEST_CASE("every error that an operation can give has its cause") {
  std::set<Errc> seen;
  const auto refused = [&](Error expected, AddMembers command, Profile profile = wide_profile()) {
    Walk walk(std::move(command), std::move(profile));
    const Error error = walk.error();
    INFO(name(error.code));
    CHECK(error == expected);
    seen.insert(error.code);
  };
  const auto with = [](auto change) {
    Profile profile = wide_profile();
    change(profile);
    return profile;
  };
  using Some = std::vector<AccountSelector>;
  refused(Errc::batch_empty, {});
  refused(Errc::batch_empty, {organization("o"), Some{}});
  refused(Errc::batch_empty, {std::vector<OrganizationSelector>{}, account("a")});
  refused({Errc::batch_too_large, 1}, two(), with([](Profile& p) { p.accounts_max = 1; }));
  refused({Errc::batch_too_large, 1}, {places({"o", "p"}), account("a")}, with([](Profile& p) { p.organizations_max = 1; }));
  refused({Errc::batch_too_large, 3}, {places({"o", "p"}), people({"a", "b"})}, with([](Profile& p) { p.cells_max = 3; }));
  refused({Errc::selector_not_accepted, 1}, {organization("o"), Some{account("a"), email("a@x.example")}},
          with([](Profile& p) { p.by_email = false; }));
  refused({Errc::selector_not_accepted, 0}, single(), with([](Profile& p) { p.by_id = false; }));
  refused({Errc::selector_not_accepted, 0}, {organization("o"), named<Username>("a")}, with([](Profile& p) { p.by_username = false; }));
  refused({Errc::id_empty, 1}, {organization("o"), Some{account("a"), AccountId{}}});
  refused({Errc::id_empty, 0}, {organization("o"), Username{}});
  refused({Errc::id_empty, 0}, {Slug{}, account("a")});
  refused({Errc::id_empty, 0}, {OrganizationId{}, account("a")});
  refused({Errc::id_empty, 1}, {std::vector<OrganizationSelector>{organization("o"), Nested{organization("o"), {}}}, account("a")});
  refused({Errc::email_empty, 1}, {organization("o"), Some{account("a"), Email{}}});
  const auto cell_roles = [](std::vector<RoleIndex> indexes) {
    AddMembers command = two();
    command.roles = role("guest");
    command.cell_roles = std::move(indexes);
    return command;
  };
  for (const std::vector<RoleIndex>& indexes : {std::vector<RoleIndex>{0}, {0, 0, 0}}) {
    Walk walk(cell_roles(indexes));
    CHECK(walk.error().code == Errc::roles_malformed);
  }
  {
    Walk walk(cell_roles({0, 1}));
    CHECK(walk.error().code == Errc::roles_malformed);
    seen.insert(Errc::roles_malformed);
  }
  for (const ActorRule rule : {ActorRule::member, ActorRule::manager, ActorRule::parent_manager})
    refused(Errc::actor_missing, single(), with([&](Profile& p) { p.actor = rule; }));
  refused(Errc::profile_malformed, single(), with([](Profile& p) { p.default_role = role("king"); }));
  refused(Errc::profile_malformed, single(), with([](Profile& p) { p.default_role = role("ghost"); }));
  refused(Errc::profile_malformed, single(), with([](Profile& p) { p.parent = ParentRule::add; }));
  refused(Errc::profile_malformed, single(), with([](Profile& p) {
            p.parent = ParentRule::add;
            p.parent_role = role("king");
          }));
  {
    Walk walk(single());
    walk.operation.provide(Error(Errc::store_failed, 3));
    CHECK(walk.error() == Error(Errc::store_failed, 3));
    seen.insert(Errc::store_failed);
  }
  {
    Walk walk(single());
    walk.operation.provide(success());  // says that it answered, and did not
    CHECK(walk.error() == Error(Errc::store_broke_contract));
    seen.insert(Errc::store_broke_contract);
  }
  {
    Walk walk(single());
    walk.operation.provide(Errc::out_of_memory);
    CHECK(walk.error() == Error(Errc::out_of_memory));
    seen.insert(Errc::out_of_memory);
  }
  {
    Desk desk;
    desk.commit_error = Errc::stale;
    Walk walk(single());
    auto result = drive(walk.operation, desk);
    REQUIRE(result.has_error());
    CHECK(result.assume_error() == Error(Errc::contended));
    seen.insert(Errc::contended);
  }
  {
    Walk walk(single());
    auto early = walk.operation.finish();
    REQUIRE(early.has_error());
    seen.insert(early.assume_error().code);
  }
  for (const Errc code : {Errc::batch_empty, Errc::batch_too_large, Errc::roles_malformed, Errc::actor_missing,
                          Errc::selector_not_accepted, Errc::id_empty, Errc::email_empty, Errc::profile_malformed,
                          Errc::contended, Errc::store_failed, Errc::store_broke_contract, Errc::out_of_memory,
                          Errc::not_finished}) {
    INFO(name(code));
    CHECK(seen.count(code) == 1);
  }
}

TEST_CASE("a command that is malformed only after its groups are known is refused then, and nothing more is asked") {
  AddMembers command;
  command.organizations = organization("o");
  command.groups = {named<GroupName>("crew")};
  Profile profile = wide_profile();
  profile.accounts_max = 2;
  {
    Walk walk(command, profile);
    REQUIRE(walk.operation.facts().groups.push({true, 0}));
    walk.operation.provide(success());
    CHECK(walk.error() == Error(Errc::batch_empty));
  }
  {
    Walk walk(command, profile);
    REQUIRE(walk.operation.facts().groups.push({true, 3}));
    for (const char* const who : {"a", "b", "c"}) REQUIRE(walk.operation.facts().group_accounts.push(account(who)));
    walk.operation.provide(success());
    CHECK(walk.error() == Error(Errc::batch_too_large, 2));
  }
  Walk walk(command, profile);
  REQUIRE(walk.operation.facts().groups.push({true, 1}));
  walk.operation.provide(success());
  CHECK(walk.error() == Error(Errc::store_broke_contract));
}

TEST_CASE("staff need no actor id, and an operation without identifiers never starts") {
  Profile profile = wide_profile();
  profile.actor = ActorRule::manager;
  AddMembers command = single();
  command.actor.staff = true;
  Walk walk(command, profile);
  CHECK(walk.operation.need() == Need::facts);
  Operation without(profile, command, Context{Time{1}, nullptr, true});
  REQUIRE(without.need() == Need::nothing);
  auto refused = without.finish();
  REQUIRE(refused.has_error());
  CHECK(refused.assume_error().code == Errc::profile_malformed);
}
