// Proves that a command for a set does to each of its cells what a single command does, in pages of any size, and that
// a repeat completes it.
#include "support/fixture_world.hpp"

namespace set_operation_test {

using namespace fixtures;
using roster_test::Fault;
using roster_test::FaultyStore;

/// Twelve accounts with every state and role in acme and five other organizations. Each has an owner, and a3 owns o2
/// alone.
struct Memberships : AcmeFixture {
  Memberships() : Memberships(fixture_world({.owner = {}, .numbered_organizations = 5, .numbered_accounts = 12})) {}
  explicit Memberships(World world) : AcmeFixture(no_limit) {
    base = world;
    must(roster_test::fill(store, world), "memberships");
    constexpr std::array states = {MembershipState::active, MembershipState::invited, MembershipState::suspended,
                                   MembershipState::active, MembershipState::removed};
    const std::array roles = {guest, clerk, admin};
    unsigned n = 0;
    for (unsigned in = 0; in < 5; ++in)
      for (unsigned who = 0; who < 12; ++who, ++n) {
        const AccountId account = fixtures::account(who);
        const bool owns = in == 2 && who == 3;
        if (n % 7 == 6 && !owns) continue;
        const RoleId role = owns ? owner : roles[n % roles.size()];
        const MembershipState state = owns ? MembershipState::active : states[n % states.size()];
        enter(organization(in), account, role, state);
      }
    for (unsigned in = 0; in < 5; ++in)
      if (in != 2) put(organization(in), boss, owner);
    enter(acme, ann, clerk, MembershipState::active);
    enter(acme, bob, admin, MembershipState::active);
  }
  void enter(const OrganizationId& in, const AccountId& who, const RoleId& as, MembershipState state) {
    if (state == MembershipState::invited) return (void)outcome(host_rules(), Invite(in, who, as, by(boss)));
    put(in, who, as);
    if (state == MembershipState::suspended) (void)outcome(host_rules(), Suspend(in, who, by(boss)));
    if (state == MembershipState::removed) (void)outcome(host_rules(), RemoveMembers(in, who, by(boss)));
  }
  Result<SetReport> run(const Profile& profile, const Command& command, const MembershipSet& set,
                        std::uint32_t page = 3, bool dry_run = false) {
    now = Time{static_cast<std::int64_t>(now) + 1'000};
    return Engine(profile, outbox, ids, {.tile_cells_max = page, .dry_run = dry_run}).run(command, set, now);
  }
  SetReport report(const Profile& profile, const Command& command, const MembershipSet& set, std::uint32_t page = 3) {
    auto result = run(profile, command, set, page);
    must(result.has_value(), "a report of a set");
    return std::move(result).assume_value();
  }
};

/// Every membership of them, without ids, keys and times.
std::vector<std::string> states(const Memberships& in) {
  std::vector<std::string> all;
  for (unsigned at = 0; at < 5; ++at) {
    for (unsigned who = 0; who < 12; ++who) all.push_back(in.at(account(who), organization(at)));
    all.push_back(in.at(boss, organization(at)));
  }
  return all;
}

std::uint64_t cells(const SetReport& report) {
  std::uint64_t all = 0;
  for (const Outcome outcome : outcomes_by_precedence) all += report.counts[outcome];
  return all;
}

TEST_CASE("a command for a set leaves the memberships of single commands, in pages of any size") {
  using Organizations = OneOrMany<OrganizationSelector>;
  using Accounts = OneOrMany<AccountSelector>;
  using Make = std::function<std::shared_ptr<Command>(Organizations, Accounts)>;
  const Actor staff{boss, true};
  const std::vector<Make> makes = {
      [&](Organizations in, Accounts who) { return std::make_shared<RemoveMembers>(in, who, staff); },
      [&](Organizations in, Accounts who) { return std::make_shared<Suspend>(in, who, staff); },
      [&](Organizations in, Accounts who) { return std::make_shared<ChangeRole>(in, who, clerk, staff); },
  };
  for (const Make& make : makes)
    for (const bool members : {false, true})
      for (unsigned n = 0; n < 5; ++n)
        for (const std::uint32_t page : {1u, 2u, 5u, 1000u}) {
          Memberships set, one;
          const auto command = members ? make(organization(n), Accounts()) : make(Organizations(), account(n));
          INFO(int(command->kind()) << " members " << members << ' ' << n << " in pages of " << page);
          const SetReport report = set.report(
              host_rules(), *command, members ? MembershipSet(MemberSet{}) : MembershipSet(OrganizationSet{}), page);
          OutcomeTable<std::uint64_t> expected{};
          for (unsigned in = 0; in < 5; ++in)
            for (unsigned who = 0; who <= 12; ++who) {  // the actor last
              const AccountId account = who == 12 ? boss : fixtures::account(who);
              if ((members ? in : who) != n || !one.store.membership(organization(in), account).value()) continue;
              ++expected[one.outcome(host_rules(), *make(organization(in), account))];
            }
          CHECK(report.counts == expected);
          CHECK(cells(report) >= 3);
          CHECK((!report.stopped && !report.refused));
          CHECK(states(set) == states(one));
          CHECK(set.broken() == "");
        }
}

TEST_CASE("a person is removed from everywhere, and the report names the organizations where it is the last owner") {
  Memberships in;
  const SetReport report = in.report(
      host_rules(), RemoveMembers(OneOrMany<OrganizationSelector>(), account(3), {{}, true}), OrganizationSet{});
  REQUIRE(report.refusals.size() == 1);
  CHECK(report.refusals[0].organization == organization(2));
  CHECK(report.refusals[0].account == account(3));
  CHECK(report.refusals[0].outcome == Outcome::last_owner);
  CHECK(report.counts[Outcome::last_owner] == 1);
  CHECK(report.counts[Outcome::removed] >= 2);
  CHECK_FALSE(report.succeeded());
  CHECK(in.at(account(3), organization(2)) == "owner active");
  CHECK(in.store.organization_count(account(3)).value() == 1);
}

TEST_CASE("a repeat of a set with its key is replayed, and a repeat after any interruption completes it") {
  const RemoveMembers command(OneOrMany<OrganizationSelector>(), account(0), {{}, true}, key("offboard"));
  const OrganizationSet everywhere;
  Memberships whole;
  const SetReport first = whole.report(host_rules(), command, everywhere, 2);
  CHECK(first.counts[Outcome::removed] >= 3);
  const SetReport again = whole.report(host_rules(), command, everywhere, 2);
  CHECK(again.counts[Outcome::replayed] == first.counts[Outcome::removed]);
  CHECK(cells(again) == cells(first));
  for (unsigned stop = 0; stop < 14; ++stop)
    for (const Fault fault : {Fault::fail_before, Fault::fail_after}) {
      Memberships in;
      FaultyStore faulty(in.store, [&](unsigned call, bool) { return call == stop ? fault : Fault::pass; });
      const auto broken = Engine(host_rules(), faulty, in.ids, {.tile_cells_max = 1, .unknown_commit_retries_max = 0})
                              .run(command, everywhere, in.now);
      CHECK(faulty.failed == (!broken || broken.value().stopped));
      const SetReport repeat = in.report(host_rules(), command, everywhere, 2);
      CHECK(repeat.counts[Outcome::removed] + repeat.counts[Outcome::replayed] == first.counts[Outcome::removed]);
      for (unsigned at = 0; at < 5; ++at)
        CHECK(in.at(account(0), organization(at)) == whole.at(account(0), organization(at)));
    }
}

TEST_CASE("an atomic set is one tile: all of it or none, and not more cells than the profile permits") {
  const RemoveMembers command(OneOrMany<OrganizationSelector>(), account(3), {{}, true});
  Memberships in;
  const auto before = in.all();
  const SetReport none = in.report(atomic(host_rules()), command, OrganizationSet{}, 1);
  CHECK(none.counts[Outcome::last_owner] == 1);
  CHECK(none.counts[Outcome::not_attempted] + 1 == cells(none));
  CHECK(in.all() == before);
  const Profile narrow = with(atomic(host_rules()), [](Profile& p) { p.cells_max = 2; });
  const auto refused = in.run(narrow, command, OrganizationSet{}, 1);
  REQUIRE(refused.has_error());
  CHECK(refused.assume_error() == Error(Errc::batch_too_large, 2));
  const RemoveMembers all(organization(1), OneOrMany<AccountSelector>(), by(boss));
  const SetReport owner_stays = in.report(atomic(manager_rules()), all, MemberSet{}, 4);
  CHECK(owner_stays.counts[Outcome::last_owner] == 1);
  CHECK(in.all() == before);
}

TEST_CASE("the actor's own membership is settled last, so its right lasts for the whole set and for a repeat") {
  Memberships in;
  in.put(organization(0), emil, admin);
  const Suspend command(organization(0), OneOrMany<AccountSelector>(), by(emil), key("all"));
  const SetReport report = in.report(manager_rules(), command, MemberSet{.role = admin}, 1);
  CHECK(report.counts[Outcome::forbidden] == 0);
  CHECK(report.counts[Outcome::suspended] >= 2);
  CHECK(in.at(emil, organization(0)) == "admin suspended");
}

TEST_CASE("a set is filtered by state, role, exceptions and parent") {
  Memberships in;
  const Actor staff{{}, true};
  const AccountId except[] = {account(2), account(0), stranger};
  const auto count = [&](const Command& command, const MembershipSet& set) {
    return cells(in.report(host_rules(), command, set, 2));
  };
  const auto members = [&](const auto& counts) {
    std::uint64_t all = 0;
    for (unsigned who = 0; who < 12; ++who)
      if (const auto found = in.store.membership(organization(1), account(who)).value()) all += counts(*found) ? 1 : 0;
    if (const auto found = in.store.membership(organization(1), boss).value()) all += counts(*found) ? 1 : 0;
    return all;
  };
  const Reactivate nothing(organization(1), OneOrMany<AccountSelector>(), staff);
  CHECK(count(RevokeInvitation(organization(1), OneOrMany<AccountSelector>(), staff), MemberSet{.role = ghost}) == 0);
  CHECK(count(nothing, MemberSet{}) == members([](const Membership&) { return true; }));
  CHECK(count(nothing, MemberSet{.role = clerk}) == members([](const Membership& m) { return m.role == clerk; }));
  CHECK(count(nothing, MemberSet{.state = MembershipState::invited}) ==
        members([](const Membership& m) { return m.state == MembershipState::invited; }));
  CHECK(count(nothing, MemberSet{.except = except}) ==
        members([](const Membership& m) { return m.account != account(0) && m.account != account(2); }));
  for (const unsigned inner : {1u, 3u})
    must(in.store.change_organization(organization(inner), {.parent = organization(0)}, any_version).has_value(),
         "a parent");
  const RemoveMembers leaves(OneOrMany<OrganizationSelector>(), account(1), staff);
  const auto is_member = [&](unsigned at) {
    return in.store.membership(organization(at), account(1)).value().has_value();
  };
  const bool outer = is_member(0);
  CHECK(count(leaves, OrganizationSet{.parent = organization(0)}) == 0u + is_member(1) + is_member(3));
  CHECK((!is_member(1) && !is_member(3) && is_member(0) == outer));
  CHECK(count(leaves, OrganizationSet{.parent = organization(0), .with_parent = true}) == 1);
  CHECK_FALSE(is_member(0));
  // The parent is in the set only if the account is a member of it, so an atomic set is not refused because of it.
  in.enter(organization(3), emil, clerk, MembershipState::active);
  const RemoveMembers project(OneOrMany<OrganizationSelector>(), emil, staff);
  const MembershipSet inside = OrganizationSet{.parent = organization(0), .with_parent = true};
  const SetReport alone = in.report(atomic(host_rules()), project, inside, 1);
  CHECK((alone.counts[Outcome::removed] == 1 && cells(alone) == 1));
}

TEST_CASE("an actor without a right learns nothing of a set") {
  Memberships in;
  const auto before = in.all();
  const RemoveMembers all(organization(0), OneOrMany<AccountSelector>(), by(stranger));
  const SetReport refused = in.report(manager_rules(), all, MemberSet{});
  CHECK(refused.refused == Outcome::forbidden);
  CHECK(cells(refused) == 0);
  CHECK(refused.refusals.empty());
  const RemoveMembers unknown(nowhere, OneOrMany<AccountSelector>(), by(boss));
  CHECK(in.report(manager_rules(), unknown, MemberSet{}).refused == Outcome::organization_not_found);
  const Profile hides = with(manager_rules(), [](Profile& p) { p.hides_organizations = true; });
  CHECK(in.report(hides, unknown, MemberSet{}).refused == Outcome::forbidden);
  // Of the organizations of an account it sees those in which it may act.
  const RemoveMembers everywhere(OneOrMany<OrganizationSelector>(), account(1), by(stranger));
  const SetReport nothing = in.report(manager_rules(), everywhere, OrganizationSet{});
  CHECK((cells(nothing) == 0 && nothing.succeeded()));
  CHECK(in.all() == before);
}

TEST_CASE("an actor that gave up its right by a request learns by it of no member") {
  Memberships in;
  const Profile hides = with(manager_rules(), [](Profile& p) { p.hides_organizations = true; });
  in.put(organization(0), emil, admin);
  must(in.outcome(manager_rules(), RemoveMembers(organization(0), emil, by(emil), key("leaves"))) == Outcome::removed,
       "a removal");
  const RemoveMembers all(organization(0), OneOrMany<AccountSelector>(), by(emil), key("leaves"));
  const SetReport own = in.report(hides, all, MemberSet{});
  CHECK((cells(own) == 1 && own.counts[Outcome::replayed] == 1 && own.refusals.empty()));
  const RemoveMembers other(organization(0), OneOrMany<AccountSelector>(), by(emil), key("another"));
  CHECK(in.report(hides, other, MemberSet{}).refused == Outcome::forbidden);
}

TEST_CASE("an atomic set leaves out the organizations in which the actor is forbidden") {
  Memberships in;
  const Profile hides = with(atomic(manager_rules()), [](Profile& p) { p.hides_organizations = true; });
  in.put(organization(0), emil, admin);
  const RemoveMembers command(OneOrMany<OrganizationSelector>(), account(0), by(emil));
  const bool there = in.store.membership(organization(0), account(0)).value().has_value();
  const SetReport report = in.report(hides, command, OrganizationSet{});
  CHECK(cells(report) == (there ? 1u : 0u));
  CHECK((report.succeeded() && there));
  CHECK(report.counts[Outcome::removed] == 1);
}

TEST_CASE("a set whose page is contended keeps the right of the actor, and names no organization") {
  Memberships in;
  in.put(organization(0), emil, admin);
  FaultyStore contended(in.store, [](unsigned, bool commit) { return commit ? Fault::stale : Fault::pass; });
  const Suspend all(organization(0), OneOrMany<AccountSelector>(), by(emil), key("all"));
  const auto members = Engine(manager_rules(), contended, in.ids, {.tile_cells_max = 2, .attempts_max = 2})
                           .run(all, MemberSet{}, in.now);
  CHECK((!members || members.value().stopped));
  CHECK(in.at(emil, organization(0)) == "admin active");
  CHECK(in.report(manager_rules(), all, MemberSet{}).counts[Outcome::forbidden] == 0);
  CHECK(in.at(emil, organization(0)) == "admin suspended");
  const RemoveMembers everywhere(OneOrMany<OrganizationSelector>(), account(0), {{}, true});
  const auto rows =
      Engine(host_rules(), contended, in.ids, {.attempts_max = 2}).run(everywhere, OrganizationSet{}, in.now);
  CHECK((!rows || (rows.value().stopped && rows.value().refusals.empty())));
}

TEST_CASE("a best-effort set has pages of at most the cells of a command, and ignores its other limits") {
  Memberships in;
  const Profile narrow = with(host_rules(), [](Profile& p) {
    p.cells_max = 2;
    p.accounts_max = p.organizations_max = 0;
    p.by_id = false;
  });
  const Actor staff{{}, true};
  const RemoveMembers everywhere(OneOrMany<OrganizationSelector>(), account(0), staff);
  CHECK(in.report(narrow, everywhere, OrganizationSet{}, 1000).counts[Outcome::removed] >= 3);
  const Suspend all(organization(1), OneOrMany<AccountSelector>(), staff);
  CHECK(cells(in.report(narrow, all, MemberSet{}, 1000)) >= 3);
}

TEST_CASE("a plan of a set writes nothing and has the counts of its run") {
  Memberships in;
  const auto before = in.all();
  const RemoveMembers command(OneOrMany<OrganizationSelector>(), account(3), {{}, true});
  const auto plan = in.run(host_rules(), command, OrganizationSet{}, 2, true);
  REQUIRE(plan.has_value());
  CHECK(in.all() == before);
  CHECK(in.report(host_rules(), command, OrganizationSet{}, 2).counts == plan.value().counts);
}

TEST_CASE("a set needs a command of its shape") {
  Memberships in;
  const Actor staff{{}, true};
  const OneOrMany<OrganizationSelector> nowhere_named;
  const OneOrMany<AccountSelector> nobody;
  const auto error = [&](const Command& command, const MembershipSet& set, const Profile& profile = host_rules()) {
    const auto result = in.run(profile, command, set);
    return result ? Errc{} : result.assume_error().code;
  };
  CHECK(error(RemoveMembers(nowhere_named, nobody, staff), MemberSet{}) == Errc::selector_not_accepted);
  CHECK(error(RemoveMembers(acme, ann, staff), MemberSet{}) == Errc::selector_not_accepted);
  CHECK(error(RemoveMembers(Slug("acme"), nobody, staff), MemberSet{}) == Errc::selector_not_accepted);
  CHECK(error(RemoveMembers(acme, nobody, staff), MemberSet{.state = MembershipState::removed}) ==
        Errc::selector_not_accepted);
  CHECK(error(RemoveMembers(nowhere_named, address("ann@x.example"), staff), OrganizationSet{}) ==
        Errc::selector_not_accepted);
  CHECK(error(RemoveMembers(acme, ann, staff), OrganizationSet{}) == Errc::selector_not_accepted);
  CHECK(error(RemoveMembers(nowhere_named, ann, staff), OrganizationSet{.with_parent = true}) ==
        Errc::selector_not_accepted);
  const OrganizationSet with_parent{.parent = acme, .with_parent = true};
  CHECK(error(AddMembers(nowhere_named, ann, {}, staff), with_parent) == Errc::selector_not_accepted);
  CHECK(error(RemoveMembers(nowhere_named, stranger, {}), OrganizationSet{}, manager_rules()) == Errc::actor_missing);
  CHECK(error(RemoveMembers(acme, nobody, {}), MemberSet{}, manager_rules()) == Errc::actor_missing);
  AddMembers late(OneOrMany<OrganizationSelector>(), OneOrMany<AccountSelector>(stranger), OneOrMany<RoleId>(), staff);
  late.valid_until = Time{1};
  CHECK(error(late, OrganizationSet{}) == Errc::valid_until_passed);
  late.cell_roles = {0};
  CHECK(error(late, OrganizationSet{}) == Errc::roles_malformed);
}

TEST_CASE("any error of the store ends a set, and leaves whole pages") {
  const RemoveMembers command(OneOrMany<OrganizationSelector>(), account(0), {{}, true}, key("offboard"));
  Memberships in;
  FaultyStore faulty(in.store, [](unsigned call, bool) { return call == 0 ? Fault::fail_before : Fault::pass; });
  const auto nothing = Engine(host_rules(), faulty, in.ids).run(command, OrganizationSet{}, in.now);
  REQUIRE(nothing.has_error());
  CHECK(nothing.assume_error().code == Errc::store_failed);
  FaultyStore lies(in.store);
  lies.breaks = [](const Query& query, Facts& facts) {
    if (query.set == nullptr) return false;
    return facts.organizations.try_push_back(OrganizationFact{});
  };
  const auto broke = Engine(host_rules(), lies, in.ids).run(command, OrganizationSet{}, in.now);
  REQUIRE(broke.has_error());
  CHECK(broke.assume_error().code == Errc::store_broke_contract);
}

}
