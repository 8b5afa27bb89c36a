// Proves that an answer touches nothing behind the last entry of its lists, and that there is none wherever memory
// ends. Each list of this program ends where a page ends, and an access to the next page ends the program. No result
// would show an entry too many that is only read.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "catch.hpp"
#include "sql/answer.hpp"

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>

namespace memory_test {

using namespace roster;

namespace {

constexpr std::size_t blocks_max = 64;  // lists at one time
struct Block {
  char* pages = nullptr;
  void* memory = nullptr;
  std::size_t bytes = 0;
};
std::array<Block, blocks_max> blocks;
bool guards = false;
std::uint32_t allocations = 0, fails_at = 0;  // 0: none fails

/// Memory that ends with a page, in front of one that may not be touched.
void* take(std::size_t size) noexcept {
  if (++allocations == fails_at) return nullptr;
  Block* const block = std::find_if(blocks.begin(), blocks.end(), [](const Block& b) { return b.pages == nullptr; });
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t aligned = (size + 15) / 16 * 16, readable = (aligned + page - 1) / page * page;
  if (block == blocks.end()) return nullptr;
  void* const pages = mmap(nullptr, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (pages == MAP_FAILED) return nullptr;
  char* const end = static_cast<char*>(pages) + readable;
  if (mprotect(end, page, PROT_NONE) != 0) return nullptr;
  *block = {static_cast<char*>(pages), end - aligned, readable + page};
  return block->memory;
}

void give_back(void* memory) noexcept {
  for (Block& block : blocks)
    if (memory != nullptr && block.memory == memory) {
      munmap(block.pages, block.bytes);
      block = {};
      return;
    }
  std::free(memory);
}

/// While it lives, lists are given such memory, and the allocation with the number `nth` (from 1) fails.
struct Guarded {
  explicit Guarded(std::uint32_t nth) {
    allocations = 0;
    fails_at = nth;
    guards = true;
  }
  ~Guarded() { guards = false; }
};

/// A query about so many organizations and accounts, each with a role of its own.
struct IssuedCommand {
  IssuedCommand(std::uint32_t rows, std::uint32_t columns)
      : organizations(rows, OrganizationId("any")), accounts(columns, AccountId("any")) {
    for (std::uint32_t row = 0; row < rows; ++row) {
      roles.push_back({.id = RoleId::parse("role-" + std::to_string(row)).value(), .rank = 1});
      wanted.push_back(roles.back().id);
      numbers.push_back(row + 1);
    }
    query.organizations = organizations;
    query.accounts = accounts;
    query.roles = wanted;
  }
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  std::vector<Role> roles;
  std::vector<RoleId> wanted;
  std::vector<std::uint64_t> numbers;
  Query query;
};

/// Two organizations have the same parent. Every second one gives its members a role that no catalog has.
bool fill(const IssuedCommand& asked, Facts& facts) {
  const std::uint32_t rows = asked.query.rows(), columns = asked.query.columns();
  sql::Answer answer(asked.query, facts);
  if (!answer.begin()) return false;
  for (std::uint32_t row = 0; row < rows; ++row)
    answer.organization(row, {.number = row + 1, .id = OrganizationId("any"), .parent = 100 + row / 2});
  if (!answer.make_room_for_parents()) return false;
  AccountFact exists;
  exists.id = AccountId("any");
  for (std::uint32_t column = 0; column < columns; ++column) answer.account(column, column + 1, exists);
  for (std::uint32_t row = 0; row < rows; ++row)
    if (!answer.own_role(row, row + 1, asked.roles[row])) return false;
  for (std::uint32_t row = 0; row < rows; ++row)
    if (!answer.actor(row, row + 1, Version{1}, Time{})) return false;
  if (!answer.sort_columns()) return false;
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint64_t account = 1; account <= columns + 2; ++account) {
      sql::MemberRow member;
      member.account = account;
      member.role = row % 2 == 0 ? row + 1 : 500 + row;
      if (answer.asks_for(row, account) && !answer.member(row, member)) return false;
    }
  answer.sort_members();
  if (!facts.inviters.resize(facts.memberships.size(), InviterFact{})) return false;
  for (std::uint32_t at = 0; at < facts.memberships.size(); ++at)
    if (!answer.inviter(at, 1, Version{1}, Time{})) return false;
  return answer.wanted_roles(asked.numbers.data());
}

/// Whether there is an answer if that allocation fails (0: none does).
bool answers(const IssuedCommand& asked, std::uint32_t nth) {
  const Guarded guarded(nth);
  Facts facts;
  return fill(asked, facts) && facts.memberships.size() == asked.query.rows() * asked.query.columns();
}

bool all_given_back() {
  return std::all_of(blocks.begin(), blocks.end(), [](const Block& block) { return block.pages == nullptr; });
}

}  // namespace

TEST_CASE("answers: nothing behind the last entry of a list is touched, however many entries it has") {
  constexpr std::uint32_t size_max = 40;  // any list grows at least twice, and is full once
  for (std::uint32_t size = 0; size <= size_max; ++size) {
    INFO(size << " organizations or accounts");
    CHECK(answers(IssuedCommand(size, 1), 0));
    CHECK(answers(IssuedCommand(1, size), 0));
  }
  CHECK(all_given_back());
}

TEST_CASE("answers: wherever memory ends, there is no answer, and all memory is given back") {
  const IssuedCommand asked(40, 3);
  REQUIRE(answers(asked, 0));
  const std::uint32_t count = allocations;
  CHECK(count > 20);
  for (std::uint32_t nth = 1; nth <= count; ++nth) {
    INFO("allocation " << nth);
    CHECK_FALSE(answers(asked, nth));
    CHECK(allocations == nth);
    CHECK(all_given_back());
  }
}

}  // namespace memory_test

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return memory_test::guards ? memory_test::take(size) : std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept {
  memory_test::give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  memory_test::give_back(memory);
}
#endif
