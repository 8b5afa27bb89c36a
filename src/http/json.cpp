// The only file that includes the JSON library. It converts the events of the library into the tree of json.hpp. The
// tree of the library is not used. It keeps the last of two members with one name, and its reader ends at a NUL byte.
#include "roster/http/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace roster::inline ROSTER_ABI {
namespace http {
namespace {

constexpr std::size_t shown_max = 64;
constexpr std::size_t reserved = 2;     // initial capacity of an array or object
constexpr std::size_t few_members = 8;  // up to this number all pairs are compared

class Tree {
 public:
  Tree(const JsonLimits& limits, JsonError& fault) : limits_(limits), fault_(&fault) {}

  Json take() { return std::move(root_); }

  // ---- callbacks of the library: false ends the parse
  bool null() { return add(Json::Kind::null) != nullptr; }
  bool boolean(bool value) {
    Json* const to = add(Json::Kind::boolean);
    if (to != nullptr) to->boolean = value;
    return to != nullptr;
  }
  bool number_integer(std::int64_t value) { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) { return number(value); }
  bool string(std::string& value) {
    Json* const to = add(Json::Kind::text);
    if (to != nullptr) to->text = std::move(value);
    return to != nullptr;
  }
  template <class Bytes>
  bool binary(Bytes&) {
    return false;  // never called for JSON text
  }
  bool start_object(std::size_t) { return enter(Json::Kind::object); }
  bool start_array(std::size_t) { return enter(Json::Kind::array); }
  bool key(std::string& value) {
    name_ = std::move(value);
    return true;
  }
  bool end_array() {
    open_.pop_back();
    return true;
  }
  bool end_object() {
    const std::string* const twice = duplicate(open_.back()->items);
    if (twice != nullptr) {
      fault_->kind = JsonError::Kind::duplicate_name;
      fault_->name = twice->substr(0, shown_max);
      return false;
    }
    open_.pop_back();
    return true;
  }
  template <class Exception>
  bool parse_error(std::size_t position, const std::string&, const Exception& why) {
    const bool coded = std::string_view(why.what()).find("UTF-8") != std::string_view::npos;
    fault_->kind = coded ? JsonError::Kind::not_utf8 : JsonError::Kind::malformed;
    fault_->offset = position == 0 ? 0 : position - 1;  // the library counts the bytes it has read
    return false;
  }

 private:
  bool number(double value) {
    Json* const to = add(Json::Kind::number);
    if (to != nullptr) to->number = value;
    return to != nullptr;
  }
  Json* add(Json::Kind kind) {
    if (++values_ > limits_.values_max) return stop(JsonError::Kind::too_many);
    Json* to = &root_;
    if (!open_.empty()) {
      std::vector<Json>& beside = open_.back()->items;
      if (beside.empty()) beside.reserve(reserved);
      to = &beside.emplace_back();
    }
    to->kind = kind;
    to->name = std::move(name_);
    name_.clear();
    return to;
  }
  bool enter(Json::Kind kind) {
    if (open_.size() >= limits_.depth_max) return stop(JsonError::Kind::too_deep) != nullptr;
    Json* const to = add(kind);
    if (to == nullptr) return false;
    open_.push_back(to);  // stays valid: only the innermost array or object grows
    return true;
  }
  Json* stop(JsonError::Kind kind) {
    fault_->kind = kind;
    return nullptr;
  }
  static const std::string* duplicate(const std::vector<Json>& members) {
    if (members.size() > few_members) return duplicate_of_many(members);
    for (std::size_t i = 1; i < members.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (members[i].name == members[j].name) return &members[i].name;
    return nullptr;
  }
  /// Sorts the names, because comparing all pairs of a long body could take a minute.
  static const std::string* duplicate_of_many(const std::vector<Json>& members) {
    std::vector<const std::string*> names;
    names.reserve(members.size());
    for (const Json& member : members) names.push_back(&member.name);
    std::sort(names.begin(), names.end(), [](const std::string* a, const std::string* b) { return *a < *b; });
    const auto twice = std::adjacent_find(names.begin(), names.end(),
                                          [](const std::string* a, const std::string* b) { return *a == *b; });
    return twice == names.end() ? nullptr : *twice;
  }

  JsonLimits limits_;
  JsonError* fault_;
  Json root_;
  std::vector<Json*> open_;
  std::string name_;
  std::uint32_t values_ = 0;
};

}  // namespace

const Json* Json::find(std::string_view member) const noexcept {
  if (kind != Kind::object) return nullptr;
  for (const Json& item : items)
    if (item.name == member) return &item;
  return nullptr;
}

std::optional<Json> read_json(std::string_view text, const JsonLimits& limits, JsonError& fault) {
  fault = {};
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::nullopt;
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    fault.kind = JsonError::Kind::nul_byte;
    fault.offset = nul;
    return std::nullopt;
  }
  Tree tree(limits, fault);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &tree)) return std::nullopt;
  return tree.take();
}

}  // namespace http
}  // namespace roster::inline ROSTER_ABI
