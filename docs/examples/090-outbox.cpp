// Turns each commit into domain events in the same unit of work: an outbox that cannot miss or invent one.
//
// The change set of a commit is both the rows to write and what happened. In a database the events are one more INSERT
// before the COMMIT; here a decorator keeps them beside a MemoryStore, under a lock of its own.
#include <mutex>
#include <vector>

#include "roster/roster.hpp"

using namespace roster;

namespace {

struct Event {
  enum class Kind { account_created, member_added, role_replaced } kind;
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
    // Room first: once the store has written, nothing may fail any more.
    events_.reserve(events_.size() + changes.created.size() + changes.added.size() + changes.replaced.size());
    const auto done = inner_.commit(changes);
    if (!done) return done;
    for (const AccountCreated& it : changes.created) events_.push_back({Event::Kind::account_created, it.id, {}, {}});
    for (const MemberAdded& it : changes.added)
      events_.push_back({Event::Kind::member_added, account(changes, it.account),
                         changes.organizations[it.organization].id, changes.roles[it.role]});
    for (const RoleReplaced& it : changes.replaced)
      events_.push_back({Event::Kind::role_replaced, account(changes, it.account),
                         changes.organizations[it.organization].id, changes.roles[it.role]});
    return done;
  }

  const std::vector<Event>& events() const { return events_; }

 private:
  static AccountId account(const ChangeSet& changes, std::size_t at) {
    const std::size_t known = changes.accounts.size();
    return at < known ? changes.accounts[at].id : changes.created[at - known].id;
  }
  Store& inner_;
  std::mutex lock_;
  std::vector<Event> events_;
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

  if (!engine.add(command, Time{0}) || !engine.add(command, Time{1})) return 1;  // the repeat makes no event
  const auto& events = store.events();
  if (events.size() != 2 || events[0].kind != Event::Kind::account_created) return 1;
  return events[1].kind == Event::Kind::member_added && events[1].account == events[0].account ? 0 : 1;
}
