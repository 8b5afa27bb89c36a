// Sends requests to the example host over a few kept connections and prints what came back in a second, each API as a
// ratio to the same server answering with a constant. Rounds take turns, so that a busy machine is unfair to nobody.
//
// Usage: http_load <http_host> <keys file> <seconds for each>
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int connections = 4, rounds = 5;

struct Server {
  pid_t process = -1;
  int port = 0;
};

Server start(const char* program, std::vector<std::string> arguments) {
  int says[2];
  if (pipe(says) != 0) std::exit(1);
  Server server;
  server.process = fork();
  if (server.process == 0) {
    dup2(says[1], STDERR_FILENO);
    if (std::freopen("/dev/null", "w", stdout) == nullptr) std::_Exit(1);
    std::vector<char*> argv{const_cast<char*>(program)};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    execv(program, argv.data());
    std::_Exit(127);
  }
  close(says[1]);
  std::string line;
  for (char c = 0; read(says[0], &c, 1) == 1 && c != '\n';) line += c;
  server.port = std::atoi(line.c_str() + line.rfind(':') + 1);
  if (server.port == 0) {
    std::fprintf(stderr, "%s\n", line.c_str());
    std::exit(1);
  }
  return server;
}

int connect_to(int port) {
  const int to = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(to, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(to, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(1);
  return to;
}

/// Sends one request and reads the whole answer; its status, or 0.
int ask(int to, const std::string& request, std::string& answer) {
  if (write(to, request.data(), request.size()) != static_cast<ssize_t>(request.size())) return 0;
  answer.clear();
  std::size_t whole = std::string::npos;
  while (answer.size() < whole) {
    char bytes[8192];
    const ssize_t got = read(to, bytes, sizeof bytes);
    if (got <= 0) return 0;
    answer.append(bytes, static_cast<std::size_t>(got));
    const std::size_t end = answer.find("\r\n\r\n");
    if (end == std::string::npos || whole != std::string::npos) continue;
    const std::size_t length = answer.find("Content-Length: ");
    whole = end + 4 + (length < end ? static_cast<std::size_t>(std::atoll(answer.c_str() + length + 16)) : 0);
  }
  return std::atoi(answer.c_str() + 9);
}

struct Load {
  const char* name;
  std::string path, credential, body;
  int status;
  std::vector<double> rates{};
};

double rate(const Server& server, const Load& load, double seconds) {
  const std::string request =
      "POST " + load.path + " HTTP/1.1\r\nHost: localhost\r\n" + load.credential +
      "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(load.body.size()) + "\r\n\r\n" +
      load.body;
  std::atomic<long> answered{0};
  std::atomic<bool> over{false}, wrong{false};
  std::vector<std::thread> clients;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < connections; ++i)
    clients.emplace_back([&] {
      const int to = connect_to(server.port);
      std::string answer;
      while (!over && !wrong) {
        if (ask(to, request, answer) == load.status) {
          ++answered;
        } else {
          wrong = true;
        }
      }
      close(to);
    });
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  over = true;
  for (std::thread& client : clients) client.join();
  if (wrong) std::fprintf(stderr, "%s: an answer was not %d\n", load.name, load.status);
  return static_cast<double>(answered) /
         std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double middle(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: http_load HTTP_HOST KEYS SECONDS\n"), 2;
  const double seconds = std::atof(argv[3]);
  const std::string bearer = "Authorization: Bearer key-ada", acme = "11111111-1111-4111-8111-111111111111",
                    grace = "44444444-4444-4444-8444-444444444444";
  // Repeats of what is done: what a busy API sees most, and steady however long it runs.
  std::vector<Load> loads = {
      {"recoup", "/recoup/api/organizations/members", "x-api-key: key-ada",
       R"({"organizationId":")" + acme + R"(","email":"zoe@example.com"})", 200},
      {"turso", "/turso/v1/organizations/acme/members", bearer, R"({"username":"ada","role":"admin"})", 409},
      {"piper", "/piper/v1/organizations/" + acme + "/members", "Authorization: Bearer pat_ada",
       R"({"email":"ada@example.com","role_id":"55555555-5555-4555-8555-555555555555"})", 409},
      {"mem0", "/mem0/api/v1/orgs/organizations/" + acme + "/projects/search/members/", "Authorization: Token key-ada",
       R"({"email":"ada@example.com","role":"OWNER"})", 200},
      {"devin", "/devin/v2/enterprise/organizations/" + acme + "/members", "Authorization: Bearer apk_user_ada",
       R"({"user_ids":[")" + grace + R"("],"org_ids":["22222222-2222-4222-8222-222222222222"]})", 200},
      {"bulk of 10", "/roster/organizations/" + acme + "/members", bearer, R"({"members":[)", 200},
  };
  for (int i = 0; i < 10; ++i)
    loads.back().body += (i == 0 ? "" : ",") + (R"({"email":"m)" + std::to_string(i)) + R"(@example.com"})";
  loads.back().body += "]}";

  const Server bare = start(argv[1], {"--bare", "--port", "0"});
  const Server host = start(argv[1], {"--keys", argv[2], "--port", "0"});
  std::vector<double> floors;
  Load floor = loads[0];
  floor.name = "empty handler";
  for (Load& load : loads) {  // the first answer may create what the rest repeat
    const std::string once =
        "POST " + load.path + " HTTP/1.1\r\nHost: localhost\r\n" + load.credential +
        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(load.body.size()) + "\r\n\r\n" +
        load.body;
    std::string answer;
    const int to = connect_to(host.port);
    (void)ask(to, once, answer);
    close(to);
  }
  for (int round = 0; round < rounds; ++round) {
    floors.push_back(rate(bare, floor, seconds / rounds));
    for (Load& load : loads) load.rates.push_back(rate(host, load, seconds / rounds));
  }
  const double base = middle(floors);
  std::printf("%-14s %8.0f requests/s over %d connections, median of %d rounds\n", floor.name, base, connections,
              rounds);
  for (const Load& load : loads)
    std::printf("%-14s %8.0f requests/s  %.2f of that\n", load.name, middle(load.rates), middle(load.rates) / base);
  for (const Server& server : {bare, host}) {
    kill(server.process, SIGTERM);
    waitpid(server.process, nullptr, 0);
  }
  return 0;
}
