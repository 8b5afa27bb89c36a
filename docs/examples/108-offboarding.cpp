// Ends the access of an account in all organizations, at once and permanently, also where it is the last owner.
#include <vector>

#include "roster/roster.hpp"

using namespace roster;

namespace {

enum class TeamRole { member, owner };

consteval auto roster_roles(TeamRole) {
  using Entry = RoleEntry<TeamRole>;
  return std::array{
      Entry{TeamRole::member, {.id = RoleId("member"), .rank = 1}, Grant::default_},
      Entry{TeamRole::owner, {.id = RoleId("owner"), .rank = 2, .manages = true, .owns = true}},
  };
}

constexpr Profile rules = {.roles = catalog<TeamRole>,
                           .default_role = default_role<TeamRole>,
                           .on_removed = OnFormer::refuse,  // an add never readmits a removed member
                           .mode = Mode::best_effort};

const OrganizationId acme("acme"), globex("globex");
const AccountId ann("ann"), ben("ben");

// organizations begin
/// Reads the organizations of an account in pages of a fixed size.
Result<std::vector<OrganizationSelector>> organizations_of(const MembershipReader& store, const AccountId& account) {
  std::vector<OrganizationSelector> found;
  OrganizationId after;  // empty: from the first
  std::array<Membership, 100> page;
  for (;;) {
    const auto count = store.organizations_of(account, after, page);
    if (!count) return count.error();
    if (count.value() == 0) return found;
    for (std::size_t i = 0; i < count.value(); ++i) found.emplace_back(page[i].organization);
    after = page[count.value() - 1].organization;
  }
}
// organizations end

bool put_member(MemoryStore& store, const char* id, const OrganizationId& in, const AccountId& account,
                const RoleId& role) {
  return store.put_membership({.id = MembershipId::of(id), .organization = in, .account = account, .role = role})
      .has_value();
}

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  if (!store.put_organization({.id = acme}) || !store.put_organization({.id = globex}) ||
      !store.put_account({.id = ann}) || !store.put_account({.id = ben}) ||
      !put_member(store, "1", acme, ann, grant<TeamRole::owner>) ||
      !put_member(store, "2", globex, ann, grant<TeamRole::member>) ||
      !put_member(store, "3", acme, ben, grant<TeamRole::member>))
    return 1;
  const Engine engine(rules, store, ids);
  const Actor staff{.staff = true};

  // offboarding begins
  // One command for all organizations. The removal of the last owner of acme is refused, and the others are written.
  const RemoveMembers removal({}, ann, staff, IdempotencyKey::of("offboarding of ann, case 4711"));
  const OrganizationSet everywhere;
  const auto report = engine.run(removal, everywhere, Time{1});
  if (!report) return 1;  // repeat the command with the same key

  // Where it was the last owner, another member becomes owner, and the request is repeated.
  for (const SetRefusal& refusal : report.value().refusals) {
    if (refusal.outcome != Outcome::last_owner) return 1;
    const auto promoted = engine.run(ChangeRole(refusal.organization, ben, grant<TeamRole::owner>, staff), Time{2});
    if (!promoted || !promoted.value().succeeded()) return 1;
  }
  const auto again = engine.run(removal, everywhere, Time{3});
  if (!again || !again.value().succeeded()) return 1;  // `removed`, or `replayed` if the first attempt removed it

  // Last: a disabled account acts nowhere, and no command adds it anywhere.
  if (!store.change_account(ann, {.disabled = true}, any_version)) return 1;
  // offboarding ends

  const auto& first = report.value().counts;
  const auto& second = again.value().counts;
  const bool refused = first[Outcome::last_owner] == 1 && first[Outcome::removed] == 1;
  const bool repeated = second[Outcome::removed] == 1 && second[Outcome::replayed] == 1;
  const auto left = organizations_of(store, ann);
  if (!left || !left.value().empty()) return 1;
  const auto former = store.former_membership(acme, ann).value();
  if (!store.change_account(ann, {.disabled = false}, any_version))
    return 1;  // enabled by mistake: the tombstone still refuses
  const auto late = engine.add({acme, ann, {}, staff}, Time{4});
  return refused && repeated && former && late && late.value().at(0, 0) == Outcome::was_removed ? 0 : 1;
}
