// Proves that any request at all gets a well-formed response of the API's own documented shape, with a status that it
// documents; 5xx exactly when the store failed; and that a refused request writes nothing.
#include "http/drawn.hpp"
#include "prop.hpp"

namespace any_request_test {

using namespace roster_test;

TEST_CASE("any request gets a documented answer") {
  Shares shares;
  prop("http: any request gets a documented answer", [&] {
    const auto size = *rc::gen::inRange<std::size_t>(0, 200);
    const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(size, rc::gen::arbitrary<std::uint8_t>());
    const Drawn drawn = draw_request(bytes);
    const Answered answered = answer(drawn);
    const std::string why = undocumented(drawn, answered);
    if (!why.empty()) RC_FAIL(std::string(drawn.api->name) + " " + drawn.target + " " + drawn.body + "\n" + why);
    const unsigned status = answered.response.status;
    shares.count("carried out", status / 100 == 2);
    shares.count("malformed", status == 400 || status == 422);
    shares.count("refused by a rule", status == 403 || status == 404 || status == 409);
    shares.count("the store failed", answered.store_failed);
    shares.count("something was written", answered.memberships_after > answered.memberships_before);
  });
  shares.at_least("carried out", 2);
  shares.at_least("malformed", 20);
  shares.at_least("refused by a rule", 3);
  shares.at_least("the store failed", 0.5);
  shares.at_least("something was written", 1);
}

}
