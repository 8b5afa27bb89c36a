// Reads the result of a command: an error if it was not executed, otherwise one outcome for each cell.
#include <cstdio>
#include <string>
#include <string_view>

#include "roster/roster.hpp"

using namespace roster;

namespace {

void print(const char* request, std::string_view answer) {
  std::printf("%-24s %.*s\n", request, static_cast<int>(answer.size()), answer.data());
}

/// Prints the result of a command with one cell. Returns true if the cell succeeded.
bool show(const char* request, const Result<Report>& report) {
  if (!report) {  // not executed: a malformed command, or a store that failed
    print(request, describe(report.error().code));
    return false;
  }
  const Outcome outcome = report.value().at(0, 0);
  print(request, succeeded(outcome) ? name(outcome) : describe(outcome));
  return succeeded(outcome);
}

}  // namespace

int main() {
  UuidSource ids({1, 2});  // a fixed seed for equal runs; a real host uses entropy, as in 010
  MemoryStore store;
  const OrganizationId acme("acme");
  if (const auto put = store.put_organization({.id = acme}); !put) {
    print("acme", describe(put.error().code));
    return 1;
  }

  // Text from outside may be malformed. The detail is the offset of the invalid byte.
  const auto typo = Email::parse("zoe@example..com");
  if (typo) return 1;
  std::printf("%-24s %s at byte %u\n", "zoe@example..com", std::string(name(typo.error().code)).c_str(),
              typo.error().detail);

  const auto zoe = Email::parse("zoe@example.com");
  if (!zoe) return 1;
  const Engine engine(profiles::recoup, store, ids);
  const Actor staff{.staff = true};
  const bool first = show("add zoe", engine.add({acme, zoe.value(), {}, staff}, Time{1}));
  const bool again = show("add zoe again", engine.add({acme, zoe.value(), {}, staff}, Time{2}));
  const bool unknown =
      show("add zoe to globex", engine.add({OrganizationId("globex"), zoe.value(), {}, staff}, Time{3}));
  const bool foreign =
      show("add zoe, by mallory", engine.add({acme, zoe.value(), {}, Actor{AccountId("mallory")}}, Time{4}));
  const bool no_actor = show("add zoe, by no actor", engine.add({acme, zoe.value()}, Time{5}));
  return first && again && !unknown && !foreign && !no_actor ? 0 : 1;
}
