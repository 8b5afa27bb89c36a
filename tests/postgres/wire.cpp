#include "wire.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace postgres_testing {

namespace {

constexpr const char* socket_name = "/.s.PGSQL.5432";

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

int connect_to(const std::string& path) {
  const int to = socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(path);
  if (connect(to, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return to;
  close(to);
  return -1;
}

}  // namespace

Wire::Wire(const std::string& conninfo) {
  const std::size_t at = conninfo.find("host=") + 5, end = conninfo.find(' ', at);
  server_ = conninfo.substr(at, end - at) + socket_name;
  char folder[] = "/tmp/roster-wire.XXXXXX";
  if (mkdtemp(folder) == nullptr) std::abort();
  folder_ = folder;
  conninfo_ = conninfo.substr(0, at) + folder_ + conninfo.substr(end);
  listening_ = socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(folder_ + socket_name);
  if (bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listening_, 16) != 0 || pipe(wake_) != 0)
    std::abort();
  thread_ = std::thread([this] { serve(); });
}

Wire::~Wire() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
  close(listening_);
  unlink((folder_ + socket_name).c_str());
  rmdir(folder_.c_str());
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
  if (!breaks || n % 2 != 0)
    for (ssize_t sent = 0; sent < size;) {
      const ssize_t more = send(to, bytes + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
      if (more <= 0) return false;
      sent += more;
    }
  if (!breaks) return true;
  // What was carried shall arrive, and be carried out, before its end is missed.
  if (n % 2 != 0) usleep(3000);
  broke_ = true;
  return false;
}

void Wire::serve() {
  std::vector<std::pair<int, int>> pairs;
  for (;;) {
    std::vector<pollfd> wait{{wake_[0], POLLIN, 0}, {listening_, POLLIN, 0}};
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
      close(store);
      close(server);
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (wait[1].revents == 0) continue;
    const int store = accept(listening_, nullptr, nullptr);
    const int server = connect_to(server_);
    if (server >= 0)
      pairs.emplace_back(store, server);
    else
      close(store);
  }
  for (const auto& [store, server] : pairs) {
    close(store);
    close(server);
  }
}

}  // namespace postgres_testing
