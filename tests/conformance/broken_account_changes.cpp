// Wrong changes of several accounts.
#include <algorithm>

#include "broken_record_store.hpp"

namespace broken {

namespace {

using Updates = std::span<AccountUpdate>;

/// Each account is changed by itself, so a refusal leaves those before it changed.
class ChangesOneByOne final : public Records {
  Result<void> change_accounts(Updates updates) noexcept override {
    for (AccountUpdate& it : updates) {
      const auto changed = right.change_account(it.id, it.change, it.version);
      if (!changed) return changed.error();
      it.version = changed.value();
    }
    return success();
  }
};

/// All or none, but a name must be free before.
class ExchangesNoNames final : public Records {
  Result<void> change_accounts(Updates updates) noexcept override {
    for (const AccountUpdate& it : updates) {
      const auto of_email = it.change.email ? right.account(*it.change.email) : right.account(it.id);
      const auto of_name = it.change.username ? right.account(*it.change.username) : right.account(it.id);
      for (const auto* found : {&of_email, &of_name})
        if (found->value() && found->value()->id != it.id) return Errc::exists;
    }
    return right.change_accounts(updates);
  }
};

class ChangesAnyVersion final : public Records {
  Result<void> change_accounts(Updates updates) noexcept override {
    for (AccountUpdate& it : updates) it.version = any_version;
    return right.change_accounts(updates);
  }
};

class ReturnsFormerVersions final : public Records {
  Result<void> change_accounts(Updates updates) noexcept override {
    std::vector<Version> before;
    for (const AccountUpdate& it : updates) before.push_back(it.version);
    auto changed = right.change_accounts(updates);
    for (std::size_t i = 0; i < updates.size(); ++i) updates[i].version = before[i];
    return changed;
  }
};

class StaysVerified final : public Records {
  Result<void> change_accounts(Updates updates) noexcept override {
    for (AccountUpdate& it : updates)
      if (it.change.email && !it.change.verified) it.change.verified = stored(it.id) && stored(it.id)->verified;
    return right.change_accounts(updates);
  }
};

class LastOfTwoWins final : public Records {
  Result<void> change_accounts(Updates updates) noexcept override {
    std::vector<AccountUpdate> once;
    for (const AccountUpdate& it : updates) {
      std::erase_if(once, [&](const AccountUpdate& before) { return before.id == it.id; });
      once.push_back(it);
    }
    auto changed = right.change_accounts(once);
    for (AccountUpdate& it : updates)
      for (const AccountUpdate& done : once)
        if (changed && done.id == it.id) it.version = done.version;
    return changed;
  }
};

class IgnoresTheLast final : public Records {
  Result<void> change_accounts(Updates updates) noexcept override {
    if (updates.size() < 3) return right.change_accounts(updates);
    return right.change_accounts(updates.first(updates.size() - 1));
  }
};

}  // namespace

std::vector<Fault> broken_account_changes() {
  const char* const law = "records/change-accounts";
  return {
      recording<ChangesOneByOne>("accounts are changed one by one", law),
      recording<ExchangesNoNames>("accounts cannot exchange names", law),
      recording<ChangesAnyVersion>("accounts are changed for any version", law),
      recording<ReturnsFormerVersions>("a change of accounts returns the former versions", law),
      recording<StaysVerified>("an exchanged address stays verified", law),
      recording<LastOfTwoWins>("of two changes of an account the last one wins", law),
      recording<IgnoresTheLast>("the last of several accounts is not changed", law),
  };
}

}  // namespace broken
