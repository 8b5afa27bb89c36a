// Sentences for people. Text of the request in them has a limited length.
#ifndef ROSTER_HTTP_SRC_MESSAGES_HPP
#define ROSTER_HTTP_SRC_MESSAGES_HPP

#include <string>

#include "roster/http/api.hpp"

namespace roster::inline ROSTER_ABI {
namespace http {

/// The API's sentence for the outcome of one cell, with the names inserted. Without such a sentence, the general one.
std::string message_for(const Api& api, Outcome outcome, std::string_view account, std::string_view organization,
                        std::string_view role);

std::string missing(const Field& field);
std::string wrong_type(const Field& field, FieldType wanted);
std::string malformed(const Field& field, const Error& why);
std::string unknown(std::string_view name);
std::string not_json(const JsonError& fault);
std::string too_long(std::uint32_t body_bytes_max);
std::string too_many(const Field& field);

}  // namespace http
}  // namespace roster::inline ROSTER_ABI

#endif
