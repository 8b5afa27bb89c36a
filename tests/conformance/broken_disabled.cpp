// Wrong treatment of accounts that the host has disabled.
#include <algorithm>

#include "tabled.hpp"

namespace broken {

namespace {

/// The parts of an answer, and the guards, for which a store takes the wrong accounts for enabled.
enum Part : unsigned { owner_counts = 1, actors = 2, inviters = 4, actor_guards = 8, inviter_guards = 16, bounds = 32 };

unsigned part_of(Guard::Record record) {
  switch (record) {
    case Guard::Record::actor: return actor_guards;
    case Guard::Record::inviter: return inviter_guards;
    case Guard::Record::owners: return bounds;
    default: return 0;
  }
}

/// The accounts that those parts take for disabled.
enum class View { none, at_last_commit, ever, not_written_now };

class Mistaken final : public Faulty {
 public:
  Mistaken(unsigned parts, View view) : parts_(parts), view_(view) {}

  /// The answer for the true flags, or for the mistaken ones if these show more members. The other answer has the rest.
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    const bool shows_more = view_ == View::none;
    Facts other;
    const auto done = fetch_with(shows_more, query, facts);
    if (!done || !query.groups.empty() || query.set != nullptr) return done;
    if (auto also = fetch_with(!shows_more, query, other); !also) return also;
    const auto is_of_other = [&](Part part) { return ((parts_ & part) != 0) != shows_more; };
    for (std::uint32_t i = 0; i < facts.accounts.size(); ++i)
      if (shows_more) facts.accounts[i].disabled = other.accounts[i].disabled;
    for (std::uint32_t i = 0; i < facts.organizations.size(); ++i) {
      OrganizationFact& fact = facts.organizations[i];
      if (is_of_other(owner_counts)) fact.counts = other.organizations[i].counts;
      if (is_of_other(actors)) fact.actor_is_member = fact.actor_is_member && other.organizations[i].actor_is_member;
    }
    for (std::uint32_t i = 0; i < facts.inviters.size(); ++i)
      if (is_of_other(inviters))
        facts.inviters[i].is_member = facts.inviters[i].is_member && other.inviters[i].is_member;
    return done;
  }

  /// All guards but the mistaken ones on the true flags, then these on the mistaken flags.
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    const Tables before = store_.tables();
    if (auto done = commit_with(changes, false); !done) return done;
    store_.tables() = before;
    const auto flags = mistake(changes);
    const auto done = commit_with(changes, true);
    restore(flags);
    if (!done) return done;
    seen_.clear();
    for (const auto& [id, account] : store_.tables().accounts)
      if (account.record.disabled) seen_.push_back(id);
    return done;
  }

  Result<void> put(const OrganizationRecord& record) override { return store_.put(record); }
  Result<void> put(const AccountRecord& record) override {
    if (record.disabled) ever_.push_back(record.id);
    return store_.put(record);
  }
  Result<void> put(const OrganizationId& organization, const Role& role) override {
    return store_.put(organization, role);
  }
  Result<void> put(const GroupName& group, std::span<const AccountId> accounts) override {
    return store_.put(group, accounts);
  }

 private:
  struct Open : MapStore {
    Tables& tables() { return tables_; }
  };
  using Flags = std::map<AccountId, bool>;

  static bool contains(const std::vector<AccountId>& list, const AccountId& id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  }
  static bool writes(const ChangeSet& changes, const AccountId& id) {
    const auto of_it = [&](const auto& entry) { return account(changes, entry.account) == id; };
    return std::any_of(changes.added.begin(), changes.added.end(), of_it) ||
           std::any_of(changes.changed.begin(), changes.changed.end(), of_it);
  }
  bool takes_for_disabled(const AccountId& id, bool disabled, const ChangeSet& changes) const {
    switch (view_) {
      case View::none: return false;
      case View::at_last_commit: return contains(seen_, id);
      case View::ever: return disabled || contains(ever_, id);
      case View::not_written_now: return disabled && !writes(changes, id);
    }
    return disabled;
  }
  Flags mistake(const ChangeSet& changes) {
    Flags flags;
    for (auto& [id, row] : store_.tables().accounts) {
      flags[id] = row.record.disabled;
      row.record.disabled = takes_for_disabled(id, row.record.disabled, changes);
    }
    return flags;
  }
  void restore(const Flags& flags) {
    for (const auto& [id, disabled] : flags) store_.tables().accounts[id].record.disabled = disabled;
  }
  Result<void> fetch_with(bool mistaken, const Query& query, Facts& facts) {
    const Flags flags = mistaken ? mistake({}) : Flags();
    const auto done = store_.fetch(query, facts);
    restore(flags);
    return done;
  }
  Result<void> commit_with(const ChangeSet& changes, bool mistaken) {
    Copied copied(changes);
    copied.changes.guards.clear();
    for (const Guard& guard : changes.guards)
      if (((part_of(guard.record) & parts_) != 0) == mistaken) copied.changes.guards.unchecked_push_back(guard);
    return store_.commit(copied.changes);
  }

  const unsigned parts_;
  const View view_;
  std::vector<AccountId> seen_, ever_;
  Open store_;
};

}  // namespace

std::vector<Fault> broken_disabled() {
  const auto one = [](const char* name, const char* law, std::vector<std::string> also, unsigned parts,
                      View view = View::none) {
    return Fault{name, law, std::move(also), {}, {}, [=] { return std::make_unique<Mistaken>(parts, view); }};
  };
  return {
      one("disabled owners are counted", "disabled/counts", {"connections/puts"}, owner_counts),
      one("owners are counted when something is committed", "disabled/counts", {"connections/puts"}, owner_counts,
          View::at_last_commit),
      one("an account that was enabled again counts as no owner", "disabled/counts", {}, owner_counts, View::ever),
      one("disabled accounts act", "disabled/actor", {}, actors),
      one("an account that was enabled again does not act", "disabled/actor", {}, actors, View::ever),
      one("disabled accounts invite", "disabled/inviter", {}, inviters),
      one("an account that was enabled again does not invite", "disabled/inviter", {}, inviters, View::ever),
      one("a disabled actor keeps its guard", "disabled/actor-guard", {}, actor_guards),
      one("the guard on an actor is about its last write", "disabled/actor-guard", {}, actor_guards,
          View::at_last_commit),
      one("a disabled inviter keeps its guard", "disabled/inviter-guard", {}, inviter_guards),
      one("an account that was enabled again keeps no guard of an inviter", "disabled/inviter-guard", {},
          inviter_guards, View::ever),
      one("disabled owners keep the bound", "disabled/owner-bound", {}, bounds),
      one("the bound is about owners at the last commit", "disabled/owner-bound", {}, bounds, View::at_last_commit),
      one("an owner that is written is taken for enabled", "disabled/owner-bound", {}, bounds, View::not_written_now),
  };
}

}  // namespace broken
