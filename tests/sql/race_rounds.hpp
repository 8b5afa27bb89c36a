// What the races of processes share: the rounds, each in an organization of its own, and the checks after them.
#ifndef ROSTER_TESTS_SQL_RACE_ROUNDS_HPP
#define ROSTER_TESTS_SQL_RACE_ROUNDS_HPP

#include <atomic>
#include <vector>

#include "role_events.hpp"
#include "sql/process_races.hpp"

namespace process_races {

inline constexpr unsigned rounds = 4, organizations_max = rounds + 2;
inline const Actor staff{{}, true};
inline constexpr RoleId proprietor("proprietor");

/// Calls `use` with an engine of this process. No two processes draw the same ids.
void with_engine(const Database& database, const Profile& profile,
                 const std::function<void(const Engine&, const Connected&)>& use);
/// Puts one organization for each round, with a catalog of its own, and the accounts.
void put_rounds(const Database& database);
/// Runs commands that must succeed, before a race. Null: none.
void prepare(const Database& database, const Profile& profile, const std::vector<const Command*>& commands);
/// What a process of a race works with. Its store waits between a fetch and the commit, so that others commit
/// meanwhile.
struct Client {
  const Engine& engine;
  RecordStore& records;
  std::function<void()>& before_commit;  ///< called before each commit, if it is set
};
/// A race of engines. Process n has the profile n modulo their number.
Counts race_engines(const Database& database, const std::vector<Profile>& profiles,
                    const std::function<void(int, Client&, Counts&)>& child);

/// A flag that all processes share.
class SharedFlag {
 public:
  SharedFlag();
  ~SharedFlag();
  SharedFlag(const SharedFlag&) = delete;
  SharedFlag& operator=(const SharedFlag&) = delete;
  void set() { *flag_ = true; }
  bool is_set() const { return *flag_; }

 private:
  std::atomic<bool>* flag_;
};

/// Returns false if the store failed.
bool set_disabled(RecordStore& records, const AccountId& account, bool disabled);
/// All memberships of an organization.
std::vector<Membership> members_of(const Connected& it, const OrganizationId& in);
/// The number of owners who can act.
int owners_in(const Connected& it, const OrganizationId& in);
/// The events of the outbox, if there is one, replayed on an empty store, give the memberships of all rounds.
roster_test::Published check_events(const Database& database);

}  // namespace process_races

#endif
