// Proves that memory may end at every allocation of MemoryStore, whatever is in it: each verb does all of its work or
// none, says out_of_memory and nothing else, and does it all when it is called again.
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>

#include "faults/allocations.hpp"
#include "faults/errands.hpp"

using namespace faults;

namespace {

/// Longer than 40 bytes, so that a part of it is kept with the texts.
template <class AnyId>
AnyId long_id(char kind, unsigned i) {
  std::string text = kind + std::to_string(i) + "-";
  text.resize(60, 'x');
  return AnyId::parse(text).value();
}
OrganizationId organization(unsigned i) {
  return long_id<OrganizationId>('o', i);
}
AccountId account(unsigned i) {
  return long_id<AccountId>('a', i);
}
RoleId role(unsigned i) {
  return long_id<RoleId>('r', i);
}
Slug slug(unsigned i) {
  return long_id<Slug>('s', i);
}
Username username(unsigned i) {
  return long_id<Username>('u', i);
}
GroupName group(unsigned i) {
  return long_id<GroupName>('g', i);
}
Email address(unsigned i) {
  return Email::parse("somebody" + std::to_string(i) + "@x.example").value();
}
MembershipId membership_id(unsigned organization, unsigned account) {
  return MembershipId::of(std::to_string(organization) + "/" + std::to_string(account));
}

AccountRecord full_account(unsigned i, unsigned names) {
  AccountRecord record{.id = account(i), .username = username(names), .verified = true};
  record.email = address(names);
  return record;
}
Membership full_membership(unsigned in, unsigned who, Time until = {}) {
  return {.id = membership_id(in, who),
          .organization = organization(in),
          .account = account(who),
          .role = role(who),
          .valid_until = until};
}

void must(const Result<void>& done) {
  REQUIRE(done.has_value());
}

/// `size` of each kind of record, each with all of its names; account i is a member of every organization from the i-th
/// on, and for a time where both are odd. What is counted is counted already.
void fill(MemoryStore& store, unsigned size, bool counted) {
  std::vector<AccountId> all;
  for (unsigned i = 0; i < size; ++i) {
    must(store.put_organization({.id = organization(i), .slug = slug(i), .seats_max = counted ? 1'000 : no_limit}));
    must(store.put_role(organization(i), {.id = role(0), .rank = 1}));
    must(store.put_role(organization(0), {.id = role(i), .rank = 1}));
    must(store.put_account(full_account(i, i)));
    all.push_back(account(i));
    must(store.put_group(group(i), all));
  }
  for (unsigned in = 0; in < size; ++in)
    for (unsigned who = 0; who <= in; ++who)
      must(store.put_membership(full_membership(in, who, Time{(in & who & 1) != 0 ? 5'000'000 : 0})));
  if (!counted) return;
  for (unsigned in = 0; in < size; ++in) {
    const OrganizationSelector row = organization(in);
    Query query;
    query.organizations = {&row, 1};
    query.counts = true;
    Facts facts;
    must(store.fetch(query, facts));
  }
}

/// Everything that can be seen of the first `size` records of each kind, and of a few that are not there.
std::string picture(MemoryStore& store, unsigned size) {
  std::string all;
  const auto say = [&](std::string_view text) { (all += text) += ' '; };
  const auto number = [&](std::uint64_t n) { say(std::to_string(n)); };
  std::vector<OrganizationSelector> rows;
  std::vector<AccountSelector> columns;
  std::vector<RoleId> roles;
  std::vector<GroupName> groups;
  for (unsigned i = 0; i < size + 2; ++i) {
    rows.emplace_back(organization(i));
    rows.emplace_back(slug(i));
    columns.emplace_back(account(i));
    columns.emplace_back(username(i));
    columns.emplace_back(address(i));
    roles.push_back(role(i));
    groups.push_back(group(i));
  }
  Query query;
  query.organizations = rows;
  query.accounts = columns;
  query.roles = roles;
  query.parents = query.counts = true;
  Facts facts;
  must(store.fetch(query, facts));
  for (const OrganizationFact& fact : facts.organizations) {
    say(fact.id.view());
    number(static_cast<std::uint64_t>(fact.version));
    number(fact.parent);
    number(fact.joinable ? 1 : 0);
    number(fact.counts.active);
    number(fact.counts.seats_max);
    std::array<Membership, 64> page;
    std::uint64_t cursor = 0;
    if (!fact.id.empty()) number(store.members(fact.id, cursor, page));
  }
  for (const AccountFact& fact : facts.accounts) {
    say(fact.id.view());
    number(static_cast<std::uint64_t>(fact.version));
    number((fact.disabled ? 1 : 0) + (fact.invited ? 2 : 0) + (fact.verified ? 4 : 0));
    if (fact.id.empty()) continue;
    const auto record = store.account(AccountSelector(fact.id));
    if (record->email) say(record->email->text());
    say(record->username.view());
    std::array<Membership, 64> page;
    std::uint64_t cursor = 0;
    const std::size_t count = store.organizations_of(fact.id, cursor, page);
    for (std::size_t i = 0; i < count; ++i) say(page[i].organization.view().substr(0, 4));
  }
  for (const MembershipFact& fact : facts.memberships) {
    number(fact.organization), number(fact.account);
    number(static_cast<std::uint64_t>(fact.version));
    number(static_cast<std::uint64_t>(fact.state));
    number(static_cast<std::uint64_t>(fact.valid_until));
    say(facts.roles[fact.role].id.view().substr(0, 4));
    number(fact.id.bytes[0]), number(fact.id.bytes[5]);
  }
  for (const RoleIndex wanted : facts.wanted_roles) number(wanted == no_role ? 0 : facts.roles[wanted].rank);
  Query about;
  about.groups = groups;
  Facts found;
  must(store.fetch(about, found));
  for (const GroupFact& fact : found.groups) number(fact.found ? fact.accounts + 1 : 0);
  number(store.organization_count()), number(store.account_count()), number(store.membership_count());
  return all;
}

struct Verb {
  const char* name;
  std::function<Result<void>(MemoryStore&)> call;
  unsigned least = 0;  ///< how many of each record it needs
};

/// Every verb that writes, about record `n`, the first that is not there, or about one that is. What they are given is
/// made before memory ends.
std::vector<Verb> verbs(unsigned n) {
  std::vector<Verb> all;
  const auto organizations = [&](const char* name, const OrganizationRecord& record, unsigned least) {
    all.push_back({name, [record](MemoryStore& store) { return store.put_organization(record); }, least});
  };
  const auto accounts = [&](const char* name, const AccountRecord& record, unsigned least) {
    all.push_back({name, [record](MemoryStore& store) { return store.put_account(record); }, least});
  };
  const auto roles = [&](const char* name, const OrganizationId& in, const Role& role, unsigned least) {
    all.push_back({name, [in, role](MemoryStore& store) { return store.put_role(in, role); }, least});
  };
  const auto groups = [&](const char* name, const GroupName& group, const std::vector<AccountId>& who, unsigned least) {
    all.push_back({name, [group, who](MemoryStore& store) { return store.put_group(group, who); }, least});
  };
  const auto memberships = [&](const char* name, const Membership& membership, unsigned least) {
    all.push_back({name, [membership](MemoryStore& store) { return store.put_membership(membership); }, least});
  };
  organizations("an organization", {.id = organization(n)}, 0);
  organizations("an organization with everything",
                {.id = organization(n), .slug = slug(n), .parent = organization(0), .seats_max = 5}, 1);
  organizations("a limit for one that is there", {.id = organization(0), .slug = slug(0), .seats_max = 7}, 1);
  organizations("a slug for one that is there", {.id = organization(0), .slug = slug(n)}, 1);
  organizations("a slug less", {.id = organization(0)}, 1);
  roles("a role", organization(0), {.id = role(n), .rank = 3}, 1);
  roles("a role of another's", organization(1), {.id = role(0), .rank = 3}, 2);
  accounts("an account with everything", full_account(n, n), 0);
  accounts("an account with an id", {.id = account(n)}, 0);
  accounts("another address and username", full_account(0, n), 1);
  AccountRecord renamed = full_account(0, 0);
  renamed.username = username(n);
  accounts("another username", renamed, 1);
  accounts("an address and username less", {.id = account(0)}, 1);
  accounts("another username, and an address less", {.id = account(0), .username = username(n)}, 1);
  std::vector<AccountId> some;
  for (unsigned i = 0; i < n; ++i) some.push_back(account(n - 1 - i));
  groups("a group", group(n), some, 0);
  groups("a group in the place of one", group(0), some, 1);
  memberships("a membership", full_membership(0, n - 1), 2);
  Membership promoted = full_membership(0, n - 1);
  promoted.role = role(n);
  memberships("a membership with a role that is new", promoted, 2);
  memberships("a membership for a time", full_membership(0, n - 1, Time{7'000'000}), 2);
  all.push_back(
      {"a membership less",
       [in = organization(0), who = account(0)](MemoryStore& store) { return store.erase_membership(in, who); }, 1});
  all.push_back({"room for accounts", [](MemoryStore& store) { return store.reserve_accounts(3'000); }, 0});
  return all;
}

}  // namespace

TEST_CASE("a verb that sets up a store of any size survives the end of memory at every allocation, all or nothing") {
  std::uint64_t points = 0;
  // Tables grow behind 8, 13 and 16 entries, lists of organizations behind 1, 4 and 12.
  for (const unsigned size : {0u, 1u, 2u, 5u, 8u, 13u, 16u})
    for (const Verb& verb : verbs(size)) {
      if (size < verb.least) continue;
      for (const bool counted : {false, true}) {
        INFO(verb.name << ", " << size << " of each" << (counted ? ", counted" : ""));
        if (counted && size == 0) continue;
        for (const bool for_ever : {false, true}) {
          std::string before, after;
          {
            MemoryStore calm({.locked = false});
            fill(calm, size, counted);
            before = picture(calm, size);
            REQUIRE(verb.call(calm).has_value());
            after = picture(calm, size);
          }
          for (std::uint64_t nth = 1;; ++nth) {
            MemoryStore store({.locked = false});
            fill(store, size, counted);
            std::optional<Result<void>> answer;
            {
              const WatchedAllocations watched(nth, for_ever);
              answer.emplace(verb.call(store));
            }
            if (!WatchedAllocations::failed()) break;
            ++points;
            INFO("allocation " << nth << (for_ever ? " and all after it" : ""));
            if (*answer) {
              CHECK(picture(store, size) == after);
              continue;
            }
            CHECK(answer->assume_error() == Error(Errc::out_of_memory));
            CHECK(picture(store, size) == before);
            CHECK(verb.call(store).has_value());
            CHECK(picture(store, size) == after);
          }
        }
      }
    }
  CHECK(points >= 250);
}

namespace {

using Any = std::shared_ptr<const Command>;

/// What was done before, and then the command whose every allocation fails. Nobody asks who may.
struct History {
  std::string name;
  std::vector<Any> before;
  Any command;
  bool keeps_removed = true;
};

Profile open_rules(bool keeps_removed) {
  Profile rules;
  rules.roles = {};
  rules.default_role = role(0);
  rules.mode = Mode::best_effort;
  rules.on_unknown_account = OnUnknown::create;
  rules.on_other_role = OnMember::replace;
  rules.on_suspended = OnFormer::reactivate;
  rules.seats = SeatRule::active_and_invited;
  rules.accounts_max = rules.organizations_max = 100;
  rules.keeps_removed = keeps_removed;
  return rules;
}

/// Every kind of change, to a store of `n` of each.
std::vector<History> histories(unsigned n) {
  std::vector<AccountSelector> everybody, strangers;
  std::vector<OrganizationSelector> everywhere, two{organization(0), organization(n / 2)};
  for (unsigned i = 0; i < n; ++i) {
    everybody.emplace_back(account(i));
    everywhere.emplace_back(organization(i));
    if (i < 5) strangers.emplace_back(address(100 + i));
  }
  const Actor staff{account(0), true};
  const OrganizationId last = organization(n - 1);
  const auto made = [](auto command) { return Any(std::make_shared<decltype(command)>(std::move(command))); };
  const auto added = [&](auto to, auto who) { return made(AddMembers(to, who, role(0), staff)); };
  AddMembers for_a_time(two, everybody, role(0), staff);
  for_a_time.valid_until = Time{9'000'000};
  const Any leaves = made(Leave(everywhere, account(0)));
  const Any suspended = made(Suspend(last, everybody, staff)), removed = made(RemoveMembers(last, everybody, staff));
  const Any invited = made(Invite(two, everybody, role(0), staff));
  return {
      {"one joins one", {}, added(two[0], everybody.back())},
      {"a stranger joins one", {}, added(two[0], strangers[0])},
      {"one joins all", {}, added(everywhere, everybody.back())},
      {"all join two", {}, added(two, everybody)},
      {"all join two for a time", {}, made(for_a_time)},
      {"strangers join all", {}, added(everywhere, strangers)},
      {"all are invited to two", {}, invited},
      {"strangers are invited", {}, made(Invite(two, strangers, role(0), staff))},
      {"one accepts", {invited}, made(AcceptInvitation(two, account(n - 1)))},
      {"one declines", {invited}, made(DeclineInvitation(two, account(n - 1)))},
      {"invitations are revoked", {invited}, made(RevokeInvitation(two, everybody, staff))},
      {"all get another role", {}, made(ChangeRole(last, everybody, role(0), staff))},
      {"all get an end", {}, made(ChangeExpiry(last, everybody, Time{8'000'000}, staff))},
      {"all are suspended", {}, suspended},
      {"all are taken back", {suspended}, made(Reactivate(last, everybody, staff))},
      {"all are removed", {}, removed},
      {"all are removed, and nothing is left", {}, removed, false},
      {"all come back", {removed}, added(last, everybody)},
      {"one leaves all", {}, leaves},
      {"one comes back to all", {leaves}, added(everywhere, account(0))},
  };
}

/// Stands before a store and tries each call on stores that were made alike, with every allocation failing.
class Tried final : public Store {
 public:
  Tried(MemoryStore& of, unsigned size, std::function<void(MemoryStore&)> make)
      : of_(of), size_(size), make_(std::move(make)) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    auto fetched = of_.fetch(query, facts);
    each([&](MemoryStore& store, const auto& watched) {
      Facts found;
      auto answer = watched([&] { return store.fetch(query, found); });
      if (!answer) {
        found.clear();
        answer = store.fetch(query, found);
      }
      REQUIRE(answer.has_value());
      CHECK(check_shape(query, found).has_value());
      CHECK(found.memberships.size() == facts.memberships.size());
      CHECK(found.roles.size() == facts.roles.size());
    });
    return fetched;
  }
  Result<void> commit(const ChangeSet& changes) override {
    const std::string before = picture(of_, size_);
    auto committed = of_.commit(changes);
    const std::string after = picture(of_, size_);
    each([&](MemoryStore& store, const auto& watched) {
      if (!watched([&] { return store.commit(changes); })) {
        CHECK(picture(store, size_) == before);
        CHECK(store.commit(changes).has_value());
      }
      CHECK(picture(store, size_) == after);
    });
    return committed;
  }
  std::uint64_t points = 0;

 private:
  template <class Attempt>
  void each(const Attempt& attempt) {
    for (const bool for_ever : {false, true})
      for (std::uint64_t nth = 1;; ++nth, ++points) {
        MemoryStore store({.locked = false});
        make_(store);
        bool failed = false;
        INFO("allocation " << nth << (for_ever ? " and all after it" : ""));
        attempt(store, [&](const auto& call) {
          std::optional<Result<void>> answer;
          {
            const WatchedAllocations watched(nth, for_ever);
            answer.emplace(call());
          }
          failed = WatchedAllocations::failed();
          if (!*answer) CHECK(answer->assume_error() == Error(Errc::out_of_memory));
          return *answer;
        });
        if (!failed) break;
      }
  }
  MemoryStore& of_;
  unsigned size_;
  std::function<void(MemoryStore&)> make_;
};

}  // namespace

TEST_CASE("a query and a commit on a store of any size survive the end of memory at every allocation") {
  std::uint64_t points = 0;
  for (const unsigned size : {2u, 5u, 8u, 14u})
    for (const bool counted : {false, true})
      for (const History& history : histories(size)) {
        INFO(history.name << ", " << size << " of each" << (counted ? ", counted" : ""));
        const Profile rules = open_rules(history.keeps_removed);
        const auto make = [&](MemoryStore& store) {
          fill(store, size, counted);
          UuidSource ids({1, 2});
          for (const Any& command : history.before)
            if (!Engine(rules, store, ids).run(*command, Time{1'000'000})) throw std::logic_error("a history");
        };
        MemoryStore store({.locked = false});
        make(store);
        Tried tried(store, size, make);
        UuidSource ids({3, 4});
        const auto report = Engine(rules, tried, ids).run(*history.command, Time{2'000'000});
        REQUIRE(report.has_value());
        const auto& outcomes = report.assume_value().outcomes;
        CHECK(std::any_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return wrote(outcome); }));
        points += tried.points;
      }
  CHECK(points >= 500);
}

TEST_CASE("of those who come back together, memory may end for a later one, and the earlier ones are not back either") {
  const Profile rules = open_rules(true);
  const OrganizationSelector first = organization(0);
  const std::vector<AccountSelector> two{account(0), account(1)};
  const Actor staff{account(0), true};
  const AddMembers both(std::vector<OrganizationSelector>{first}, two, role(0), staff);
  // Nobody is in two organizations yet: the second account would be, and its list needs the first block of all.
  const auto make = [&](MemoryStore& store) {
    for (unsigned i = 0; i < 2; ++i) {
      must(store.put_organization({.id = organization(i)}));
      must(store.put_role(organization(i), {.id = role(0)}));
      must(store.put_account(full_account(i, i)));
      must(store.put_membership(full_membership(0, i)));
    }
    UuidSource ids({1, 2});
    const Engine engine(rules, store, ids);
    if (!engine.run(RemoveMembers(first, two, staff), Time{1'000'000})) throw std::logic_error("a removal");
    must(store.put_membership(full_membership(1, 1)));
  };
  MemoryStore store({.locked = false});
  make(store);
  Tried tried(store, 2, make);
  UuidSource ids({3, 4});
  const auto report = Engine(rules, tried, ids).run(both, Time{2'000'000});
  REQUIRE(report.has_value());
  CHECK(report.assume_value().count(Outcome::added) == 2);
  CHECK(tried.points > 0);
}
