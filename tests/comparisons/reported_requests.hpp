// Public reports about late removals, about names and about keys of requests, replayed on any store as in reported.hpp.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_REQUESTS_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_REQUESTS_HPP

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "comparisons/reported.hpp"
#include "roster/operation.hpp"

namespace reported {

/// mirakl-hyperwallet-connector#35, foundations#9608: a removal begins before a role change, and commits after it. Its
/// event is the later one, by the version of the membership.
template <class AnyStore>
std::string late_removal(AnyStore& store) {
  /// The events of the commits, with the version that each replaced.
  struct EventLog final : Store {
    explicit EventLog(Store& to) : inner(to) {}
    Result<void> fetch(const Query& query, Facts& facts) override { return inner.fetch(query, facts); }
    Result<void> commit(const ChangeSet& changes) override {
      const auto done = inner.commit(changes);
      for (const MemberChanged& changed : changes.changed)
        if (done) events.emplace_back(changed.event, changed.version);
      return done;
    }
    Store& inner;
    std::vector<std::pair<Event, Version>> events;
  };
  Replay in(store);
  in.expect("an add", AddMembers(acme, ann, member, by_boss), Outcome::added);
  UuidSource ids({3, 4});
  const RemoveMembers removes(acme, ann, by_boss);
  Operation removal(rules, removes, Context{in.now(), &ids}, {});
  removal.provide(store.fetch(removal.query(), removal.facts()));
  if (removal.need() != Operation::Need::commit) return "the removal is not ready";
  in.expect("a promotion meanwhile", ChangeRole(acme, ann, admin, by_boss), Outcome::replaced);
  const auto promoted = store.membership(acme, ann);
  if (!promoted || !promoted.value()) return "the member is not found";
  EventLog log(store);
  const auto report = drive(removal, log);
  if (!report || report.value().at(0, 0) != Outcome::removed || report.value().stale != 1)
    return "the removal was not decided again";
  const auto former = store.former_membership(acme, ann);
  if (!former || !former.value()) return "there is no tombstone";
  if (log.events != std::vector{std::pair(Event::removed, promoted.value()->version)} ||
      !(promoted.value()->version < former.value()->membership.version))
    in.fail("the removal is not the later event");
  return in.wrong;
}

/// oro/crm#357, vocdoni#1644, decidim-cfj#202: there `ann`, `ann ` and ` ann` are three people, and so is `ann` behind
/// a zero width space. NFC and NFD stay two names, because a host normalizes.
template <class AnyStore>
std::string names_that_look_alike(AnyStore& store) {
  Replay in(store);
  const std::pair<std::string_view, Error> alike[] = {{"ann ", {Errc::id_blank_at_end, 3}},
                                                      {" ann", {Errc::id_blank_at_end, 0}},
                                                      {"ann\u00A0", {Errc::id_blank_at_end, 3}},
                                                      {"\u200Bann", {Errc::id_invisible, 0}},
                                                      {"an\u00ADn", {Errc::id_invisible, 2}}};
  for (const auto& [text, fault] : alike) {
    const auto refused = [&fault](const auto& parsed) { return parsed.has_error() && parsed.assume_error() == fault; };
    const bool all = refused(select_account(rules, text, {}, {})) && refused(select_account(rules, {}, {}, text)) &&
                     refused(OrganizationId::parse(text)) && refused(Slug::parse(text)) &&
                     refused(GroupName::parse(text)) && refused(RoleId::parse(text));
    if (!all) in.fail("`" + std::string(text) + "` is not refused with the place");
  }
  const std::string_view spellings[] = {"zo\u00EB", "zoe\u0308"};
  for (const std::string_view text : spellings) {
    const auto id = AccountId::parse(text).value();
    if (!store.put_account({.id = id, .username = Username::parse(text).value()})) in.fail("an account was not put");
    in.expect("an add by username", AddMembers(acme, Username::parse(text).value(), member, by_boss), Outcome::added);
    in.expect("an add by id", AddMembers(acme, id, member, by_boss), Outcome::existing);
  }
  return in.wrong;
}

/// yontrack#1549, nextcloud-oidc-login#184: the names of a directory are longer than an id. They are usernames and
/// names of groups.
template <class AnyStore>
std::string long_names(AnyStore& store) {
  Replay in(store);
  Profile many = rules;
  many.accounts_max = 9;
  const auto group =
      GroupName::parse("CN=All-Employees-Of-The-Company,OU=Groups,OU=Europe,DC=directory,DC=example").value();
  const std::string_view names[] = {
      "https://login.example.org/realms/a-realm-of-some-length#0123456789abcdef01234",
      "\u5C71\u7530\u592A\u90CE\u5C71\u7530\u592A\u90CE\u5C71\u7530\u592A\u90CE\u5C71\u7530\u592A\u90CE"
      "\u5C71\u7530\u592A\u90CE\u5C71\u7530"};
  std::vector<AccountId> directory;
  for (const std::string_view text : names) {
    if (AccountId::parse(text).assume_error().code != Errc::id_too_long) return "an id has more than 63 bytes";
    directory.push_back(AccountId::parse("d" + std::to_string(directory.size())).value());
    if (!store.put_account({.id = directory.back(), .username = Username::parse(text).value()}))
      return "an account was not put";
    const auto selected = select_account(rules, {}, {}, text);
    if (!selected) return "a long username is refused";
    in.expect("an add by username", AddMembers(acme, selected.value(), member, by_boss), Outcome::added);
    in.expect("an add by id", AddMembers(acme, directory.back(), member, by_boss), Outcome::existing);
  }
  if (!store.overwrite_group(group, directory)) return "the group was not put";
  AddMembers adds(acme, cyd, member, by_boss);
  adds.groups = {group};
  in.expect("an add of the group", adds, Outcome::added, many);
  const auto report = Engine(many, store, in.ids).run(adds, in.now());
  if (!report || report.value().columns != 3 || report.value().count(Outcome::existing) != 3)
    in.fail("the accounts of the group are others");
  return in.wrong;
}

/// idempotency#22, idempotency4j#12: the same membership under the same key, with anything else. Another membership
/// under the key is another cell, which the record of an HTTP form refuses.
template <class AnyStore>
std::string reused_key(AnyStore& store) {
  Replay in(store);
  const IdempotencyKey key = IdempotencyKey::of("K");
  const AddMembers first(acme, ann, member, by_boss, key);
  in.expect("an add", first, Outcome::added);
  in.expect("the same add again", first, Outcome::replayed);
  AddMembers until = first;
  until.valid_until = far_off;
  in.expect("with an end", until, Outcome::request_reused);
  in.expect("with a left-out role", AddMembers(acme, ann, RoleId{}, by_boss, key), Outcome::request_reused);
  in.expect("with another role", AddMembers(acme, ann, admin, by_boss, key), Outcome::request_reused);
  in.expect("as an invitation", Invite(acme, ann, member, by_boss, key), Outcome::request_reused);
  in.expect("as a change of the role", ChangeRole(acme, ann, admin, by_boss, key), Outcome::request_reused);
  in.expect("as a removal", RemoveMembers(acme, ann, by_boss, key), Outcome::request_reused);
  in.expect_member("after refusals", ann, member, MembershipState::active);
  const auto found = store.membership(acme, ann);
  if (!found || !found.value() || found.value()->valid_until != Time{}) in.fail("the membership has an end");
  in.expect("the same add at last", first, Outcome::replayed);
  return in.wrong;
}

}  // namespace reported

#endif
