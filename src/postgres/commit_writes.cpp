// Commit: the writes of a change set, and its events.
#include "postgres/commit.hpp"
#include "postgres/invitation_end.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

void Commit::send_created(Connection& pipeline) noexcept {
  values_.clear();
  values_.open(Type::text);
  for (const std::uint32_t at : created_) values_.text(changes_.created[at].id);
  values_.close();
  for (const bool keys : {false, true}) {
    values_.open(Type::text);
    for (const std::uint32_t at : created_) {
      const Email* const email = changes_.created[at].email;
      if (email == nullptr)
        values_.null();
      else
        values_.text(keys ? email->key() : email->text());
    }
    values_.close();
  }
  values_.open(Type::boolean);
  for (const std::uint32_t at : created_) values_.boolean(changes_.created[at].invited);
  values_.close();
  pipeline.send(commit_accounts(), values_, created_.size());
  values_.clear();
  values_.open(Type::text);
  for (const std::uint32_t at : created_)
    if (changes_.created[at].email != nullptr) values_.text(changes_.created[at].email->key());
  values_.close();
  values_.open(Type::text);
  for (const std::uint32_t at : created_)
    if (changes_.created[at].email != nullptr) values_.text(changes_.created[at].id);
  values_.close();
  pipeline.send(commit_emails(), values_, created_.size());
}

void Commit::send_added(Connection& pipeline) noexcept {
  values_.clear();
  values_.open(Type::text);
  for (const std::uint32_t at : added_) values_.text(organization(changes_.added[at].organization));
  values_.close();
  values_.open(Type::text);
  for (const std::uint32_t at : added_) values_.text(account(changes_.added[at].account));
  values_.close();
  values_.open(Type::uuid);
  for (const std::uint32_t at : added_) values_.uuid(changes_.added_ids[at]);
  values_.close();
  values_.open(Type::text);
  for (const std::uint32_t at : added_) values_.text(changes_.roles[changes_.added[at].role]);
  values_.close();
  values_.open(Type::int2);
  for (const std::uint32_t at : added_) values_.int2(static_cast<std::uint16_t>(changes_.added[at].state));
  values_.close();
  values_.open(Type::uuid);
  for (const std::uint32_t at : added_)
    values_.uuid(remembered(changes_.idempotency_key, changes_.added[at].fingerprint));
  values_.close();
  values_.int8(static_cast<std::int64_t>(changes_.at));
  values_.text_or_null(changes_.inviter());
  values_.int8(static_cast<std::int64_t>(changes_.valid_until));
  values_.int8(stored_invitation_end(changes_.invitation_until, changes_.valid_until));
  pipeline.send(commit_added(), values_, added_.size());
}

/// True if the change set adds one membership of an existing account, and guards at most one other membership.
bool Commit::is_alone() const noexcept {
  if (added_.size() != 1 || !created_.empty() || !changed_.empty() || bounded() || memberships_ > 1 || inviters_ != 0 ||
      changes_.records_owner_roles)
    return false;
  std::uint32_t organizations = 0, accounts = 0;
  for (const Guard& guard : changes_.guards) {
    const bool other =
        (guard.record == Guard::Record::organization && guard.organization != changes_.added[0].organization) ||
        (guard.record == Guard::Record::account && guard.account != changes_.added[0].account);
    if (other) return false;
    organizations += guard.record == Guard::Record::organization ? 1 : 0;
    accounts += guard.record == Guard::Record::account ? 1 : 0;
  }
  return organizations <= 1 && accounts <= 1 && changes_.added[0].account < changes_.accounts.size();
}

void Commit::send_alone(Connection& pipeline) noexcept {
  const MemberAdded& added = changes_.added[0];
  const MembershipId& id = changes_.added_ids[0];
  const Guard *in = nullptr, *who = nullptr, *other = nullptr;
  for (const Guard& guard : changes_.guards)
    (guard.record == Guard::Record::organization ? in : guard.record == Guard::Record::account ? who : other) = &guard;
  const auto version = [&](const Guard* guard) {
    guard == nullptr ? values_.null() : values_.int8(number(guard->version));
  };
  values_.clear();
  values_.text(organization(added.organization));
  values_.text(account(added.account));
  values_.uuid(id);
  values_.text(changes_.roles[added.role]);
  values_.int2(static_cast<std::uint16_t>(added.state));
  values_.uuid(remembered(changes_.idempotency_key, added.fingerprint));
  values_.int8(static_cast<std::int64_t>(changes_.at));
  values_.int8(static_cast<std::int64_t>(changes_.valid_until));
  version(in);
  version(who);
  if (other != nullptr) {
    const bool actor = other->record == Guard::Record::actor;
    values_.text(organization(other->organization));
    values_.text(actor ? changes_.actor : account(other->account));
    values_.int8(number(other->version));
    values_.boolean(actor);
  }
  const bool waits = added.state != MembershipState::active;
  if (waits) {
    values_.text_or_null(changes_.inviter());
    values_.int8(stored_invitation_end(changes_.invitation_until, changes_.valid_until));
  }
  pipeline.send(commit_added_alone((other != nullptr ? checks_memberships : 0u) | (waits ? adds_waiting : 0u)),
                values_);
  if (pipeline.options().outbox) send_events(pipeline);
}

/// Sends the changed memberships, or, if `erased`, those that are removed without a tombstone.
void Commit::send_changed(Connection& pipeline, bool erased) noexcept {
  const auto each = [&](Type type, auto&& put) {
    values_.open(type);
    for (const std::uint32_t at : changed_)
      if (erases(changes_.changed[at]) == erased) put(changes_.changed[at]);
    values_.close();
  };
  values_.clear();
  each(Type::text, [&](const MemberChanged& it) { values_.text(organization(it.organization)); });
  each(Type::text, [&](const MemberChanged& it) { values_.text(account(it.account)); });
  each(Type::uuid, [&](const MemberChanged& it) { values_.uuid(it.id); });
  each(Type::int8, [&](const MemberChanged& it) { values_.int8(number(it.version)); });
  if (erased) return pipeline.send(commit_erased(), values_, erased_);
  each(Type::text, [&](const MemberChanged& it) { values_.text(changes_.roles[it.role]); });
  each(Type::int2, [&](const MemberChanged& it) { values_.int2(static_cast<std::uint16_t>(it.state)); });
  each(Type::uuid, [&](const MemberChanged& it) { values_.uuid(it.new_identity ? it.new_id : MembershipId{}); });
  each(Type::boolean, [&](const MemberChanged& it) { values_.boolean(it.sets_expiry); });
  each(Type::boolean, [&](const MemberChanged& it) { values_.boolean(it.returns()); });
  each(Type::boolean, [&](const MemberChanged& it) { values_.boolean(it.invites()); });
  each(Type::uuid,
       [&](const MemberChanged& it) { values_.uuid(remembered(changes_.idempotency_key, it.fingerprint)); });
  each(Type::boolean, [&](const MemberChanged& it) { values_.boolean(it.sets_invitation_end); });
  values_.int8(static_cast<std::int64_t>(changes_.at));
  values_.text_or_null(changes_.actor);
  values_.int8(static_cast<std::int64_t>(changes_.valid_until));
  values_.int8(static_cast<std::int64_t>(changes_.invitation_until));
  values_.text_or_null(changes_.inviter());
  pipeline.send(commit_changed(), values_, changed_.size());
}

void Commit::send_events(Connection& pipeline) noexcept {
  const std::uint32_t count = sql::event_count(changes_);
  const std::uint32_t accounts = changes_.created.size(), added = accounts + changes_.added.size();
  const auto each = [&](Type type, auto&& put) {
    values_.open(type);
    for (std::uint32_t at = 0; at < count; ++at) put(at, sql::event(changes_, at));
    values_.close();
  };
  values_.clear();
  each(Type::text, [&](std::uint32_t, const sql::EventRow& row) {
    values_.text(row.organization == nullptr ? std::string_view() : row.organization->view());
  });
  each(Type::text, [&](std::uint32_t, const sql::EventRow& row) {
    if (row.membership == nullptr) return values_.text(*row.account);
    const UuidText text = row.membership->text();
    values_.text({text.data(), text.size()});
  });
  each(Type::int8, [&](std::uint32_t at, const sql::EventRow&) {
    at < added ? values_.null() : values_.int8(number(changes_.changed[at - added].version) + 1);
  });
  each(Type::text, [&](std::uint32_t, const sql::EventRow& row) { values_.text(row.event); });
  each(Type::text, [&](std::uint32_t, const sql::EventRow& row) { values_.text(*row.account); });
  each(Type::text, [&](std::uint32_t, const sql::EventRow& row) {
    row.role == nullptr ? values_.null() : values_.text(*row.role);
  });
  each(Type::text, [&](std::uint32_t at, const sql::EventRow&) {
    at < added ? values_.null() : values_.text(changes_.roles[changes_.changed[at - added].previous_role]);
  });
  each(Type::boolean, [&](std::uint32_t at, const sql::EventRow&) {
    values_.boolean(at >= accounts && (at < added || !erases(changes_.changed[at - added])));
  });
  values_.text_or_null(changes_.actor);
  values_.uuid(changes_.idempotency_key);
  values_.int8(static_cast<std::int64_t>(changes_.at));
  pipeline.send(commit_events(), values_, count);
}

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI
