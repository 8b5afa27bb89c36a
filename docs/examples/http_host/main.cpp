// A server of six "add member" APIs with cpp-httplib, roster::http and one store.
#include <httplib.h>

#include <csignal>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include "access_log.hpp"
#include "keys.hpp"
#include "roster/http/apis.hpp"
#include "roster/http/handler.hpp"
#include "settings.hpp"
#include "store.hpp"

namespace {

using namespace http_host;
namespace http = roster::http;

roster::Time now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return roster::Time{std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count()};
}

/// One API under its own path prefix. The prefix is necessary because the paths of Turso and Piper have the same form.
class Mount {
 public:
  Mount(std::string_view prefix, const http::Api& api, const Backing& backing, roster::IdSource& ids, const Keys& keys,
        const AccessLog& log)
      : prefix_(prefix), handler_(api, *backing.store, ids, backing.records.get()), keys_(&keys), log_(&log) {}

  bool serves(std::string_view target) const {
    return target.starts_with(prefix_) && target.substr(prefix_.size()).starts_with('/');
  }

  // mount begins
  void operator()(const httplib::Request& from, httplib::Response& to) const {
    const auto began = std::chrono::steady_clock::now();
    std::vector<http::Header> headers;
    headers.reserve(from.headers.size());
    for (const auto& [name, value] : from.headers) headers.push_back({name, value});
    const http::Request request{from.method, std::string_view(from.target).substr(prefix_.size()), headers, from.body};
    const http::Authentication authentication = keys_->authenticate(http::credential(handler_.api(), request));
    const roster::Time at = now();
    http::Response response = handler_.handle(request, authentication, at);
    to.status = response.status;
    to.body = std::move(response.body);
    for (const auto& line : response.headers) to.set_header(std::string(line.name), line.value);
    // mount ends
    log_->write({.api = handler_.api().name,
                 .method = from.method,
                 .path = from.path,
                 .actor = authentication.actor ? authentication.actor->id.view() : std::string_view(),
                 .received = from.body.size(),
                 .sent = to.body.size(),
                 .status = response.status,
                 .took = std::chrono::steady_clock::now() - began,
                 .at = at});
  }

 private:
  std::string prefix_;
  http::Handler handler_;
  const Keys* keys_;
  const AccessLog* log_;
};

/// Registers one handler for all requests. The server would try one pattern after the other, and each API checks the
/// method itself.
void serve(httplib::Server& server, const httplib::Server::Handler& answer) {
  constexpr const char* pattern = ".*";
  server.Get(pattern, answer);
  server.Post(pattern, answer);
  server.Put(pattern, answer);
  server.Patch(pattern, answer);
  server.Delete(pattern, answer);
  server.Options(pattern, answer);
}

/// Waits for a signal in its own thread, because a signal handler may call only few functions.
class GracefulStop {
 public:
  GracefulStop() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);  // inherited by the threads that the server starts
  }
  void watch(httplib::Server& server) {
    std::thread([this, &server] {
      int signal = 0;
      sigwait(&signals_, &signal);
      server.stop();
    }).detach();
  }

 private:
  sigset_t signals_;
};

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  if (const auto code = read_settings(argc, argv, settings)) return *code;
  std::random_device entropy;
  const auto seed = [&] { return std::uint64_t{entropy()} << 32u | entropy(); };
  roster::UuidSource ids({seed(), seed()});
  const Backing backing = open_store(settings.store, ids);
  if (!backing.store) {
    std::fprintf(stderr, "http_host: cannot open the store `%.64s`: %s\n", settings.store.c_str(),
                 backing.wrong.c_str());
    return 2;
  }
  std::string wrong;
  const auto keys = settings.bare_bytes != 0 ? Keys() : Keys::read(settings.keys_file, wrong);
  if (!keys) {
    std::fprintf(stderr, "http_host: %s\n", wrong.c_str());
    return 2;
  }

  GracefulStop stop;
  const AccessLog log;
  httplib::Server server;
  server.set_tcp_nodelay(true);  // without it each response waits 40 ms for the client's acknowledgement
  server.set_keep_alive_max_count(100'000);
  server.set_payload_max_length(4u << 20);  // above Limits::body_bytes_max, so that the API reports a too large body
  server.new_task_queue = [&] { return new httplib::ThreadPool(static_cast<std::size_t>(settings.threads)); };

  const std::pair<std::string_view, const http::Api*> apis[] = {
      {"/recoup", &http::recoup}, {"/turso", &http::turso}, {"/piper", &http::piper},
      {"/mem0", &http::mem0},     {"/devin", &http::devin}, {"/roster", &http::bulk},
  };
  std::vector<Mount> mounts;
  for (const auto& [prefix, api] : apis) mounts.emplace_back(prefix, *api, backing, ids, *keys, log);
  if (settings.bare_bytes != 0) {
    const std::string body(static_cast<std::size_t>(settings.bare_bytes), ' ');
    serve(server, [body](const httplib::Request&, httplib::Response& to) { to.set_content(body, "application/json"); });
  } else {
    serve(server, [&mounts](const httplib::Request& from, httplib::Response& to) {
      for (const Mount& mount : mounts)
        if (mount.serves(from.target)) return mount(from, to);
      to.status = 404;
    });
  }

  int port = settings.port;
  if (port == 0) {
    port = server.bind_to_any_port(settings.address);
  } else if (!server.bind_to_port(settings.address, port)) {
    port = -1;
  }
  if (port < 0) {
    std::fprintf(stderr, "http_host: cannot listen on %s:%d: is the port taken?\n", settings.address.c_str(),
                 settings.port);
    return 1;
  }
  std::fprintf(stderr, "listening on http://%s:%d\n", settings.address.c_str(), port);
  stop.watch(server);
  if (!server.listen_after_bind()) return 1;
  return 0;
}
