// An open-addressing map with one control byte a slot, sixteen compared at once: as good as the flat maps of Boost 1.81
// and Abseil, which cannot be counted on to be installed.
#ifndef ROSTER_BENCH_FLOORS_FLAT_MAP_HPP
#define ROSTER_BENCH_FLOORS_FLAT_MAP_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace floors {

/// Never erases. Key has hash() and ==; both are trivially copyable, so that growing is a copy.
template <class Key, class Value>
class FlatMap {
  static_assert(std::is_trivially_copyable_v<Key> && std::is_trivially_copyable_v<Value>);

 public:
  FlatMap() = default;
  FlatMap(const FlatMap&) = delete;
  FlatMap& operator=(const FlatMap&) = delete;
  ~FlatMap() { release(); }

  std::size_t size() const { return size_; }

  Value* find(const Key& key) const { return size_ == 0 ? nullptr : find(key, key.hash()); }

  /// The value of the key and whether it is new; a new value is uninitialized.
  std::pair<Value*, bool> insert(const Key& key) {
    const std::uint64_t hash = key.hash();
    if (size_ != 0)
      if (Value* const found = find(key, hash)) return {found, false};
    if (size_ == size_max_) rebuild(groups_ == 0 ? 1 : groups_ * 2);
    Slot& slot = slots_[free_slot(hash)];
    slot.key = key;
    ++size_;
    return {&slot.value, true};
  }

  void reserve(std::size_t size) {
    const std::size_t groups = std::bit_ceil((size * 8 / 7 + group_size) / group_size);
    if (groups > groups_) rebuild(groups);
  }

 private:
  struct Slot {
    Key key;
    Value value;
  };
  static constexpr std::size_t group_size = 16;
  static constexpr std::uint8_t vacant = 0x80;

  static std::uint32_t matches(const std::uint8_t* group, std::uint8_t byte) {
#if defined(__SSE2__)
    const __m128i bytes = _mm_load_si128(reinterpret_cast<const __m128i*>(group));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(static_cast<char>(byte)))));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < group_size; ++i) mask |= static_cast<std::uint32_t>(group[i] == byte) << i;
    return mask;
#endif
  }
  static std::uint8_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint8_t>(hash & 0x7F);
  }

  Value* find(const Key& key, std::uint64_t hash) const {
    const std::uint8_t tag = tag_of(hash);
    std::size_t group = (hash >> 7) & (groups_ - 1);
    for (std::size_t step = 1;; ++step) {
      const std::uint8_t* const control = control_ + group * group_size;
      for (std::uint32_t mask = matches(control, tag); mask != 0; mask &= mask - 1) {
        Slot& slot = slots_[group * group_size + static_cast<std::size_t>(std::countr_zero(mask))];
        if (slot.key == key) [[likely]]
          return &slot.value;
      }
      if (matches(control, vacant) != 0) [[likely]]
        return nullptr;
      group = (group + step) & (groups_ - 1);
    }
  }
  std::size_t free_slot(std::uint64_t hash) {
    std::size_t group = (hash >> 7) & (groups_ - 1);
    for (std::size_t step = 1;; ++step) {
      if (const std::uint32_t mask = matches(control_ + group * group_size, vacant); mask != 0) {
        const std::size_t at = group * group_size + static_cast<std::size_t>(std::countr_zero(mask));
        control_[at] = tag_of(hash);
        return at;
      }
      group = (group + step) & (groups_ - 1);
    }
  }
  void rebuild(std::size_t groups) {
    Slot* const old_slots = slots_;
    std::uint8_t* const old_control = control_;
    const std::size_t old_count = groups_ * group_size;
    slots_ = static_cast<Slot*>(::operator new(groups* group_size * sizeof(Slot)));
    control_ = static_cast<std::uint8_t*>(::operator new(groups* group_size));
    std::memset(control_, vacant, groups * group_size);
    groups_ = groups;
    size_max_ = groups * group_size / 8 * 7;
    for (std::size_t i = 0; i < old_count; ++i)
      if (old_control[i] != vacant)
        std::memcpy(static_cast<void*>(&slots_[free_slot(old_slots[i].key.hash())]), &old_slots[i], sizeof(Slot));
    ::operator delete(old_slots);
    ::operator delete(old_control);
  }
  void release() {
    ::operator delete(slots_);
    ::operator delete(control_);
  }

  Slot* slots_ = nullptr;
  std::uint8_t* control_ = nullptr;
  std::size_t groups_ = 0, size_ = 0, size_max_ = 0;
};

}  // namespace floors

#endif
