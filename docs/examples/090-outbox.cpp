// Converts each commit into domain events in the same unit of work, so the outbox has exactly the committed events.
//
// A change set has the rows to write and the events. In a database the events are one more INSERT before the COMMIT.
// Here a decorator stores them beside a MemoryStore, under its own lock.
#include <mutex>
#include <string_view>
#include <vector>

#include "roster/roster.hpp"

using namespace roster;

namespace {

/// One event of the outbox, with its account and organization.
struct Entry {
  std::string_view event;
  AccountId account;
  OrganizationId organization;
  RoleId role;
};

class OutboxStore final : public Store {
 public:
  explicit OutboxStore(Store& inner) : inner_(inner) {}

  Result<void> fetch(const Query& query, Facts& facts) override { return inner_.fetch(query, facts); }

  Result<void> commit(const ChangeSet& changes) override {
    const std::lock_guard unit(lock_);
    // Memory is reserved first, because nothing may fail after the commit of the store.
    events_.reserve(events_.size() + changes.created.size() + changes.added.size() + changes.changed.size());
    const auto done = inner_.commit(changes);
    if (!done) return done;
    for (const AccountCreated& it : changes.created) events_.push_back({"account_created", it.id, {}, {}});
    for (const MemberAdded& it : changes.added) {
      const bool waits = it.state == MembershipState::invited;
      note(changes, waits ? Event::invited : Event::added, it.organization, it.account, it.role);
    }
    for (const MemberChanged& it : changes.changed) note(changes, it.event, it.organization, it.account, it.role);
    return done;
  }

  const std::vector<Entry>& events() const { return events_; }

 private:
  void note(const ChangeSet& changes, Event event, std::uint32_t in, std::uint32_t who, RoleIndex role) {
    events_.push_back({name(event), account(changes, who), changes.organizations[in].id, changes.roles[role]});
  }
  static AccountId account(const ChangeSet& changes, std::size_t at) {
    const std::size_t known = changes.accounts.size();
    return at < known ? changes.accounts[at].id : changes.created[at - known].id;
  }
  Store& inner_;
  std::mutex lock_;
  std::vector<Entry> events_;
};

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore memory;
  if (!memory.put_organization({.id = OrganizationId("acme")})) return 1;
  OutboxStore store(memory);
  const Engine engine(profiles::recoup, store, ids);
  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  if (!engine.add(command, Time{0}) || !engine.add(command, Time{1})) return 1;  // the repeat adds no event
  const auto added = store.events();
  if (added.size() != 2 || added[0].event != "account_created" || added[1].event != "added") return 1;

  if (!engine.run(RemoveMembers(OrganizationId("acme"), added[0].account, Actor{.staff = true}), Time{2})) return 1;
  return store.events().size() == 3 && store.events()[2].event == "removed" ? 0 : 1;
}
