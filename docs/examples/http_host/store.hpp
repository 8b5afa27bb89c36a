// Where the directory lives: in memory, in a file, on a server.
#ifndef HTTP_HOST_STORE_HPP
#define HTTP_HOST_STORE_HPP

#include <memory>
#include <string>

#include "roster/http/records.hpp"
#include "roster/store.hpp"

namespace http_host {

/// A store, and the records of the host that responses show, which live beside it.
struct Backing {
  std::unique_ptr<roster::Store> store;
  std::unique_ptr<roster::http::RecordSource> records;
  std::string wrong;  ///< if there is no store: why
};

/// Opens `memory`, `sqlite:FILE` or `postgres:CONNINFO`, with the sample directory in it. A further store is a further
/// branch.
Backing open_store(const std::string& name, roster::IdSource& ids);

}  // namespace http_host

#endif
