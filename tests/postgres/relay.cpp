#include "relay.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

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

Relay::Relay(const std::string& conninfo) {
  const std::size_t at = conninfo.find("host=") + 5, end = conninfo.find(' ', at);
  server_ = conninfo.substr(at, end - at) + socket_name;
  char folder[] = "/tmp/roster-wire.XXXXXX";
  if (mkdtemp(folder) == nullptr) std::abort();
  folder_ = folder;
  conninfo_ = conninfo.substr(0, at) + folder_ + conninfo.substr(end);
  listening_ = socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(folder_ + socket_name);
  if (bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || listen(listening_, 64) != 0)
    std::abort();
}

Relay::~Relay() {
  close(listening_);
  unlink((folder_ + socket_name).c_str());
  rmdir(folder_.c_str());
}

Relay::Pair Relay::accept() const {
  const Pair pair{::accept(listening_, nullptr, nullptr), connect_to(server_)};
  if (pair.store >= 0 && pair.server >= 0) return pair;
  if (pair.store >= 0) hang_up(pair.store);
  if (pair.server >= 0) hang_up(pair.server);
  return {};
}

void hang_up(int socket) {
  shutdown(socket, SHUT_RDWR);
  close(socket);
}

bool send_all(int to, const char* bytes, std::size_t size) {
  for (std::size_t sent = 0; sent < size;) {
    const ssize_t more = send(to, bytes + sent, size - sent, MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += static_cast<std::size_t>(more);
  }
  return true;
}

}  // namespace postgres_testing
