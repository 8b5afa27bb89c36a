// The stage on which stories are played: a store filled from a land, what can be seen on it, and what it tells an
// outbox.
#ifndef ROSTER_TESTS_SUPPORT_LIFE_STAGE_HPP
#define ROSTER_TESTS_SUPPORT_LIFE_STAGE_HPP

#include <optional>
#include <set>

#include "roster/memory_store.hpp"
#include "support/life_model.hpp"

namespace roster_test::life {

/// What an outbox says of one change: a happening, and what there was before.
struct Entry {
  Happening happening;
  std::optional<Before> before;      // of a membership that was there
  std::optional<roster::Time> ends;  // what it says about the end of a membership; 0: for ever
};

/// A store that writes down what is committed.
class Recorder final : public roster::Store {
 public:
  explicit Recorder(roster::Store& inner) : inner_(&inner) {}
  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    return inner_->fetch(query, facts);
  }
  roster::Result<void> commit(const roster::ChangeSet& changes) override;

  unsigned commits = 0;
  std::vector<Entry> entries;                   // of all commits, until it is cleared
  std::map<std::string, std::string> accounts;  // by address: those created

 private:
  roster::Store* inner_;
};

/// The memberships that a reader of the outbox knows of.
class Reader {
 public:
  explicit Reader(const Land& land);
  /// Takes in an entry; says what is wrong with it, or nothing.
  std::string read(const Entry& entry, roster::Time now);
  std::string show() const;

 private:
  struct Known {
    Before now;
    roster::Time valid_until{};
  };
  std::map<Pair, Known> known_;
};

bool fill(roster::MemoryStore& store, const Land& land);
/// The host has seen that the address is its own: in the model, and in both.
void verify(Land& land, const std::string& address);
bool verify(roster::MemoryStore& store, Land& land, const std::string& address);

/// What is there, in words: the same words for the same state. `show_known` leaves out what an outbox does not say.
std::string show(const Land& land);
std::string show(const roster::MemoryStore& store, const Land& names);
std::string show_known(const Land& land);
std::string show_known(const roster::MemoryStore& store, const Land& names);

/// Every id of the model stands for one id of the store. Says what is wrong, or nothing.
class Identities {
 public:
  std::string compare(const Land& land, const roster::MemoryStore& store);

 private:
  std::map<std::uint64_t, roster::MembershipId> ids_;
};

/// An owner where there was one, and no more than there are seats. `had` remembers who had an owner.
std::string broken_bounds(const Land& land, const roster::Profile& profile, std::set<std::string>& had);

}  // namespace roster_test::life

#endif
