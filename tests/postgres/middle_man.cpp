#include "middle_man.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace postgres_testing {

namespace {

using Clock = std::chrono::steady_clock;

// The types of messages that matter here. The same letter means something else in the other direction.
constexpr char execute = 'E', sync = 'S', query = 'Q';  // of a store
constexpr char error = 'E', ready_for_query = 'Z';      // of the server

constexpr char sync_message[] = {sync, 0, 0, 0, 4};

/// The size of the first message, with its type if it has one. 0: it has not arrived as a whole.
std::size_t first_message(const std::string& bytes, bool typed) {
  const std::size_t at = typed ? 1 : 0;
  if (bytes.size() < at + 4) return 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[at + i]);
  return bytes.size() < at + length ? 0 : at + length;
}

/// False if the other end has let go.
bool read_more(int from, std::string& to) {
  char bytes[1 << 16];
  const ssize_t size = read(from, bytes, sizeof bytes);
  if (size <= 0) return false;
  to.append(bytes, static_cast<std::size_t>(size));
  return true;
}

}  // namespace

MiddleMan::MiddleMan(const std::string& conninfo, Manner manner) : relay_(conninfo), manner_(manner) {
  if (pipe(wake_) != 0) std::abort();
  thread_ = std::thread([this] { serve(); });
}

MiddleMan::~MiddleMan() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
}

void MiddleMan::break_at(std::uint32_t n) {
  steps_ = 0;
  broke_ = false;
  break_at_ = n;
}

MiddleMan::Time MiddleMan::later() {
  if (manner_.delay_max.count() == 0) return {};
  std::uniform_int_distribution<long long> any(0, manner_.delay_max.count());
  return Clock::now() + std::chrono::microseconds(any(random_));
}

/// Carries what a store has asked to the server, up to the first message that has to be answered or waits for its time.
void MiddleMan::advance(Line& line) {
  while (line.whole && !line.waits && !line.gives_back && Clock::now() >= line.ask_at) {
    const std::size_t size = first_message(line.asked, line.greeted);
    if (size == 0) return;
    const char type = line.greeted ? line.asked[0] : '\0';
    if (line.skips) {
      skip(line, type);
      line.asked.erase(0, size);
      continue;
    }
    if ((type == execute || type == sync) && !line.delayed) {
      line.delayed = true;
      line.ask_at = later();
      continue;
    }
    line.delayed = false;
    line.whole = carry(line, size);
    line.asked.erase(0, size);
  }
}

/// After an error the rest of a unit is not run, as on a server. Its end is answered here, because the server was given
/// an end already.
void MiddleMan::skip(Line& line, char type) {
  if (type != sync) return;
  line.skips = line.ran_outside = false;
  line.back.append({ready_for_query, 0, 0, 0, 5, line.status});
  line.gives_back = true;
  line.back_at = later();
}

/// Carries the first message. False if the line is cut.
bool MiddleMan::carry(Line& line, std::size_t size) {
  const char type = line.greeted ? line.asked[0] : '\0';
  const bool step = type == execute || type == sync;
  const std::uint32_t n = step ? ++steps_ : 0;
  const bool breaks = step && n == break_at_;
  if (breaks) broke_ = true;
  if (breaks && n % 2 == 0) return false;
  if (!send_all(line.ends.server, line.asked.data(), size)) return false;
  if (type == execute && manner_.by_statement) {
    cuts_ += line.ran_outside ? 1 : 0;
    if (!send_all(line.ends.server, sync_message, sizeof sync_message)) return false;
    line.added_sync = line.waits = true;
  } else if (type == sync || type == query || !line.greeted) {
    line.waits = true;
  }
  line.greeted = true;
  line.hangs_up = breaks;
  return line.waits || !breaks;
}

/// Takes what the server has answered.
void MiddleMan::hear(Line& line) {
  for (std::size_t size; line.whole && (size = first_message(line.answered, true)) != 0;) {
    const char type = line.answered[0];
    line.failed |= type == error;
    if (type == ready_for_query) line.status = line.answered[size - 1];
    if (type != ready_for_query || !line.added_sync) line.back.append(line.answered, 0, size);
    line.answered.erase(0, size);
    if (type == ready_for_query) ready(line);
  }
}

/// The server waits for the next message.
void MiddleMan::ready(Line& line) {
  line.waits = false;
  line.whole = !line.hangs_up;
  if (line.added_sync) {
    line.skips = line.failed;
    line.ran_outside |= line.status == 'I';
  } else {
    line.ran_outside = false;
    line.gives_back = true;
    line.back_at = later();
  }
  line.added_sync = line.failed = false;
}

void MiddleMan::give_back(Line& line) {
  line.whole &= send_all(line.ends.store, line.back.data(), line.back.size());
  line.back.clear();
  line.gives_back = false;
}

MiddleMan::Time MiddleMan::next_due() const {
  Time due = Time::max();
  for (const Line& line : lines_) {
    if (line.gives_back) due = std::min(due, line.back_at);
    if (line.delayed) due = std::min(due, line.ask_at);
  }
  return due;
}

void MiddleMan::serve() {
  for (;;) {
    std::vector<pollfd> wait{{wake_[0], POLLIN, 0}, {relay_.listening(), POLLIN, 0}};
    for (const Line& line : lines_) {
      wait.push_back({line.ends.store, POLLIN, 0});
      wait.push_back({line.ends.server, POLLIN, 0});
    }
    const Time due = next_due();
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(due - Clock::now()).count();
    const timespec time{left > 0 ? left / 1'000'000'000 : 0, left > 0 ? left % 1'000'000'000 : 0};
    ppoll(wait.data(), wait.size(), due == Time::max() ? nullptr : &time, nullptr);
    if (wait[0].revents != 0) break;
    for (std::size_t i = lines_.size(); i-- > 0;) {
      Line& line = lines_[i];
      if (wait[2 + 2 * i].revents != 0) line.whole = read_more(line.ends.store, line.asked);
      if (line.whole && wait[3 + 2 * i].revents != 0) {
        const bool more = read_more(line.ends.server, line.answered);
        hear(line);
        if (!more) give_back(line);  // the reason that the server gave
        line.whole &= more;
      }
      if (line.whole && line.gives_back && Clock::now() >= line.back_at) give_back(line);
      if (line.whole) advance(line);
      if (line.whole && line.gives_back && Clock::now() >= line.back_at) give_back(line);
      if (line.whole) continue;
      hang_up(line.ends.store);
      hang_up(line.ends.server);
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (wait[1].revents == 0) continue;
    Line line;
    line.ends = relay_.accept();
    if (line.ends.server >= 0) lines_.push_back(std::move(line));
  }
  for (const Line& line : lines_) {
    hang_up(line.ends.store);
    hang_up(line.ends.server);
  }
}

}  // namespace postgres_testing
