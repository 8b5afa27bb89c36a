// Opaque: owns one object of a type that only the library knows.
#ifndef ROSTER_OPAQUE_HPP
#define ROSTER_OPAQUE_HPP

#include <utility>

#include "roster/version.hpp"

ROSTER_PUBLIC_BEGIN

/// A std::unique_ptr without <memory>, which adds a sixth to the time that roster.hpp takes to compile.
/// Holds nothing, or one object that destroy(T*), found in the library, takes away again. Movable, not copyable. As
/// thread-safe as a pointer.
template <class T>
class Opaque {
 public:
  Opaque() noexcept = default;
  explicit Opaque(T* owned) noexcept : at_(owned) {}
  Opaque(Opaque&& other) noexcept : at_(std::exchange(other.at_, nullptr)) {}
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

  T* get() const noexcept { return at_; }  ///< null: nothing

 private:
  T* at_ = nullptr;
};

ROSTER_END

#endif
