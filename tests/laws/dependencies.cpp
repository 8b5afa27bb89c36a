// Every fact on which a decision depends is guarded. The host changes a fact between the fetch and the commit. Either
// the commit is stale, or the change makes no difference: the same is written if the change comes first.
#include "catch.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

namespace {

constexpr std::size_t before_max = 4;  // earlier commands
constexpr std::size_t drawn_bytes = opening_bytes + (before_max + 1) * issued_bytes + 12;

/// The host's change of an organization, a role, an account or a membership that the decision may have read.
struct Change {
  OrganizationId place;
  AccountId account;
  unsigned what = 0, how = 0;
};

/// Cases that chance rarely draws: a parent whose own catalog decides the right, and an organization that acts on
/// itself.
enum class Special : unsigned { parent_manages, acts_on_itself, none };
Special special_of(const Bytes& bytes) {
  return static_cast<Special>(std::min(bytes[drawn_bytes - 2] % 4u, 2u));
}

/// Selects one of the facts that were read.
Change read_change(Draw draw, const Facts& facts, const World& world, Special special) {
  Change change;
  if (special != Special::none && draw.chance(85)) {
    change.place = OrganizationId("o0");
    change.account = AccountId("o0");
    if (special == Special::parent_manages) change.what = 2, change.how = 3;  // whether founders manage
    if (special == Special::acts_on_itself) change.what = 7, change.how = 8;  // it becomes its own member, as an admin
    return change;
  }
  change.what = draw.below(8);
  change.how = draw.byte();
  const auto places = facts.organizations.size();
  change.place = facts.organizations[draw.below(static_cast<unsigned>(places))].id;
  if (places > 1 && draw.chance(50)) change.place = facts.organizations[places - 1].id;  // a parent
  const unsigned which = draw.byte();
  const bool of_command = which % 2 == 0 && facts.accounts.size() != 0;
  const auto number = which / 2u;
  change.account = of_command ? facts.accounts[number % static_cast<unsigned>(facts.accounts.size())].id
                              : id<AccountId>("a" + std::to_string(number % world.people.size()));
  return change;
}

/// Returns false if there is nothing to change.
bool make(MemoryStore& store, const World& world, const Change& change) {
  constexpr std::array roles = {"viewer", "member", "admin", "owner"};
  if (change.place.empty()) return false;
  auto organization = *store.organization(change.place).value();
  switch (change.what) {
    case 0: {
      bool& flag = change.how % 4 == 0 ? organization.closed : organization.joinable;
      flag = !flag;
    }
      return store.put_organization(organization).has_value();
    case 1:
      if (change.how % 2 == 0)
        organization.parent = {};
      else
        organization.seats_max = change.how / 2 % 4;
      return store.put_organization(organization).has_value();
    case 2:
    case 3: {
      const auto& catalog = world.places.at(text_of(change.place)).roles;
      const auto found = catalog.find(roles[change.how % roles.size()]);
      Role role = found != catalog.end() ? found->second : Role{.id = id<RoleId>(roles[change.how % roles.size()])};
      switch (change.how / 4 % 4) {
        case 0: role.manages = !role.manages; break;
        case 1: role.assignable = !role.assignable; break;
        case 2: role.owns = !role.owns; break;
        default: role.rank = static_cast<std::uint16_t>(change.how / 16 % 6); break;
      }
      return store.put_role(change.place, role, any_version).has_value();
    }
    case 4: {
      auto account = store.account(change.account).value();
      if (!account) return false;
      bool& field = change.how % 3 == 0   ? account->disabled
                    : change.how % 3 == 1 ? account->invited
                                          : account->verified;
      field = !field;
      return store.put_account(*account).has_value();
    }
    default: {
      const auto there = store.membership(change.place, change.account).value();
      if (there && !store.erase_membership(change.place, change.account)) return false;
      if (there && change.how % 3 == 0) return true;
      Membership membership;
      if (there) membership = *there;
      membership.id = MembershipId::of("another");
      membership.organization = change.place;
      membership.account = change.account;
      if (!there || change.how % 3 == 1) membership.role = id<RoleId>(roles[change.how / 4 % roles.size()]);
      if (change.how % 3 == 2)
        membership.state =
            there && there->state == MembershipState::active ? MembershipState::suspended : MembershipState::active;
      membership.idempotency_key = {};
      return store.put_membership(membership).has_value();
    }
  }
}

std::string words(const Change& change) {
  return std::to_string(change.what) + "/" + std::to_string(change.how) + " of " + text_of(change.account) + " in " +
         text_of(change.place);
}

/// The world after the first commands, with the last one in progress.
struct Played {
  explicit Played(const CommandHistory& story) : fixture(story.world), profile(story.rules.profile()) {
    for (std::size_t i = 0; i + 1 < story.issued.size(); ++i)
      (void)fixture.raw_run(profile, *story.issued[i].command, nullptr, story.issued[i].at);
  }
  TestFixture fixture;
  const Profile profile{.actor = ActorRule::host_decides};
};

CommandHistory read_case(const Bytes& bytes) {
  const std::span<const std::uint8_t> all(bytes);
  CommandHistory story = read_opening(all);
  const Special special = special_of(bytes);
  Profile& fields = story.rules.fields;
  if (special == Special::parent_manages) {
    fields.actor = ActorRule::parent_manager;
    story.rules.catalog.clear();
    story.rules.former.clear();
    for (auto& [name, place] : story.world.places) {
      if (name != "o0") place.parent = "o0";
      place.joinable = true;
      place.closed = false;
      for (const char* const role : {"viewer", "member", "admin"})
        place.roles[role] = {id<RoleId>(role), 2, true, false};
    }
    story.world.places["o0"].roles["owner"] = {RoleId("owner"), 9, true, true, true};
    story.world.members[{"o0", "a0"}].role = "owner";
  }
  if (special == Special::acts_on_itself) {
    fields.actor = ActorRule::manager;
    fields.organization_is_account = true;
    story.world.people["o0"].verified = true;
  }
  for (std::size_t i = 0; i <= bytes.back() % (before_max + 1); ++i) {
    const Time at{static_cast<std::int64_t>(now) + 1'000'000 * static_cast<std::int64_t>(i)};
    const Draw draw(all.subspan(opening_bytes + i * issued_bytes, issued_bytes));
    story.issued.push_back(read_issued(draw, at, story.world, story.rules, story.issued));
  }
  if (special == Special::parent_manages && bytes[drawn_bytes - 3] % 2 == 0)
    story.issued.back().command = std::make_shared<AddMembers>(
        OrganizationId("o1"), id<AccountId>("a" + std::to_string(1 + bytes[drawn_bytes - 3] / 2 % 4)), RoleId("member"),
        Actor{AccountId("a0")});
  Command& last = *story.issued.back().command;
  if (special != Special::none && !is_own(last.kind()))
    last.actor.id = AccountId(special == Special::acts_on_itself ? "o0" : "a0");
  return story;
}

}  // namespace

TEST_CASE("a fact that changes between reading and commit makes the commit stale, or no difference") {
  Shares shares;
  prop("each fact that a decision depends on is guarded", [&] {
    const Bytes bytes = *any_bytes(drawn_bytes);
    const CommandHistory story = read_case(bytes);
    const Command& command = *story.issued.back().command;
    const Time at = story.issued.back().at;
    const Draw draw(std::span<const std::uint8_t>(bytes).subspan(drawn_bytes - 12));

    Played one(story);
    Operation operation(one.profile, command, Context{at, &one.fixture.ids, true});
    if (operation.need() != Operation::Need::facts) return;
    RC_ASSERT(one.fixture.store.fetch(operation.query(), operation.facts()).has_value());
    const Change change = read_change(draw, operation.facts(), story.world, special_of(bytes));
    operation.provide(success());
    const bool writes = operation.need() == Operation::Need::commit;
    const bool judged = one.profile.actor != ActorRule::host_decides && !command.actor.staff && !is_own(command.kind());
    shares.count("would write", writes);
    shares.count("by the founders' role in the parent, which changes",
                 writes && judged && special_of(bytes) == Special::parent_manages && change.what == 2 &&
                     change.how == 3 && change.place == OrganizationId("o0"));
    shares.count("an organization acts on itself, and becomes its member",
                 writes && judged && special_of(bytes) == Special::acts_on_itself && change.what == 7 &&
                     change.account == AccountId("o0"));
    if (!writes) return;
    if (!make(one.fixture.store, story.world, change)) return;
    const auto done = one.fixture.store.commit(operation.changes());
    shares.count("stale", !done);
    if (!done) {
      RC_ASSERT(done.error().code == Errc::stale);
      return;
    }
    operation.committed(done);
    RC_ASSERT(operation.need() == Operation::Need::nothing);
    const Answer first = answer_of(operation.finish(), one.fixture.store, story.world);

    Played other(story);
    RC_ASSERT(make(other.fixture.store, story.world, change));
    const Answer second =
        answer_of(other.fixture.raw_run(other.profile, command, nullptr, at), other.fixture.store, story.world);
    const bool whole = one.profile.mode == Mode::atomic || command.kind() == CommandKind::transfer_ownership;
    RC_LOG() << "\nchanged: " << words(change) << "\nfirst: " << describe(first) << "\nsecond: " << describe(second)
             << "\n";
    showValue(story, RC_LOG());
    RC_ASSERT(first.outcomes.size() == second.outcomes.size());
    for (std::size_t cell = 0; cell < first.outcomes.size(); ++cell)
      if (whole || is_written(first.outcomes[cell])) RC_ASSERT(first.outcomes[cell] == second.outcomes[cell]);
    if (whole) RC_ASSERT(difference(one.fixture.state(), other.fixture.state()) == "");
    shares.count("no difference", true);
  });
  shares.at_least("would write", 15);
  shares.at_least("by the founders' role in the parent, which changes", 3);
  shares.at_least("an organization acts on itself, and becomes its member", 1);
  shares.at_least("stale", 20);
  shares.at_least("no difference", 5);
}
