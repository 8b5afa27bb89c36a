// The data of the last write that a membership stores, as both SQL stores read it.
#ifndef ROSTER_SQL_REQUESTS_HPP
#define ROSTER_SQL_REQUESTS_HPP

#include "roster/facts.hpp"

namespace roster::inline ROSTER_ABI {
namespace sql {

/// The idempotency keys that a membership stores.
struct StoredKeys {
  IdempotencyKey last;    ///< the key of the last write
  bool moved = false;     ///< suspended, removed or returned; otherwise `before` is unused
  IdempotencyKey before;  ///< the key of the write before that suspension, removal or return
  Time written_at{};      ///< of the last write
};

/// Sets the facts about the request of the query: MembershipFact::match, fingerprint and outdated.
inline void match(const Query& query, const StoredKeys& keys, MembershipFact& fact) noexcept {
  const bool has_key = !query.idempotency_key.empty();
  const bool wrote_before = has_key && keys.moved && same_request(keys.before, query.idempotency_key);
  const bool wrote = has_key && same_request(keys.last, query.idempotency_key);
  fact.match = wrote ? RequestMatch::last : wrote_before ? RequestMatch::before : RequestMatch::none;
  fact.fingerprint = fingerprint_of(wrote ? keys.last : keys.before);
  fact.outdated = wrote_before || (query.asked_at != Time{} && query.asked_at <= keys.written_at);
}

/// The value of MembershipFact::invitation_until. A removal of an invitation writes its own time, and makes it
/// negative. A version that knows schema 1 alone leaves the column as it is. So its invitation in the place of a
/// tombstone has a negative end, which is none, and its removal has another time.
inline Time invitation_end(MembershipState state, Time stored, Time written_at) noexcept {
  const auto end = static_cast<std::int64_t>(stored), written = static_cast<std::int64_t>(written_at);
  if (state == MembershipState::removed && end < 0 && end == -written) return written_at;
  return state == MembershipState::invited && end > 0 ? stored : Time{};
}

}  // namespace sql
}  // namespace roster::inline ROSTER_ABI

#endif
