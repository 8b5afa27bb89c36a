// A process of the version that knows schema 1 alone: it sends the statements of first_build.sql, as that version did.
#ifndef ROSTER_TESTS_POSTGRES_FIRST_BUILD_HPP
#define ROSTER_TESTS_POSTGRES_FIRST_BUILD_HPP

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "database.hpp"

namespace postgres_testing {

class FirstBuild {
 public:
  /// In the organization `acme`, by an actor.
  FirstBuild(const std::string& conninfo, std::string actor);
  ~FirstBuild() { PQclear(last_); }
  FirstBuild(const FirstBuild&) = delete;
  FirstBuild& operator=(const FirstBuild&) = delete;

  /// A membership, as the statement of a fetch returns it.
  struct Member {
    std::string id, version, role, state, valid_until;  ///< empty id: there is none
    std::string organization_version, account_version, actor_version;
  };
  /// A change of a membership. Without a value the field stays.
  struct Change {
    std::optional<std::string> role = {}, new_id = {};
    std::string state = {};
    std::optional<std::string> valid_until = {};
    bool returns = false, invites = false;
  };

  /// Whether it starts on the tables, as create_schema() does.
  bool start();
  bool put_role(const std::string& role);
  Member fetch(const std::string& account);
  /// The members with a role in that state, as the statement for many cells counts them.
  std::string count(const std::string& role, const std::string& state);
  // Each is one commit, with an event. False: it was refused, and nothing was written.
  bool create(const std::string& account, const std::string& email, const std::string& id, const std::string& role);
  bool add(const std::string& account, const std::string& id, const std::string& role);
  bool invite(const std::string& account, const std::string& id, const std::string& role,
              const std::string& valid_until);
  bool change(const std::string& account, const Change& change);
  bool erase(const std::string& account);

 private:
  using Parameters = std::vector<std::optional<std::string>>;

  bool run(const std::string& name, const Parameters& parameters);
  template <class Statements>
  bool commit(const Statements& statements);
  bool check(const std::string& account, const Member& member);
  bool event(const std::string& event, const std::string& account, const std::string& id, const std::string& version,
             const std::string& role);

  Session session_;
  std::string actor_;
  std::map<std::string, std::string> texts_;
  PGresult* last_ = nullptr;
};

}  // namespace postgres_testing

#endif
