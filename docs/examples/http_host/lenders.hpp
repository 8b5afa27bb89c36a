// Who lends a store to whoever needs one for a moment: one that threads share, or one of several connections.
#ifndef HTTP_HOST_LENDERS_HPP
#define HTTP_HOST_LENDERS_HPP

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "roster/store.hpp"

namespace http_host {

/// A store that any number of threads may use at once. Does not own it.
template <class Of>
class Shared {
 public:
  explicit Shared(Of& store) : store_(&store) {}
  template <class Use>
  auto use(Use&& use) const {
    return use(*store_);
  }

 private:
  Of* store_;
};

/// Stores that one thread may use at a time each: a thread that finds none waits for the next that comes back.
template <class Of>
class Pool final : public roster::Store {
 public:
  void put(std::unique_ptr<Of> store) { idle_.push_back(std::move(store)); }

  template <class Use>
  auto use(Use&& use) {
    const Loan loan(*this);
    return use(*loan.store);
  }
  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    return use([&](Of& store) { return store.fetch(query, facts); });
  }
  roster::Result<void> commit(const roster::ChangeSet& changes) override {
    return use([&](Of& store) { return store.commit(changes); });
  }

 private:
  struct Loan {
    explicit Loan(Pool& from) : pool(from) {
      std::unique_lock lock(pool.mutex_);
      pool.returned_.wait(lock, [this] { return !pool.idle_.empty(); });
      store = std::move(pool.idle_.back());
      pool.idle_.pop_back();
    }
    ~Loan() {
      {
        const std::lock_guard lock(pool.mutex_);
        pool.idle_.push_back(std::move(store));
      }
      pool.returned_.notify_one();
    }
    Loan(const Loan&) = delete;
    Pool& pool;
    std::unique_ptr<Of> store;
  };

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Of>> idle_;
};

}  // namespace http_host

#endif
