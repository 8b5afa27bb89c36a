// Answers a query under the lock, so that all facts are of one moment.
#include <algorithm>
#include <variant>

#include "map_store.hpp"

using namespace roster;

namespace {

/// A list returns false if an allocation failed. Here that becomes an exception, as for standard containers.
void need(bool room) {
  if (!room) throw std::bad_alloc();
}

/// Null for a missing record.
template <class Map, class Id>
auto found(Map& map, const Id& id) -> decltype(&map.begin()->second) {
  const auto at = map.find(id);
  return at == map.end() ? nullptr : &at->second;
}

class Answer {
 public:
  Answer(const Tables& tables, const Query& query, Facts& facts) : tables_(tables), query_(query), facts_(facts) {}

  void about_groups() {
    for (const GroupName& name : query_.groups) {
      const auto* const accounts = found(tables_.groups, name);
      need(facts_.groups.try_push_back(
          {accounts != nullptr, static_cast<std::uint32_t>(accounts ? accounts->size() : 0)}));
      if (accounts == nullptr) continue;
      for (const AccountId& id : *accounts) need(facts_.group_accounts.try_push_back(id));
    }
  }

  void about_set() {
    const SetPage& page = *query_.set;
    for (const auto& [pair, row] : tables_.members) {
      const bool wrote = !query_.idempotency_key.empty() && same_request(row.idempotency_key, query_.idempotency_key);
      const bool fits = row.state != MembershipState::removed && (page.any_state || row.state == page.state) &&
                        (page.role.empty() || row.role == page.role);
      if (!wrote && !fits) continue;
      const auto& [in, who] = pair;  // the pairs are in the order of the organization, then of the account
      if (page.of == SetPage::Of::members) {
        if (!(in == page.organization) || !(page.after_account < who)) continue;
        if (facts_.accounts.size() < page.entries_max) need(facts_.accounts.try_push_back({.id = who}));
      } else {
        const auto* const organization = found(tables_.organizations, in);
        const bool inside = page.parent.empty() || (page.with_parent && in == page.parent) ||
                            (organization != nullptr && organization->record.parent == page.parent);
        if (!(who == page.account) || !inside || !(page.after_organization < in)) continue;
        OrganizationFact fact;
        fact.id = in;
        if (facts_.organizations.size() < page.entries_max) need(facts_.organizations.try_push_back(fact));
      }
    }
  }

  void about_cells() {
    for (const OrganizationSelector& selector : query_.organizations) push(find(selector));
    if (query_.parents) parents();
    for (const AccountSelector& selector : query_.accounts) push(find(selector));
    for (const AccountId& id : query_.group_accounts) push(id);
    for (std::uint32_t row = 0; row < facts_.organizations.size(); ++row)
      for (std::uint32_t column = 0; column < facts_.accounts.size(); ++column) cell(row, column);
    for (const OrganizationFact& fact : facts_.organizations)
      for (const RoleId& id : query_.roles) {
        const auto* const in = found(tables_.organizations, fact.id);
        need(
            facts_.wanted_roles.try_push_back(in != nullptr && in->catalog.contains(id) ? role(fact.id, id) : no_role));
      }
  }

 private:
  OrganizationId find(const OrganizationSelector& selector) const {
    if (const auto* const id = std::get_if<OrganizationId>(&selector)) return *id;
    if (const auto* const slug = std::get_if<Slug>(&selector)) {
      const auto* const id = found(tables_.slugs, *slug);
      return id != nullptr ? *id : OrganizationId();
    }
    const auto& nested = std::get<Nested>(selector);
    const auto* const inner = found(tables_.organizations, nested.id);
    const bool inside = inner != nullptr && !nested.parent.empty() && inner->record.parent == nested.parent;
    return inside ? nested.id : OrganizationId();
  }

  AccountId find(const AccountSelector& selector) const {
    if (const auto* const id = std::get_if<AccountId>(&selector)) return *id;
    const auto* const email = std::get_if<Email>(&selector);
    const auto* const id = email != nullptr ? found(tables_.emails, std::string(email->key()))
                                            : found(tables_.usernames, std::get<Username>(selector));
    return id != nullptr ? *id : AccountId();
  }

  void push(const OrganizationId& id) {
    OrganizationFact fact;
    if (const auto* const row = found(tables_.organizations, id)) {
      fact.id = id;
      fact.version = row->version;
      fact.joinable = row->record.joinable;
      fact.closed = row->record.closed;
      if (query_.counts) fact.counts = counts(id, *row);
      const MemberRow* const own = found(tables_.members, Tables::Pair(id, query_.actor));
      if (own != nullptr && own->state == MembershipState::active && tables_.is_enabled(query_.actor)) {
        fact.actor_is_member = true;
        fact.actor_role = role(id, own->role);
        fact.actor_version = own->version;
        fact.actor_valid_until = own->valid_until;
      }
    }
    need(facts_.organizations.try_push_back(fact));
  }

  void push(const AccountId& id) {
    AccountFact fact;
    if (const auto* const row = found(tables_.accounts, id)) {
      fact.id = id;
      fact.version = row->version;
      fact.disabled = row->record.disabled;
      fact.invited = row->record.invited;
      fact.verified = row->record.verified;
    }
    need(facts_.accounts.try_push_back(fact));
  }

  /// Appends each parent once, after the rows.
  void parents() {
    const std::uint32_t rows = facts_.organizations.size();
    for (std::uint32_t row = 0; row < rows; ++row) {
      const auto* const child = found(tables_.organizations, facts_.organizations[row].id);
      if (child == nullptr || child->record.parent.empty()) continue;
      std::uint32_t at = rows;
      while (at < facts_.organizations.size() && facts_.organizations[at].id != child->record.parent) ++at;
      if (at == facts_.organizations.size()) push(child->record.parent);
      facts_.organizations[row].parent = at;
    }
  }

  MemberCounts counts(const OrganizationId& id, const Tables::Organization& in) const {
    MemberCounts counts;
    counts.seats_max = in.record.seats_max;
    const RoleMeaning counted{query_};
    for (auto at = tables_.members.lower_bound({id, {}}); at != tables_.members.end() && at->first.first == id; ++at) {
      const MemberRow& row = at->second;
      const std::uint32_t seats = counted.takes_seat(in, row.role) ? 1 : 0;
      const bool invited = row.state == MembershipState::invited;
      if (invited && !has_expired(row.invitation_until, query_.now)) counts.invited += seats;
      if (row.state != MembershipState::active) continue;
      counts.active += seats;
      const bool lasts = row.valid_until == Time{} && tables_.is_enabled(at->first.second);
      if (lasts && counted.owns(in, row.role)) ++counts.owners;
    }
    return counts;
  }

  /// True if a stored key is that of the request.
  bool matches(const IdempotencyKey& remembered, RequestMatch match, MembershipFact& fact) const {
    if (query_.idempotency_key.empty() || !same_request(remembered, query_.idempotency_key)) return false;
    fact.match = match;
    fact.fingerprint = fingerprint_of(remembered);
    return true;
  }

  void cell(std::uint32_t row, std::uint32_t column) {
    const OrganizationId& in = facts_.organizations[row].id;
    const MemberRow* const has = found(tables_.members, Tables::Pair(in, facts_.accounts[column].id));
    if (has == nullptr) return;
    MembershipFact fact;
    fact.organization = row;
    fact.account = column;
    fact.id = has->id;
    fact.version = has->version;
    fact.role = role(in, has->role);
    fact.state = has->state;
    fact.valid_until = has->valid_until;
    fact.invitation_until = has->invitation_until;
    fact.outdated = query_.asked_at != Time{} && query_.asked_at <= has->written_at;
    if (has->before && matches(*has->before, RequestMatch::before, fact)) fact.outdated = true;
    matches(has->idempotency_key, RequestMatch::last, fact);
    need(facts_.memberships.try_push_back(fact));
    if (query_.inviters) inviter(in, *has);
  }

  void inviter(const OrganizationId& in, const MemberRow& of) {
    InviterFact fact;
    if (of.state == MembershipState::invited) fact.id = of.by;
    const MemberRow* const by = !fact.id.empty() ? found(tables_.members, Tables::Pair(in, of.by)) : nullptr;
    if (by != nullptr && by->state == MembershipState::active && tables_.is_enabled(of.by)) {
      fact.is_member = true;
      fact.role = role(in, by->role);
      fact.version = by->version;
      fact.valid_until = by->valid_until;
    }
    need(facts_.inviters.try_push_back(fact));
  }

  /// The index in the dictionary of the role as this organization defines it.
  RoleIndex role(const OrganizationId& in, const RoleId& id) {
    Role means{.id = id, .assignable = false, .exists = false};
    const auto* const organization = found(tables_.organizations, in);
    const auto* const own = organization != nullptr ? found(organization->catalog, id) : nullptr;
    if (own != nullptr) means = *own;
    means.has_owned = query_.counts && tables_.owner_roles.contains(id);
    const auto at = std::find(facts_.roles.begin(), facts_.roles.end(), means) - facts_.roles.begin();
    if (at == facts_.roles.size()) need(facts_.roles.try_push_back(means));
    return static_cast<RoleIndex>(at);
  }

  const Tables& tables_;
  const Query& query_;
  Facts& facts_;
};

}  // namespace

Result<void> MapStore::fetch(const Query& query, Facts& facts) {
  const std::lock_guard unit(lock_);
  Answer answer(tables_, query, facts);
  if (query.set != nullptr)
    answer.about_set();
  else if (query.groups.empty())
    answer.about_cells();
  else
    answer.about_groups();
  return success();
}
