// Fuzzes roster::http: the bytes are a request to one of the six APIs, and the answer must be of the shape, and have a
// status, that the API documents. The first byte may ask for the rest to be the body as it stands.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// The sources themselves, as in the other targets.
#include "http/documented.cpp"
#include "http/drawn.cpp"
#include "http/schema.cpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace roster_test;
  std::span<const std::uint8_t> input(bytes, size);
  const bool raw = !input.empty() && input[0] >= 0x80;
  Drawn drawn = draw_request(raw ? input.first(1) : input);
  if (raw) {  // a sound request but for its body
    drawn.who.actor = roster::Actor{roster::AccountId("00000000-0000-4000-8000-000000000003")};
    drawn.body.assign(input.begin() + 1, input.end());
  }
  const std::string why = undocumented(drawn, answer(drawn));
  if (why.empty()) return 0;
  std::fprintf(stderr, "%s %s\n%s\n%s\n", std::string(drawn.api->name).c_str(), drawn.target.c_str(),
               drawn.body.c_str(), why.c_str());
  std::abort();
}
