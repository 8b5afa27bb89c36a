// Retries after the answer of a commit was lost. The idempotency key makes this safe, even if a repeat is a conflict.
#include "roster/roster.hpp"

using namespace roster;

namespace {

/// A store behind an unreliable connection: it writes a commit, and then loses the answer.
class Unreliable final : public Store {
 public:
  explicit Unreliable(Store& inner) : inner_(inner) {}
  bool down = false;

  Result<void> fetch(const Query& query, Facts& facts) override {
    if (down) return Errc::store_failed;
    return inner_.fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    const auto done = inner_.commit(changes);
    down = true;  // written, but the answer is lost
    return done ? Result<void>(Errc::store_failed) : done;
  }

 private:
  Store& inner_;
};

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore memory;
  if (!memory.put_organization({.id = OrganizationId("acme")})) return 1;
  if (!memory.put_account({.id = AccountId("ada")})) return 1;

  Profile strict{.name = "strict", .roles = catalog<profiles::TursoRole>, .actor = ActorRule::host_decides};
  strict.on_same_role = OnConflict::reject;
  Unreliable store(memory);
  const Engine engine(strict, store, ids);

  // The host derives the idempotency key from its client's key, which may have any length.
  const AddMembers command(OrganizationId("acme"), AccountId("ada"), grant<profiles::TursoRole::member>, {},
                           IdempotencyKey::of("POST /members idempotency-key: 7f3a"));

  // The caller cannot know whether this attempt was written. Here it was.
  const auto lost = engine.add(command, Time{0});
  if (lost || lost.error().code != Errc::store_failed || memory.membership_count() != 1) return 1;

  // The same command with the same key: the engine recognises its own write.
  store.down = false;
  const auto retried = engine.add(command, Time{1});
  if (!retried || retried.value().at(0, 0) != Outcome::replayed) return 1;

  // Without the key this is another request, and the profile rejects an existing member.
  const AddMembers stranger(OrganizationId("acme"), AccountId("ada"), grant<profiles::TursoRole::member>);
  const auto conflict = engine.add(stranger, Time{2});
  if (!conflict || conflict.value().at(0, 0) != Outcome::conflict) return 1;
  return memory.membership_count() == 1 ? 0 : 1;
}
