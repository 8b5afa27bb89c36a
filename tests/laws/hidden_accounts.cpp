// Under a profile that hides accounts, an actor cannot find out which addresses have one. Two worlds that differ only
// in that give equal reports, for any sequence of commands.
#include "catch.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

namespace {

constexpr std::array strangers = {"n0@x.de", "n1@x.de"};

/// All of a report but its identifiers, which are opaque and drawn by each world.
std::string text_of_report(const Result<Report>& result) {
  if (!result) return "error " + std::string(name(result.assume_error().code));
  const Report& report = result.assume_value();
  std::string all = report.stopped ? "stopped " : "";
  for (const AccountReport& account : report.accounts)
    all += (account.id.empty() ? "-" : text_of(account.id)) + (account.created ? " created " : " ");
  for (std::uint32_t row = 0; row < report.rows; ++row)
    for (std::uint32_t column = 0; column < report.columns; ++column) {
      all += "\n" + std::string(name(report.at(row, column))) + " " + text_of(report.role(row, column)) +
             (report.membership(row, column).empty() ? "" : " shown");
      if (const Previous* const before = report.before(row, column))
        all += " was " + text_of(report.roles[before->role]) + std::to_string(static_cast<unsigned>(before->state));
    }
  return all;
}

/// Names accounts by address, with an actor that is neither staff nor one of the strangers.
std::shared_ptr<Command> by_address(const Command& drawn, Draw& draw) {
  if (drawn.kind() == CommandKind::leave || drawn.kind() == CommandKind::accept_invitation ||
      drawn.kind() == CommandKind::decline_invitation || drawn.kind() == CommandKind::transfer_ownership)
    return nullptr;
  std::vector<AccountSelector> named;
  for (const AccountSelector& who : drawn.accounts.span())
    named.push_back(draw.chance(70) || !std::holds_alternative<AccountId>(who)
                        ? AccountSelector(email(strangers[draw.below(strangers.size())]))
                        : AccountSelector(email(text_of(std::get<AccountId>(who)) + "@x.de")));
  const auto with = [&](auto command) -> std::shared_ptr<Command> {
    command->accounts = named;
    command->actor.staff = false;
    return command;
  };
  switch (drawn.kind()) {
    case CommandKind::add: return with(std::make_shared<AddMembers>(static_cast<const AddMembers&>(drawn)));
    case CommandKind::invite: return with(std::make_shared<Invite>(static_cast<const Invite&>(drawn)));
    case CommandKind::change_role: return with(std::make_shared<ChangeRole>(static_cast<const ChangeRole&>(drawn)));
    case CommandKind::suspend: return with(std::make_shared<Suspend>(static_cast<const Suspend&>(drawn)));
    case CommandKind::reactivate: return with(std::make_shared<Reactivate>(static_cast<const Reactivate&>(drawn)));
    case CommandKind::remove: return with(std::make_shared<RemoveMembers>(static_cast<const RemoveMembers&>(drawn)));
    case CommandKind::change_expiry:
      return with(std::make_shared<ChangeExpiry>(static_cast<const ChangeExpiry&>(drawn)));
    default: return with(std::make_shared<RevokeInvitation>(static_cast<const RevokeInvitation&>(drawn)));
  }
}

rc::Gen<Bytes> drawn_bytes() {
  return rc::gen::exec([] { return *rc::gen::container<Bytes>(history_bytes, rc::gen::arbitrary<std::uint8_t>()); });
}

}  // namespace

TEST_CASE("an actor that may not know which addresses have an account gets equal answers with and without one") {
  Shares shares;
  prop("two worlds, of which one has accounts for the strangers", [&] {
    const Bytes bytes = *drawn_bytes();
    CommandHistory story = read_history(bytes);
    Draw draw(bytes);
    Profile& fields = story.rules.fields;
    fields.hides_accounts = true;
    fields.on_unknown_account = OnUnknown::invite;
    fields.by_username = false;
    const Profile profile = story.rules.profile();

    World known = story.world;
    for (const char* const address : strangers) {
      Person& person = known.people["known-" + std::string(address, 2)];
      person.email = address;
      person.disabled = draw.chance(30);
      person.invited = draw.chance(30);
      person.verified = draw.chance(50);
    }
    MemoryStore here{MemoryOptions{.thread_safe = false}}, there{MemoryOptions{.thread_safe = false}};
    RC_ASSERT(fill(here, story.world));
    RC_ASSERT(fill(there, known));
    CountingIds ids_here, ids_there;
    const Engine one(profile, here, ids_here), other(profile, there, ids_there);

    unsigned written = 0;
    for (const IssuedCommand& issued : story.issued) {
      const auto command = by_address(*issued.command, draw);
      if (command == nullptr) continue;
      const auto first = one.run(*command, issued.at), second = other.run(*command, issued.at);
      RC_ASSERT(text_of_report(first) == text_of_report(second));
      if (!first) continue;
      for (const AccountReport& account : first.assume_value().accounts) RC_ASSERT(account.id.empty());
      for (const Outcome outcome : first.assume_value().outcomes) written += wrote(outcome) ? 1 : 0;
    }
    shares.count("something was written", written > 2);
  });
  shares.at_least("something was written", 50);
}

TEST_CASE("a profile that hides accounts must invite, and not by username, and staff see everything") {
  const Scenario scenario{};
  Profile profile{.actor = ActorRule::host_decides};
  constexpr std::array catalog = {Role{.id = RoleId("member")}};
  profile.roles = catalog;
  profile.default_role = RoleId("member");
  profile.hides_accounts = true;
  profile.on_unknown_account = OnUnknown::invite;
  MemoryStore store;
  REQUIRE(store.put_organization({.id = OrganizationId("o")}));
  REQUIRE(store.put_account({.id = AccountId("known"), .email = email("known@x.test")}));
  CountingIds ids;
  AddMembers command(OrganizationId("o"), email("known@x.test"), RoleId("member"));

  const auto malformed = Engine(profile, store, ids).add(command, Time{1});
  REQUIRE(malformed.has_error());
  CHECK(malformed.assume_error().code == Errc::profile_malformed);
  profile.by_username = false;
  profile.on_unknown_account = OnUnknown::create;
  CHECK(Engine(profile, store, ids).add(command, Time{1}).has_error());
  profile.on_unknown_account = OnUnknown::invite;

  const auto hidden = Engine(profile, store, ids).plan(command, Time{1});
  REQUIRE(hidden.has_value());
  CHECK(hidden.assume_value().at(0, 0) == Outcome::invited);
  CHECK(hidden.assume_value().accounts[0].id.empty());
  command.actor.staff = true;
  const auto open = Engine(profile, store, ids).add(command, Time{1});
  REQUIRE(open.has_value());
  CHECK(open.assume_value().at(0, 0) == Outcome::added);
  CHECK(open.assume_value().accounts[0].id == AccountId("known"));
}
