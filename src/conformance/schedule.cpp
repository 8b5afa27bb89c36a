#include "schedule.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "reference.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// A second for each command of a client.
constexpr Time now(std::uint32_t at) {
  return Time{scenarios_begin_at + std::int64_t{at} * 1'000'000};
}
/// So many attempts that no client fails because others were faster.
constexpr Options patient{.attempts_max = 10'000};

const char* word(CommandKind kind) {
  static constexpr const char* words[] = {
      "add",    "invite", "change_role",       "transfer_ownership", "suspend",           "reactivate",
      "remove", "leave",  "accept_invitation", "decline_invitation", "revoke_invitation", "change_expiry"};
  const auto at = static_cast<std::size_t>(kind);
  return at < std::size(words) ? words[at] : "?";
}

char letter(std::size_t part) {
  return static_cast<char>('A' + part % 26);
}

std::string in_words(const ExecutedCommand& done) {
  return std::string(1, letter(done.part)) + std::to_string(done.at) + ": " + done.answer;
}

/// A client that executes one step at a time.
class Client {
 public:
  Client(const Scenario& scenario, std::uint32_t part, Store& store, IdSource& ids)
      : scenario_(scenario), part_(part), store_(store), ids_(ids) {}

  bool moves() const { return operation_.has_value() || at_ < scenario_.parts[part_].size(); }

  /// `step` numbers the steps of all clients. Returns the step as text.
  std::string step(std::uint64_t step, std::vector<ExecutedCommand>& done) {
    const std::string name(1, letter(part_));
    std::string begins;
    if (!operation_) {
      operation_.emplace(scenario_.profile, *scenario_.parts[part_][at_], Context{now(at_), &ids_}, patient);
      began_ = step;
      begins = name + " starts to " + text_of(*scenario_.parts[part_][at_]) + "; ";
    }
    std::string text = name + " needs nothing";
    if (operation_->need() == Operation::Need::facts) {
      const CallStatus status = call(store_, operation_->query(), operation_->facts());
      operation_->provide(result(status));
      text = name + " fetches: " + text_of(status);
    } else if (operation_->need() == Operation::Need::commit) {
      const CallStatus status = call(store_, operation_->changes());
      operation_->committed(result(status));
      text = name + " commits: " + text_of(status);
    }
    text = begins + text;
    if (operation_->need() != Operation::Need::nothing) return text;
    done.push_back({part_, at_++, answer_of(operation_->finish()), began_, step});
    operation_.reset();
    return text + "; " + name + " receives: " + done.back().answer;
  }

 private:
  static Result<void> result(const CallStatus& status) {
    if (status.ok()) return success();
    return Error(status.threw ? Errc::store_failed : status.code);
  }

  const Scenario& scenario_;
  const std::uint32_t part_;
  Store& store_;
  IdSource& ids_;
  std::uint32_t at_ = 0;
  std::optional<Operation> operation_;
  std::uint64_t began_ = 0;
};

Store& connection(TestContext& test, std::size_t part) {
  constexpr std::uint32_t connections_most = 8;
  const std::uint32_t count = std::clamp(test.fixture().capabilities().connections, 1u, connections_most);
  Store* const found = test.fixture().connection(static_cast<std::uint32_t>(part % count));
  if (found != nullptr) return *found;
  test.fail("the fixture gave no connection " + std::to_string(part % count) + ", and declares " +
            std::to_string(count));
  return test.store();
}

/// The search for an order that explains the answers and the records.
class Explanation {
 public:
  Explanation(const Scenario& scenario, std::vector<ExecutedCommand> done, const Snapshot& found)
      : scenario_(scenario), done_(std::move(done)), found_(found), taken_(done_.size()) {
    std::sort(done_.begin(), done_.end(),
              [](const ExecutedCommand& a, const ExecutedCommand& b) { return a.ended < b.ended; });
  }

  bool exists() { return search(); }
  const std::string& nearest() const { return nearest_; }

 private:
  bool may_come_next(std::size_t next) const {
    for (std::size_t i = 0; i < done_.size(); ++i) {
      if (taken_[i] || i == next) continue;
      if (done_[i].ended < done_[next].began) return false;
      if (done_[i].part == done_[next].part && done_[i].at < done_[next].at) return false;
    }
    return true;
  }

  bool search() {
    if (order_.size() == done_.size()) return explains();
    for (std::size_t next = 0; next < done_.size(); ++next) {
      if (taken_[next] || !may_come_next(next)) continue;
      taken_[next] = true;
      order_.push_back(next);
      if (search()) return true;
      order_.pop_back();
      taken_[next] = false;
    }
    return false;
  }

  /// Runs the commands in order on the reference.
  bool explains() {
    Reference reference;
    TestContext test(reference, RunOptions{});
    scenario_.set_up(test);
    UuidSource ids({0, 0});
    for (const std::size_t next : order_) {
      const ExecutedCommand& done = done_[next];
      const std::string answer = execute(scenario_, *scenario_.parts[done.part][done.at], test.store(), ids, done.at);
      if (answer == done.answer) continue;
      return remember(in_words(done) + ", where the reference returns " + answer);
    }
    const Snapshot expected = take_snapshot(test, test.store(), comparable());
    return expected == found_ || remember(difference(expected, found_));
  }

  /// The failure text is the mismatch of the first order tried, which is the likeliest.
  bool remember(const std::string& what) {
    if (!nearest_.empty()) return false;
    for (const std::size_t next : order_) nearest_ += letter(done_[next].part);
    nearest_ = "in the order " + nearest_ + ": " + what;
    return false;
  }

  const Scenario& scenario_;
  std::vector<ExecutedCommand> done_;
  const Snapshot& found_;
  std::vector<bool> taken_;
  std::vector<std::size_t> order_;
  std::string nearest_;
};

}  // namespace

std::string text_of(const Command& command) {
  std::string text = word(command.kind());
  for (const AccountSelector& account : command.accounts.span()) text += " " + text_of(account);
  for (const OrganizationSelector& organization : command.organizations.span())
    text += (&organization == command.organizations.span().data() ? " in " : " and ") + text_of(organization);
  if (command.kind() <= CommandKind::transfer_ownership)  // these commands have roles
    for (const RoleId& role : static_cast<const RoleCommand&>(command).roles.span())
      text += " as " + std::string(role.view());
  if (command.kind() == CommandKind::change_expiry)
    text += " to " + std::to_string(static_cast<std::int64_t>(static_cast<const ChangeExpiry&>(command).valid_until));
  if (!command.actor.id.empty()) text += " by " + std::string(command.actor.id.view());
  return text;
}

std::string answer_of(const Result<Report>& result) {
  if (!result) return "error " + std::string(name(result.assume_error().code));
  std::string text;
  const Report& report = result.assume_value();
  for (const Outcome outcome : report.outcomes) text += (text.empty() ? "" : " ") + std::string(name(outcome));
  if (report.stopped) text += ", stopped by " + std::string(name(report.stopped->code));
  return text;
}

std::string execute(const Scenario& scenario, const Command& command, Store& store, IdSource& ids, std::uint32_t at) {
  Operation operation(scenario.profile, command, Context{now(at), &ids}, patient);
  return answer_of(drive(operation, store));
}

std::vector<ExecutedCommand> run_interleaved(TestContext& test, const Scenario& scenario, const Choice& choose) {
  UuidSource ids({test.options.seed, 1});
  std::vector<Client> clients;
  for (std::uint32_t part = 0; part < scenario.parts.size(); ++part)
    clients.emplace_back(scenario, part, connection(test, part), ids);
  std::vector<ExecutedCommand> done;
  constexpr std::size_t steps_most = 100'000;
  for (std::size_t step = 1; step < steps_most && !test.broken(); ++step) {
    std::vector<std::size_t> movers;
    for (std::size_t i = 0; i < clients.size(); ++i)
      if (clients[i].moves()) movers.push_back(i);
    if (movers.empty()) return done;
    test.step(clients[choose(movers, step - 1)].step(step, done));
  }
  test.fail("the clients do not complete: every commit is stale");
  return done;
}

std::vector<ExecutedCommand> run_concurrently(TestContext& test, const Scenario& scenario) {
  UuidSource ids({test.options.seed, 1});
  std::vector<Store*> stores;
  for (std::size_t part = 0; part < scenario.parts.size(); ++part) stores.push_back(&connection(test, part));
  if (test.broken()) return {};
  std::atomic<std::uint64_t> moment{0};
  std::atomic<std::size_t> ready{0};
  std::mutex lock;
  std::vector<ExecutedCommand> done;
  std::vector<std::thread> threads;
  for (std::uint32_t part = 0; part < scenario.parts.size(); ++part)
    threads.emplace_back([&, part] {
      for (++ready; ready < scenario.parts.size();) std::this_thread::yield();
      for (std::uint32_t at = 0; at < scenario.parts[part].size(); ++at) {
        const std::uint64_t began = ++moment;
        std::string answer = execute(scenario, *scenario.parts[part][at], *stores[part], ids, at);
        const std::uint64_t ended = ++moment;
        const std::lock_guard unit(lock);
        done.push_back({part, at, std::move(answer), began, ended});
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const ExecutedCommand& it : done)
    test.step("from " + std::to_string(it.began) + " to " + std::to_string(it.ended) + " " +
              std::string(1, letter(it.part)) + " starts to " + text_of(*scenario.parts[it.part][it.at]) +
              ", and receives: " + it.answer);
  return done;
}

void expect_explained(TestContext& test, const Scenario& scenario, std::vector<ExecutedCommand> done) {
  const Snapshot found = take_snapshot(test, test.store(), comparable());
  if (test.broken()) return;
  Explanation explanation(scenario, std::move(done), found);
  if (!explanation.exists())
    test.fail("no order of the commands explains the answers and the records, where " + scenario.name + "; " +
              explanation.nearest());
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
