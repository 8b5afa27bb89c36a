// Wrong answers of the read interface of a store: single memberships, listings and counts.
#include <algorithm>
#include <set>

#include "broken.hpp"
#include "roster/request.hpp"

namespace broken {

namespace {

using State = MembershipState;
using List = std::vector<Membership>;
using Page = Result<std::size_t>;

/// The read interface of a MemoryStore, with the places at which a broken one differs.
class Reads : public Faulty, public MembershipReader {
 public:
  const MembershipReader* reader() override { return this; }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    for (const MemberAdded& added : changes.added)
      pairs.emplace(changes.organizations[added.organization].id, account(changes, added.account));
    return right.commit(changes);
  }

  Result<std::optional<Membership>> membership(const OrganizationId& organization,
                                               const AccountId& who) const noexcept override {
    return right.membership(organization, who);
  }
  Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                            const AccountId& who) const noexcept override {
    return right.former_membership(organization, who);
  }
  Page members(const OrganizationId& organization, const AccountId& after,
               std::span<Membership> out) const noexcept override {
    List list = all_members(organization);
    twist_members(organization, list);
    return page(list, &Membership::account, after, out);
  }
  Page members_with_role(const OrganizationId& organization, const RoleId& role, const AccountId& after,
                         std::span<Membership> out) const noexcept override {
    List list = all_members(organization);
    std::erase_if(list, [&](const Membership& it) { return !lists(it, role); });
    return page(list, &Membership::account, after, out);
  }
  Page invitations(const OrganizationId& organization, const AccountId& after,
                   std::span<Membership> out) const noexcept override {
    List list = all_members(organization);
    std::erase_if(list, [](const Membership& it) { return it.state != State::invited; });
    twist_invitations(organization, list);
    return page(list, &Membership::account, after, out);
  }
  Page organizations_of(const AccountId& who, const OrganizationId& after,
                        std::span<Membership> out) const noexcept override {
    List list(right.organization_count(who).value());
    if (!right.organizations_of(who, {}, list)) std::abort();
    twist_organizations(list);
    return page(list, &Membership::organization, after, out);
  }
  Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept override {
    return right.member_count(organization);
  }
  Result<std::uint64_t> organization_count(const AccountId& who) const noexcept override {
    return right.organization_count(who);
  }

 protected:
  virtual void twist_members(const OrganizationId&, List&) const {}
  virtual void twist_invitations(const OrganizationId&, List&) const {}
  virtual void twist_organizations(List&) const {}
  virtual bool lists(const Membership& member, const RoleId& role) const { return member.role == role; }
  /// The index of the first entry of a page.
  virtual std::size_t start(const std::vector<std::string>& ids, const std::string& after) const {
    return static_cast<std::size_t>(std::upper_bound(ids.begin(), ids.end(), after) - ids.begin());
  }

  List all_members(const OrganizationId& organization) const {
    List list(right.member_count(organization).value());
    if (!right.members(organization, {}, list)) std::abort();
    return list;
  }
  List tombstones(const OrganizationId& organization) const {
    List list;
    for (const auto& [in, who] : pairs)
      if (const auto former = right.former_membership(in, who).value(); former && in == organization)
        list.push_back(former->membership);
    return list;
  }

  std::set<std::pair<OrganizationId, AccountId>> pairs;  ///< ever added

 private:
  template <class AnyId>
  Page page(const List& list, AnyId Membership::*key, const AnyId& after, std::span<Membership> out) const {
    std::vector<std::string> ids;
    for (const Membership& it : list) ids.emplace_back((it.*key).view());
    std::size_t count = 0;
    for (std::size_t i = start(ids, std::string(after.view())); i < list.size() && count < out.size(); ++i)
      out[count++] = list[i];
    return count;
  }
};

std::string lower(std::string text) {
  for (char& it : text) it = it >= 'A' && it <= 'Z' ? static_cast<char>(it - 'A' + 'a') : it;
  return text;
}

template <auto key>
void sort_without_case(List& list) {
  std::stable_sort(list.begin(), list.end(), [](const Membership& a, const Membership& b) {
    return lower(std::string((a.*key).view())) < lower(std::string((b.*key).view()));
  });
}

/// Pages continue behind the place at which `after` is listed.
std::size_t place_behind(const std::vector<std::string>& ids, const std::string& after, std::size_t otherwise) {
  const auto at = std::find(ids.begin(), ids.end(), after);
  return at == ids.end() ? otherwise : static_cast<std::size_t>(at - ids.begin()) + 1;
}

class RoleIsAPrefix final : public Reads {
  bool lists(const Membership& member, const RoleId& role) const override {
    return !role.empty() && member.role.view().starts_with(role.view());
  }
};

class RoleOfActiveOnly final : public Reads {
  bool lists(const Membership& member, const RoleId& role) const override {
    return member.role == role && member.state == State::active;
  }
};

class EmptyRoleIsAny final : public Reads {
  bool lists(const Membership& member, const RoleId& role) const override {
    return role.empty() || member.role == role;
  }
};

class MembersWithoutCase final : public Reads {
  void twist_members(const OrganizationId&, List& list) const override {
    sort_without_case<&Membership::account>(list);
  }
  std::size_t start(const std::vector<std::string>& ids, const std::string& after) const override {
    return static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), [&](const std::string& it) {
      return lower(it) < lower(after) || (lower(it) == lower(after) && it <= after);
    }));
  }
};

class OrganizationsByVersion final : public Reads {
  void twist_organizations(List& list) const override {
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
  }
  std::size_t start(const std::vector<std::string>& ids, const std::string& after) const override {
    return after.empty() ? 0 : place_behind(ids, after, ids.size());
  }
};

class Tombstones final : public Reads {
  void twist_members(const OrganizationId& organization, List& list) const override {
    for (const Membership& it : tombstones(organization)) list.push_back(it);
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.account < b.account; });
  }
};

class OnlyWithAccess final : public Reads {
  void twist_organizations(List& list) const override {
    std::erase_if(list, [](const Membership& it) { return it.state == State::suspended; });
  }
};

template <auto field>
class FieldOfAnother final : public Reads {
  void twist_members(const OrganizationId&, List& list) const override {
    for (std::size_t i = 1; i < list.size(); ++i) list[i].*field = list[0].*field;
  }
};

class NoExpiry final : public Reads {
  void twist_organizations(List& list) const override {
    for (Membership& it : list) it.valid_until = {};
  }
};

class InvitationsWithMembers final : public Reads {
  void twist_invitations(const OrganizationId& organization, List& list) const override {
    list = all_members(organization);
    std::erase_if(list, [](const Membership& it) { return it.state == State::active; });
  }
};

class OnlyPending final : public Reads {
  void twist_invitations(const OrganizationId&, List& list) const override {
    std::erase_if(list, [](const Membership& it) { return has_expired(it.invitation_until, Time{1'000'000'000}); });
  }
};

/// Clears a field of the invitations listed, or of a single membership.
template <auto field>
class InvitationsWithout final : public Reads {
  void twist_invitations(const OrganizationId&, List& list) const override {
    for (Membership& it : list) it.*field = {};
  }
};

class SkipsOneBehindTheRemoved final : public Reads {
  std::size_t start(const std::vector<std::string>& ids, const std::string& after) const override {
    return after.empty() ? 0 : place_behind(ids, after, Reads::start(ids, after) + 1);
  }
};

class BeginsAgainBehindTheRemoved final : public Reads {
  std::size_t start(const std::vector<std::string>& ids, const std::string& after) const override {
    return place_behind(ids, after, 0);
  }
};

class ListsTheCursorAgain final : public Reads {
  std::size_t start(const std::vector<std::string>& ids, const std::string& after) const override {
    const std::size_t place = place_behind(ids, after, 0);
    return place > 1 ? place - 1 : Reads::start(ids, after);  // the first is not, or a page of one would not end
  }
};

/// A listing is a number of entries that were returned.
class CountsEntries final : public Reads {
  Page members(const OrganizationId& organization, const AccountId& after,
               std::span<Membership> out) const noexcept override {
    if (after.empty() || organization != of_) returned_ = 0;
    if (after != last_) return Reads::members(organization, after, out);
    of_ = organization;
    const List list = all_members(organization);
    std::size_t count = 0;
    for (; returned_ < list.size() && count < out.size(); ++returned_) out[count++] = list[returned_];
    last_ = count == 0 ? AccountId() : out[count - 1].account;
    return count;
  }
  mutable OrganizationId of_;
  mutable AccountId last_;
  mutable std::size_t returned_ = 0;
};

class CountOfTombstones final : public Reads {
  Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept override {
    return right.member_count(organization).value() + tombstones(organization).size();
  }
};

class CountOfActive final : public Reads {
  Result<std::uint64_t> organization_count(const AccountId& who) const noexcept override {
    List list(right.organization_count(who).value());
    if (!right.organizations_of(who, {}, list)) std::abort();
    return static_cast<std::uint64_t>(
        std::count_if(list.begin(), list.end(), [](const auto& it) { return it.state == State::active; }));
  }
};

class UnknownIsAnError final : public Reads {
  Result<std::uint64_t> member_count(const OrganizationId& organization) const noexcept override {
    if (!right.organization(organization).value()) return Errc::not_found;
    return right.member_count(organization);
  }
};

/// Twists the answer of membership().
template <auto twist>
class OneMembership final : public Reads {
  Result<std::optional<Membership>> membership(const OrganizationId& organization,
                                               const AccountId& who) const noexcept override {
    auto found = right.membership(organization, who).value();
    twist(right, organization, who, found);
    return found;
  }
};
using One = std::optional<Membership>;

void removed_too(const MemoryStore& right, const OrganizationId& in, const AccountId& who, One& found) {
  if (const auto former = right.former_membership(in, who).value()) found = former->membership;
}
void no_inviter(const MemoryStore&, const OrganizationId&, const AccountId&, One& found) {
  if (found) found->invited_by = {};
}
void no_end(const MemoryStore&, const OrganizationId&, const AccountId&, One& found) {
  if (found) found->invitation_until = {};
}
void bare_key(const MemoryStore&, const OrganizationId&, const AccountId&, One& found) {
  if (found) set_fingerprint(found->idempotency_key, 0);
}
void version_of_first(const MemoryStore& right, const OrganizationId& in, const AccountId&, One& found) {
  std::array<Membership, 1> first;
  if (found && right.members(in, {}, first).value() == 1) found->version = first[0].version;
}

template <auto twist>
class OneFormer final : public Reads {
  Result<std::optional<FormerMembership>> former_membership(const OrganizationId& organization,
                                                            const AccountId& who) const noexcept override {
    auto found = right.former_membership(organization, who).value();
    twist(right, organization, who, found);
    return found;
  }
};
using Former = std::optional<FormerMembership>;

void nobody_removed(const MemoryStore&, const OrganizationId&, const AccountId&, Former& found) {
  if (found) found->removed_by = {};
}
void still_active(const MemoryStore&, const OrganizationId&, const AccountId&, Former& found) {
  if (found) found->membership.state = State::active;
}
void added_when_removed(const MemoryStore&, const OrganizationId&, const AccountId&, Former& found) {
  if (found) found->membership.added_at = found->removed_at;
}
void all_are_former(const MemoryStore& right, const OrganizationId& in, const AccountId& who, Former& found) {
  if (const auto there = right.membership(in, who).value()) found = FormerMembership{*there, {}, {}};
}

template <class Store>
Fault reading(const char* name, const char* law, std::vector<std::string> also = {}) {
  return {.name = name, .law = law, .also = std::move(also), .make = made<Store>};
}

}  // namespace

Fault sound_reads() {
  return reading<Reads>("the read interface of a MemoryStore", "");
}

std::vector<Fault> broken_reads() {
  return {
      reading<RoleIsAPrefix>("a listing of a role has those that begin with it", "reads/members-with-role"),
      reading<RoleOfActiveOnly>("a listing of a role has active members only", "reads/members-with-role"),
      reading<EmptyRoleIsAny>("a listing of no role has all members", "reads/members-with-role"),
      reading<MembersWithoutCase>("members are listed without regard to case", "reads/members",
                                  {"reads/invitations", "reads/members-with-role", "reads/organizations"}),
      reading<OrganizationsByVersion>("organizations are listed by version", "reads/organizations",
                                      {"reads/invitations", "reads/cursor", "reads/members"}),
      reading<Tombstones>("tombstones are listed", "reads/members", {"reads/counts", "reads/cursor"}),
      reading<OnlyWithAccess>("suspended memberships are not listed", "reads/organizations", {"reads/counts"}),
      reading<FieldOfAnother<&Membership::state>>("a listing has the state of another member", "reads/members"),
      reading<FieldOfAnother<&Membership::version>>("a listing has the version of another member", "reads/members"),
      reading<NoExpiry>("a listing has no expiry", "reads/organizations"),
      reading<InvitationsWithMembers>("suspended members are listed as invitations", "reads/invitations"),
      reading<OnlyPending>("expired invitations are not listed", "reads/invitations"),
      reading<InvitationsWithout<&Membership::invited_by>>("listed invitations have no inviter", "reads/invitations"),
      reading<InvitationsWithout<&Membership::invitation_until>>("listed invitations have no end", "reads/invitations"),
      reading<OneMembership<no_inviter>>("an invitation has no inviter", "reads/membership"),
      reading<OneMembership<no_end>>("an invitation has no end", "reads/membership"),
      reading<SkipsOneBehindTheRemoved>("a page skips one behind a removed member", "reads/cursor",
                                        {"reads/invitations", "reads/members", "reads/organizations"}),
      reading<BeginsAgainBehindTheRemoved>("a page begins again behind a removed member", "reads/cursor",
                                           {"reads/invitations", "reads/members", "reads/organizations"}),
      reading<ListsTheCursorAgain>(
          "a page repeats the last member", "reads/members",
          {"reads/invitations", "reads/cursor", "reads/members-with-role", "reads/organizations"}),
      reading<CountsEntries>("a listing continues at a number of entries", "reads/cursor"),
      reading<CountOfTombstones>("a count includes tombstones", "reads/counts"),
      reading<CountOfActive>("a count includes active memberships only", "reads/counts"),
      reading<UnknownIsAnError>("a count of an unknown organization is an error", "reads/counts"),
      reading<OneMembership<removed_too>>("a removed membership is returned", "reads/membership"),
      reading<OneMembership<bare_key>>("a membership has a key without its fingerprint", "reads/membership"),
      reading<OneMembership<version_of_first>>("a membership has the version of another", "reads/membership"),
      reading<OneFormer<nobody_removed>>("a tombstone has no actor", "reads/membership"),
      reading<OneFormer<still_active>>("a tombstone has the state of before", "reads/membership"),
      reading<OneFormer<added_when_removed>>("a tombstone starts at the removal", "reads/membership"),
      reading<OneFormer<all_are_former>>("every membership is a former one", "reads/membership"),
  };
}

}  // namespace broken
