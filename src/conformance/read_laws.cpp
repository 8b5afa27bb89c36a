// The read interface of a store: single memberships, listings and counts.
#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "laws.hpp"
#include "read_calls.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

void reads_membership(TestContext& test) {
  const Names names = {"org", "a", "aa", "A", "b", "o"};
  CommittedMemberships world(test, names);
  ReadCalls reads(test);
  const auto check = [&] {
    const auto stored = world.stored();
    for (std::uint32_t row = 0; row < names.size(); ++row)
      for (std::uint32_t column = 0; column < names.size(); ++column) {
        const auto expected = stored.find({row, column});
        const bool there = expected != stored.end(),
                   removed = there && expected->second.membership.state == State::removed;
        const auto read = reads.membership(id<OrganizationId>(names[row]), id<AccountId>(names[column]));
        const auto former = reads.former(id<OrganizationId>(names[row]), id<AccountId>(names[column]));
        const std::string pair = "`" + names[column] + "` in `" + names[row] + "`";
        test.expect(read.has_value() == (there && !removed),
                    "membership(): " + pair + (read ? " has a membership" : " has no membership"));
        test.expect(former.has_value() == removed,
                    "former_membership(): " + pair + (former ? " has a tombstone" : " has no tombstone"));
        if (test.broken()) return;
        if (read) expect_same(test, *read, expected->second.membership, "membership()");
        if (!former) continue;
        expect_same(test, former->membership, expected->second.membership, "former_membership()");
        test.expect(former->removed_by == expected->second.removed_by, "a tombstone has another actor of its removal");
        test.expect(former->removed_at == expected->second.removed_at, "a tombstone has another time of its removal");
      }
  };
  constexpr Time later{1'900'000'000'123'456};
  world.write({{0, 1}, {0, 2}, {1, 1}}, member, State::active);
  world.write({{0, 3}, {1, 2}}, owner, State::active, later);
  world.actor = id<AccountId>("o");
  world.write({{0, 4}, {1, 3}, {2, 1}}, admin, State::invited, later);
  check();
  world.actor = id<AccountId>("aa");
  world.invitation_until = Time{1'800'000'000'000'007};
  world.write({{1, 3}, {2, 2}}, owner, State::invited);
  check();
  world.actor = {};
  world.write({{0, 1}, {0, 4}}, owner, State::active);
  world.write({{0, 2}, {1, 2}}, member, State::suspended, Time{1});
  check();
  world.actor = id<AccountId>("b");
  world.write({{0, 2}, {1, 3}}, {}, State::removed);
  world.actor = {};
  world.write({{0, 3}}, {}, State::removed);
  world.keeps_tombstones = false;
  world.write({{1, 1}}, {}, State::removed);
  check();
  world.write({{0, 2}, {1, 1}, {1, 3}}, admin, State::active);
  check();
  for (const char* const unknown : {"", "or", "orgs", "Org", "aaa", "\xC3\xA4"}) {
    const auto organization = id<OrganizationId>(unknown);
    const auto account = id<AccountId>(unknown);
    test.expect(!reads.membership(organization, id<AccountId>("a")) && !reads.former(organization, id<AccountId>("a")),
                "an unknown organization has a membership");
    test.expect(
        !reads.membership(id<OrganizationId>("org"), account) && !reads.former(id<OrganizationId>("org"), account),
        "an unknown account has a membership");
  }
}

/// Ids whose order depends on case, length, encoding and collation, in no order.
Names unordered_names() {
  const std::string longest(62, 'z');
  return {"b",        "a", "aa", "B", "a0", longest + "b",  "A", "\xC3\xA9",    "a ", "10", "\xF0\x9F\x98\x80",
          "_",        "9", "a-", "e", "Z",  "\xEF\xBF\xBD", "z", longest + "a", "f",  "aB", "a_",
          "\xC3\x89", "ab"};
}

bool is_listed(Listing listing, State state) {
  return listing == Listing::invitations ? state == State::invited : state != State::removed;
}

void lists(TestContext& test, Listing listing) {
  const Names names = unordered_names();
  CommittedMemberships world(test, names);
  // The first record is listed: of each six, one is active, invited, suspended, removed, expired, and gone.
  std::array<std::vector<Cell>, 6> kinds;
  for (std::uint32_t i = 0; i < names.size(); ++i) kinds[i % 6].push_back(cell(listing, 0, i));
  for (const std::size_t kind : {5u, 4u, 3u, 2u, 0u})
    world.write(kinds[kind], kind % 2 == 0 ? admin : member, State::active);
  world.actor = id<AccountId>(names[1]);
  world.write(kinds[1], member, State::invited);
  world.invitation_until = Time{1};  // long over
  world.write({kinds[1][0], kinds[1][2]}, admin, State::invited);
  world.actor = {};
  world.write({cell(listing, 1, 2), cell(listing, 1, 3), cell(listing, 1, 22)}, owner, State::active);
  world.write(kinds[2], admin, State::suspended);
  world.write(kinds[3], {}, State::removed);
  world.write(kinds[4], owner, State::active, Time{1});
  world.keeps_tombstones = false;
  world.write(kinds[5], {}, State::removed);

  std::map<std::string, Membership> expected;
  for (const auto& [at, record] : world.stored())
    if ((listing == Listing::organizations ? at.second : at.first) == 0 && is_listed(listing, record.membership.state))
      expected.emplace(listed_id(listing, record.membership), record.membership);
  ReadCalls reads(test);
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, expected.size(), names.size() + 1}) {
    const auto read = reads.all(listing, names[0], size, names.size());
    Names ids;
    for (const auto& [name, membership] : expected) ids.push_back(name);
    if (!expect_listed(test, listing, read, ids, "a listing with pages of " + std::to_string(size))) return;
    for (const Membership& membership : read)
      expect_same(test, membership, expected[listed_id(listing, membership)], "a listing");
  }
  for (const std::string& after : names) {
    Names behind;
    for (auto at = expected.upper_bound(after); at != expected.end(); ++at) behind.push_back(at->first);
    expect_listed(test, listing, reads.page(listing, names[0], after, names.size()), behind,
                  "the page behind `" + after + "`");
  }
  for (const char* const unknown : {"", "c", "bb"})
    expect_listed(test, listing, reads.page(listing, unknown, "", 2), {}, "an unknown record");
}

void reads_members(TestContext& test) {
  lists(test, Listing::members);
}
void reads_organizations(TestContext& test) {
  lists(test, Listing::organizations);
}
void reads_invitations(TestContext& test) {
  lists(test, Listing::invitations);
}

/// The same listing for the members with one role.
void reads_members_with_role(TestContext& test) {
  const Names names = unordered_names();
  CommittedMemberships world(test, names);
  constexpr std::array states = {State::active, State::invited, State::suspended, State::removed};
  const std::array roles = {member, admin, RoleId("membe"), RoleId("Member")};
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const RoleId& role = roles[i % 3 == 0 ? 0 : i % 4];
    world.write({{0, i}}, role, State::active, i % 5 == 0 ? Time{1} : Time{});
    if (states[i / 2 % 4] != State::active)
      world.write({{0, i}}, role, states[i / 2 % 4], i % 5 == 0 ? Time{1} : Time{});
  }
  world.write({{1, 2}, {1, 3}}, member, State::active);
  const auto stored = world.stored();
  ReadCalls reads(test);
  const auto check = [&](std::uint32_t row, const RoleId& role) {
    std::map<std::string, Membership> expected;
    for (const auto& [at, record] : stored)
      if (at.first == row && record.membership.role == role && record.membership.state != State::removed)
        expected.emplace(names[at.second], record.membership);
    Names ids;
    for (const auto& [name, membership] : expected) ids.push_back(name);
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, names.size() + 1}) {
      const auto read = reads.with_role(names[row], role, size, names.size());
      if (!expect_listed(test, Listing::members, read, ids,
                         "a listing of a role with pages of " + std::to_string(size)))
        return;
      for (const Membership& membership : read)
        expect_same(test, membership, expected[listed_id(Listing::members, membership)], "a listing of a role");
    }
  };
  for (std::uint32_t row = 0; row < 3; ++row)
    for (const RoleId& role : roles) check(row, role);
  for (const RoleId& role : {RoleId{}, RoleId("nobody"), RoleId("member2")}) check(0, role);
  expect_listed(test, Listing::members, reads.with_role("unknown", member, 2, names.size()), {}, "an unknown record");
}

/// Memberships come and go between the pages of a listing.
void reads_cursor(TestContext& test) {
  const Names names = {"of", "k", "c", "i", "e", "g", "f", "d", "b"};
  for (const Listing listing : {Listing::members, Listing::organizations, Listing::invitations})
    for (const bool keeps_tombstones : {true, false}) {
      test.fresh();
      CommittedMemberships world(test, names);
      world.keeps_tombstones = keeps_tombstones;
      ReadCalls reads(test);
      const State state = listing == Listing::invitations ? State::invited : State::active;
      const auto add = [&](std::uint32_t i) { world.write({cell(listing, 0, i)}, member, state); };
      const auto remove = [&](std::uint32_t i) { world.write({cell(listing, 0, i)}, {}, State::removed); };
      const auto next = [&](const char* after, const Names& expected) {
        expect_listed(
            test, listing, reads.page(listing, "of", after, 2), expected,
            "between two pages memberships were added and removed: the page behind `" + std::string(after) + "`");
      };
      for (std::uint32_t i = 1; i <= 5; ++i) add(i);
      next("", {"c", "e"});
      remove(4);  // the last that was listed,
      remove(5);  // and the one behind it
      add(7);     // two before the cursor, so that the numbers of entries differ,
      add(8);
      add(6);  // and one behind it
      next("e", {"f", "i"});
      remove(3);
      next("i", {"k"});
      next("k", {});
    }
}

void reads_counts(TestContext& test) {
  const Names names = {"of", "a", "b", "c", "d", "e"};
  for (const Listing listing : listings) {
    test.fresh();
    CommittedMemberships world(test, names);
    ReadCalls reads(test);
    const auto check = [&](std::uint64_t expected, const std::string& what) {
      const std::uint64_t count = reads.count(listing, "of");
      const std::size_t listed = reads.all(listing, "of", names.size(), names.size()).size();
      test.expect(count == expected, what + ": the count is " + std::to_string(count));
      test.expect(count == listed, what + ": the count is " + std::to_string(count) + ", and the listing has " +
                                       std::to_string(listed) + " entries");
    };
    const auto at = [&](std::uint32_t i) { return cell(listing, 0, i); };
    check(0, "without a membership");
    world.write({cell(listing, 1, 1), cell(listing, 1, 2)}, member, State::active);
    check(0, "with memberships of another record only");
    world.write({at(1), at(2), at(3)}, member, State::active);
    check(3, "after three adds");
    world.write({at(4), at(5)}, member, State::invited);
    check(5, "after two invitations");
    world.write({at(1)}, member, State::suspended);
    world.write({at(2)}, member, State::active, Time{1});
    check(5, "after a suspension and an expiry");
    world.write({at(3)}, {}, State::removed);
    check(4, "after a removal with a tombstone");
    world.write({at(3)}, member, State::active);
    check(5, "after a return");
    world.keeps_tombstones = false;
    world.write({at(3), at(4)}, {}, State::removed);
    check(3, "after two removals without tombstones");
    for (const char* const unknown : {"", "o", "off", "Of"})
      test.expect(reads.count(listing, unknown) == 0, "an unknown record has a count");
  }
}

constexpr Entry read_entries[] = {
    {{"reads/membership",
      "membership() and former_membership() return the record of a pair as it was committed, a removed one only as "
      "former, or nothing"},
     reads_membership,
     Requires::reader},
    {{"reads/members",
      "members() lists each membership that is not removed once, in the byte order of account ids, for any page size"},
     reads_members,
     Requires::reader},
    {{"reads/members-with-role", "members_with_role() lists the members with one role, as members() lists all of them"},
     reads_members_with_role,
     Requires::reader},
    {{"reads/organizations",
      "organizations_of() lists each membership that is not removed once, in the byte order of organization ids, for "
      "any page size"},
     reads_organizations,
     Requires::reader},
    {{"reads/invitations",
      "invitations() lists each pending invitation once, with its end and its inviter, in the byte order of account "
      "ids"},
     reads_invitations,
     Requires::reader},
    {{"reads/cursor",
      "a listing contains each membership that stays exactly once, for any adds and removals between two pages"},
     reads_cursor,
     Requires::reader},
    {{"reads/counts",
      "member_count() and organization_count() equal the length of the listing, and are 0 for an unknown record"},
     reads_counts,
     Requires::reader},
};

}  // namespace

std::span<const Entry> read_laws() noexcept {
  return read_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
