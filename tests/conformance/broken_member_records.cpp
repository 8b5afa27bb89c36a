// Wrong puts and erases of memberships by the record interface of a store.
#include "broken_record_store.hpp"

namespace broken {

namespace {

/// A put of a membership without one of its fields.
template <auto field>
class PutForgets final : public Records {
  const MembershipReader* reader() override { return &right; }
  Result<void> put_membership(const Membership& membership) noexcept override {
    Membership other = membership;
    other.*field = {};
    return right.put_membership(other);
  }
};

/// An invitation keeps the end that is given, and not the earlier expiry.
class PutKeepsTheGivenEnd final : public Records {
  Result<void> put_membership(const Membership& membership) noexcept override {
    given_.push_back(membership);
    return right.put_membership(membership);
  }
  Result<void> fetch(std::uint32_t n, const Query& query, Facts& facts) override {
    auto done = Records::fetch(n, query, facts);
    for (MembershipFact& fact : facts.memberships)
      for (const Membership& it : given_)
        if (it.id == fact.id && fact.state == MembershipState::invited) fact.invitation_until = it.invitation_until;
    return done;
  }
  std::vector<Membership> given_;
};

class PutIgnoresAMissingInviter final : public Records {
  Result<void> put_membership(const Membership& membership) noexcept override {
    Membership other = membership;
    const auto inviter = right.account(membership.invited_by);
    if (inviter && !inviter.value()) other.invited_by = {};
    return right.put_membership(other);
  }
};

class PutReplacesAMember final : public Records {
  Result<void> put_membership(const Membership& membership) noexcept override {
    const auto put = right.put_membership(membership);
    if (put || put.error().code != Errc::exists) return put;
    (void)right.erase_membership(membership.organization, membership.account);
    return right.put_membership(membership);
  }
};

class PutOfARemovedMemberSucceeds final : public Records {
  Result<void> put_membership(const Membership& membership) noexcept override {
    if (membership.state == MembershipState::removed) return success();
    return right.put_membership(membership);
  }
};

class EraseOfNothingSucceeds final : public Records {
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept override {
    (void)right.erase_membership(organization, account);
    return success();
  }
};

/// The memberships stay, and are only said to be erased.
class ErasesNothing final : public Records {
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept override {
    const auto found = right.membership(organization, account);
    if (!found) return found.error();
    return found.value() ? Result<void>(success()) : Result<void>(Errc::not_found);
  }
};

/// A membership that is put again has the version that the erased one had.
class EraseLetsAVersionReturn final : public Records {
  Result<void> commit(std::uint32_t n, const ChangeSet& changes) override {
    Copied copied(changes);
    for (Guard& guard : copied.changes.guards) {
      if (!erased_ || guard.record != Guard::Record::membership) continue;
      const AccountId& of = broken::account(changes, guard.account);
      if (const auto now = member(right, changes.organizations[guard.organization].id, of))
        guard.version = now->version;
    }
    return Records::commit(n, copied.changes);
  }
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept override {
    erased_ = true;
    return right.erase_membership(organization, account);
  }
  bool erased_ = false;
};

}  // namespace

std::vector<Fault> broken_member_records() {
  constexpr const char *puts = "records/put-membership", *erases = "records/erase-membership";
  return {
      recording<PutForgets<&Membership::invitation_until>>("a put forgets the end of an invitation", puts),
      recording<PutForgets<&Membership::invited_by>>("a put forgets the inviter", puts),
      recording<PutForgets<&Membership::valid_until>>("a put forgets the expiry", puts),
      recording<PutForgets<&Membership::added_at>>("a put forgets the start", puts),
      recording<PutForgets<&Membership::idempotency_key>>("a put forgets the key", puts),
      recording<PutKeepsTheGivenEnd>("a put keeps an end later than the expiry", puts),
      recording<PutIgnoresAMissingInviter>("a put drops an inviter that is missing", puts),
      recording<PutReplacesAMember>("a put replaces a membership", puts),
      recording<PutOfARemovedMemberSucceeds>("a put of a removed membership is a success", puts),
      recording<EraseOfNothingSucceeds>("an erase of a missing membership is a success", erases,
                                        {"records/erase-account", "records/erase-organization"}),
      recording<ErasesNothing>("an erased membership stays", erases,
                               {"records/closed", "records/erase-account", "records/erase-organization"}),
      recording<EraseLetsAVersionReturn>("a membership that is put again has its former version", erases,
                                         {"records/erase-organization"}),
  };
}

}  // namespace broken
