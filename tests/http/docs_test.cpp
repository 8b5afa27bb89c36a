// Proves that the table of docs/reference/http.md says of each API the address and the statuses that its own table has.
#include <fstream>

#include "wire.hpp"

namespace docs_test {

using namespace wire;

namespace {

/// The statuses of refused outcomes that an add to this API can meet, but for the one of a malformed request.
std::string others(const http::Api& api) {
  std::vector<unsigned> statuses = {401, 403, 404, 409};
  if (&api == &http::bulk) statuses.insert(statuses.end(), {410, 415, 422});
  std::string text;
  for (const unsigned status : statuses) text += (text.empty() ? "" : ", ") + std::to_string(status);
  return text;
}

}  // namespace

TEST_CASE("docs/reference/http.md lists the six APIs as they are") {
  std::vector<std::string> rows;
  for (const http::Api* const api : {&http::recoup, &http::turso, &http::piper, &http::mem0, &http::devin, &http::bulk})
    rows.push_back("| `" + std::string(api->name) + "` | `" + std::string(api->method) + " " + std::string(api->path) +
                   "` | " + (api == &http::bulk ? "200, 201, 207" : "200") + " | " + std::to_string(api->malformed) +
                   " | " + others(*api) + " |");
  std::ifstream page(std::string(ROSTER_SOURCE_DIR) + "/docs/reference/http.md");
  std::vector<std::string> found;
  bool is_inside = false;
  for (std::string line; std::getline(page, line);) {
    if (is_inside && !line.starts_with("|")) break;
    if (is_inside && !line.starts_with("| ---")) found.push_back(line);
    is_inside = is_inside || line.starts_with("| API | address |");
  }
  CHECK(found == rows);
}

}
