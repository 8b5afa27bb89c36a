// Names that may be long: their text, inline or in a heap block.
#include <new>

#include "name_text.hpp"
#include "roster/id.hpp"

namespace roster::inline ROSTER_ABI {
namespace detail {

/// The bytes of a long name begin with the address of its heap block.
char* NameText::block() const noexcept {
  char* block;
  std::memcpy(&block, bytes_.data(), sizeof block);
  return block;
}

void NameText::release() noexcept {
  ::operator delete(block());
}

Error NameText::read(std::string_view text, bool is_stored) noexcept {
  if (text.empty()) return Errc::id_empty;
  if (text.size() > size_max) return Error(Errc::id_too_long, size_max);
  const Error fault = is_stored ? find_stored_name_fault(text) : find_name_fault(text);
  if (fault.code != Errc{}) return fault;
  char* to = bytes_.data();
  if (text.size() > inline_max) {
    to = static_cast<char*>(::operator new(text.size(), std::nothrow));
    if (to == nullptr) return Errc::out_of_memory;
    std::memcpy(bytes_.data(), &to, sizeof to);
  }
  std::memcpy(to, text.data(), text.size());
  size_ = static_cast<std::uint8_t>(text.size());
  return {};
}

NameText::NameText(const NameText& other) : bytes_(other.bytes_), size_(other.size_) {
  if (size_ <= inline_max) return;
  void* const block = ::operator new(size_);
  std::memcpy(block, other.block(), size_);
  std::memcpy(bytes_.data(), &block, sizeof block);
}

NameText& NameText::operator=(const NameText& other) {
  if (this != &other) *this = NameText(other);
  return *this;
}

NameText& NameText::operator=(NameText&& other) noexcept {
  if (this != &other) {
    if (size_ > inline_max) release();
    bytes_ = other.bytes_;
    size_ = std::exchange(other.size_, std::uint8_t{0});
  }
  return *this;
}

}  // namespace detail
}  // namespace roster::inline ROSTER_ABI
