// Opaque: owns one object of a type that only the library defines.
#ifndef ROSTER_OPAQUE_HPP
#define ROSTER_OPAQUE_HPP

#include <utility>

#include "roster/version.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {

/// Opaque is a std::unique_ptr without `<memory>`, a header that adds a sixth to the compile time of roster.hpp. It
/// holds nothing, or one object that destroy(T*) of the library frees. It is movable and not copyable. It is as
/// thread-safe as a pointer.
template <class T>
class Opaque {
 public:
  Opaque() noexcept = default;                        ///< no object
  explicit Opaque(T* owned) noexcept : at_(owned) {}  ///< takes over the object; null: no object
  Opaque(Opaque&& other) noexcept : at_(std::exchange(other.at_, nullptr)) {}  ///< leaves `other` without an object
  /// Destroys the object, and leaves `other` without one.
  Opaque& operator=(Opaque&& other) noexcept {
    if (this != &other) {
      if (at_ != nullptr) destroy(at_);
      at_ = std::exchange(other.at_, nullptr);
    }
    return *this;
  }
  ~Opaque() {
    if (at_ != nullptr) destroy(at_);
  }

  T* get() const noexcept { return at_; }  ///< null: no object

 private:
  T* at_ = nullptr;
};

}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
