// Sends requests to the example host over a few kept connections and prints how many it answered in a second, each API
// against an empty handler: the same program and server with as many threads, whose handler knows nothing and answers
// every request at once. It is sent the same requests byte for byte, so it reads as much and finds as long a path, and
// it answers as many bytes of body under the same headers. What it lacks is what is compared: the API and the access
// log. The two take turns of a fraction of a second, and each ratio is the middle one of those of neighbouring turns,
// so that a busy machine is unfair to neither.
//
// The clients run on the same processors and take their part of them in both turns. So the processor time of the server
// alone stands beside it: the kernel's work for a request is in it, that of the clients is not.
//
// `instructions` counts instead what the server executes for one request, by callgrind, the kernel's work left out.
// That depends on the compiler and the libraries, and not on how busy the machine is.
//
// Usage: http_load <http_host> <keys file> <seconds for each | instructions>
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

constexpr int connections = 4, rounds = 41;

using Command = std::vector<std::string>;

struct Server {
  pid_t process = -1;
  int port = 0;
  int says = -1;  ///< what it writes on standard error
};

std::string line_from(int from) {
  std::string line;
  for (char c = 0; read(from, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

Server start(Command command) {
  int says[2];
  if (pipe(says) != 0) std::exit(1);
  Server server;
  server.process = fork();
  if (server.process == 0) {
    dup2(says[1], STDERR_FILENO);
    if (std::freopen("/dev/null", "w", stdout) == nullptr) std::_Exit(1);
    std::vector<char*> argv;
    for (std::string& argument : command) argv.push_back(argument.data());
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    std::_Exit(127);
  }
  close(says[1]);
  server.says = says[0];
  std::string line = line_from(server.says);
  while (line.starts_with("==")) line = line_from(server.says);  // callgrind says who it is
  if (!line.starts_with("listening on")) {
    std::fprintf(stderr, "%s\n", line.c_str());
    std::exit(1);
  }
  server.port = std::atoi(line.c_str() + line.rfind(':') + 1);
  return server;
}

/// What it said while it ended.
std::string stop(const Server& server) {
  kill(server.process, SIGTERM);
  std::string said;
  for (std::string line = line_from(server.says); !line.empty(); line = line_from(server.says)) said += line + '\n';
  close(server.says);
  waitpid(server.process, nullptr, 0);
  return said;
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

  std::string request() const {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + credential +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
};

/// Seconds that the processors have spent on it.
double spent_on(const Server& server) {
  clockid_t clock{};
  timespec spent{};
  if (clock_getcpuclockid(server.process, &clock) != 0 || clock_gettime(clock, &spent) != 0) std::exit(1);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

/// One turn of one server.
struct Turn {
  double answers_a_second, micros_an_answer;
};

Turn take_turn(const Server& server, const Load& load, int status, double seconds) {
  const std::string request = load.request();
  std::atomic<long> answered{0};
  std::atomic<bool> over{false}, wrong{false};
  std::vector<std::thread> clients;
  const double spent_before = spent_on(server);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < connections; ++i)
    clients.emplace_back([&] {
      const int to = connect_to(server.port);
      std::string answer;
      while (!over && !wrong) {
        if (ask(to, request, answer) == status) {
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
  if (wrong) {
    std::fprintf(stderr, "%s: an answer was not %d\n", load.name, status);
    std::exit(1);
  }
  const auto answers = static_cast<double>(answered);
  return {answers / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(),
          (spent_on(server) - spent_before) / answers * 1e6};
}

double middle(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// The size of the body of the second answer: the first may create what the rest repeat.
std::size_t size_of_answer(const Server& server, const Load& load) {
  std::string answer;
  const int to = connect_to(server.port);
  (void)ask(to, load.request(), answer);
  (void)ask(to, load.request(), answer);
  close(to);
  return answer.size() - answer.find("\r\n\r\n") - 4;
}

void compare(const std::string& program, const Server& host, const Load& load, double seconds) {
  const std::size_t size = size_of_answer(host, load);
  const Server bare = start({program, "--bare", std::to_string(size), "--port", "0"});
  std::vector<double> answers, micros, of_answers, of_micros;
  for (int round = 0; round < rounds; ++round) {
    const Turn empty = take_turn(bare, load, 200, seconds / rounds);
    const Turn ours = take_turn(host, load, load.status, seconds / rounds);
    answers.push_back(ours.answers_a_second);
    micros.push_back(ours.micros_an_answer);
    of_answers.push_back(ours.answers_a_second / empty.answers_a_second);
    of_micros.push_back(empty.micros_an_answer / ours.micros_an_answer);
  }
  stop(bare);
  std::printf("%-11s %4zu in, %4zu out: %6.0f a second, %.2f of the empty handler's; %5.1f us of the server, %.2f\n",
              load.name, load.body.size(), size, middle(answers), middle(of_answers), middle(micros),
              middle(of_micros));
}

/// Instructions of one answer: of some more answers, so that starting and ending are no part of it.
double instructions(const Command& command, const Load& load) {
  constexpr int few = 20, many = 220;
  double counted[2] = {};
  for (const int answers : {few, many}) {
    Command under{"valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"};
    under.insert(under.end(), command.begin(), command.end());
    const Server server = start(under);
    const int to = connect_to(server.port);
    std::string answer;
    for (int i = 0; i < answers; ++i) (void)ask(to, load.request(), answer);
    close(to);
    const std::string said = stop(server);
    const std::size_t at = said.find("Collected : ");
    if (at == std::string::npos) std::exit((std::fprintf(stderr, "%s", said.c_str()), 1));
    counted[answers == many ? 1 : 0] = std::atof(said.c_str() + at + 12);
  }
  return (counted[1] - counted[0]) / (many - few);
}

void count(const Command& ours, const Server& host, const Load& load) {
  const std::string size = std::to_string(size_of_answer(host, load));
  const double empty = instructions({ours[0], "--bare", size, "--threads", "1", "--port", "0"}, load);
  const double all = instructions(ours, load);
  std::printf("%-11s %6.0f instructions, %6.0f of them the empty handler's: %.2f\n", load.name, all, empty,
              empty / all);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: http_load HTTP_HOST KEYS SECONDS|instructions\n"), 2;
  const std::string program = argv[1], keys = argv[2], how = argv[3];
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
  for (int i = 0; i < 10; ++i) {
    if (i != 0) loads.back().body += ',';
    loads.back().body += R"({"email":"m)" + std::to_string(i) + R"(@example.com"})";
  }
  loads.back().body += "]}";

  const Server host = start({program, "--keys", keys, "--port", "0"});
  setvbuf(stdout, nullptr, _IOLBF, 0);  // nothing of it is left for the processes that are started
  for (const Load& load : loads)
    if (how == "instructions") {
      count({program, "--keys", keys, "--threads", "1", "--port", "0"}, host, load);
    } else {
      compare(program, host, load, std::atof(how.c_str()));
    }
  stop(host);
  return 0;
}
