// SlotTable: a hash table whose growth moves at most one segment (extendible hashing).
//
// A flat table moves every entry when it is full. At a million entries that takes a tenth of a second, and twice the
// memory during it. Here the top bits of the hash select a segment through a directory, and only a full segment is
// split in two. Only the directory, less than a hundredth of the size, is copied as a whole.
#ifndef ROSTER_MEMORY_SLOT_TABLE_HPP
#define ROSTER_MEMORY_SLOT_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "allocation.hpp"
#include "limits.hpp"
#include "portability.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

enum class Put : std::uint8_t { done, present, no_memory, full };

/// `Slot` is trivially copyable and has vacant() and none(), the vacant slot, whose bytes are all 0xFF. The caller
/// defines the meaning of a slot. Of the slots that may_be(key), a cheap test, `same(slot)` is true for the one
/// searched. `hash_of(slot)` computes a slot's hash again.
template <class Slot>
class SlotTable {
  struct Segment;

 public:
  SlotTable() noexcept = default;
  SlotTable(const SlotTable&) = delete;  // the directory may point into the table itself
  SlotTable& operator=(const SlotTable&) = delete;
  ~SlotTable() {
    each_segment([](Segment& segment) {
      if (segment.mask != nothing_mask) release(segment.slots);
    });
    if (directory_ != &first_) release(directory_);
  }

  std::uint32_t size() const noexcept { return size_; }

  /// The position at which the search for a hash begins. Valid until the table changes.
  struct ProbePosition {
    const Segment* segment;
    std::uint32_t at;
  };
  ProbePosition position(std::uint32_t hash) const noexcept {
    const Segment& segment = directory_[entry_of(hash)];
    return {&segment, home(segment, hash)};
  }

  /// The slot for which `same` holds, or a vacant one.
  template <class Same>
  [[gnu::always_inline]] inline Slot find(std::uint32_t hash, std::uint32_t key, Same&& same) const noexcept {
    return find(position(hash), key, same);
  }
  template <class Same>
  [[gnu::always_inline]] inline Slot find(ProbePosition from, std::uint32_t key, Same&& same) const noexcept {
    return find_from(from, key, same);
  }
  template <class Same>
  [[gnu::always_inline]] static inline Slot find_from(ProbePosition from, std::uint32_t key, Same&& same) noexcept {
    const Segment& segment = *from.segment;
    const Slot* const slots = segment.slots;
    std::uint32_t i = from.at;
    Slot slot = slots[i];
    if (slot.vacant() || (slot.may_be(key) && same(slot))) [[likely]]
      return slot;
    const std::uint32_t mask = segment.mask;
    do {
      i = (i + 1) & mask;
      slot = slots[i];
    } while (!slot.vacant() && !(slot.may_be(key) && same(slot)));
    return slot;
  }

  void prefetch(std::uint32_t hash) const noexcept { prefetch(position(hash)); }
  void prefetch(ProbePosition position) const noexcept { portability::prefetch(position.segment->slots + position.at); }

  /// Finds like the table, from a copy of the pointers to its segments. It is for many look-ups with writes to other
  /// objects between them, because a compiler cannot exclude that these change the table. Valid until the table
  /// changes.
  class Reader {
   public:
    explicit Reader(const SlotTable& table) noexcept : directory_(table.directory_), shift_(table.shift_) {}
    ProbePosition position(std::uint32_t hash) const noexcept {
      const Segment& segment = directory_[std::uint64_t{hash} >> shift_];
      return {&segment, home(segment, hash)};
    }
    template <class Same>
    [[gnu::always_inline]] inline Slot find(std::uint32_t hash, std::uint32_t key, Same&& same) const noexcept {
      return find_from(position(hash), key, same);
    }

   private:
    const Segment* directory_;
    std::uint8_t shift_;
  };

  /// Inserts `slot` unless there is one for which `same` holds.
  template <class Same, class HashOf>
  [[gnu::always_inline]] inline Put insert(std::uint32_t hash, std::uint32_t key, Slot slot, Same&& same,
                                           HashOf&& hash_of) noexcept {
    Segment* segment = &owner(hash);
    if (segment->full()) [[unlikely]] {
      segment = make_room(hash, hash_of);
      if (segment == nullptr) return Put::no_memory;
    }
    if (!insert_into(*segment, hash, key, slot, same)) return Put::present;
    ++size_;
    return Put::done;
  }

  /// Inserts many slots from such a copy. finish() writes the sizes back to the table.
  class Writer {
   public:
    explicit Writer(SlotTable& table) noexcept : table_(&table), directory_(table.directory_), shift_(table.shift_) {}
    template <class Same, class HashOf>
    [[gnu::always_inline]] inline Put insert(std::uint32_t hash, std::uint32_t key, Slot slot, Same&& same,
                                             HashOf&& hash_of) noexcept {
      Segment* segment = directory_ + owner_of(directory_, shift_, hash);
      if (segment->full()) [[unlikely]] {
        finish();
        segment = table_->make_room(hash, hash_of);
        if (segment == nullptr) return Put::no_memory;
        directory_ = table_->directory_;
        shift_ = table_->shift_;
      }
      if (!insert_into(*segment, hash, key, slot, same)) return Put::present;
      ++more_;
      return Put::done;
    }
    void finish() noexcept {
      table_->size_ += more_;
      more_ = 0;
    }

   private:
    SlotTable* table_;
    Segment* directory_;
    std::uint32_t more_ = 0;
    std::uint8_t shift_;
  };

  /// Allocates memory for `more` slots at once, so that a bulk does not move the same slots repeatedly. Only a table of
  /// one segment needs this. With more segments, growth moves few slots in proportion. Returns true even if it did
  /// nothing.
  template <class HashOf>
  [[gnu::noinline]] bool reserve(std::uint32_t more, HashOf&& hash_of) noexcept {
    if (depth() != 0 || more <= first_.room()) return true;
    const std::uint64_t wanted = std::uint64_t{size_} + more;
    std::uint32_t mask = mask_min;
    while (mask < mask_max && limit(mask) < wanted) mask = 2 * mask + 1;
    if (mask > first_.mask && !enlarge(0, mask, hash_of)) return false;
    std::uint32_t wanted_depth = 0;
    while (limit(mask) < wanted >> wanted_depth && wanted_depth < depth_max) ++wanted_depth;
    return wanted_depth == 0 || spread(wanted_depth, hash_of);
  }

  /// Replaces the slot for which `same` holds by another value with the same hash.
  template <class Same>
  void change(std::uint32_t hash, Slot to, Same&& same) noexcept {
    if (Slot* const slot = locate(directory_[entry_of(hash)], hash, same)) *slot = to;
  }

  template <class Same, class HashOf>
  bool erase(std::uint32_t hash, Same&& same, HashOf&& hash_of) noexcept {
    Segment& segment = owner(hash);
    Slot* const found = locate(segment, hash, same);
    if (found == nullptr) return false;
    // Later slots of the cluster move up if that is nearer to their home position, so a removal leaves no marker.
    const std::uint32_t mask = segment.mask;
    auto hole = static_cast<std::uint32_t>(found - segment.slots);
    for (std::uint32_t i = (hole + 1) & mask; !segment.slots[i].vacant(); i = (i + 1) & mask) {
      const std::uint32_t at_home = home(segment, hash_of(segment.slots[i]));
      if (((i - at_home) & mask) < ((i - hole) & mask)) continue;
      segment.slots[hole] = segment.slots[i];
      hole = i;
    }
    segment.slots[hole] = Slot::none();
    segment.give_back();
    --size_;
    return true;
  }

  std::uint64_t bytes() const noexcept {
    std::uint64_t sum = directory_ == &first_ ? 0 : (std::uint64_t{1} << depth()) * sizeof(Segment);
    const_cast<SlotTable*>(this)->each_segment([&](const Segment& segment) {
      if (segment.mask != nothing_mask) sum += capacity(segment.mask) * sizeof(Slot);
    });
    return sum;
  }

 private:
  /// A directory of depth 3 has 8 entries; a segment of depth 1 is in 4 of them. The first of these is its owner, and
  /// only the owner's free space is counted.
  struct Segment {
    Slot* slots;
    std::uint32_t mask;            ///< its capacity, a power of two, less one
    std::uint32_t room_and_depth;  ///< in one word, so that taking a slot is one subtraction

    std::uint32_t room() const noexcept { return room_and_depth >> 5; }   ///< how many more slots may be filled
    std::uint32_t depth() const noexcept { return room_and_depth & 31; }  ///< how many bits all its hashes share
    bool full() const noexcept { return room_and_depth < 32; }
    void take() noexcept { room_and_depth -= 32; }
    void give_back() noexcept { room_and_depth += 32; }
  };
  static_assert(sizeof(void*) != 8 || sizeof(Segment) == 16);
  static constexpr std::uint32_t mask_min = 15;   ///< 16 slots
  static constexpr std::uint32_t mask_max = 511;  ///< 512 slots: beyond that a segment is split
  static constexpr std::uint32_t mask_alike_max = limits::alike_slots - 1;  ///< for hashes that no split separates
  static constexpr std::uint32_t nothing_mask = 1;  ///< the shared segment of tables that hold nothing
  static constexpr std::uint32_t depth_max = limits::table_depth;

  static inline const Slot nothing_[2] = {Slot::none(), Slot::none()};

  static constexpr std::size_t capacity(std::uint32_t mask) noexcept { return std::size_t{mask} + 1; }
  static constexpr std::uint32_t limit(std::uint32_t mask) noexcept { return Slot::sixteenths * ((mask + 1) / 16); }
  /// The directory is indexed by the top bits of a hash, a segment by the low bits.
  static std::uint32_t home(const Segment& segment, std::uint32_t hash) noexcept { return hash & segment.mask; }

  std::uint32_t depth() const noexcept { return 32u - shift_; }
  std::uint32_t entry_of(std::uint32_t hash) const noexcept {
    return static_cast<std::uint32_t>(std::uint64_t{hash} >> shift_);
  }
  std::uint32_t owner_of(std::uint32_t hash) const noexcept { return owner_of(directory_, shift_, hash); }
  static std::uint32_t owner_of(const Segment* directory, std::uint32_t turn, std::uint32_t hash) noexcept {
    const auto entry = static_cast<std::uint32_t>(std::uint64_t{hash} >> turn);
    const std::uint32_t shared = 32u - turn - directory[entry].depth();
    return entry >> shared << shared;
  }
  Segment& owner(std::uint32_t hash) noexcept { return directory_[owner_of(hash)]; }

  template <class Visit>
  void each_segment(Visit&& visit) noexcept {
    const std::uint32_t entries = 1u << depth();
    for (std::uint32_t i = 0; i < entries;) {
      const std::uint32_t step = 1u << (depth() - directory_[i].depth());
      visit(directory_[i]);
      i += step;
    }
  }

  template <class Same>
  static Slot* locate(const Segment& segment, std::uint32_t hash, Same&& same) noexcept {
    const std::uint32_t mask = segment.mask;
    for (std::uint32_t i = home(segment, hash); !segment.slots[i].vacant(); i = (i + 1) & mask)
      if (same(segment.slots[i])) return segment.slots + i;
    return nullptr;
  }

  /// Requires a segment that is not full. Returns false if the slot exists.
  template <class Same>
  [[gnu::always_inline]] static inline bool insert_into(Segment& segment, std::uint32_t hash, std::uint32_t key,
                                                        Slot slot, Same&& same) noexcept {
    Slot* const at = segment.slots;
    const std::uint32_t mask = segment.mask;
    std::uint32_t i = home(segment, hash);
    while (!at[i].vacant()) {
      if (at[i].may_be(key) && same(at[i])) return false;
      i = (i + 1) & mask;
    }
    at[i] = slot;
    segment.take();
    return true;
  }

  static bool make(Segment& segment, std::uint32_t depth, std::uint32_t mask) noexcept {
    segment.slots = allocate<Slot>(capacity(mask));
    if (segment.slots == nullptr) return false;
    std::memset(static_cast<void*>(segment.slots), 0xFF, capacity(mask) * sizeof(Slot));
    segment.mask = mask;
    segment.room_and_depth = limit(mask) << 5 | depth;
    return true;
  }
  /// Moves every slot of `from` into the segment that `to` names for its hash.
  template <class HashOf, class To>
  static void move_out(const Segment& from, HashOf& hash_of, To&& to) noexcept {
    const Slot* const end = from.slots + capacity(from.mask);
    for (const Slot* at = from.slots; at != end; ++at) {
      const Slot slot = *at;
      if (slot.vacant()) continue;
      const std::uint32_t hash = hash_of(slot);
      Segment& segment = to(hash);
      const std::uint32_t mask = segment.mask;
      std::uint32_t i = home(segment, hash);
      while (!segment.slots[i].vacant()) i = (i + 1) & mask;
      segment.slots[i] = slot;
      segment.take();
    }
  }

  /// The segment for `hash`, with a free slot; null if an allocation failed.
  template <class HashOf>
  [[gnu::noinline]] Segment* make_room(std::uint32_t hash, HashOf& hash_of) noexcept {
    while (owner(hash).full())
      if (!grow(owner_of(hash), hash_of)) return nullptr;
    return &owner(hash);
  }

  /// Enlarges or splits the segment of an owner.
  template <class HashOf>
  bool grow(std::uint32_t owner, HashOf& hash_of) noexcept {
    const Segment old = directory_[owner];
    const bool small = old.mask < mask_max;
    // Entries whose hashes agree in all their upper bits cannot be separated by a split. The directory would double
    // without end, so the segment grows instead.
    const bool alike = old.depth() == depth() && (depth() == depth_max || (depth() > 4 && (size_ >> depth()) < 64));
    if (!small && !alike) return split(owner, hash_of);
    if (old.mask >= mask_alike_max) return false;
    return enlarge(owner, old.mask == nothing_mask ? mask_min : 2 * old.mask + 1, hash_of);
  }

  template <class HashOf>
  bool enlarge(std::uint32_t owner, std::uint32_t mask, HashOf& hash_of) noexcept {
    const Segment old = directory_[owner];
    Segment to;
    if (!make(to, old.depth(), mask)) return false;
    if (old.mask != nothing_mask) {
      move_out(old, hash_of, [&](std::uint32_t) -> Segment& { return to; });
      release(old.slots);
    }
    publish(owner, to);
    return true;  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the directory owns the slots now
  }

  template <class HashOf>
  bool split(std::uint32_t owner, HashOf& hash_of) noexcept {
    if (directory_[owner].depth() == depth()) {
      if (!double_directory()) return false;
      owner *= 2;
    }
    const Segment old = directory_[owner];
    Segment half[2];
    if (!make(half[0], old.depth() + 1, old.mask)) return false;
    if (!make(half[1], old.depth() + 1, old.mask)) {
      release(half[0].slots);
      return false;
    }
    const std::uint32_t bit = 31u - old.depth();
    move_out(old, hash_of, [&](std::uint32_t hash) -> Segment& { return half[(hash >> bit) & 1]; });
    release(old.slots);
    publish(owner, half[0]);
    publish(owner + (1u << (depth() - half[1].depth())), half[1]);
    return true;
  }

  /// Splits the only segment into as many as a directory of that depth has.
  template <class HashOf>
  bool spread(std::uint32_t to_depth, HashOf& hash_of) noexcept {
    const std::uint32_t entries = 1u << to_depth;
    auto* const fresh = allocate<Segment>(entries);
    if (fresh == nullptr) return false;
    for (std::uint32_t i = 0; i < entries; ++i) {
      if (make(fresh[i], to_depth, first_.mask)) continue;
      while (i-- > 0) release(fresh[i].slots);
      release(fresh);
      return false;
    }
    const Segment old = first_;
    move_out(old, hash_of, [&](std::uint32_t hash) -> Segment& { return fresh[hash >> (32u - to_depth)]; });
    release(old.slots);
    directory_ = fresh;
    shift_ = static_cast<std::uint8_t>(32u - to_depth);
    return true;
  }

  bool double_directory() noexcept {
    const std::uint32_t entries = 1u << depth();
    auto* const fresh = allocate<Segment>(std::size_t{entries} * 2);
    if (fresh == nullptr) return false;
    for (std::size_t i = 0; i < entries; ++i) fresh[2 * i] = fresh[2 * i + 1] = directory_[i];
    if (directory_ != &first_) release(directory_);
    directory_ = fresh;
    --shift_;
    return true;
  }

  void publish(std::uint32_t owner, const Segment& segment) noexcept {
    const std::uint32_t entries = 1u << (depth() - segment.depth());
    for (std::uint32_t i = 0; i < entries; ++i) directory_[owner + i] = segment;
  }

  Segment* directory_ = &first_;
  Segment first_{const_cast<Slot*>(nothing_), nothing_mask, 0};  // never written, because it has no free slot
  std::uint32_t size_ = 0;
  std::uint8_t shift_ = 32;  ///< 32 - depth of the directory
};

/// A slot of the tables of ids and keys: the hash is stored beside the handle, so that neither comparison nor growth
/// reads the records.
struct IdSlot {
  std::uint32_t hash;
  Handle handle;
  static constexpr std::uint32_t sixteenths = 8;  ///< how full a segment may be: most look-ups read one slot
  static constexpr IdSlot none() noexcept { return {0xFFFFFFFFu, no_handle}; }
  bool vacant() const noexcept { return handle == no_handle; }
  bool may_be(std::uint32_t wanted) const noexcept { return hash == wanted; }
};
using IdTable = SlotTable<IdSlot>;
/// A named type: with a lambda every source would have its own type, and its own copy of the rarely used code.
struct HashOfId {
  std::uint32_t operator()(IdSlot slot) const noexcept { return slot.hash; }
};
inline constexpr HashOfId hash_of_id{};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
