// Proves that a commit which changes one organization and adds to another one cannot add a member with a role that is
// erased meanwhile: the erase waits for the commit, or the commit is decided again.
#include <chrono>
#include <thread>

#include "scenario.hpp"

namespace erased_roles_test {

using namespace postgres_testing;

namespace {

const OrganizationId other("other");
const RoleId guest("guest");

/// Waits until `done`, or until so many sessions of this database wait for a lock.
void wait_for(Session& session, const std::string& waiting, const bool& done) {
  for (int attempt = 0; attempt < 1000 && !done; ++attempt) {
    if (session.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database()") == waiting)
      return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

TEST_CASE("a role is not erased under a commit that changes another organization", "[postgres][races]") {
  const std::string conninfo = make_database("erased_under_a_commit", Tables::read_committed);
  PostgresStore store(conninfo.c_str()), second(conninfo.c_str());
  for (const OrganizationId& id : {acme, other}) {
    must(store, store.put_organization({.id = id}));
    for (const RoleId& role : {clerk, guest}) must(store, store.put_role(id, {.id = role, .rank = 1}, any_version));
  }
  must(store, store.put_account({.id = ann}));
  Profile profile = rules();
  profile.roles = {};
  profile.default_role = {};
  profile.actor = ActorRule::host_decides;
  profile.on_removed = OnFormer::reactivate;
  profile.organizations_max = 2;
  UuidSource ids({1, 2});
  const Engine engine(profile, store, ids);
  REQUIRE(engine.run(AddMembers(acme, ann, guest), now).value().succeeded());
  REQUIRE(engine.run(RemoveMembers(acme, ann), now).value().succeeded());

  // The returning member of acme is held, so the commit stops between its check and its last write.
  Session holder(conninfo), observer(conninfo);
  holder.run("BEGIN; SELECT 1 FROM roster_memberships WHERE account_id = 'ann' FOR UPDATE");
  bool added = false, erased = false;
  std::thread adds([&] {
    const auto report = engine.run(AddMembers({acme, other}, {ann}, guest), now);
    added = report.has_value() && report.assume_value().succeeded();
  });
  const bool never = false;
  wait_for(observer, "1", never);
  std::thread erases([&] { erased = second.erase_role(other, guest, clerk, any_version).has_value(); });
  wait_for(observer, "2", erased);
  holder.run("ROLLBACK");
  adds.join();
  erases.join();
  CHECK(erased);
  // Decided again after the erase, the add is refused; otherwise the erase has replaced the role.
  const auto member = store.membership(other, ann).value();
  CHECK(added == member.has_value());
  if (member) CHECK(member->role == clerk);
}

}  // namespace erased_roles_test
