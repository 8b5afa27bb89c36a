// An account with mentions in every table, erased with them and without, for the tests of both SQL stores.
#ifndef ROSTER_TESTS_SQL_ERASED_MENTIONS_HPP
#define ROSTER_TESTS_SQL_ERASED_MENTIONS_HPP

#include "catch.hpp"
#include "support/fixture_world.hpp"

namespace sql_testing {

/// `all_values()` returns the text of all tables.
template <class AnyStore, class AllValues>
void check_mentions(AnyStore& store, const AllValues& all_values) {
  using namespace fixtures;
  UuidSource ids({1, 2});
  const Profile rules = with(host_rules(), [](Profile& p) { p.on_unknown_account = OnUnknown::create; });
  const Engine engine(rules, store, ids);
  const auto runs = [&](const Command& command) {
    const auto report = engine.run(command, roster_test::now);
    REQUIRE(report.has_value());
    CHECK(report.assume_value().succeeded());
  };
  REQUIRE(store.put_organization({.id = acme}).has_value());
  for (const AccountId& id : {bob, cid, dora}) REQUIRE(store.put_account({.id = id}).has_value());
  for (const Mentions mentions : {Mentions::keep, Mentions::erase}) {
    const std::string name = mentions == Mentions::keep ? "kept-one" : "zoe-q-public";
    const AccountId who = roster_test::id<AccountId>(name);
    REQUIRE(store.put_account({.id = who, .email = address(name + "@x.example"), .username = Username("qpublic7")})
                .has_value());
    REQUIRE(store.overwrite_group(GroupName("team"), std::array{bob, who}).has_value());
    runs(AddMembers(acme, who, admin, by(bob)));
    runs(AddMembers(acme, address("new@" + std::string(mentions == Mentions::keep ? "k" : "e") + ".example"), clerk,
                    by(who)));
    runs(AddMembers(acme, std::vector<AccountSelector>{bob, cid}, clerk, by(who)));
    runs(Invite(acme, dora, clerk, by(who)));
    runs(RemoveMembers(acme, bob, by(who)));
    runs(RemoveMembers(acme, cid, by(who)));
    runs(RemoveMembers(acme, who, by(who)));
    REQUIRE(store.erase_account(who, any_version, mentions).has_value());
    const std::string text = all_values();
    CHECK(text.find("qpublic7") == std::string::npos);
    CHECK((text.find(name) == std::string::npos) == (mentions == Mentions::erase));
    CHECK((text.find(std::string(erased_account.view())) == std::string::npos) == (mentions == Mentions::keep));
    CHECK(store.former_membership(acme, bob).value()->removed_by ==
          (mentions == Mentions::keep ? who : erased_account));
    runs(RevokeInvitation(acme, dora, by(bob)));
  }
}

}  // namespace sql_testing

#endif
