// Proves that an answer touches nothing behind the last entry of its lists. Each list of this program ends where a page
// ends, and an access to the next page ends the program. No result would show one entry too many that is only read.
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

namespace pages_test {

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

/// Memory that ends with a page, in front of one that may not be touched.
void* take(std::size_t size) noexcept {
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

struct Guarded {
  Guarded() { guards = true; }
  ~Guarded() { guards = false; }
};

Role numbered_role(std::uint64_t number) {
  return {.id = RoleId::parse("role-" + std::to_string(number)).value(), .rank = 1};
}

/// An answer to so many organizations and accounts, with an own role, a parent and every membership in each. Half of
/// the children share their parent with the next one.
void answer(std::uint32_t rows, std::uint32_t columns) {
  const std::vector<OrganizationSelector> organizations(rows, OrganizationId("any"));
  const std::vector<AccountSelector> accounts(columns, AccountId("any"));
  std::vector<RoleId> wanted;
  std::vector<std::uint64_t> numbers;
  std::vector<Role> roles;
  for (std::uint32_t row = 0; row < rows; ++row) {
    roles.push_back(numbered_role(row + 1));
    wanted.push_back(roles.back().id);
    numbers.push_back(row + 1);
  }
  Query query;
  query.organizations = organizations;
  query.accounts = accounts;
  query.roles = wanted;
  AccountFact exists;
  exists.id = AccountId("any");
  bool done = true;
  std::uint32_t asked_for = 0;
  {
    const Guarded guarded;
    Facts facts;
    sql::Answer answer(query, facts);
    done = answer.begin();
    for (std::uint32_t row = 0; row < rows; ++row)
      answer.organization(row, {.number = row + 1, .id = OrganizationId("any"), .parent = 100 + row / 2});
    done = done && answer.make_room_for_parents();
    for (std::uint32_t column = 0; column < columns; ++column) answer.account(column, column + 1, exists);
    for (std::uint32_t row = 0; row < rows; ++row) done = done && answer.own_role(row, row + 1, roles[row]);
    for (std::uint32_t row = 0; row < rows; ++row) done = done && answer.actor(row, row + 1, Version{1}, Time{});
    done = done && answer.sort_columns();
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint64_t account = 1; account <= columns + 2; ++account) {
        if (!answer.asks_for(row, account)) continue;
        sql::MemberRow member;
        member.account = account;
        member.role = 1 + row % 2 * 500;  // of the catalog, or of none
        done = done && answer.member(row, member);
        ++asked_for;
      }
    answer.sort_members();
    done = done && answer.wanted_roles(numbers.data()) && facts.memberships.size() == rows * columns;
    done = done && facts.inviters.resize(facts.memberships.size(), InviterFact{});
    for (std::uint32_t at = 0; done && at < facts.memberships.size(); ++at)
      done = answer.inviter(at, 1, Version{1}, Time{});
  }
  INFO(rows << " organizations, " << columns << " accounts");
  CHECK(done);
  CHECK(asked_for == rows * columns);
}

}  // namespace

TEST_CASE("answers: nothing behind the last entry of a list is touched, however many entries it has") {
  constexpr std::uint32_t size_max = 40;  // any list grows at least twice, and is full once
  for (std::uint32_t size = 0; size <= size_max; ++size) {
    answer(size, 1);
    answer(1, size);
  }
  CHECK(std::all_of(blocks.begin(), blocks.end(), [](const Block& block) { return block.pages == nullptr; }));
}

}  // namespace pages_test

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return pages_test::guards ? pages_test::take(size) : std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept {
  pages_test::give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  pages_test::give_back(memory);
}
#endif
