// Wrong ends of accounts: what is erased too early, and what is left or lost.
#include <algorithm>
#include <set>

#include "broken_record_store.hpp"

namespace broken {

namespace {

class ErasesAnyAccountVersion final : public Records {
  Result<void> erase_account(const AccountId& id, Version, Mentions mentions) noexcept override {
    return right.erase_account(id, any_version, mentions);
  }
};

/// An erase that ends the memberships itself, without an event. `expired_only`: those that are over.
template <bool expired_only>
class ErasesMembershipsToo final : public Records {
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override {
    const auto erased = right.erase_account(id, version, mentions);
    if (erased || erased.error().code != Errc::has_members) return erased;
    std::vector<Membership> all(100);
    all.resize(right.organizations_of(id, {}, all).value());
    for (const Membership& it : all)
      if (expired_only && it.valid_until == Time{}) return erased;
    for (const Membership& it : all) (void)right.erase_membership(it.organization, id);
    return right.erase_account(id, version, mentions);
  }
};

template <Mentions always>
class OneKindOfTraces final : public Records {
  Result<void> erase_account(const AccountId& id, Version version, Mentions) noexcept override {
    return right.erase_account(id, version, always);
  }
};

/// A name of the erased account stays taken.
class KeepsNames final : public Records {
 public:
  explicit KeepsNames(bool username) : username_(username) {}

 private:
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override {
    const auto before = stored(id);
    auto erased = right.erase_account(id, version, mentions);
    if (erased && before) kept_ = *before;
    return erased;
  }
  Result<Version> put_account(const AccountRecord& record) noexcept override {
    const bool same = username_ ? !record.username.empty() && record.username == kept_.username
                                : record.email && kept_.email && record.email->key() == kept_.email->key();
    return same ? Result<Version>(Errc::exists) : right.put_account(record);
  }
  bool username_;
  AccountRecord kept_;
};

/// Groups list the erased account, as their writer has put them.
class KeepsGroups final : public Records {
  Result<void> put(const GroupName& group, std::span<const AccountId> accounts) override {
    listed_.assign(accounts.begin(), accounts.end());
    return right.overwrite_group(group, accounts);
  }
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override {
    auto erased = right.erase_account(id, version, mentions);
    erased_ = erased_ || erased.has_value();
    return erased;
  }
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    auto fetched = right.fetch(query, facts);
    if (!fetched || facts.groups.empty() || !erased_) return fetched;
    facts.group_accounts.clear();
    for (const AccountId& id : listed_)
      if (!facts.group_accounts.try_push_back(id)) return Errc::out_of_memory;
    facts.groups[0].accounts = static_cast<std::uint32_t>(listed_.size());
    return fetched;
  }
  std::vector<AccountId> listed_;
  bool erased_ = false;
};

/// An invitation of an erased account has no inviter any more, so it can be accepted.
class ForgetsInviters final : public Records {
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override {
    auto erased = right.erase_account(id, version, mentions);
    erased_ = erased_ || erased.has_value();
    return erased;
  }
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    auto fetched = right.fetch(query, facts);
    for (InviterFact& inviter : facts.inviters)
      if (erased_ && !inviter.is_member) inviter.id = {};
    return fetched;
  }
  bool erased_ = false;
};

/// The versions of an account begin again when its id is put again.
class AccountVersionsBeginAgain final : public Records {
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override {
    const auto before = stored(id);
    auto erased = right.erase_account(id, version, mentions);
    if (erased && before) gone_ = {id, static_cast<std::uint64_t>(before->version)};
    return erased;
  }
  Result<Version> put_account(const AccountRecord& record) noexcept override {
    const auto put = right.put_account(record);
    return put ? Result<Version>(shown(record.id, put.value())) : put;
  }
  Result<std::optional<AccountRecord>> account(const AccountSelector& selector) const noexcept override {
    auto found = right.account(selector);
    if (found && found.value()) found.value()->version = shown(found.value()->id, found.value()->version);
    return found;
  }
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    auto fetched = right.fetch(query, facts);
    for (AccountFact& fact : facts.accounts)
      if (!fact.id.empty()) fact.version = shown(fact.id, fact.version);
    return fetched;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    Copied copy(changes);
    for (Guard& guard : copy.changes.guards)
      if (guard.record == Guard::Record::account && changes.accounts[guard.account].id == gone_.id &&
          right.account(gone_.id).value())
        guard.version = Version{static_cast<std::uint64_t>(guard.version) + gone_.last};
    return right.commit(copy.changes);
  }
  Version shown(const AccountId& id, Version version) const {
    if (id != gone_.id || static_cast<std::uint64_t>(version) <= gone_.last) return version;
    return Version{static_cast<std::uint64_t>(version) - gone_.last};
  }
  struct Gone {
    AccountId id;
    std::uint64_t last = 0;
  };
  Gone gone_;
};

/// A put that is refused for a taken name has put the account all the same, without names.
class RefusedPutRevives final : public Records {
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override {
    auto erased = right.erase_account(id, version, mentions);
    if (erased) erased_.insert(id);
    return erased;
  }
  Result<Version> put_account(const AccountRecord& record) noexcept override {
    auto put = right.put_account(record);
    if (!put && erased_.contains(record.id) && record.version == Version{}) (void)right.put_account({.id = record.id});
    return put;
  }
  std::set<AccountId> erased_;
};

Fault keeping(const char* name, bool username) {
  return {.name = name, .law = "records/erase-account", .also = {}, .make = [username] {
            return std::make_unique<KeepsNames>(username);
          }};
}

}  // namespace

std::vector<Fault> broken_account_erases() {
  const char* const law = "records/erase-account";
  return {
      recording<ErasesAnyAccountVersion>("an account is erased for any version", law),
      recording<ErasesMembershipsToo<false>>("an account is erased with its memberships", law),
      recording<ErasesMembershipsToo<true>>("an expired membership keeps no account", law),
      recording<OneKindOfTraces<Mentions::keep>>("mentions of an erased account are always kept", law),
      recording<OneKindOfTraces<Mentions::erase>>("mentions of an erased account are always erased", law),
      keeping("the address of an erased account stays taken", false),
      keeping("the username of an erased account stays taken", true),
      recording<KeepsGroups>("groups list an erased account", law),
      recording<ForgetsInviters>("an invitation of an erased account has no inviter", law),
      recording<AccountVersionsBeginAgain>("the versions of an account begin again", law),
      recording<RefusedPutRevives>("a refused put brings an erased account back", law),
  };
}

}  // namespace broken
