// rapidcheck's side of the scenes: draws the bytes, and shrinks them towards zero, which is the plainest scene.
//
// A scene keeps its size while it shrinks, so every byte keeps its meaning: first whole stretches become zero, then
// single bytes become smaller.
#ifndef ROSTER_TESTS_SUPPORT_GENERATORS_HPP
#define ROSTER_TESTS_SUPPORT_GENERATORS_HPP

#include <rapidcheck.h>

#include <algorithm>

#include "support/scene.hpp"

namespace roster_test {

inline rc::Seq<Bytes> smaller(const Bytes& bytes) {
  std::vector<Bytes> candidates;
  const auto changed = [&](std::size_t from, std::size_t size, auto change) {
    Bytes copy = bytes;
    for (std::size_t i = from; i < from + size && i < copy.size(); ++i) copy[i] = change(copy[i]);
    if (copy != bytes) candidates.push_back(std::move(copy));
  };
  const auto zero = [](std::uint8_t) { return std::uint8_t{0}; };
  for (std::size_t size = bytes.size(); size > 0; size /= 2)
    for (std::size_t from = 0; from < bytes.size(); from += size) changed(from, size, zero);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    changed(i, 1, [](std::uint8_t byte) { return static_cast<std::uint8_t>(byte / 2); });
    changed(i, 1, [](std::uint8_t byte) { return static_cast<std::uint8_t>(byte - (byte > 0 ? 1 : 0)); });
  }
  return rc::seq::fromContainer(std::move(candidates));
}

inline rc::Gen<Bytes> any_bytes(std::size_t size) {
  return [size](const rc::Random& random, int) {
    rc::Random source = random;
    Bytes drawn(size);
    for (std::size_t i = 0; i < size;) {
      auto word = source.next();
      for (int k = 0; k < 8 && i < size; ++k, word >>= 8) drawn[i++] = static_cast<std::uint8_t>(word);
    }
    return rc::shrinkable::shrinkRecur(std::move(drawn), &smaller);
  };
}

/// Scenes of `commands` commands and `choices` further bytes; `adjust` makes every scene one that a property is about.
template <class Adjust>
rc::Gen<Scene> scenes(std::size_t commands, std::size_t choices, Adjust adjust) {
  const auto bytes = any_bytes(scene_bytes(commands, choices));
  return rc::gen::map(bytes, [commands, adjust](const Bytes& drawn) {
    Scene scene = read_scene(drawn, commands);
    adjust(scene);
    return scene;
  });
}
inline rc::Gen<Scene> scenes(std::size_t commands, std::size_t choices = 0) {
  return scenes(commands, choices, [](Scene&) {});
}

}  // namespace roster_test

#endif
