#include "change_set_builder.hpp"

#include <utility>

namespace roster::inline ROSTER_ABI {
namespace conformance {

ChangeSetBuilder::ChangeSetBuilder(TestContext& test, std::vector<OrganizationSelector> rows,
                                   std::vector<AccountSelector> columns, const AccountId& actor, Store* store)
    : test_(&test), store_(store != nullptr ? store : &test.store()) {
  owned_query_.organizations = std::move(rows);
  owned_query_.accounts = std::move(columns);
  owned_query_.actor = actor;
  owned_query_.inviters = true;
  test.fetch(*store_, owned_query_, facts_);
  changes.organizations = std::as_const(facts_).organizations.span();
  changes.accounts = std::as_const(facts_).accounts.span();
  changes.actor = actor;
  changes.at = test.tick();
  test.watch(changes.at);
  sign(test.fresh_request());
}

const MembershipFact* ChangeSetBuilder::at(std::uint32_t row, std::uint32_t column) const noexcept {
  for (const MembershipFact& fact : facts_.memberships)
    if (fact.organization == row && fact.account == column) return &fact;
  return nullptr;
}

RoleIndex ChangeSetBuilder::role(const RoleId& id) {
  for (std::uint32_t i = 0; i < changes.roles.size(); ++i)
    if (changes.roles[i] == id) return static_cast<RoleIndex>(i);
  if (!changes.roles.try_push_back(id)) test_->fail("the kit has no memory");
  return static_cast<RoleIndex>(changes.roles.size() - 1);
}

/// Fingerprints differ between the entries of a change set, and none of the four bytes is zero.
std::uint32_t ChangeSetBuilder::fresh_fingerprint() const noexcept {
  return 0xA5C30F00u + changes.added.size() + 0x01010101u * changes.changed.size();
}

MembershipId ChangeSetBuilder::add(std::uint32_t row, std::uint32_t column, const RoleId& as, MembershipState state) {
  const MembershipId fresh = test_->fresh_id();
  if (!changes.added.try_push_back(MemberAdded{row, column, role(as), state, fresh_fingerprint()}) ||
      !changes.added_ids.try_push_back(fresh))
    test_->fail("the kit has no memory");
  return fresh;
}

std::uint32_t ChangeSetBuilder::create(const AccountId& id, const Email& email, bool invited) {
  emails_.push_back(email);
  const Email* const kept = email.text().empty() ? nullptr : &emails_.back();
  if (!changes.created.try_push_back(AccountCreated{id, kept, invited})) test_->fail("the kit has no memory");
  test_->watch(AccountSelector(id));
  if (kept != nullptr) test_->watch(AccountSelector(*kept));
  return static_cast<std::uint32_t>(changes.accounts.size()) + changes.created.size() - 1;
}

MemberChanged& ChangeSetBuilder::change(std::uint32_t row, std::uint32_t column, MembershipState state, Event event,
                                        const RoleId& as) {
  const MembershipFact* const fact = at(row, column);
  if (fact == nullptr) {
    test_->fail("fetch: a membership that was committed is not in the answer");
    return none_;
  }
  return change(*fact, state, event, as);
}

MemberChanged& ChangeSetBuilder::change(const MembershipFact& fact, MembershipState state, Event event,
                                        const RoleId& as) {
  MemberChanged changed;
  changed.id = fact.id;
  changed.organization = fact.organization;
  changed.account = fact.account;
  changed.previous_role = role(facts_.roles[fact.role].id);
  changed.role = as.empty() ? changed.previous_role : role(as);
  changed.version = fact.version;
  changed.state = state;
  changed.previous_state = fact.state;
  changed.event = event;
  changed.sets_invitation_end = event == Event::invited || event == Event::invitation_renewed;
  changed.fingerprint = fresh_fingerprint();
  if (!changes.changed.try_push_back(changed)) {
    test_->fail("the kit has no memory");
    return none_;
  }
  return changes.changed.back();
}

MemberChanged& ChangeSetBuilder::renew(std::uint32_t row, std::uint32_t column, const RoleId& as,
                                       MembershipState state) {
  MemberChanged& changed =
      change(row, column, state, state == MembershipState::invited ? Event::invited : Event::added, as);
  changed.new_identity = true;
  changed.new_id = test_->fresh_id();
  return changed;
}

void ChangeSetBuilder::guard(Guard::Record record, std::uint32_t row, std::uint32_t column, Version version,
                             std::uint32_t limit) {
  if (!changes.guards.try_push_back(Guard{record, row, column, version, limit})) test_->fail("the kit has no memory");
}

void ChangeSetBuilder::guard_organization(std::uint32_t row) {
  if (row < facts_.organizations.size()) guard(Guard::Record::organization, row, 0, facts_.organizations[row].version);
}

void ChangeSetBuilder::guard_account(std::uint32_t column) {
  if (column < facts_.accounts.size()) guard(Guard::Record::account, 0, column, facts_.accounts[column].version);
}

void ChangeSetBuilder::guard_membership(std::uint32_t row, std::uint32_t column) {
  const MembershipFact* const fact = at(row, column);
  if (test_->expect(fact != nullptr, "fetch: a membership that was committed is not in the answer"))
    guard(Guard::Record::membership, row, column, fact->version);
}

void ChangeSetBuilder::guard_actor(std::uint32_t row) {
  if (row < facts_.organizations.size()) guard(Guard::Record::actor, row, 0, facts_.organizations[row].actor_version);
}

void ChangeSetBuilder::guard_inviter(std::uint32_t row, std::uint32_t column) {
  for (std::uint32_t i = 0; i < facts_.memberships.size(); ++i)
    if (facts_.memberships[i].organization == row && facts_.memberships[i].account == column)
      return guard(Guard::Record::inviter, row, column, facts_.inviters[i].version);
  test_->fail("fetch: an invitation that was committed is not in the answer");
}

void ChangeSetBuilder::limit_seats(std::uint32_t row, std::uint32_t limit, bool invited_occupy_seats) {
  changes.invited_occupy_seats = invited_occupy_seats;
  guard(Guard::Record::seats, row, 0, Version{}, limit);
}

void ChangeSetBuilder::keep_an_owner(std::uint32_t row, const std::vector<RoleId>& owners) {
  owners_ = owners;
  changes.owner_roles = owners_;
  guard(Guard::Record::owners, row, 0, Version{}, 1);
}

void ChangeSetBuilder::sign(const IdempotencyKey& idempotency_key) {
  changes.idempotency_key = idempotency_key;
  test_->watch(idempotency_key);
}

std::string ChangeSetBuilder::cell(std::uint32_t row, std::uint32_t column) const {
  std::string_view account = "?";
  const std::size_t known = changes.accounts.size();
  if (column < known)
    account = changes.accounts[column].id.view();
  else if (column - known < changes.created.size())
    account = changes.created[column - known].id.view();
  return place(row) + "/" + std::string(account);
}

std::string ChangeSetBuilder::place(std::uint32_t row) const {
  return std::string(row < changes.organizations.size() ? changes.organizations[row].id.view() : "?");
}

std::string ChangeSetBuilder::text_of(const Guard& guard) const {
  const std::string account = cell(guard.organization, guard.account);
  switch (guard.record) {
    case Guard::Record::organization: return place(guard.organization);
    case Guard::Record::account: return account.substr(account.find('/') + 1);
    case Guard::Record::membership: return account;
    case Guard::Record::actor: return "the actor in " + place(guard.organization);
    case Guard::Record::inviter: return "the inviter of " + account;
    case Guard::Record::seats: return place(guard.organization) + "'s " + std::to_string(guard.limit) + " seats";
    case Guard::Record::owners: return place(guard.organization) + "'s last owner";
  }
  return "?";
}

/// The change set in one line, with only the first of many entries.
std::string ChangeSetBuilder::text() const {
  constexpr std::uint32_t entries_most = 6;
  std::string text;
  const auto note = [&](const std::string& what) { text += (text.empty() ? "commit: " : ", ") + what; };
  const auto rest = [&](std::uint32_t size, const char* of) {
    if (size > entries_most) note("... " + std::to_string(size) + of);
  };
  for (std::uint32_t i = 0; i < changes.created.size() && i < entries_most; ++i)
    note("create " + std::string(changes.created[i].id.view()));
  rest(changes.created.size(), " created in all");
  for (std::uint32_t i = 0; i < changes.added.size() && i < entries_most; ++i) {
    const MemberAdded& added = changes.added[i];
    note("add " + cell(added.organization, added.account) + " as " + std::string(changes.roles[added.role].view()) +
         (added.state == MembershipState::active ? "" : " " + conformance::text_of(added.state)));
  }
  rest(changes.added.size(), " added in all");
  for (std::uint32_t i = 0; i < changes.changed.size() && i < entries_most; ++i) {
    const MemberChanged& changed = changes.changed[i];
    note(cell(changed.organization, changed.account) + " " + std::string(name(changed.event)) + " as " +
         std::string(changes.roles[changed.role].view()) + (changed.new_identity ? " as a new membership" : ""));
  }
  rest(changes.changed.size(), " changed in all");
  if (text.empty()) text = "commit: nothing";
  for (std::uint32_t i = 0; i < changes.guards.size() && i < entries_most; ++i)
    text += (i == 0 ? "; guarded: " : ", ") + text_of(changes.guards[i]);
  return text;
}

CallStatus ChangeSetBuilder::commit(Store& store) {
  if (test_->broken()) return {Errc::store_failed, false};  // the facts may differ from the expected ones
  const CallStatus status = call(store, changes);
  test_->step(text() + ": " + conformance::text_of(status));
  return status;
}

bool ChangeSetBuilder::succeeds(std::string_view what) {
  const CallStatus status = commit();
  return test_->expect(status.ok(),
                       "commit returned " + conformance::text_of(status) + ", expected a write: " + std::string(what));
}

bool ChangeSetBuilder::is_stale(std::string_view what) {
  const CallStatus status = commit();
  return test_->expect(!status.threw && status.code == Errc::stale,
                       "commit returned " + conformance::text_of(status) + ", expected `stale`: " + std::string(what));
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
