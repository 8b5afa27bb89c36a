// Enumerates every decision: a cell that forks at the first read of each question, and the questions as text.
#ifndef ROSTER_TESTS_LAWS_DECISION_TREE_HPP
#define ROSTER_TESTS_LAWS_DECISION_TREE_HPP

#include <array>
#include <string>
#include <vector>

#include "support/oracle.hpp"

namespace decisions {

using namespace roster;
using roster_test::AccountAnswer;
using roster_test::Question;
using roster_test::question_count;
using roster_test::StateAnswer;

inline constexpr std::array kind_names = {
    "AddMembers",    "Invite", "ChangeRole",       "TransferOwnership", "Suspend",          "Reactivate",
    "RemoveMembers", "Leave",  "AcceptInvitation", "DeclineInvitation", "RevokeInvitation", "ChangeExpiry"};

/// A question as text, and its answers.
struct QuestionText {
  const char* text;
  std::vector<const char*> answers;
};
const QuestionText& text_of(Question question);

/// A cell that takes every possible form in turn. Each answer is the first one not yet given at its position.
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
  /// The answer, if the question has been read.
  unsigned known(Question question, unsigned otherwise) const {
    const int answer = known_[static_cast<std::size_t>(question)];
    return answer < 0 ? otherwise : static_cast<unsigned>(answer);
  }
  void begin() {
    depth_ = 0;
    known_.fill(-1);
  }
  /// Moves to the next cell; false: there is none.
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
  /// Whether that answer is consistent with the earlier ones. An unknown account has no membership, and a missing
  /// membership has no request key.
  bool can_be(Question question, unsigned answer) const {
    const auto is = [&](Question one, auto value) {
      return one == question ? answer == static_cast<unsigned>(value)
                             : known_[static_cast<std::size_t>(one)] == static_cast<int>(value);
    };
    const bool nobody = is(Question::account, AccountAnswer::address) || is(Question::account, AccountAnswer::nobody) ||
                        is(Question::account, AccountAnswer::no_group);
    const bool there = is(Question::state, StateAnswer::active) || is(Question::state, StateAnswer::invited) ||
                       is(Question::state, StateAnswer::suspended) || is(Question::state, StateAnswer::removed) ||
                       is(Question::state, StateAnswer::over) || is(Question::state, StateAnswer::over_invitation) ||
                       is(Question::state, StateAnswer::removed_invitation);
    const bool written = is(Question::replay, 1) || is(Question::replay, 2);
    return !(nobody && (there || written)) && !(written && is(Question::state, StateAnswer::none));
  }

  std::vector<Step> path_;
  std::array<int, question_count> known_{};
  std::size_t depth_ = 0;
};

}  // namespace decisions

#endif
