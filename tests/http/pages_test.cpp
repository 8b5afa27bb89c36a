// Proves that a request on a page is one that its API executes.
#include "conventions/pages.hpp"

#include "wire.hpp"

namespace pages_test {

using namespace wire;

TEST_CASE("the requests of the pages are executed") {
  for (const pages::Block& block : pages::run_by("tests/http/pages_test.cpp")) {
    Wire api(http::bulk);
    api.host.has_organization("acme");
    for (const char* const name : {"boss", "grace"}) api.host.has_account(name, std::string(name) + "@x.example", name);
    api.host.has_member("acme", "boss", "owner");
    const std::string& first = block.code.at(0);
    const std::size_t space = first.find(' ');
    api.method = std::string_view(first).substr(0, space);
    const std::string target = first.substr(space + 1);
    const std::string body = pages::joined(pages::Lines(block.code.begin() + 1, block.code.end()));
    const std::string answer = shown(api.send(target, body));
    INFO(first << "\n" << body << answer);
    CHECK(answer.starts_with("200 {\"dry_run\":true,"));
    CHECK(answer.ends_with(R"("summary":{"created":2,"changed":0,"unchanged":0,"refused":0}})"));
  }
}

}
