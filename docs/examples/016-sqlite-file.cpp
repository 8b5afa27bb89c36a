// Stores members in an SQLite file, adds one at each start, and lists all of them.
//
//     example-016-sqlite-file [FILE]      without a file it starts twice on one of its own, and deletes it
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>

#include "roster/roster.hpp"
#include "roster/sqlite_store.hpp"

using namespace roster;

namespace {

const OrganizationId acme("acme");
const AccountId ann("ann");
const Membership founder = {.id = MembershipId::of("founder of acme"),
                            .organization = OrganizationId("acme"),
                            .account = AccountId("ann"),
                            .role = RoleId("member")};

// now begins
Time now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return Time{std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count()};
}
// now ends

// prepare begins
/// Puts the records of the first start, the founder's membership last. If this membership or its tombstone exists, all
/// of the records were put.
Result<void> prepare(SqliteStore& store) {
  const auto member = store.membership(acme, ann);
  if (!member) return member.error();
  const auto former = store.former_membership(acme, ann);
  if (!former) return former.error();
  if (member.value() || former.value()) return success();  // a later start
  if (const auto put = store.put_organization({.id = acme, .seats_max = 50}); !put) return put.error();
  if (const auto put = store.put_account({.id = ann}); !put) return put.error();
  return store.put_membership(founder);
}
// prepare ends

int fail(const char* step, const Error& error) {
  const std::string_view reason =
      error.code == Errc::store_failed ? describe_sqlite(error.detail) : describe(error.code);
  std::fprintf(stderr, "%s: %.*s\n", step, static_cast<int>(reason.size()), reason.data());
  return 1;
}

// list begins
/// Prints the members that have access now. A store lists expired members until they are removed.
Result<void> print_members(const SqliteStore& store) {
  AccountId after;  // empty: from the first
  std::array<Membership, 100> page;
  for (;;) {
    const auto count = store.members(acme, after, page);
    if (!count) return count.error();
    if (count.value() == 0) return success();
    for (std::size_t i = 0; i < count.value(); ++i) {
      const auto account = store.account(page[i].account);
      if (!account) return account.error();
      if (!account.value() || !is_effective(page[i], *account.value(), now())) continue;
      std::printf("%s %s\n", std::string(page[i].account.view()).c_str(), std::string(page[i].role.view()).c_str());
    }
    after = page[count.value() - 1].account;
  }
}
// list ends

// start begins
int start(const char* path, const char* address) {
  auto opened = SqliteStore::open(path);
  if (!opened) return fail("open", opened.error());
  SqliteStore& store = opened.value();
  if (const auto ready = prepare(store); !ready) return fail("prepare", ready.error());

  std::random_device entropy;
  UuidSource ids({std::uint64_t{entropy()} << 32 | entropy(), std::uint64_t{entropy()} << 32 | entropy()});
  const Engine engine(profiles::recoup, store, ids);
  const auto member = Email::parse(address);
  if (!member) return fail("address", member.error());
  const auto report = engine.add({acme, member.value(), {}, Actor{ann}}, now());
  if (!report) return fail("add", report.error());
  const Outcome outcome = report.value().at(0, 0);
  std::printf("%s: %s\n", address, std::string(name(outcome)).c_str());

  if (const auto listed = print_members(store); !listed) return fail("list", listed.error());
  return succeeded(outcome) ? 0 : 1;
}
// start ends

/// Repeats the puts. A second put of an unchanged record is a success. With other fields, and for a membership, it is
/// `exists`.
bool replies_of_second_put(SqliteStore& store) {
  const auto organization = store.put_organization({.id = acme, .seats_max = 50});
  const auto account = store.put_account({.id = ann});
  const auto other_seats = store.put_organization({.id = acme, .seats_max = 60});
  const auto membership = store.put_membership(founder);
  return organization && account && !other_seats && other_seats.error().code == Errc::exists && !membership &&
         membership.error().code == Errc::exists;
}

}  // namespace

int main(int count, char** words) {
  if (count > 1) return start(words[1], "zoe@example.com");
  const std::string path = "016-sqlite-file.db";
  std::filesystem::remove(path);
  int failures = start(path.c_str(), "zoe@example.com") + start(path.c_str(), "kim@example.com");
  {
    auto opened = SqliteStore::open(path.c_str());
    if (!opened || !replies_of_second_put(opened.value()) || opened.value().member_count(acme).value() != 3) ++failures;
  }
  std::filesystem::remove(path);
  return failures == 0 ? 0 : 1;
}
