// Proves that what stands in for an extension of a compiler says the same as the extension.
#include "../../src/portability.hpp"

#include "prop.hpp"

namespace portability_test {

using roster::portability::multiply;
using roster::portability::multiply_halves;

TEST_CASE("a product of halves is the product of 128 bits, carries and all") {
  constexpr std::uint64_t all = ~std::uint64_t{0};
  static_assert(multiply_halves(all, all).low == 1 && multiply_halves(all, all).high == all - 1);
  static_assert(multiply_halves(0xFFFFFFFF, 0x1'00000001).low == all &&
                multiply_halves(0xFFFFFFFF, 0x1'00000001).high == 0);
  static_assert(multiply_halves(std::uint64_t{1} << 63, 2).low == 0 &&
                multiply_halves(std::uint64_t{1} << 63, 2).high == 1);
  roster_test::prop("multiply_halves", [](std::uint64_t a, std::uint64_t b, bool dense) {
    if (dense) a = ~a, b = ~b;  // small numbers are drawn most often: many ones make carries
    const auto expected = multiply(a, b), found = multiply_halves(a, b);
    RC_ASSERT(found.low == expected.low);
    RC_ASSERT(found.high == expected.high);
  });
}

}
