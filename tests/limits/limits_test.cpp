// Proves that a MemoryStore which is full says so, writes nothing, and goes on with what still has room; and that an
// operation reports it as what it is, single and bulk. The limits are those of small_limits.hpp.
#include <array>
#include <string>
#include <vector>

#include "catch.hpp"
#include "roster/engine.hpp"
#include "roster/memory_store.hpp"

// These two and no others, so that the table below has the small limits as well.
#include "limits/small_limits.hpp"
//
#include "memory/slot_table.hpp"

using namespace roster;

namespace {

namespace most = roster::memory::limits;
constexpr std::uint32_t members_max = (1u << most::position_bits) - 1;
constexpr Time noon{1'700'000'000'000'000};

template <class AnyId>
AnyId id(const std::string& text) {
  return AnyId::parse(text).value();
}
OrganizationId organization(unsigned i) {
  return id<OrganizationId>("o" + std::to_string(i));
}
AccountId account(unsigned i) {
  return id<AccountId>("a" + std::to_string(i));
}
RoleId role(unsigned i) {
  return id<RoleId>("r" + std::to_string(i));
}
Email address(unsigned i) {
  return Email::parse("new" + std::to_string(i) + "@x.example").value();
}
/// Of more than 200 bytes, with a key of its own.
Email long_address(unsigned i) {
  std::string text = "A" + std::to_string(i) + "@";
  while (text.size() < 200) text += std::string(50, 'X') + ".";
  return Email::parse(text + "example").value();
}

template <class T>
Errc code(const Result<T>& done) {
  return done ? Errc{} : done.assume_error().code;
}
template <class T>
void must(const Result<T>& done) {
  REQUIRE(code(done) == Errc{});
}
Membership membership(unsigned in, unsigned who, unsigned as = 0) {
  return {.id = MembershipId::of(std::to_string(in) + "/" + std::to_string(who)),
          .organization = organization(in),
          .account = account(who),
          .role = role(as)};
}

/// A store with that many organizations and accounts.
struct Filled {
  Filled(unsigned organizations, unsigned accounts) {
    for (unsigned i = 0; i < organizations; ++i) must(store.put_organization({.id = organization(i)}));
    for (unsigned i = 0; i < accounts; ++i) must(store.put_account({.id = account(i)}));
  }
  std::vector<Membership> members(unsigned in) const {
    std::vector<Membership> page(members_max + 1);
    page.resize(store.members(organization(in), {}, page).value());
    return page;
  }
  MemoryStore store{{.thread_safe = false}};
  UuidSource ids{{1, 2}};
};

Profile rules(Mode mode) {
  static const std::vector<Role> catalog = [] {
    std::vector<Role> all;
    for (unsigned i = 0; i < most::roles + 3; ++i) all.push_back({.id = role(i), .rank = 1});
    return all;
  }();
  Profile profile{.actor = ActorRule::host_decides};
  profile.roles = catalog;
  profile.default_role = role(0);
  profile.mode = mode;
  profile.on_unknown_account = OnUnknown::create;
  profile.on_other_role = OnConflict::replace;
  profile.accounts_max = profile.organizations_max = 1'000;
  return profile;
}

using People = std::vector<AccountSelector>;

/// Whichever way the command goes, the store has no room for what it would write: that is said, and nothing is written.
void is_full(Filled& in, const AddMembers& refused) {
  const std::uint64_t before = in.store.membership_count(), accounts = in.store.account_count();
  for (const Mode mode : {Mode::best_effort, Mode::atomic}) {
    const Profile profile = rules(mode);
    const Engine engine(profile, in.store, in.ids);
    for (const bool run : {false, true}) {
      const auto answer = run ? engine.run(refused, noon) : engine.add(refused, noon);
      REQUIRE(answer.has_error());
      CHECK(answer.assume_error() == Error(Errc::store_full));
    }
  }
  CHECK(in.store.membership_count() == before);
  CHECK(in.store.account_count() == accounts);
}

/// The same where some still find room: of all of them together nothing is written; tile by tile, those who fit are,
/// and the others are undecided. Then the store is full.
void becomes_full(Filled& in, const AddMembers& refused, const People& fits) {
  const std::uint64_t before = in.store.membership_count(), accounts = in.store.account_count();
  AddMembers all = refused;
  People people = fits;
  for (const AccountSelector& who : refused.accounts.span()) people.push_back(who);
  all.accounts = people;
  const Profile whole = rules(Mode::atomic), each = rules(Mode::best_effort);
  const auto nothing = Engine(whole, in.store, in.ids).run(all, noon);
  REQUIRE(nothing.has_error());
  CHECK(nothing.assume_error() == Error(Errc::store_full));
  CHECK(in.store.membership_count() == before);
  CHECK(in.store.account_count() == accounts);
  const Options tiles{.tile_cells_max = static_cast<std::uint32_t>(fits.size())};
  const auto some = Engine(each, in.store, in.ids, tiles).run(all, noon);
  REQUIRE(some.has_value());
  const Report& report = some.assume_value();
  REQUIRE(report.stopped.has_value());
  CHECK(*report.stopped == Error(Errc::store_full));
  for (std::uint32_t i = 0; i < report.columns; ++i)
    CHECK(report.at(0, i) == (i < fits.size() ? Outcome::added : Outcome::undecided));
  CHECK(in.store.membership_count() == before + fits.size());
  is_full(in, refused);
}

}  // namespace

TEST_CASE("an organization with as many members as it can have is full, and closes its gaps before it says so") {
  Filled in(2, most::accounts);
  for (unsigned i = 0; i < members_max - 2; ++i) must(in.store.put_membership(membership(0, i)));
  becomes_full(in, {organization(0), People{account(150), account(151), account(152)}}, {account(148), account(149)});
  CHECK(in.store.member_count(organization(0)).value() == members_max);
  is_full(in, {organization(0), account(150)});
  CHECK(code(in.store.put_membership(membership(0, 150))) == Errc::store_full);
  const Profile profile = rules(Mode::best_effort);
  const Engine engine(profile, in.store, in.ids);
  CHECK(engine.add({organization(1), account(150)}, noon).value().at(0, 0) == Outcome::added);  // others have room
  // Each that goes makes room for one, though none of the records moves up before there is no other way.
  std::vector<unsigned> left;
  for (unsigned i = 0; i < members_max - 2; ++i) left.push_back(i);
  left.push_back(148), left.push_back(149);
  for (unsigned round = 0; round < 3; ++round) {
    for (unsigned i = 0; i < 20; ++i) {
      must(in.store.erase_membership(organization(0), account(left[3 * i])));
      left[3 * i] = no_index;
    }
    std::erase(left, no_index);
    for (unsigned i = 0; i < 20; ++i) {
      const unsigned who = 150 + (round * 20 + i) % 50;
      if (in.store.membership(organization(0), account(who)).value()) continue;
      must(in.store.put_membership(membership(0, who)));
      left.push_back(who);
    }
    const auto all = in.members(0);
    REQUIRE(all.size() == left.size());
    std::vector<AccountId> expected;
    for (const unsigned one : left) expected.push_back(account(one));
    std::sort(expected.begin(), expected.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(all[i].account == expected[i]);
      CHECK(in.store.membership(organization(0), all[i].account).value()->id == all[i].id);
    }
  }
}

TEST_CASE("a store that knows as many roles as it can is full for another, and for no role that it knows") {
  Filled in(2, 20);
  for (unsigned i = 0; i < most::roles - 1; ++i)
    must(in.store.put_role(organization(i % 2), {.id = role(i), .rank = 1}, any_version));
  must(in.store.put_membership(membership(0, 19, most::roles - 1)));  // the last that there is room for
  CHECK(code(in.store.put_role(organization(0), {.id = role(most::roles)}, any_version)) == Errc::store_full);
  CHECK(code(in.store.put_role(organization(0), {.id = role(most::roles - 1)}, any_version)) == Errc{});
  CHECK(code(in.store.put_membership(membership(0, 18, most::roles))) == Errc::store_full);
  CHECK_FALSE(in.store.membership(organization(0), account(18)).value().has_value());
  is_full(in, {organization(0), account(1), role(most::roles)});
  is_full(in, {organization(0), People{account(1), address(1)}, role(most::roles + 1)});
  // A role that is known and one that is not, in tiles of their own.
  AddMembers mixed(organization(0), People{account(2), account(3)}, {}, {}, {});
  mixed.roles = {role(most::roles - 1), role(most::roles)};
  mixed.cell_roles = {0, 1};
  const Profile profile = rules(Mode::best_effort);
  const auto some = Engine(profile, in.store, in.ids, {.tile_cells_max = 1}).run(mixed, noon);
  REQUIRE(some.has_value());
  CHECK(some.assume_value().at(0, 0) == Outcome::added);
  CHECK(some.assume_value().at(0, 1) == Outcome::undecided);
  CHECK(in.store.membership(organization(0), account(2)).value()->role == role(most::roles - 1));
  const auto changed =
      Engine(profile, in.store, in.ids).run(ChangeRole(organization(0), account(2), role(most::roles)), noon);
  REQUIRE(changed.has_error());
  CHECK(changed.assume_error() == Error(Errc::store_full));
  CHECK(in.store.membership(organization(0), account(2)).value()->role == role(most::roles - 1));
}

TEST_CASE("a store with as many accounts, or organizations, as it can have is full for another, and for none it has") {
  Filled in(most::organizations, most::accounts - 2);
  CHECK(code(in.store.put_organization({.id = organization(most::organizations)})) == Errc::store_full);
  must(in.store.overwrite_organization({.id = organization(1), .slug = Slug("one"), .joinable = true}));
  CHECK(in.store.organization_count() == most::organizations);
  becomes_full(in, {organization(0), People{address(3), address(4), address(5)}}, {address(1), address(2)});
  CHECK(in.store.account_count() == most::accounts);
  becomes_full(in, {organization(1), address(3)}, {account(0)});
  CHECK(code(in.store.put_account({.id = account(most::accounts)})) == Errc::store_full);
  must(in.store.overwrite_account({.id = account(1), .username = Username("one")}));
  CHECK_FALSE(in.store.account(AccountSelector(address(3))).value().has_value());
  CHECK(in.store.account_count() == most::accounts);
}

TEST_CASE("an account in as many organizations as it can be is in no other, and what else was to be written is not") {
  Filled in(most::organizations, 3);
  for (unsigned i = 0; i < most::organizations_joined; ++i) must(in.store.put_membership(membership(i, 0)));
  CHECK(code(in.store.put_membership(membership(most::organizations_joined, 0))) == Errc::out_of_memory);
  const Profile profile = rules(Mode::best_effort);
  const Engine engine(profile, in.store, in.ids);
  const OrganizationSelector next = organization(most::organizations_joined);
  for (const People& who : {People{account(0)}, People{account(1), account(0), account(2)}}) {
    const auto answer = engine.run(AddMembers(next, who), noon);
    REQUIRE(answer.has_error());
    CHECK(answer.assume_error() == Error(Errc::out_of_memory));
    CHECK(in.store.member_count(organization(most::organizations_joined)).value() == 0);
    CHECK(in.store.organization_count(account(1)).value() == 0);
  }
  must(in.store.erase_membership(organization(7), account(0)));
  CHECK(engine.add({organization(most::organizations_joined), account(0)}, noon).value().at(0, 0) == Outcome::added);
  CHECK(in.store.organization_count(account(0)).value() == most::organizations_joined);
}

TEST_CASE(
    "when there are no more pages for lists, or blocks for texts, a operation writes nothing, and there is room "
    "again") {
  Filled lists(most::organizations, 12);
  // Two pages for each account.
  std::vector<OrganizationSelector> rows;
  for (unsigned i = 0; i < 280; ++i) rows.emplace_back(organization(i));
  const Profile profile = rules(Mode::atomic);
  const Engine engine(profile, lists.store, lists.ids);
  unsigned written = 0;
  for (unsigned i = 0; i < 12; ++i) {
    const auto answer = engine.run(AddMembers(rows, account(i)), noon);
    if (answer) {
      ++written;
      continue;
    }
    CHECK(answer.assume_error() == Error(Errc::out_of_memory));
    CHECK(lists.store.organization_count(account(i)).value() == 0);
    CHECK(lists.store.membership_count() == written * rows.size());
  }
  CHECK(written >= 4);
  CHECK(written < 12);
  for (unsigned i = 0; i < 280; ++i) must(lists.store.erase_membership(organization(i), account(0)));
  CHECK(engine.run(AddMembers(rows, account(11)), noon).has_value());

  Filled texts(1, 0);
  unsigned there = 0;
  for (; there < most::accounts; ++there) {
    AccountRecord record{.id = account(there)};
    record.email = long_address(there);
    if (const Errc failed = code(texts.store.put_account(record)); failed != Errc{}) {
      CHECK(failed == Errc::out_of_memory);
      break;
    }
  }
  CHECK(there < most::accounts);
  CHECK(texts.store.account_count() == there);
  CHECK_FALSE(texts.store.account(AccountSelector(account(there))).value().has_value());
  CHECK_FALSE(texts.store.account(AccountSelector(long_address(there))).value().has_value());
  for (unsigned i = 0; i < there; ++i)
    CHECK(texts.store.account(AccountSelector(long_address(i))).value()->id == account(i));
  // What needs no text still has room, and of a change that does not fit nothing is left.
  must(texts.store.put_account({.id = account(there)}));
  AccountRecord renamed{.id = account(0), .username = id<Username>(std::string(63, 'u'))};
  renamed.email = long_address(most::accounts);
  CHECK(code(texts.store.overwrite_account(renamed)) == Errc::out_of_memory);
  CHECK(texts.store.account(AccountSelector(account(0))).value()->email->text() == long_address(0).text());
  CHECK(texts.store.account(AccountSelector(long_address(0))).value()->id == account(0));
}

TEST_CASE("a table whose slots cannot be told apart any further grows a segment, and says when it may not") {
  using Table = memory::SlotTable<memory::IdSlot>;
  for (const bool alike : {true, false}) {
    Table table;
    // Either one hash for all, or so many that the directory is as deep as it may be.
    const auto hash_of_number = [&](std::uint32_t i) { return alike ? 7u : i * 0x9E3779B9u; };
    const auto hash_of = [](memory::IdSlot slot) noexcept { return slot.hash; };
    std::uint32_t count = 0;
    for (;; ++count) {
      const std::uint32_t hash = hash_of_number(count);
      const memory::Put put = table.insert(
          hash, hash, memory::IdSlot{hash, count}, [&](memory::IdSlot slot) noexcept { return slot.handle == count; },
          hash_of);
      if (put != memory::Put::done) {
        CHECK(put == memory::Put::no_memory);
        break;
      }
      REQUIRE(count < 10'000);
    }
    CHECK(table.size() == count);
    CHECK(count >= most::alike_slots / 2);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t hash = hash_of_number(i);
      const auto same = [&](memory::IdSlot slot) noexcept { return slot.handle == i; };
      if (table.find(hash, hash, same).handle != i) FAIL("lost " << i);
      if (i % 2 == 1) continue;
      REQUIRE(table.erase(hash, same, hash_of));
      CHECK_FALSE(table.erase(hash, same, hash_of));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t hash = hash_of_number(i);
      const auto found = table.find(hash, hash, [&](memory::IdSlot slot) noexcept { return slot.handle == i; });
      if (found.vacant() != (i % 2 == 0)) FAIL("found " << i);
    }
  }
}
