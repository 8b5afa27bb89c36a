// Races of processes on one database, and what must hold after them, for the tests of both SQL stores.
#ifndef ROSTER_TESTS_SQL_PROCESS_RACES_HPP
#define ROSTER_TESTS_SQL_PROCESS_RACES_HPP

#include <functional>

#include "published.hpp"
#include "roster/roster.hpp"

namespace process_races {

using namespace roster;

/// The interfaces of one store.
struct Connected {
  Store& store;
  RecordStore& records;
  const MembershipReader& reader;
};

/// A database that is empty at first. Each process connects by itself.
class Database {
 public:
  virtual ~Database() = default;
  virtual void connect(const std::function<void(const Connected&)>& use) const = 0;
  virtual bool has_outbox() const = 0;
  /// Passes every event in the outbox.
  virtual void read_events(roster_test::Published& to) const = 0;
};

inline constexpr int processes = 8;

/// The number of cells of each outcome. The entry of no outcome has the number of failures.
using Counts = OutcomeTable<int>;
/// Runs `child(n)` in that many processes, which begin at once, and adds up what they return.
Counts race(const std::function<Counts(int)>& child);
void count(Counts& counts, const Result<Report>& report);
inline int of(const Counts& counts, Outcome outcome) {
  return counts[outcome];
}
/// Repeats a contended command: at SERIALIZABLE a commit may be stale more often than an operation has attempts.
Result<Report> persistently(const Engine& engine, const Command& command);

/// An owner leaves while the other one is disabled: no leave that begins after the disabling takes the last owner.
void disable_against_leave(const Database& database);
/// A disabled owner is removed while it is enabled and the other one leaves: an enabled owner stays.
void enable_against_removal(const Database& database);
/// An invitation is accepted while others renew it: it is accepted once, and not renewed afterwards.
void reinvite_against_accept(const Database& database);
/// A role is erased while it is granted in every way: no membership keeps it.
void erase_against_grant(const Database& database);
/// An organization is erased while others add to it: it has members, or it is gone with all of them.
void erase_organization_against_add(const Database& database);
/// An account is erased while others add it: it has memberships, or it is gone with all of them.
void erase_account_against_add(const Database& database);
/// An organization is closed, emptied and opened while others add to it: nobody joins while it is closed.
void close_against_add(const Database& database);
/// The last owner is removed while the organization is closed and opened: only from a closed one.
void open_against_removal(const Database& database);
/// All processes put a record with the version that they read: one put succeeds, and what it put is stored.
void conditional_puts(const Database& database);
/// Half of the processes have the catalog before a renaming, half the one after it: an owner stays, and no role is
/// lost.
void two_catalogs(const Database& database);

}  // namespace process_races

#endif
