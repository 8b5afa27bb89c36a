#include "keys.hpp"

#include <fstream>
#include <sstream>

namespace http_host {

using roster::http::Authentication;

std::optional<Keys> Keys::read(const std::string& file, std::string& wrong) {
  std::ifstream in(file);
  if (!in) {
    wrong = "cannot read `" + file + "`";
    return std::nullopt;
  }
  Keys keys;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string key, account, right;
    if (!(words >> key)) continue;
    words >> account >> right;
    const auto id = roster::AccountId::parse(account);
    if (!id || !(right.empty() || right == "staff" || right == "barred")) {
      wrong = file + ":" + std::to_string(number) + ": expected `KEY ACCOUNT [staff|barred]`";
      return std::nullopt;
    }
    keys.known_[key] = Authentication{roster::Actor{id.assume_value(), right == "staff"}, right != "barred"};
  }
  return keys;
}

Authentication Keys::authenticate(std::optional<std::string_view> credential) const {
  const auto found = credential ? known_.find(*credential) : known_.end();
  return found == known_.end() ? Authentication() : found->second;
}

}  // namespace http_host
