// A middle-man between a store and its server that speaks their protocol, as poolers and distributed engines do. It
// ends the transaction after each statement outside BEGIN, or delays each message, and drops answers when told to.
//
// It drops an answer together with its connection, and repeats none. The protocol runs over a stream, and a stream
// neither loses nor repeats a part.
#ifndef ROSTER_TESTS_POSTGRES_MIDDLE_MAN_HPP
#define ROSTER_TESTS_POSTGRES_MIDDLE_MAN_HPP

#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "relay.hpp"

namespace postgres_testing {

struct Manner {
  bool by_statement = false;               ///< a statement outside BEGIN is a transaction of its own
  std::chrono::microseconds delay_max{0};  ///< of each statement, each end of a unit and each answer
};

class MiddleMan {
 public:
  /// `conninfo` names the server as server.sh does: "host=<folder> ...".
  MiddleMan(const std::string& conninfo, Manner manner);
  ~MiddleMan();
  MiddleMan(const MiddleMan&) = delete;
  MiddleMan& operator=(const MiddleMan&) = delete;

  /// The conninfo with which a store connects to it.
  const std::string& conninfo() const { return relay_.conninfo(); }
  /// Counts the statements and the ends of units from now on, and cuts the connection at the n-th, once. An even n
  /// loses it. An odd n is carried out, and its answer is lost. 0: never.
  void break_at(std::uint32_t n);
  bool broke() const { return broke_; }
  /// The statements that ran outside BEGIN after another one of their unit. Each could have left half a unit.
  std::uint32_t cuts() const { return cuts_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  /// One connection of a store. It holds what the store has asked and not yet been answered.
  struct Line {
    Relay::Pair ends;
    std::string asked, answered, back;
    bool greeted = false, waits = false, added_sync = false, failed = false, skips = false, delayed = false;
    bool ran_outside = false, hangs_up = false, whole = true, gives_back = false;
    char status = 'I';  ///< of the transaction, as the server tells it
    Time ask_at{}, back_at{};
  };

  void serve();
  Time next_due() const;
  void advance(Line& line);
  bool carry(Line& line, std::size_t size);
  void skip(Line& line, char type);
  void hear(Line& line);
  void ready(Line& line);
  void give_back(Line& line);
  Time later();

  Relay relay_;
  Manner manner_;
  int wake_[2] = {-1, -1};
  std::vector<Line> lines_;
  std::mt19937 random_{1};
  std::atomic<std::uint32_t> steps_ = 0, break_at_ = 0, cuts_ = 0;
  std::atomic<bool> broke_ = false;
  std::thread thread_;
};

}  // namespace postgres_testing

#endif
