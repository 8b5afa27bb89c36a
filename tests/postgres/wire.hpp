// A wire between a store and its server that breaks when it is told to: it carries packets between two unix sockets,
// and cuts both at the n-th, before or after it has been carried.
#ifndef ROSTER_TESTS_POSTGRES_WIRE_HPP
#define ROSTER_TESTS_POSTGRES_WIRE_HPP

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "relay.hpp"

namespace postgres_testing {

class Wire {
 public:
  /// `conninfo` names the server as server.sh does: "host=<folder> ...".
  explicit Wire(const std::string& conninfo);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// What a store has to be given to go over this wire.
  const std::string& conninfo() const { return relay_.conninfo(); }
  /// Counts from now on, and breaks at the n-th packet, once. An even n loses it, an odd one carries it before. 0:
  /// never.
  void break_at(std::uint32_t n);
  /// Whether it has broken since.
  bool broke() const { return broke_; }
  std::uint32_t packets() const { return packets_; }

 private:
  void serve();
  bool carry(int from, int to);

  Relay relay_;
  int wake_[2] = {-1, -1};
  std::atomic<std::uint32_t> packets_ = 0, break_at_ = 0;
  std::atomic<bool> broke_ = false;
  std::thread thread_;
};

}  // namespace postgres_testing

#endif
