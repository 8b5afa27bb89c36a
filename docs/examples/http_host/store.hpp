// The store of the directory: in memory, in a file, or on a server.
#ifndef HTTP_HOST_STORE_HPP
#define HTTP_HOST_STORE_HPP

#include <memory>
#include <string>

#include "roster/http/records.hpp"
#include "roster/store.hpp"

namespace http_host {

/// A store, and the source of the host's records for responses.
struct Backing {
  std::unique_ptr<roster::Store> store;
  std::unique_ptr<roster::http::RecordSource> records;
  std::string wrong;  ///< the error if there is no store
};

/// Opens `memory`, `sqlite:FILE` or `postgres:CONNINFO`, and puts the sample directory. A further store needs a further
/// branch.
Backing open_store(const std::string& name, roster::IdSource& ids);

}  // namespace http_host

#endif
