// The judge and the oracle, asked everything: both answer over a cell that forks at each question when it is first
// asked, so that the whole tree of decisions is walked, and every leaf of it is compared. The tree of the oracle, with
// what is alike in it folded together, is docs/reference/decision-table.md.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "../../src/core/rules/judge.hpp"
#include "catch.hpp"
#include "support/oracle.hpp"

using namespace roster;

namespace {

using roster_test::AccountAnswer;
using roster_test::Question;
using roster_test::question_count;
using roster_test::StateAnswer;

constexpr std::array kind_names = {
    "AddMembers",    "Invite", "ChangeRole",       "TransferOwnership", "Suspend",          "Reactivate",
    "RemoveMembers", "Leave",  "AcceptInvitation", "DeclineInvitation", "RevokeInvitation", "ChangeExpiry"};

/// A question in words, and its answers.
struct QuestionText {
  const char* text;
  std::vector<const char*> answers;
};

const QuestionText& text_of(Question question) {
  static const std::vector<QuestionText> texts = {
      {"the organization exists", {"no", "yes"}},
      {"the actor may do this here", {"no", "yes"}},
      {"the actor's own cell carries this request", {"no", "yes"}},
      {"a commit of this operation was sent and its answer lost", {"no", "yes"}},
      {"the membership was last written",
       {"by another request", "under this key, asking for something else", "by this request"}},
      {"the organization takes members", {"no", "yes"}},
      {"the role asked for", {"may be given", "is in no catalog", "is read-only"}},
      {"the account",
       {"is there", "waits to be confirmed", "is not verified", "is disabled", "is an address that nobody has",
        "is not there", "is that of a group that is not there"}},
      {"the actor may not know of the account", {"no", "yes"}},
      {"the role asked for is above the actor's", {"no", "yes"}},
      {"the membership", {"is active", "is invited", "is suspended", "is removed", "is not there", "is over"}},
      {"what is asked for", {"is there already", "differs", "is a higher role"}},
      {"the parent",
       {"has no say", "has the account", "lacks the account", "cannot be joined", "has invited the account"}},
      {"the role there is above the actor's", {"no", "yes"}},
      {"the request is older than what is there", {"no", "yes"}},
      {"the inviter may not give that role any more", {"no", "yes"}},
      {"`hides_organizations`, and not to staff", {"no", "yes"}},
      {"`on_unknown_account`", {"reject", "create", "invite"}},
      {"`on_same_role`", {"keep", "reject", "replace", "raise"}},
      {"`on_other_role`", {"keep", "reject", "replace", "raise"}},
      {"`on_suspended`", {"refuse", "reactivate", "restore_role", "fresh"}},
      {"`on_removed`", {"refuse", "reactivate", "restore_role", "fresh"}},
      {"`parent`", {"ignore", "require", "add"}},
  };
  return texts[static_cast<std::size_t>(question)];
}

/// A cell that can be anything, and becomes one thing after another: each answer is the first that has not been given
/// at that place yet.
class Fork final : public roster_test::Cell {
 public:
  unsigned answer(Question question) override {
    int& known = known_[static_cast<std::size_t>(question)];
    if (known >= 0) return static_cast<unsigned>(known);
    if (depth_ == path_.size()) {
      std::vector<unsigned> able;
      for (unsigned i = 0; i < text_of(question).answers.size(); ++i)
        if (can_be(question, i)) able.push_back(i);
      path_.push_back({question, 0, able});
    }
    const Step& step = path_[depth_++];
    known = static_cast<int>(step.able[step.at]);
    return step.able[step.at];
  }
  /// The answer, if the question has been asked.
  unsigned known(Question question, unsigned otherwise) const {
    const int answer = known_[static_cast<std::size_t>(question)];
    return answer < 0 ? otherwise : static_cast<unsigned>(answer);
  }
  void begin() {
    depth_ = 0;
    known_.fill(-1);
  }
  /// The next cell, as far as it differs from this one; false: there is none.
  bool next() {
    path_.resize(depth_);
    while (!path_.empty() && path_.back().at + 1 == path_.back().able.size()) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().at;
    return true;
  }
  std::string text() const {
    std::string all;
    for (std::size_t i = 0; i < depth_; ++i)
      all += std::string("  ") + text_of(path_[i].question).text + ": " +
             text_of(path_[i].question).answers[path_[i].able[path_[i].at]] + "\n";
    return all;
  }

 private:
  struct Step {
    Question question;
    std::size_t at;
    std::vector<unsigned> able;
  };
  /// Whether that answer goes together with what has been said before: nobody has no membership, and no membership
  /// remembers no request.
  bool can_be(Question question, unsigned answer) const {
    const auto is = [&](Question one, auto value) {
      return one == question ? answer == static_cast<unsigned>(value)
                             : known_[static_cast<std::size_t>(one)] == static_cast<int>(value);
    };
    const bool nobody = is(Question::account, AccountAnswer::address) || is(Question::account, AccountAnswer::nobody) ||
                        is(Question::account, AccountAnswer::no_group);
    const bool there = is(Question::state, StateAnswer::active) || is(Question::state, StateAnswer::invited) ||
                       is(Question::state, StateAnswer::suspended) || is(Question::state, StateAnswer::removed) ||
                       is(Question::state, StateAnswer::over);
    const bool written = is(Question::replay, 1) || is(Question::replay, 2);
    return !(nobody && (there || written)) && !(written && is(Question::state, StateAnswer::none));
  }

  std::vector<Step> path_;
  std::array<int, question_count> known_{};
  std::size_t depth_ = 0;
};

/// The same cell, as the judge asks it.
struct Asked {
  Fork& cell;
  bool is(Question question) { return cell.answer(question) != 0; }
  template <class Enum>
  Enum as(Question question) {
    return static_cast<Enum>(cell.answer(question));
  }
  bool organization_exists() { return is(Question::organization_exists); }
  bool actor_allowed() { return is(Question::actor_allowed); }
  Own own() {
    if (is(Question::actor_carries_request)) return Own::gave_up;
    return is(Question::commit_sent) ? Own::sent : Own::no;
  }
  Replay replay() { return as<Replay>(Question::replay); }
  bool joinable() { return is(Question::joinable); }
  RoleClass role() { return as<RoleClass>(Question::role); }
  AccountClass account() { return as<AccountClass>(Question::account); }
  bool account_hidden() { return is(Question::account_hidden); }
  bool outranks(Which which) { return is(which == Which::asked ? Question::asked_outranks : Question::held_outranks); }
  CellState state() { return as<CellState>(Question::state); }
  Relation relation() { return as<Relation>(Question::relation); }
  ParentClass parent() { return as<ParentClass>(Question::parent); }
  bool outdated() { return is(Question::outdated); }
  bool inviter_lapsed() { return is(Question::inviter_lapsed); }
};

/// A profile that says what the oracle asked about, and `other` about everything else.
Profile profile_of(const Fork& cell, unsigned other) {
  Profile profile;
  const auto of = [&](Question field) {
    return cell.known(field, other % (field == Question::hides_organizations ? 2 : 3));
  };
  profile.hides_organizations = of(Question::hides_organizations) != 0;
  profile.on_unknown_account = static_cast<OnUnknown>(of(Question::on_unknown_account));
  profile.on_same_role = static_cast<OnMember>(of(Question::on_same_role));
  profile.on_other_role = static_cast<OnMember>(of(Question::on_other_role));
  profile.on_suspended = static_cast<OnFormer>(of(Question::on_suspended));
  profile.on_removed = static_cast<OnFormer>(of(Question::on_removed));
  profile.parent = static_cast<ParentRule>(of(Question::parent_rule));
  return profile;
}

std::string words(const roster_test::Verdict& verdict) {
  std::string all(name(verdict.outcome));
  if (!roster_test::is_written(verdict.outcome)) return all;
  all += " to " + std::to_string(static_cast<unsigned>(verdict.to)) + " " + std::string(name(verdict.event));
  return all + (verdict.anew ? " anew" : "") + (verdict.keeps_role ? " keeps role" : "") +
         (verdict.joins_parent ? " joins parent" : "");
}

// ---- the table

/// The tree of one kind, in which equal parts are one part.
class Table {
 public:
  explicit Table(Kind kind) : kind_(kind) { root_ = grow({}); }

  void print(std::ostream& out) const {
    std::map<std::size_t, std::size_t> numbers;
    std::vector<std::size_t> order{root_};
    for (std::size_t i = 0; i < order.size(); ++i) {
      numbers[order[i]] = i + 1;
      for (const auto& [answers, to] : nodes_[order[i]].ways)
        if (nodes_[to].outcome.empty() && std::find(order.begin(), order.end(), to) == order.end()) order.push_back(to);
    }
    out << "| | question | answers |\n| --- | --- | --- |\n";
    for (const std::size_t at : order) {
      out << "| " << numbers[at] << " | " << text_of(nodes_[at].question).text << " | ";
      bool first = true;
      for (const auto& [answers, to] : nodes_[at].ways) {
        out << (first ? "" : "; ") << answers << ": ";
        first = false;
        if (nodes_[to].outcome.empty())
          out << numbers[to];
        else
          out << "`" << nodes_[to].outcome << "`";
      }
      out << " |\n";
    }
  }

 private:
  struct Node {
    std::string outcome;  // of a leaf
    Question question{};
    std::vector<std::pair<std::string, std::size_t>> ways;
  };
  /// A cell that answers as it is told, and stops at the first question beyond.
  struct Told final : roster_test::Cell {
    const std::map<Question, unsigned>* answers = nullptr;
    std::optional<Question> open;
    unsigned answer(Question question) override {
      const auto found = answers->find(question);
      if (found != answers->end()) return found->second;
      if (!open) open = question;
      return 0;
    }
  };

  std::size_t grow(const std::map<Question, unsigned>& answers) {
    Told cell;
    cell.answers = &answers;
    const Outcome outcome = roster_test::judge_cell(kind_, cell).outcome;
    Node node;
    if (!cell.open) {
      node.outcome = name(outcome);
      return same(node, node.outcome);
    }
    node.question = *cell.open;
    const auto& names = text_of(node.question).answers;
    for (unsigned i = 0; i < names.size(); ++i) {
      auto more = answers;
      more[node.question] = i;
      const std::size_t to = grow(more);
      auto way = std::find_if(node.ways.begin(), node.ways.end(), [&](const auto& each) { return each.second == to; });
      if (way == node.ways.end())
        node.ways.emplace_back(names[i], to);
      else
        way->first += std::string(" or ") + names[i];
    }
    if (node.ways.size() == 1) return node.ways.front().second;  // it makes no difference
    std::string key = text_of(node.question).text;
    for (const auto& [words, to] : node.ways) key += "|" + words + ">" + std::to_string(to);
    return same(node, key);
  }
  std::size_t same(const Node& node, const std::string& key) {
    const auto [at, fresh] = known_.emplace(key, nodes_.size());
    if (fresh) nodes_.push_back(node);
    return at->second;
  }

  const Kind kind_;
  std::vector<Node> nodes_;
  std::map<std::string, std::size_t> known_;
  std::size_t root_ = 0;
};

std::string table() {
  std::ostringstream out;
  out << "# Which outcome a cell gets\n\n"
         "For each kind of command, a table lists the questions in the order in which the rules evaluate them. Each "
         "answer gives\n"
         "an outcome, or the number of the next question. A test (`tests/laws/decision_tree.cpp`) enumerates every "
         "path through\n"
         "the rules. It compares the paths with an independent list, and with this page. The page is written by\n"
         "`ROSTER_WRITE_TABLE=1 build/tests/tests/laws \"the table of decisions*\"`.\n\n"
         "More outcomes apply on top. A cell that would be written may be `seats_taken`, `last_owner` or "
         "`not_attempted`, because\n"
         "of other cells. If an operation stops, its other cells are `undecided`.\n";
  for (std::size_t kind = 0; kind < kind_names.size(); ++kind) {
    out << "\n## " << kind_names[kind] << "\n\n";
    Table(static_cast<Kind>(kind)).print(out);
  }
  return out.str();
}

}  // namespace

TEST_CASE("the judge and the oracle agree about every cell there can be, for every kind of command and every profile") {
  std::size_t leaves = 0, wrong = 0;
  std::set<Outcome> met;
  std::string first;
  for (std::size_t kind = 0; kind < kind_names.size(); ++kind) {
    Fork cell;
    do {
      cell.begin();
      const std::string expected = words(roster_test::judge_cell(static_cast<Kind>(kind), cell));
      for (unsigned other = 0; other < 3; ++other) {
        // Staff are told everything: the oracle was asked whether this actor is.
        const Profile profile = profile_of(cell, other);
        const Policy policy{profile, static_cast<Kind>(kind), false};
        Asked asked{cell};
        const Verdict verdict = judge(policy, asked);
        met.insert(verdict.outcome);
        const std::string found =
            words({verdict.outcome, verdict.to, verdict.event, verdict.anew, verdict.keeps_role, verdict.joins_parent});
        if (found == expected || ++wrong > 5) continue;
        first += std::string(kind_names[kind]) + ": oracle " + expected + ", judge " + found + "\n" + cell.text();
      }
      ++leaves;
    } while (cell.next());
  }
  INFO(wrong << " of " << leaves << " leaves\n" << first);
  CHECK(wrong == 0);
  std::cout << "decisions: " << leaves << " leaves, " << met.size() << " outcomes\n";
  // The others depend on other cells, or on the store.
  const std::set<Outcome> beyond = {Outcome::seats_taken, Outcome::last_owner, Outcome::not_attempted,
                                    Outcome::undecided};
  CHECK(met.size() + beyond.size() == outcome_count);
}

TEST_CASE("the table of decisions is the one in docs/reference/decision-table.md") {
  const std::string path = std::string(ROSTER_SOURCE_DIR) + "/docs/reference/decision-table.md", now = table();
  if (std::getenv("ROSTER_WRITE_TABLE") != nullptr) std::ofstream(path) << now;
  std::ostringstream written;
  written << std::ifstream(path).rdbuf();
  CHECK(written.str() == now);
}

namespace {

/// The outcomes that a kind can give about a membership in one of those states where nothing stands against it.
std::set<std::string> outcomes_of(Kind kind, const std::set<StateAnswer>& states) {
  std::set<std::string> all;
  Fork cell;
  do {
    cell.begin();
    const Outcome outcome = roster_test::judge_cell(kind, cell).outcome;
    const std::map<Question, unsigned> plain = {{Question::organization_exists, 1},
                                                {Question::actor_allowed, 1},
                                                {Question::replay, 0},
                                                {Question::joinable, 1},
                                                {Question::role, 0},
                                                {Question::account, 0},
                                                {Question::account_hidden, 0},
                                                {Question::asked_outranks, 0},
                                                {Question::held_outranks, 0},
                                                {Question::outdated, 0},
                                                {Question::inviter_lapsed, 0}};
    bool counts = states.count(static_cast<StateAnswer>(cell.known(Question::state, 0))) != 0;
    for (const auto& [question, answer] : plain) counts = counts && cell.known(question, answer) == answer;
    if (counts) all.insert(std::string(name(outcome)));
  } while (cell.next());
  return all;
}

std::vector<std::string> code_spans(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t from = text.find('`'); from != std::string::npos; from = text.find('`', from)) {
    const std::size_t to = text.find('`', from + 1);
    all.push_back(text.substr(from + 1, to - from - 1));
    from = to + 1;
  }
  return all;
}
std::set<std::string> outcomes_in(const std::string& text) {
  std::set<std::string> all;
  for (const std::string& span : code_spans(text))
    for (const Outcome outcome : outcomes_by_precedence)
      if (span == name(outcome)) all.insert(span);
  return all;
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> columns;
  for (std::size_t from = 0, to; (to = line.find('|', from + 1)) != std::string::npos; from = to)
    columns.push_back(line.substr(from + 1, to - from - 1));
  return columns;
}

}  // namespace

TEST_CASE("docs/outcomes.md says which outcome each kind of command gives, as the rules do") {
  std::ifstream page(std::string(ROSTER_SOURCE_DIR) + "/docs/outcomes.md");
  std::string line;
  while (std::getline(page, line) && line != "### Which outcome each kind of command gives") continue;
  const std::vector<std::set<StateAnswer>> states = {{StateAnswer::active},
                                                     {StateAnswer::invited},
                                                     {StateAnswer::suspended},
                                                     {StateAnswer::removed, StateAnswer::none, StateAnswer::over}};
  std::set<std::string> documented;
  while (std::getline(page, line) && line.rfind("###", 0) != 0) {
    if (line.rfind("| `", 0) != 0) continue;
    const auto columns = columns_of(line);
    REQUIRE(columns.size() == states.size() + 1);
    for (const std::string& kind : code_spans(columns[0])) {
      documented.insert(kind);
      const auto at = std::find(kind_names.begin(), kind_names.end(), kind);
      REQUIRE(at != kind_names.end());
      for (std::size_t i = 0; i < states.size(); ++i) {
        const std::string& text = columns[i + 1].find("the same") != std::string::npos ? columns[1] : columns[i + 1];
        INFO(kind << " " << columns[i + 1]);
        CHECK(outcomes_in(text) == outcomes_of(static_cast<Kind>(at - kind_names.begin()), states[i]));
      }
    }
  }
  CHECK(documented.size() == kind_names.size());
}
