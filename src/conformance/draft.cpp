#include "draft.hpp"

#include <utility>

ROSTER_BEGIN
namespace conformance {

Draft::Draft(Stage& stage, std::vector<OrganizationSelector> rows, std::vector<AccountSelector> columns,
             const AccountId& actor, Store* store)
    : stage_(&stage), store_(store != nullptr ? store : &stage.store()) {
  ask_.organizations = std::move(rows);
  ask_.accounts = std::move(columns);
  ask_.actor = actor;
  ask_.inviters = true;
  stage.fetch(*store_, ask_, facts_);
  changes.organizations = std::as_const(facts_).organizations.span();
  changes.accounts = std::as_const(facts_).accounts.span();
  changes.actor = actor;
  changes.at = stage.tick();
  stage.watch(changes.at);
  sign(stage.fresh_request());
}

const MembershipFact* Draft::at(std::uint32_t row, std::uint32_t column) const noexcept {
  for (const MembershipFact& fact : facts_.memberships)
    if (fact.organization == row && fact.account == column) return &fact;
  return nullptr;
}

RoleIndex Draft::role(const RoleId& id) {
  for (std::uint32_t i = 0; i < changes.roles.size(); ++i)
    if (changes.roles[i] == id) return static_cast<RoleIndex>(i);
  if (!changes.roles.push(id)) stage_->fail("the kit has no memory");
  return static_cast<RoleIndex>(changes.roles.size() - 1);
}

MembershipId Draft::add(std::uint32_t row, std::uint32_t column, const RoleId& as, MembershipState state) {
  const MembershipId fresh = stage_->fresh_id();
  if (!changes.added.push(MemberAdded{row, column, role(as), state}) || !changes.added_ids.push(fresh))
    stage_->fail("the kit has no memory");
  return fresh;
}

std::uint32_t Draft::create(const AccountId& id, const Email& email, bool invited) {
  emails_.push_back(email);
  const Email* const kept = email.text().empty() ? nullptr : &emails_.back();
  if (!changes.created.push(AccountCreated{id, kept, invited})) stage_->fail("the kit has no memory");
  stage_->watch(AccountSelector(id));
  if (kept != nullptr) stage_->watch(AccountSelector(*kept));
  return static_cast<std::uint32_t>(changes.accounts.size()) + changes.created.size() - 1;
}

MemberChanged& Draft::change(std::uint32_t row, std::uint32_t column, MembershipState state, Event event,
                             const RoleId& as) {
  const MembershipFact* const fact = at(row, column);
  if (fact == nullptr) {
    stage_->fail("fetch: a membership that was committed is not in the answer");
    return none_;
  }
  return change(*fact, state, event, as);
}

MemberChanged& Draft::change(const MembershipFact& fact, MembershipState state, Event event, const RoleId& as) {
  MemberChanged changed;
  changed.id = fact.id;
  changed.organization = fact.organization;
  changed.account = fact.account;
  changed.from = role(facts_.roles[fact.role].id);
  changed.role = as.empty() ? changed.from : role(as);
  changed.version = fact.version;
  changed.state = state;
  changed.was = fact.state;
  changed.event = event;
  if (!changes.changed.push(changed)) {
    stage_->fail("the kit has no memory");
    return none_;
  }
  return changes.changed.back();
}

MemberChanged& Draft::renew(std::uint32_t row, std::uint32_t column, const RoleId& as, MembershipState state) {
  MemberChanged& changed =
      change(row, column, state, state == MembershipState::invited ? Event::invited : Event::added, as);
  changed.anew = true;
  changed.becomes = stage_->fresh_id();
  return changed;
}

void Draft::guard(Guard::Record record, std::uint32_t row, std::uint32_t column, Version version, std::uint32_t limit) {
  if (!changes.guards.push(Guard{record, row, column, version, limit})) stage_->fail("the kit has no memory");
}

void Draft::guard_organization(std::uint32_t row) {
  if (row < facts_.organizations.size()) guard(Guard::Record::organization, row, 0, facts_.organizations[row].version);
}

void Draft::guard_account(std::uint32_t column) {
  if (column < facts_.accounts.size()) guard(Guard::Record::account, 0, column, facts_.accounts[column].version);
}

void Draft::guard_membership(std::uint32_t row, std::uint32_t column) {
  const MembershipFact* const fact = at(row, column);
  if (stage_->expect(fact != nullptr, "fetch: a membership that was committed is not in the answer"))
    guard(Guard::Record::membership, row, column, fact->version);
}

void Draft::guard_actor(std::uint32_t row) {
  if (row < facts_.organizations.size()) guard(Guard::Record::actor, row, 0, facts_.organizations[row].actor_version);
}

void Draft::guard_inviter(std::uint32_t row, std::uint32_t column) {
  for (std::uint32_t i = 0; i < facts_.memberships.size(); ++i)
    if (facts_.memberships[i].organization == row && facts_.memberships[i].account == column)
      return guard(Guard::Record::inviter, row, column, facts_.inviters[i].version);
  stage_->fail("fetch: an invitation that was committed is not in the answer");
}

void Draft::limit_seats(std::uint32_t row, std::uint32_t limit, bool invited_sits) {
  changes.invited_sits = invited_sits;
  guard(Guard::Record::seats, row, 0, Version{}, limit);
}

void Draft::keep_an_owner(std::uint32_t row, const std::vector<RoleId>& owners) {
  owners_ = owners;
  changes.owner_roles = owners_;
  guard(Guard::Record::owners, row, 0, Version{}, 1);
}

void Draft::sign(const RequestKey& request) {
  changes.request = request;
  stage_->watch(request);
}

std::string Draft::text() const {
  constexpr std::uint32_t entries_max = 4;
  std::string text;
  const auto cell = [&](std::uint32_t row, std::uint32_t column) {
    const auto in = row < changes.organizations.size() ? changes.organizations[row].id.view() : "?";
    std::string_view account = "?";
    if (column < changes.accounts.size())
      account = changes.accounts[column].id.view();
    else if (column - changes.accounts.size() < changes.created.size())
      account = changes.created[column - changes.accounts.size()].id.view();
    return std::string(in) + "/" + std::string(account);
  };
  const auto note = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  if (changes.created.size() > 0) note("create " + std::to_string(changes.created.size()));
  for (std::uint32_t i = 0; i < changes.added.size() && i < entries_max; ++i) {
    const MemberAdded& added = changes.added[i];
    note("add " + cell(added.organization, added.account) + " " + text_of(added.state));
  }
  if (changes.added.size() > entries_max) note("... " + std::to_string(changes.added.size()) + " adds in all");
  for (std::uint32_t i = 0; i < changes.changed.size() && i < entries_max; ++i) {
    const MemberChanged& changed = changes.changed[i];
    note(std::string(name(changed.event)) + " " + cell(changed.organization, changed.account) +
         (changed.anew ? " anew" : ""));
  }
  if (changes.changed.size() > entries_max) note("... " + std::to_string(changes.changed.size()) + " changes in all");
  if (changes.guards.size() > 0) note(std::to_string(changes.guards.size()) + " guards");
  return "commit " + (text.empty() ? "nothing" : text);
}

Said Draft::commit(Store& store) {
  if (stage_->broken()) return {Errc::store_failed, false};  // what was fetched may not be what the law thinks
  const Said said = say(store, changes);
  stage_->step(text() + ": " + text_of(said));
  return said;
}

bool Draft::succeeds(std::string_view what) {
  const Said said = commit();
  return stage_->expect(said.ok(), "the store said " + text_of(said) + " where it must write: " + std::string(what));
}

bool Draft::is_stale(std::string_view what) {
  const Said said = commit();
  return stage_->expect(!said.threw && said.code == Errc::stale,
                        "the store said " + text_of(said) + " where it must say stale: " + std::string(what));
}

}  // namespace conformance
ROSTER_END
