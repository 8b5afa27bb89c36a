// The socket of a middle-man in a folder of its own, and the way from there to the server.
#ifndef ROSTER_TESTS_POSTGRES_RELAY_HPP
#define ROSTER_TESTS_POSTGRES_RELAY_HPP

#include <string>

namespace postgres_testing {

class Relay {
 public:
  /// `conninfo` names the server as server.sh does: "host=<folder> ...".
  explicit Relay(const std::string& conninfo);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// The conninfo with which a store connects to this socket.
  const std::string& conninfo() const { return conninfo_; }
  int listening() const { return listening_; }
  /// A waiting connection of a store, and a new one to the server. Both are -1 if the server refuses it.
  struct Pair {
    int store = -1, server = -1;
  };
  Pair accept() const;

 private:
  std::string folder_, conninfo_, server_;
  int listening_ = -1;
};

/// Ends a connection, also if a child process has a copy of its descriptor.
void hang_up(int socket);
/// Sends all bytes. False if the other end has closed the connection.
bool send_all(int to, const char* bytes, std::size_t size);

}  // namespace postgres_testing

#endif
