// Access to a store for one call: one thread-safe store, or a pool of stores.
#ifndef HTTP_HOST_CONNECTION_POOL_HPP
#define HTTP_HOST_CONNECTION_POOL_HPP

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "roster/store.hpp"

namespace http_host {

/// A thread-safe store, which is not owned.
template <class Of>
class SharedStore {
 public:
  explicit SharedStore(Of& store) : store_(&store) {}
  template <class Use>
  auto use(Use&& use) const {
    return use(*store_);
  }

 private:
  Of* store_;
};

/// A pool of stores that are not thread-safe. A thread waits if all of them are in use.
template <class Of>
class ConnectionPool final : public roster::Store {
 public:
  void put(std::unique_ptr<Of> store) { idle_.push_back(std::move(store)); }

  template <class Use>
  auto use(Use&& use) {
    const Checkout checkout(*this);
    return use(*checkout.store);
  }
  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    return use([&](Of& store) { return store.fetch(query, facts); });
  }
  roster::Result<void> commit(const roster::ChangeSet& changes) override {
    return use([&](Of& store) { return store.commit(changes); });
  }

 private:
  struct Checkout {
    explicit Checkout(ConnectionPool& from) : pool(from) {
      std::unique_lock lock(pool.mutex_);
      pool.returned_.wait(lock, [this] { return !pool.idle_.empty(); });
      store = std::move(pool.idle_.back());
      pool.idle_.pop_back();
    }
    ~Checkout() {
      {
        const std::lock_guard lock(pool.mutex_);
        pool.idle_.push_back(std::move(store));
      }
      pool.returned_.notify_one();
    }
    Checkout(const Checkout&) = delete;
    ConnectionPool& pool;
    std::unique_ptr<Of> store;
  };

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Of>> idle_;
};

}  // namespace http_host

#endif
