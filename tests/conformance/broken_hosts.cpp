// Versions that come again when the host rolls a transaction back.
#include <optional>

#include "broken_record_store.hpp"

namespace broken {

namespace {

const OrganizationId acme("org-0");
const AccountId ann("acc-1");

/// A MemoryStore with transactions of a host. Rolling one back writes the records as they were before.
class Hosted : public Records {
 public:
  bool is_hosted() const override { return true; }
  void begin_transaction() override {
    organization_ = stored(acme);
    account_ = stored(ann);
    membership_ = read();
    roles_.assign(8, {});
    roles_.resize(right.roles(acme, {}, roles_).value());
  }
  void roll_back() override {
    if (organization_) (void)right.overwrite_organization(*organization_);
    if (account_) (void)right.overwrite_account(*account_);
    (void)right.erase_membership(acme, ann);
    if (membership_) (void)right.put_membership(*membership_);
    for (const char* const id : {"owner", "admin", "member"}) {
      const RoleId role = RoleId::parse(id).value();
      bool was_there = false;
      for (const Role& it : roles_) was_there |= it.id == role;
      if (!was_there) (void)right.erase_role(acme, role, {}, any_version);
    }
  }

 protected:
  std::optional<Membership> read() const { return right.membership(acme, ann).value(); }

 private:
  std::optional<OrganizationRecord> organization_;
  std::optional<AccountRecord> account_;
  std::optional<Membership> membership_;
  std::vector<Role> roles_;
};

/// The next version of one record after a rollback is the one that was rolled back.
template <Guard::Record record>
class Repeats final : public Hosted {
 public:
  void roll_back() override {
    rolled_back_ = now();
    Hosted::roll_back();
    base_ = now();
  }
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    auto fetched = right.fetch(query, facts);
    for (OrganizationFact& fact : facts.organizations)
      if (record == Guard::Record::organization && fact.id == acme) fact.version = shown(fact.version);
    for (AccountFact& fact : facts.accounts)
      if (record == Guard::Record::account && fact.id == ann) fact.version = shown(fact.version);
    for (MembershipFact& fact : facts.memberships)
      if (record == Guard::Record::membership && facts.accounts[fact.account].id == ann)
        fact.version = shown(fact.version);
    return fetched;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    Copied copy(changes);
    for (Guard& guard : copy.changes.guards)
      if (guard.record == record && rolled_back_ && guard.version == *rolled_back_ && now() != base_)
        guard.version = *now();
    return right.commit(copy.changes);
  }

 private:
  std::optional<Version> now() const {
    if (record == Guard::Record::organization) return version_of(stored(acme));
    if (record == Guard::Record::account) return version_of(stored(ann));
    return version_of(read());
  }
  template <class Found>
  static std::optional<Version> version_of(const std::optional<Found>& found) {
    return found ? std::optional<Version>(found->version) : std::nullopt;
  }
  Version shown(Version real) const { return rolled_back_ && now() != base_ ? *rolled_back_ : real; }
  std::optional<Version> rolled_back_, base_;
};

}  // namespace

std::vector<Fault> broken_hosts() {
  const char* const law = "guards/host-rolls-back";
  return {
      recording<Repeats<Guard::Record::organization>>("the version of an organization repeats after a rollback", law),
      recording<Repeats<Guard::Record::account>>("the version of an account repeats after a rollback", law),
      recording<Repeats<Guard::Record::membership>>("the version of a membership repeats after a rollback", law),
  };
}

Fault sound_hosts() {
  return {.name = "a store with transactions of a host", .law = "", .also = {}, .make = made<Hosted>};
}

}  // namespace broken
