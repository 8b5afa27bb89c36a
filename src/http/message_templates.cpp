// The sentence for the outcome of one cell. It is composed without a formatting library, because nearly every refusal
// contains it.
#include "http/messages.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

struct Placeholder {
  std::string_view name, value;
};

/// Replaces each {name}. Any other brace stays as it is.
std::string with(std::span<const Placeholder> placeholders, std::string_view text) {
  std::string filled;
  for (;;) {
    const std::size_t brace = text.find('{');
    filled += text.substr(0, brace);
    if (brace == std::string_view::npos) return filled;
    text.remove_prefix(brace);
    Placeholder next{text.substr(0, 1), text.substr(0, 1)};
    for (const Placeholder& one : placeholders)
      if (text.starts_with(one.name)) next = one;
    filled += next.value;
    text.remove_prefix(next.name.size());
  }
}

}  // namespace

std::string message_for(const Api& api, Outcome outcome, std::string_view account, std::string_view organization,
                        std::string_view role) {
  const Placeholder placeholders[] = {{"{account}", account}, {"{organization}", organization}, {"{role}", role}};
  for (const Message& own : api.messages)
    if (own.outcome == outcome) return with(placeholders, own.text);
  return std::string(describe(outcome));
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
