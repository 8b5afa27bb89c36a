// The conformance kit: laws that any store must pass, run against a fixture that the author of the store fills in.
//
// The rules of roster hold under races because a store keeps its half of the contract (store.hpp). This is how an
// author finds out whether it does. Target roster::conformance; needs no test framework. docs/stores.md shows a whole
// store, its fixture and its test program.
//
//     class MyFixture final : public roster::conformance::Fixture {
//       Result<void> reset() override { file_.remove(); store_.emplace(file_); return success(); }
//       Store& store() override { return *store_; }
//       Result<void> put_organization(const OrganizationRecord& record) override { return store_->put(record); }
//       ...
//     };
//     int main(int count, char** words) { MyFixture fixture; return roster::conformance::program(fixture, count,
//     words); }
#ifndef ROSTER_CONFORMANCE_HPP
#define ROSTER_CONFORMANCE_HPP

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "roster/memory_store.hpp"

ROSTER_PUBLIC_BEGIN
namespace conformance {

/// What a fixture can do besides the least. A law that takes more than a fixture can do is skipped, and says what it
/// lacked.
struct Abilities {
  std::uint32_t connections = 1;  ///< how many Stores on the same records connection() gives; more than 8 are not used
  bool threads = false;           ///< each connection may be used by a thread of its own, at the same time
  bool processes = false;         ///< connect_in_child() works in a process that was forked
  bool restarts = false;          ///< restart() works: what was committed outlives the store
  bool faults = false;            ///< fail_at() works: the storage can be made to fail
};

/// A store under test, and what the kit cannot do by the two verbs: making it, and putting the host's records into it.
/// Memberships are put by commit and seen by fetch alone, so a fixture needs no verb for them.
///
/// The kit calls a fixture from one thread only. A verb that fails ends the law that called it, as failed.
/// An exception that escapes from a verb of the Store fails the law; none may escape from the fixture.
class Fixture {
 public:
  virtual ~Fixture() = default;

  // ---- needed
  /// Makes a new and empty store in the place of the one before, whose connections are gone then.
  virtual Result<void> reset() = 0;
  /// The store. Lives until the next reset() or restart().
  virtual Store& store() = 0;
  /// The four records of a host. A put of an id that is there changes the record, and raises its version. The kit puts
  /// parents and accounts before what names them. An e-mail address is found by its key from then on, a slug and a
  /// username as they are.
  virtual Result<void> put_organization(const OrganizationRecord& record) = 0;
  virtual Result<void> put_account(const AccountRecord& record) = 0;
  /// A role in the organization's own catalog: raises the organization's version.
  virtual Result<void> put_role(const OrganizationId& organization, const Role& role) = 0;
  /// A second put of a group replaces its accounts. Their order is what fetch answers.
  virtual Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) = 0;

  // ---- if it can
  virtual Abilities abilities() const { return {}; }
  /// The n-th connection, n < abilities().connections: the Store that a second client would use. 0 is store().
  /// A store that several threads may share gives itself.
  virtual Store* connection(std::uint32_t n) { return n == 0 ? &store() : nullptr; }
  /// Called in a child that the kit has just forked: a connection of the child's own, or null if there is none to be
  /// had. It must not touch the connections of its parent; the child ends by _exit, so nothing is destroyed in it.
  virtual Store* connect_in_child() { return nullptr; }
  /// Closes the store, as a host that stops does, and opens it again.
  virtual Result<void> restart() { return Errc::store_failed; }
  /// Makes the n-th thing that the store asks of its storage from now on fail, once: a write, a statement, a packet.
  /// 0: nothing fails any more. What the failure looks like is the fixture's choice. False: it came to no failure since
  /// the last call, so that the kit has seen all the places there are.
  virtual bool fail_at(std::uint32_t n) { return n != 0; }
};

/// One law: what it is called, and what it says a store does.
struct Law {
  std::string_view name;  ///< "guards/organization"
  std::string_view says;
};
/// All of them, in the order in which they are run.
std::span<const Law> laws() noexcept;

/// A law that is not asked, and why: what the store does not promise.
struct Skip {
  std::string_view law;
  std::string_view reason;
};

/// How much is tried. The same trial on the same fixture does the same, except where threads and processes race.
struct Trial {
  std::uint64_t seed = 1;             ///< of everything drawn by chance
  std::uint32_t rounds = 1;           ///< times as many random histories
  std::uint32_t cells_max = 100'000;  ///< of the largest change set
};

enum class Verdict : std::uint8_t { held, failed, skipped };

/// What became of one law.
struct Finding {
  std::string_view law;
  Verdict verdict = Verdict::held;
  std::string text;  ///< failed: what was wrong, and the steps that led there; skipped: the reason
};

struct Findings {
  std::vector<Finding> all;  ///< in the order of laws()

  bool held() const noexcept;      ///< none failed
  int exit_code() const noexcept;  ///< 0 if none failed, otherwise 1
  const Finding* find(std::string_view law) const noexcept;
  std::string text() const;  ///< a line for each law, and more for those that failed
};

/// Tries one law. A name that no law has is a failed finding.
Finding check(Fixture& fixture, std::string_view law, const Trial& trial = {});

/// Tries every law that is not skipped. A skip that names no law, or gives no reason, is a failed finding.
/// `heard`, if there is one, is told of each finding as it comes.
Findings run(Fixture& fixture, std::span<const Skip> skips = {}, const Trial& trial = {},
             const std::function<void(const Finding&)>& heard = {});

/// A test program: tries the laws and prints what became of them on standard output. Returns its exit code, which is 0
/// if all that were asked held or were skipped, 1 if one failed, 2 if the words make no sense.
///
///     program [--list] [--seed N] [--rounds N] [--cells N] [law or beginning of a law's name ...]
int program(Fixture& fixture, int count, const char* const* words, std::span<const Skip> skips = {});

}  // namespace conformance
ROSTER_END

#endif
