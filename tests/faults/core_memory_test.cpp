// Proves that memory may end at every allocation of the rules and of the drive, in commands so large that every list
// grows in every place where it can: what is committed is what would have been, guard by guard, or it is not committed.
#include <functional>
#include <memory>
#include <optional>

#include "faults/allocations.hpp"
#include "faults/fault_cases.hpp"
#include "support/fixture.hpp"

namespace core_memory_test {

using namespace faults;
using roster_test::all_of;

namespace {

constexpr std::uint32_t crew = 10;  ///< accounts a0, a1...; and as many addresses that nobody has

OrganizationId place(std::uint32_t i) {
  return OrganizationId::parse("o" + std::to_string(i)).value();
}
AccountId person(std::uint32_t i) {
  return AccountId::parse("a" + std::to_string(i)).value();
}
RoleId title(std::uint32_t i) {
  return RoleId::parse("r" + std::to_string(i)).value();
}
const AccountId boss{"boss"};
const RoleId chief{"chief"}, other_chief{"other-chief"}, third_chief{"third-chief"};

/// r0 to r9 are alike but for their names; the chiefs own.
const std::vector<Role>& titles() {
  static const std::vector<Role> all = [] {
    std::vector<Role> made;
    for (std::uint32_t i = 0; i < crew; ++i) made.push_back({.id = title(i), .rank = 1});
    made.push_back({.id = chief, .rank = 9, .manages = true, .owns = true});
    for (const RoleId& other : {other_chief, third_chief})
      made.push_back({.id = other, .rank = 9, .manages = true, .owns = true});
    return made;
  }();
  return all;
}

/// Everything is counted and everybody is looked at: the most that a command can depend on.
Profile strict(Mode mode) {
  Profile rules{.actor = roster::ActorRule::host_decides};
  rules.roles = titles();
  rules.default_role = title(0);
  rules.mode = mode;
  rules.accounts_max = rules.organizations_max = 100;
  rules.on_unknown_account = OnUnknown::create;
  rules.on_other_role = OnConflict::replace;
  rules.on_suspended = OnFormer::reactivate;
  rules.actor = ActorRule::manager;
  rules.seats = SeatRule::active_and_invited;
  return rules;
}

/// A store whose commits are written down and not carried out, so that the next attempt finds everything as it was.
/// Nothing that it does counts as an allocation of the core.
class Written final : public Store {
 public:
  explicit Written(MemoryStore& of) : of_(of) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    const UnwatchedAllocations unwatched;
    return of_.fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    const UnwatchedAllocations unwatched;
    if (refusals > 0) {
      --refusals;
      return Errc::stale;
    }
    written.push_back(all_of(changes));
    return success();
  }
  unsigned refusals = 0;  ///< how many commits lose a race first
  std::vector<std::string> written;

 private:
  MemoryStore& of_;
};

enum class There { nobody, members, chiefs, invited, suspended, removed };

/// One command, and who is there when it comes.
struct Job {
  std::string name;
  Profile rules{.actor = roster::ActorRule::host_decides};
  std::shared_ptr<const Command> command;
  There there = There::nobody;
  bool in_parent = false;  ///< everybody is in the organization above
  Options options{};
  unsigned refusals = 0;
};

/// Ten organizations in `top`, each with two chiefs, and the crew as the job has it.
void fill(MemoryStore& store, const Job& job, UuidSource& ids) {
  const auto put = [](const auto& done) { REQUIRE(done.has_value()); };
  const auto join = [&](const OrganizationId& in, const AccountId& who, const RoleId& as, MembershipState state) {
    Membership membership{.id = {}, .organization = in, .account = who, .role = as, .state = state};
    ids.fill({&membership.id, 1});
    put(store.put_membership(membership));
  };
  const OrganizationId top("top");
  put(store.put_organization({.id = top, .seats_max = 100}));
  for (const AccountId& id : {boss, AccountId("second")}) put(store.put_account({.id = id, .verified = true}));
  for (std::uint32_t i = 0; i < crew; ++i) put(store.put_account({.id = person(i), .verified = true}));
  const auto everybody = [&](const OrganizationId& in, There there) {
    join(in, boss, chief, MembershipState::active);
    join(in, AccountId("second"), chief, MembershipState::active);
    for (std::uint32_t i = 0; i < crew && there != There::nobody; ++i)
      join(in, person(i), there == There::chiefs ? chief : title(i),
           there == There::suspended ? MembershipState::suspended : MembershipState::active);
  };
  everybody(top, job.in_parent ? There::members : There::nobody);
  std::vector<OrganizationSelector> rows;
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < crew; ++i) {
    put(store.put_organization({.id = place(i), .parent = top, .seats_max = 100}));
    for (const Role& role : titles()) put(store.put_role(place(i), role, any_version));
    everybody(place(i), job.there == There::invited ? There::nobody : job.there);
    rows.emplace_back(place(i));
    columns.emplace_back(person(i));
  }
  const Engine engine(strict(Mode::atomic), store, ids);
  if (job.there == There::invited)
    REQUIRE(engine.run(Invite(rows, columns, title(1), Actor{boss}), Time{100}).value().succeeded());
  if (job.there == There::removed)
    REQUIRE(engine.run(RemoveMembers(rows, columns, Actor{boss}), Time{100}).value().succeeded());
}

std::vector<OrganizationSelector> places(std::uint32_t count) {
  std::vector<OrganizationSelector> all;
  for (std::uint32_t i = 0; i < count; ++i) all.emplace_back(place(i));
  return all;
}
/// The first of the crew; `each` times one behind the other.
std::vector<AccountSelector> people(std::uint32_t count, std::uint32_t each = 1) {
  std::vector<AccountSelector> all;
  for (std::uint32_t i = 0; i < count * each; ++i) all.emplace_back(person(i / each));
  return all;
}
std::vector<AccountSelector> addresses(std::uint32_t count) {
  std::vector<AccountSelector> all;
  for (std::uint32_t i = 0; i < count; ++i) all.emplace_back(named<Email>("new" + std::to_string(i) + "@x.example"));
  return all;
}
/// A role for each cell, another than the account has there. Everybody is named `each` times.
template <class Of>
std::shared_ptr<Of> with_roles(Of command, std::size_t each = 1) {
  auto made = std::make_shared<Of>(std::move(command));
  std::vector<RoleId> roles;
  for (std::uint32_t i = 0; i < crew; ++i) roles.push_back(title(i));
  made->roles = roles;
  const std::size_t width = made->accounts.size();
  for (std::size_t cell = 0; cell < width * made->organizations.size(); ++cell)
    made->cell_roles.push_back(static_cast<RoleIndex>((cell % width / each + 1 + cell / width % (crew - 1)) % crew));
  return made;
}

/// Every kind of command on `n` columns in `m` organizations.
std::vector<Job> jobs(std::uint32_t n, std::uint32_t m, Mode mode) {
  const Profile rules = strict(mode);
  const auto changed = [&](auto change) {
    Profile other = rules;
    change(other);
    return other;
  };
  const Actor by{boss};
  std::vector<Job> all;
  const auto one = [&](const char* name, const Profile& how, auto command, There there, bool in_parent = false,
                       Options options = {}, unsigned refusals = 0) {
    command->idempotency_key = IdempotencyKey::of(name);
    all.push_back({std::string(name) + ", " + std::to_string(m) + " x " + std::to_string(n), how, std::move(command),
                   there, in_parent, options, refusals});
  };
  const auto add = [&](auto columns) { return AddMembers(places(m), std::move(columns), title(0), by); };
  const auto made = [](auto command) { return std::make_shared<decltype(command)>(std::move(command)); };
  const Profile above = changed([](Profile& p) { p.parent = ParentRule::add, p.parent_role = title(9); });
  const Profile required = changed([](Profile& p) { p.parent = ParentRule::require; });
  const Profile led = changed([](Profile& p) { p.actor = ActorRule::parent_manager; });
  const Profile own_roles = changed([](Profile& p) { p.roles = {}; });
  const Profile fresh = changed([](Profile& p) { p.on_suspended = p.on_removed = OnFormer::fresh; });
  one("an add", rules, made(add(people(n))), There::nobody);
  one("an add of addresses", rules, made(add(addresses(n))), There::nobody);
  one("an add of many roles", own_roles, with_roles(add(people(n))), There::nobody);
  one("an add to the parent too", above, made(add(people(n))), There::nobody);
  one("an add of addresses to the parent too", above, made(add(addresses(n))), There::nobody);
  one("an add below a parent", required, made(add(people(n))), There::nobody, true);
  one("an add by who manages the parent", led, made(add(people(n))), There::nobody);
  one("other roles", rules, with_roles(add(people(n))), There::members);
  one("other roles for everybody twice", rules, with_roles(add(people(n, 2)), 2), There::members);
  one("other owners", rules, with_roles(add(people(n))), There::chiefs);
  one("other owners, everybody twice", rules, with_roles(add(people(n, 2)), 2), There::chiefs);
  one("an add of those removed", fresh, made(add(people(n))), There::removed);
  one("an add of those suspended, everybody twice", fresh, made(add(people(n, 2))), There::suspended);
  one("an add without details, in small tiles", rules, made(add(people(n))), There::nobody, false,
      {.tile_cells_max = 2, .details = false});
  one("an add that loses two races", rules, made(add(addresses(n))), There::nobody, false, {.tile_cells_max = 8}, 2);
  one("an invitation", rules, made(Invite(places(m), addresses(n), title(0), by)), There::nobody);
  one("changes of role", own_roles, with_roles(ChangeRole(places(m), people(n), title(0), by)), There::members);
  one("changes of owners", rules, with_roles(ChangeRole(places(m), people(n, 2), title(0), by), 2), There::chiefs);
  one("suspensions", rules, made(Suspend(places(m), people(n), by)), There::members);
  one("suspensions of owners", rules, made(Suspend(places(m), people(n, 2), by)), There::chiefs);
  one("reactivations", rules, made(Reactivate(places(m), people(n), by)), There::suspended);
  one("removals", rules, made(RemoveMembers(places(m), people(n), by)), There::members, false, {.tile_cells_max = 4});
  one("removals that lose two races", rules, made(RemoveMembers(places(m), people(n), by)), There::chiefs, false, {},
      2);
  one("revocations", rules, made(RevokeInvitation(places(m), people(n), by)), There::invited);
  one("ends", rules, made(ChangeExpiry(places(m), people(n), Time{9'000}, by)), There::members);
  if (n > 1) return all;
  one("a leave", rules, made(Leave(places(m), person(0))), There::chiefs);
  one("an acceptance", rules, made(AcceptInvitation(places(m), person(0))), There::invited);
  one("a decline", rules, made(DeclineInvitation(places(m), person(0))), There::invited);
  one("a transfer", rules, made(TransferOwnership(places(m), person(0), chief, title(1), by)), There::members);
  return all;
}

/// Runs the job with every allocation failing, once and for ever. Returns how many there were.
std::uint64_t run(const Job& job) {
  INFO(job.name << (job.rules.mode == Mode::atomic ? ", atomic" : ""));
  MemoryStore store({.thread_safe = false});
  UuidSource filling({5, 6});
  fill(store, job, filling);
  struct Came {
    std::vector<std::string> written;
    std::optional<Error> error, stopped;
    std::vector<Outcome> outcomes;
  };
  const auto attempt = [&](std::uint64_t nth, bool for_ever) {
    Written recorder(store);
    recorder.refusals = job.refusals;
    UuidSource ids({1, 2});
    const Engine engine(job.rules, recorder, ids, job.options);
    std::optional<Result<Report>> answer;
    {
      const WatchedAllocations watched(nth, for_ever);
      if (job.command->kind() == CommandKind::add)  // which has a short way for one cell
        answer.emplace(engine.add(static_cast<const AddMembers&>(*job.command), Time{1'000}));
      else
        answer.emplace(engine.run(*job.command, Time{1'000}));
    }
    Came came;
    came.written = std::move(recorder.written);
    if (answer->has_error()) {
      came.error = answer->assume_error();
    } else {
      const Report& report = answer->assume_value();
      came.outcomes.assign(report.outcomes.begin(), report.outcomes.end());
      came.stopped = report.stopped;
    }
    return came;
  };
  const Came reference = attempt(0, false);
  REQUIRE_FALSE(reference.error.has_value());
  REQUIRE_FALSE(reference.written.empty());
  REQUIRE(std::any_of(reference.outcomes.begin(), reference.outcomes.end(),
                      [](Outcome outcome) { return wrote(outcome); }));
  std::uint64_t points = 0;
  for (const bool for_ever : {false, true})
    for (std::uint64_t nth = 1;; ++nth, ++points) {
      REQUIRE(nth < 5'000);
      const Came came = attempt(nth, for_ever);
      if (!WatchedAllocations::failed()) break;
      const bool fits = came.written.size() <= reference.written.size() &&
                        std::equal(came.written.begin(), came.written.end(), reference.written.begin());
      bool alike = !came.error || (*came.error == Error(Errc::out_of_memory) && came.written.empty());
      for (std::size_t i = 0; i < came.outcomes.size(); ++i)
        alike &= came.outcomes[i] == reference.outcomes[i] || (came.outcomes[i] == Outcome::undecided && came.stopped);
      alike &= !came.stopped || *came.stopped == Error(Errc::out_of_memory);
      // Only where a lost race would have halved the tile, the whole is tried again instead.
      const bool whole = !came.error && !came.stopped;
      if (whole && job.refusals == 0) alike &= came.written == reference.written;
      if (!alike || (!fits && job.refusals == 0)) {
        INFO("allocation " << nth << (for_ever ? " and all after it" : ""));
        CHECK(alike);
        CHECK(fits);
      }
    }
  return points;
}

}  // namespace

TEST_CASE("a command of any size survives the end of memory at every allocation of the core, guard by guard") {
  std::uint64_t points = 0;
  for (const Mode mode : {Mode::best_effort, Mode::atomic})
    for (std::uint32_t n = 1; n <= crew; ++n)
      for (const Job& job : jobs(n, 1 + n % 2, mode)) points += run(job);
  for (const Mode mode : {Mode::best_effort, Mode::atomic})
    for (std::uint32_t m = 1; m <= crew; ++m)
      for (const Job& job : jobs(1, m, mode)) points += run(job);
  CHECK(points >= 5'000);
}

}
