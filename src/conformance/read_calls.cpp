#include "read_calls.hpp"

#include <algorithm>

#include "roster/request.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

using State = MembershipState;

template <class Call>
auto ReadCalls::call_reader(const char* what, const Call& call) {
  using Value = std::remove_cvref_t<decltype(call().assume_value())>;
  if (test_.broken()) return Value{};
  auto read = call();
  if (read) return Value(std::move(read).assume_value());
  test_.fail(std::string(what) + "(): " + std::string(name(read.assume_error().code)));
  return Value{};
}

ReadCalls::ReadCalls(TestContext& test) : test_(test), reader_(test.fixture().reader()) {
  test.expect(reader_ != nullptr, "the fixture has no reader, although its capabilities include reads");
}

std::optional<Membership> ReadCalls::membership(const OrganizationId& organization, const AccountId& account) {
  return call_reader("membership", [&] { return reader_->membership(organization, account); });
}

std::optional<FormerMembership> ReadCalls::former(const OrganizationId& organization, const AccountId& account) {
  return call_reader("former_membership", [&] { return reader_->former_membership(organization, account); });
}

std::uint64_t ReadCalls::count(Listing listing, const std::string& of) {
  if (listing == Listing::members)
    return call_reader("member_count", [&] { return reader_->member_count(id<OrganizationId>(of)); });
  return call_reader("organization_count", [&] { return reader_->organization_count(id<AccountId>(of)); });
}

std::vector<Membership> ReadCalls::page(Listing listing, const std::string& of, const std::string& after,
                                        std::size_t size) {
  std::vector<Membership> out(size);
  std::size_t count = 0;
  switch (listing) {
    case Listing::members:
      count =
          call_reader("members", [&] { return reader_->members(id<OrganizationId>(of), id<AccountId>(after), out); });
      break;
    case Listing::invitations:
      count = call_reader("invitations",
                          [&] { return reader_->invitations(id<OrganizationId>(of), id<AccountId>(after), out); });
      break;
    case Listing::organizations:
      count = call_reader("organizations_of",
                          [&] { return reader_->organizations_of(id<AccountId>(of), id<OrganizationId>(after), out); });
  }
  test_.expect(count <= size, "a page has more entries than its span");
  out.resize(std::min(count, size));
  return out;
}

std::vector<Membership> ReadCalls::with_role(const std::string& of, const RoleId& role, std::size_t size,
                                             std::size_t most) {
  std::vector<Membership> all;
  for (AccountId after;;) {
    std::vector<Membership> out(size);
    const std::size_t count = call_reader(
        "members_with_role", [&] { return reader_->members_with_role(id<OrganizationId>(of), role, after, out); });
    test_.expect(count <= size, "a page has more entries than its span");
    all.insert(all.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(std::min(count, size)));
    if (count < size || all.size() > most) return all;
    after = out.back().account;
  }
}

std::vector<Membership> ReadCalls::all(Listing listing, const std::string& of, std::size_t size, std::size_t most) {
  std::vector<Membership> all;
  for (std::string after;;) {
    const auto next = page(listing, of, after, size);
    all.insert(all.end(), next.begin(), next.end());
    if (next.size() < size || all.size() > most) return all;
    after = listed_id(listing, next.back());
  }
}

CommittedMemberships::CommittedMemberships(TestContext& test, const Names& names) : test_(test) {
  for (const std::string& name : names) {
    test.put(OrganizationRecord{.id = id<OrganizationId>(name)});
    test.put(AccountRecord{.id = id<AccountId>(name)});
    rows_.emplace_back(id<OrganizationId>(name));
    columns_.emplace_back(id<AccountId>(name));
  }
}

void CommittedMemberships::write(const std::vector<Cell>& cells, const RoleId& role, State state, Time valid_until) {
  ChangeSetBuilder builder(test_, rows_, columns_, actor);
  builder.changes.keeps_tombstones = keeps_tombstones;
  builder.changes.valid_until = valid_until;
  builder.changes.invitation_until = invitation_until;
  for (const Cell& at : cells) {
    const MembershipFact* const fact = builder.at(at.first, at.second);
    if (fact == nullptr) {
      builder.add(at.first, at.second, role, state);
      note(at, builder.changes, role, state, builder.changes.added.back().fingerprint);
      continue;
    }
    const Event event = state == State::removed     ? Event::removed
                        : state == State::suspended ? Event::suspended
                        : state == State::invited   ? Event::invitation_renewed
                                                    : Event::role_changed;
    MemberChanged& changed = fact->state == State::removed ? builder.renew(at.first, at.second, role, state)
                                                           : builder.change(at.first, at.second, state, event, role);
    changed.sets_expiry = state != State::removed;
    note(at, builder.changes, role, state, changed.fingerprint);
  }
  builder.succeeds("the memberships have the versions that were read");
}

std::map<Cell, FormerMembership> CommittedMemberships::stored() {
  const ChangeSetBuilder read(test_, rows_, columns_);
  for (auto& [at, former] : committed_) {
    const MembershipFact* const fact = read.at(at.first, at.second);
    if (!test_.expect(fact != nullptr, "fetch: a membership that was committed is not in the answer")) break;
    former.membership.id = fact->id;
    former.membership.version = fact->version;
  }
  return committed_;
}

void CommittedMemberships::note(const Cell& at, const ChangeSet& changes, const RoleId& role, State state,
                                std::uint32_t fingerprint) {
  FormerMembership& record = committed_[at];
  const bool begins = record.membership.organization.empty() || record.membership.state == State::removed;
  if (begins) record.membership.added_at = changes.at;
  record.membership.organization = std::get<OrganizationId>(rows_[at.first]);
  record.membership.account = std::get<AccountId>(columns_[at.second]);
  if (!role.empty()) record.membership.role = role;
  if (state != State::removed) record.membership.valid_until = changes.valid_until;
  const bool invited = state == State::invited;
  const bool ends_invitation = state == State::removed && !begins && record.membership.state == State::invited;
  record.membership.state = state;
  record.membership.invitation_until = invited ? changes.invitation_until : ends_invitation ? changes.at : Time{};
  record.membership.invited_by = invited ? changes.inviter() : AccountId();
  record.membership.idempotency_key = remembered(changes.idempotency_key, fingerprint);
  record.removed_by = changes.actor;
  record.removed_at = changes.at;
  if (state == State::removed && !keeps_tombstones) committed_.erase(at);
}

void expect_same(TestContext& test, const Membership& read, const Membership& stored, const std::string& call) {
  const std::string of = call + ": the membership of `" + std::string(stored.account.view()) + "` in `" +
                         std::string(stored.organization.view()) + "` has another ";
  test.expect(read.organization == stored.organization && read.account == stored.account, of + "pair of ids");
  test.expect(read.id == stored.id, of + "id");
  test.expect(read.role == stored.role, of + "role");
  test.expect(read.state == stored.state, of + "state");
  test.expect(read.version == stored.version, of + "version than in the answer of fetch");
  test.expect(read.valid_until == stored.valid_until, of + "expiry");
  test.expect(read.invitation_until == stored.invitation_until, of + "end of its invitation");
  test.expect(read.invited_by == stored.invited_by, of + "inviter");
  const auto milliseconds = [](Time time) { return static_cast<std::int64_t>(time) / 1000; };
  test.expect(milliseconds(read.added_at) == milliseconds(stored.added_at), of + "time of its start");
  test.expect(read.idempotency_key == stored.idempotency_key, of + "idempotency key than the one of its last write");
}

static std::string text_of(Listing listing, const std::vector<Membership>& list) {
  std::string text;
  for (const Membership& membership : list) text += (text.empty() ? "`" : ", `") + listed_id(listing, membership) + "`";
  return text.empty() ? "nothing" : text;
}

bool expect_listed(TestContext& test, Listing listing, const std::vector<Membership>& read, const Names& expected,
                   const std::string& what) {
  Names ids;
  for (const Membership& membership : read) ids.push_back(listed_id(listing, membership));
  std::string names;
  for (const std::string& name : expected) names += (names.empty() ? "`" : ", `") + name + "`";
  return test.expect(ids == expected,
                     what + " lists " + text_of(listing, read) + " instead of " + (names.empty() ? "nothing" : names));
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
