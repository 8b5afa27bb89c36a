// The documented decisions are those of the rules. docs/reference/decision-table.md is the tree of the oracle, with
// equal parts merged. docs/reference/outcomes.md lists the outcomes of each kind of command.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "catch.hpp"
#include "decision_tree.hpp"

using namespace decisions;

namespace {

/// The decision tree of one kind, with equal parts merged.
class Table {
 public:
  explicit Table(CommandKind kind) : kind_(kind) { root_ = grow({}); }

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
  /// A cell with given answers. It stops at the first question without one.
  struct GivenAnswers final : roster_test::Cell {
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
    GivenAnswers cell;
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
    if (node.ways.size() == 1) return node.ways.front().second;  // the answer makes no difference
    std::string key = text_of(node.question).text;
    for (const auto& [words, to] : node.ways) key += "|" + words + ">" + std::to_string(to);
    return same(node, key);
  }
  std::size_t same(const Node& node, const std::string& key) {
    const auto [at, fresh] = known_.emplace(key, nodes_.size());
    if (fresh) nodes_.push_back(node);
    return at->second;
  }

  const CommandKind kind_;
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
    Table(static_cast<CommandKind>(kind)).print(out);
  }
  return out.str();
}

}  // namespace

TEST_CASE("the table of decisions is the one in docs/reference/decision-table.md") {
  const std::string path = std::string(ROSTER_SOURCE_DIR) + "/docs/reference/decision-table.md", now = table();
  if (std::getenv("ROSTER_WRITE_TABLE") != nullptr) std::ofstream(path) << now;
  std::ostringstream written;
  written << std::ifstream(path).rdbuf();
  CHECK(written.str() == now);
}

namespace {

/// The outcomes of a kind for a membership in one of those states, if nothing refuses the cell.
std::set<std::string> outcomes_of(CommandKind kind, const std::set<StateAnswer>& states) {
  std::set<std::string> all;
  Fork cell;
  do {
    cell.begin();
    const Outcome outcome = roster_test::judge_cell(kind, cell).outcome;
    const std::map<Question, unsigned> plain = {{Question::organization_exists, 1},
                                                {Question::actor_allowed, 1},
                                                {Question::replay, 0},
                                                {Question::closed, 0},
                                                {Question::joinable, 1},
                                                {Question::role, 0},
                                                {Question::account, 0},
                                                {Question::account_hidden, 0},
                                                {Question::asked_outranks, 0},
                                                {Question::held_outranks, 0},
                                                {Question::outdated, 0},
                                                {Question::role_gone, 0},
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

TEST_CASE("docs/reference/outcomes.md lists the outcomes of each kind of command as the rules return them") {
  std::ifstream page(std::string(ROSTER_SOURCE_DIR) + "/docs/reference/outcomes.md");
  std::string line;
  while (std::getline(page, line) && line != "### Which outcome each kind of command gives") continue;
  const std::vector<std::set<StateAnswer>> states = {{StateAnswer::active},
                                                     {StateAnswer::invited},
                                                     {StateAnswer::suspended},
                                                     {StateAnswer::removed, StateAnswer::none, StateAnswer::over,
                                                      StateAnswer::over_invitation, StateAnswer::removed_invitation}};
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
        CHECK(outcomes_in(text) == outcomes_of(static_cast<CommandKind>(at - kind_names.begin()), states[i]));
      }
    }
  }
  CHECK(documented.size() == kind_names.size());
}
