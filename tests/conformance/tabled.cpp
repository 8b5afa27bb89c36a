#include "tabled.hpp"

namespace broken {

namespace {

class Tabled final : public Faulty {
 public:
  explicit Tabled(Hooks hooks) : hooks_(std::move(hooks)) {}
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override { return store_.fetch(query, facts); }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    if (hooks_.judges)
      if (const auto judged = hooks_.judges(store_.tables(), changes); !judged) return judged;
    Copied copied(changes);
    if (hooks_.twist) hooks_.twist(store_.tables(), copied.changes);
    const Tables before = hooks_.written ? store_.tables() : Tables();
    const auto done = store_.commit(copied.changes);
    if (done && hooks_.written) hooks_.written(store_.tables(), before, changes);
    return done;
  }
  Result<void> put(const OrganizationRecord& record) override { return put_any(record); }
  Result<void> put(const AccountRecord& record) override { return put_any(record); }
  Result<void> put(const OrganizationId& organization, const Role& role) override {
    return put_any(organization, role);
  }
  Result<void> put(const GroupName& group, std::span<const AccountId> accounts) override {
    return put_any(group, accounts);
  }

 private:
  struct Open : MapStore {
    Tables& tables() { return tables_; }
  };
  template <class... Record>
  Result<void> put_any(const Record&... record) {
    const Tables before = hooks_.put ? store_.tables() : Tables();
    const auto done = store_.put(record...);
    if (done && hooks_.put) hooks_.put(store_.tables(), before);
    return done;
  }
  Hooks hooks_;
  Open store_;
};

}  // namespace

Fault tabled(const char* name, const char* law, std::vector<std::string> also, Hooks hooks) {
  return {name, law, std::move(also), {}, {}, [hooks] { return std::make_unique<Tabled>(hooks); }};
}

Tables::Pair pair_of(const ChangeSet& changes, std::uint32_t row, std::uint32_t column) {
  const std::size_t known = changes.accounts.size();
  return {changes.organizations[row].id,
          column < known ? changes.accounts[column].id : changes.created[column - known].id};
}
MemberRow* left(Tables& now, const ChangeSet& changes, const MemberChanged& changed) {
  const auto at = now.members.find(pair_of(changes, changed.organization, changed.account));
  return at == now.members.end() ? nullptr : &at->second;
}
MemberRow* left(Tables& now, const ChangeSet& changes, const MemberAdded& added) {
  const auto at = now.members.find(pair_of(changes, added.organization, added.account));
  return at == now.members.end() ? nullptr : &at->second;
}
const MemberRow* was(const Tables& before, const ChangeSet& changes, const MemberChanged& changed) {
  const auto at = before.members.find(pair_of(changes, changed.organization, changed.account));
  return at == before.members.end() ? nullptr : &at->second;
}

std::vector<Fault> sound_stores() {
  return {{.name = "a MemoryStore", .law = {}, .also = {}},
          tabled("the maps of the example", "", {}, {}),
          sound_reads(),
          sound_records(),
          sound_hosts()};
}

}  // namespace broken
