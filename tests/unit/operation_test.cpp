// Proves how an operation moves: what it needs after each step, and what it does with each answer.
#include <cstring>
#include <new>

#include "unit/manual_operation.hpp"

namespace operation_test {

using namespace by_hand;

namespace {

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

}  // namespace

TEST_CASE("a new add needs facts, then a commit, then nothing") {
  AddMembers command = single("chief");
  command.actor.id = account("boss");
  ManualOperation manual(command);
  REQUIRE(manual.operation.need() == Need::facts);
  CHECK(manual.operation.query().rows() == 1);
  CHECK(manual.operation.query().columns() == 1);
  CHECK(manual.operation.query().actor.empty());  // nobody judges the actor, so nobody asks
  CHECK(manual.operation.query().idempotency_key.empty());
  CHECK(manual.operation.query().roles.empty());
  CHECK_FALSE(manual.operation.query().parents);
  manual.everybody_is_there();
  REQUIRE(manual.operation.need() == Need::commit);
  CHECK(manual.operation.changes().added.size() == 1);
  CHECK(manual.operation.changes().at == Time{42});
  CHECK_FALSE(manual.operation.changes().idempotency_key.empty());
  const IdempotencyKey drawn = manual.operation.changes().idempotency_key;
  manual.operation.committed(success());
  const Report report = manual.report();
  CHECK(report.at(0, 0) == Outcome::added);
  CHECK(bound(report.idempotency_key, account("boss")) == drawn);
  CHECK_FALSE(report.stopped.has_value());
  CHECK(report.role(0, 0) == role("chief"));
}

TEST_CASE("an add that changes nothing needs facts, then nothing, and draws nothing") {
  ManualOperation manual(two());
  manual.everybody_is_member(false);
  CHECK(manual.outcomes() == Outcomes{Outcome::existing, Outcome::existing});
  CHECK(manual.ids.memberships + manual.ids.accounts == 0);
}

TEST_CASE("the query asks for what the profile judges: actor, parents, the organizations' own roles") {
  AddMembers command = single("chief");
  command.actor.id = account("boss");
  command.idempotency_key = IdempotencyKey::of("k");
  Profile profile = wide_profile();
  profile.actor = ActorRule::parent_manager;
  profile.roles = {};
  {
    ManualOperation manual(command, profile);
    CHECK(manual.operation.query().actor == account("boss"));
    CHECK(manual.operation.query().parents);
    CHECK(manual.operation.query().idempotency_key == bound(IdempotencyKey::of("k"), account("boss")));
    REQUIRE(manual.operation.query().roles.size() == 1);
    CHECK(manual.operation.query().roles[0] == role("chief"));
  }
  command.actor.staff = true;
  profile.parent = ParentRule::add;
  profile.parent_role = role("guest");
  ManualOperation manual(command, profile);
  CHECK(manual.operation.query().actor.empty());
  REQUIRE(manual.operation.query().roles.size() == 2);
  CHECK(manual.operation.query().roles[1] == role("guest"));
}

TEST_CASE("a command with groups asks for their accounts first, they become further columns, each once") {
  AddMembers command = two();
  command.groups = {named<GroupName>("crew"), named<GroupName>("gone"), named<GroupName>("team")};
  ManualOperation manual(command);
  REQUIRE(manual.operation.need() == Need::facts);
  CHECK(manual.operation.query().groups.size() == 3);
  CHECK(manual.operation.query().organizations.empty());
  Facts& facts = manual.operation.facts();
  for (const GroupFact& group : {GroupFact{true, 3}, GroupFact{false, 0}, GroupFact{true, 1}})
    REQUIRE(facts.groups.try_push_back(group));
  for (const char* const who : {"z", "b", "z", "b"}) REQUIRE(facts.group_accounts.try_push_back(account(who)));
  manual.operation.provide(success());
  REQUIRE(manual.operation.need() == Need::facts);
  CHECK(manual.operation.query().groups.empty());
  REQUIRE(manual.operation.query().group_accounts.size() == 2);
  CHECK(manual.operation.query().group_accounts[0] == account("z"));
  CHECK(manual.operation.query().group_accounts[1] == account("b"));
  manual.everybody_is_there();
  manual.operation.committed(success());
  const Report report = manual.report();
  CHECK(report.direct_columns == 2);
  CHECK(report.columns == 5);
  CHECK(Outcomes(report.outcomes.begin(), report.outcomes.end()) ==
        Outcomes{Outcome::added, Outcome::added, Outcome::added, Outcome::replayed, Outcome::group_not_found});
}

TEST_CASE("calls that do not fit the need change nothing") {
  ManualOperation manual(two());
  const auto unchanged = [&](Need need) {
    CHECK(manual.operation.need() == need);
    auto early = manual.operation.finish();
    REQUIRE(early.has_error());
    CHECK(early.assume_error() == Error(Errc::not_finished));
  };
  manual.operation.committed(success());
  manual.operation.committed(Errc::stale);
  manual.operation.committed(Errc::store_failed);
  unchanged(Need::facts);
  manual.everybody_is_there();
  manual.operation.provide(success());
  manual.operation.provide(Errc::store_failed);
  unchanged(Need::commit);
  CHECK(manual.operation.changes().added.size() == 2);
  manual.operation.committed(success());
  manual.operation.provide(Errc::store_failed);
  manual.operation.committed(Errc::store_failed);
  CHECK(manual.outcomes() == Outcomes{Outcome::added, Outcome::added});
  auto again = manual.operation.finish();
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
  ManualOperation manual(single());
  manual.everybody_is_there();
  const IdempotencyKey drawn = manual.operation.changes().idempotency_key;
  manual.operation.committed(Errc::stale);
  REQUIRE(manual.operation.need() == Need::facts);
  CHECK(manual.operation.facts().organizations.empty());
  CHECK(manual.operation.query().idempotency_key == drawn);  // one key for all its tries
  manual.everybody_is_member(false);
  CHECK(manual.outcomes() == Outcomes{Outcome::existing});
}

TEST_CASE("stale: a tile of best effort is halved, row by row first, an atomic one is decided again whole") {
  const AddMembers four(places({"o1", "o2"}), people({"a", "b"}));
  Profile atomic = wide_profile();
  atomic.mode = Mode::atomic;
  {
    ManualOperation manual(four, atomic);
    manual.everybody_is_there();
    manual.operation.committed(Errc::stale);
    CHECK(manual.operation.query().rows() == 2);
    CHECK(manual.operation.query().columns() == 2);
  }
  ManualOperation manual(four);
  manual.everybody_is_there();
  manual.operation.committed(Errc::stale);
  CHECK(manual.operation.query().rows() == 1);
  manual.everybody_is_there();
  manual.operation.committed(Errc::stale);
  CHECK(manual.operation.query().columns() == 1);
  manual.everybody_is_there();
  manual.operation.committed(success());
  manual.everybody_is_member(false);
  manual.everybody_is_there();
  CHECK(manual.operation.changes().added.size() == 2);
  manual.operation.committed(success());
  CHECK(manual.outcomes() == Outcomes{Outcome::added, Outcome::existing, Outcome::added, Outcome::added});
}

TEST_CASE("a lost answer: what is there now tells, and own writes show as replayed") {
  ManualOperation manual(two());
  manual.everybody_is_there();
  manual.operation.committed(Error(Errc::store_failed, 7));
  REQUIRE(manual.operation.need() == Need::facts);
  CHECK_FALSE(manual.operation.query().idempotency_key.empty());
  manual.everybody_is_member(true);
  CHECK(manual.outcomes() == Outcomes{Outcome::replayed, Outcome::replayed});
}

TEST_CASE("a lost answer, and nothing is there: it is written after all, under the same key") {
  ManualOperation manual(two());
  manual.everybody_is_there();
  const IdempotencyKey key = manual.operation.changes().idempotency_key;
  manual.operation.committed(Errc::store_failed);
  manual.everybody_is_there();
  REQUIRE(manual.operation.need() == Need::commit);
  CHECK(manual.operation.changes().idempotency_key == key);
  manual.operation.committed(success());
  CHECK(manual.outcomes() == Outcomes{Outcome::added, Outcome::added});
}

TEST_CASE("an error that a commit must not give is a lost answer, too") {
  for (const Errc strange : {Errc::contended, Errc::not_found, Errc::exists, static_cast<Errc>(999)}) {
    ManualOperation manual(single());
    manual.everybody_is_there();
    manual.operation.committed(strange);
    CHECK(manual.operation.need() == Need::facts);
    manual.everybody_is_member(true);
    CHECK(manual.outcomes() == Outcomes{Outcome::replayed});
  }
}

TEST_CASE("what was settled stays in the report when the operation stops, the rest is undecided") {
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
    ManualOperation manual(two(), wide_profile(), {.tile_cells_max = 1});
    manual.everybody_is_there();
    manual.operation.committed(success());
    if (row.on_commit) {
      manual.everybody_is_there();
      manual.operation.committed(row.given);
    } else {
      manual.operation.provide(row.given);
    }
    const Report report = manual.report();
    CHECK(report.at(0, 0) == Outcome::added);
    CHECK(report.at(0, 1) == Outcome::undecided);
    CHECK(report.accounts[1].id.empty());
    CHECK_FALSE(report.idempotency_key.empty());
    REQUIRE(report.stopped.has_value());
    CHECK(*report.stopped == row.reported);
  }
}

TEST_CASE("lost answers are read again at most unknown_commit_retries_max times a tile") {
  for (const std::uint32_t replays : {0u, 1u, 3u}) {
    Desk desk;
    desk.commit_error = {Errc::store_failed, 9};
    ManualOperation manual(single(), wide_profile(), {.unknown_commit_retries_max = replays});
    auto result = drive(manual.operation, desk);
    REQUIRE(result.has_error());
    CHECK(result.assume_error() == Error(Errc::store_failed, 9));
    CHECK(desk.commits == replays + 1);
    CHECK(desk.fetches == replays + 1);
  }
}

}
