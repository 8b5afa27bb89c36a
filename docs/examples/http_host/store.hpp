// Where the directory lives. The seam for other stores: a further name for --store is a further branch in open_store().
#ifndef HTTP_HOST_STORE_HPP
#define HTTP_HOST_STORE_HPP

#include <memory>
#include <string_view>

#include "roster/http/records.hpp"
#include "roster/store.hpp"

namespace http_host {

/// A store, and the records of the host that responses show, which live beside it.
struct Backing {
  std::unique_ptr<roster::Store> store;
  std::unique_ptr<roster::http::RecordSource> records;
};

/// Opens the store of that name, with the sample directory in it. Empty if there is none of that name.
Backing open_store(std::string_view name, roster::IdSource& ids);

}  // namespace http_host

#endif
