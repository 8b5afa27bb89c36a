// The conformance kit: laws that any store must pass, run against a fixture of the adapter author.
//
// The rules of roster hold under races only if a store fulfils the contract of store.hpp. The kit tests that. It is the
// target roster::conformance, and requires no test framework. docs/how-to/write-a-store.md refers to a
// complete store, its fixture and its test program.
//
//     class MyFixture final : public roster::conformance::Fixture {
//       Result<void> reset() override { file_.remove(); store_.emplace(file_); return success(); }
//       Store& store() override { return *store_; }
//       RecordStore* records(std::uint32_t) override { return &*store_; }
//       ...
//     };
//     int main(int argc, char** argv) {
//       MyFixture fixture;
//       return roster::conformance::program(fixture, argc, argv);
//     }
#ifndef ROSTER_CONFORMANCE_HPP
#define ROSTER_CONFORMANCE_HPP

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "roster/memory_store.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace conformance {

/// Capabilities are the optional capabilities of a fixture. A law that needs a missing one is skipped, with that
/// reason.
struct Capabilities {
  std::uint32_t connections = 1;   ///< Stores on the same records that connection() returns; at most 8 are used
  bool threads = false;            ///< each connection may be used by its own thread, concurrently
  bool processes = false;          ///< connect_in_child() works in a forked process
  bool restarts = false;           ///< restart() works: committed data outlives the store
  bool faults = false;             ///< fail_at() works: storage failures can be injected
  bool reads = false;              ///< reader() returns the read interface of the store
  bool records = false;            ///< records() returns the record interface of each connection
  bool host_transactions = false;  ///< begin_transaction() and roll_back() work; `records` is set too
};

/// HostTransaction is a store inside a transaction of its host: the two interfaces of one connection.
struct HostTransaction {
  Store* store = nullptr;          ///< null: the transaction could not be begun
  RecordStore* records = nullptr;  ///< null: likewise
};

/// Fixture supplies a store under test. It creates the store and puts the host's records into it, because fetch and
/// commit cannot. The kit writes memberships by commit and reads them by fetch, so a fixture needs no operation for
/// them.
///
/// The kit calls a fixture from one thread only. An error of the fixture fails the current law. An exception from the
/// Store fails the law. The fixture must not throw.
class Fixture {
 public:
  virtual ~Fixture() = default;

  // ---- required
  /// Replaces the store by a new, empty one. Connections of the old store are invalid afterwards.
  virtual Result<void> reset() = 0;
  /// Returns the store, which is valid until the next reset() or restart().
  virtual Store& store() = 0;

  // ---- required, unless records() returns the record interface of the store
  /// The four records of a host. A put of an existing id replaces the record and changes its version, as
  /// RecordStore::overwrite_organization() does. The kit puts parents and accounts before records that refer to them.
  /// Afterwards an e-mail address is found by its key, and a slug and a username by their bytes.
  virtual Result<void> put_organization(const OrganizationRecord& record);
  /// Puts an account, under the same rules.
  virtual Result<void> put_account(const AccountRecord& record);
  /// Puts a role into the organization's own catalog, and changes the organization's version.
  virtual Result<void> put_role(const OrganizationId& organization, const Role& role);
  /// A second put of a group replaces its accounts. fetch returns them in this order.
  virtual Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts);

  // ---- optional
  /// Returns the capabilities of this fixture; without an override, none.
  virtual Capabilities capabilities() const { return {}; }
  /// Returns the n-th connection, n < capabilities().connections: the Store of another client. 0 is store(). A store
  /// that threads can share returns itself.
  virtual Store* connection(std::uint32_t n) { return n == 0 ? &store() : nullptr; }
  /// Called in a forked child. Returns a connection of the child's own, or null if that fails. It must not use the
  /// connections of its parent. The child ends by _exit, so no destructor runs in it.
  virtual Store* connect_in_child() { return nullptr; }
  /// Closes the store, like a host at shutdown, and opens it again.
  virtual Result<void> restart() { return Errc::store_failed; }
  /// Makes the n-th storage access from now on fail, once: a write, a statement, a packet. 0 disables failures. The
  /// fixture chooses the kind of failure. Returns false if the injected failure was never reached; the kit then stops
  /// increasing `n`.
  virtual bool fail_at(std::uint32_t n) { return n != 0; }
  /// Begins a transaction of the host, as its own code would, and returns the store in it. The kit uses no other
  /// connection until roll_back().
  virtual HostTransaction begin_transaction() { return {}; }
  /// Rolls that transaction back. The store that was in it goes on outside.
  virtual Result<void> roll_back() { return Errc::store_failed; }
  /// Returns the read interface of store(), or null if the store has none. It is valid until the next reset() or
  /// restart().
  virtual const MembershipReader* reader() { return nullptr; }
  /// Returns the record interface of connection(n), or null if the store has none.
  virtual RecordStore* records([[maybe_unused]] std::uint32_t n) { return nullptr; }
};

/// Law is the name of a check, and its description.
struct Law {
  std::string_view name;         ///< "guards/organization"
  std::string_view description;  ///< one sentence: the behaviour that it requires
};
/// laws() returns all laws, in the order in which they run.
std::span<const Law> laws() noexcept;

/// Skip is a law that the store does not promise, with the reason.
struct Skip {
  std::string_view law;     ///< the name of the law
  std::string_view reason;  ///< for the report
};

/// RunOptions sets the extent of a run. The same options on the same fixture give the same run, except for races of
/// threads and processes.
struct RunOptions {
  std::uint64_t seed = 1;             ///< of all random choices
  std::uint32_t rounds = 1;           ///< factor of random histories
  std::uint32_t cells_max = 100'000;  ///< entries of the largest change set
};

/// Status is the end of one law.
enum class Status : std::uint8_t {
  passed,  ///< the store passed
  failed,  ///< the store violated the law, or the fixture failed
  skipped  ///< a capability is missing, or the host named it as a Skip
};

/// CheckResult is the result of one law.
struct CheckResult {
  std::string_view law;            ///< the name of the law
  Status status = Status::passed;  ///< the end of the law
  std::string text;                ///< failed: the violation, and the steps that led to it; skipped: the reason
};

/// RunResult are the results of one run.
struct RunResult {
  std::vector<CheckResult> all;  ///< in the order of laws()

  bool passed() const noexcept;                                  ///< none failed
  int exit_code() const noexcept;                                ///< 0 if none failed, otherwise 1
  const CheckResult* find(std::string_view law) const noexcept;  ///< null: that law did not run
  std::string text() const;  ///< one line for each law, and the steps of each failed one
};

/// check() runs one law. An unknown name is a failed result.
CheckResult check(Fixture& fixture, std::string_view law, const RunOptions& options = {});

/// run() runs every law that is not skipped. A skip without a known law or a reason is a failed result. `on_result`, if
/// set, is called with each result at once.
RunResult run(Fixture& fixture, std::span<const Skip> skips = {}, const RunOptions& options = {},
              const std::function<void(const CheckResult&)>& on_result = {});

/// program() is a test program: it runs the laws and prints the results on standard output. It returns the exit code: 0
/// if all selected laws passed or were skipped, 1 if one failed, 2 for invalid arguments.
///
///     program [--list] [--seed N] [--rounds N] [--cells N] [law or beginning of a law's name ...]
int program(Fixture& fixture, int argc, const char* const* argv, std::span<const Skip> skips = {});

}  // namespace conformance
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
