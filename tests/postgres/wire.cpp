#include "wire.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>
#include <vector>

namespace postgres_testing {

Wire::Wire(const std::string& conninfo) : relay_(conninfo) {
  if (pipe(wake_) != 0) std::abort();
  thread_ = std::thread([this] { serve(); });
}

Wire::~Wire() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
}

void Wire::break_at(std::uint32_t n) {
  packets_ = 0;
  broke_ = false;
  break_at_ = n;
}

/// One packet. False if the wire is broken now, or one of its ends has let go.
bool Wire::carry(int from, int to) {
  char bytes[1 << 16];
  const ssize_t size = read(from, bytes, sizeof bytes);
  if (size <= 0) return false;
  const std::uint32_t n = ++packets_;
  const bool breaks = n == break_at_;
  if ((!breaks || n % 2 != 0) && !send_all(to, bytes, static_cast<std::size_t>(size))) return false;
  if (!breaks) return true;
  // What was carried shall arrive, and be carried out, before its end is missed.
  if (n % 2 != 0) usleep(3000);
  broke_ = true;
  return false;
}

void Wire::serve() {
  std::vector<std::pair<int, int>> pairs;
  for (;;) {
    std::vector<pollfd> wait{{wake_[0], POLLIN, 0}, {relay_.listening(), POLLIN, 0}};
    for (const auto& [store, server] : pairs) {
      wait.push_back({store, POLLIN, 0});
      wait.push_back({server, POLLIN, 0});
    }
    poll(wait.data(), wait.size(), -1);
    if (wait[0].revents != 0) break;
    for (std::size_t i = pairs.size(); i-- > 0;) {
      const auto [store, server] = pairs[i];
      bool whole = true;
      if (wait[2 + 2 * i].revents != 0) whole = carry(store, server);
      if (whole && wait[3 + 2 * i].revents != 0) whole = carry(server, store);
      if (whole) continue;
      hang_up(store);
      hang_up(server);
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (wait[1].revents == 0) continue;
    const Relay::Pair pair = relay_.accept();
    if (pair.server >= 0) pairs.emplace_back(pair.store, pair.server);
  }
  for (const auto& [store, server] : pairs) {
    hang_up(store);
    hang_up(server);
  }
}

}  // namespace postgres_testing
