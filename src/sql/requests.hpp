// What a membership remembers of requests, as both stores in SQL keep it.
#ifndef ROSTER_SQL_REQUESTS_HPP
#define ROSTER_SQL_REQUESTS_HPP

#include "roster/facts.hpp"

ROSTER_BEGIN
namespace sql {

/// What a membership remembers of requests.
struct RequestRow {
  RequestKey last;     ///< the one that last wrote it
  bool moved = false;  ///< it was suspended or removed, or came back from there; the rest is read only then
  RequestKey before;   ///< the one that had last written it then
  Time moved_at{};
};

/// The facts about the request of the query: MembershipFact::match, fingerprint and outdated.
inline void match(const Query& query, const RequestRow& request, MembershipFact& fact) noexcept {
  const bool asks = !query.request.empty();
  const bool wrote_before = asks && request.moved && same_request(request.before, query.request);
  const bool wrote = asks && same_request(request.last, query.request);
  fact.match = wrote ? RequestMatch::last : wrote_before ? RequestMatch::before : RequestMatch::none;
  fact.fingerprint = fingerprint_of(wrote ? request.last : request.before);
  fact.outdated = wrote_before || (request.moved && query.asked_at != Time{} && query.asked_at <= request.moved_at);
}

}  // namespace sql
ROSTER_END

#endif
