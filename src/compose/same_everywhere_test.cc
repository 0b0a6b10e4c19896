// Every instruction set composes the same tunes. tests/wasm does it under WebAssembly.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "abc/tune.h"
#include "composing.h"
#include "targets.h"

namespace lilt::compose {
namespace {

std::vector<std::string> tunes_of(std::span<const std::byte> model) {
  const Request request = {.wishes = {.metre = "6/8", .form = "AABA", .bars = 12},
                           .sampling = {.temperature = 0.9, .top_p = 0.98},
                           .repetition = 1,
                           .number = 5};
  return support::compose_with(model, request).tunes;
}

TEST(SameEverywhere, EveryInstructionSetComposesTheSameTunes) {
  const std::vector<std::byte> model = support::small_composer();
  const std::vector<std::string> expected = tunes_of(model);
  ASSERT_EQ(expected.size(), 5U);
  for (const std::string& tune : expected) EXPECT_TRUE(abc::read_tune(tune).is_correct()) << tune;
  EXPECT_NE(expected[0], expected[1]);
  support::for_each_target([&](const char* name) { EXPECT_EQ(tunes_of(model), expected) << name; });
}

}  // namespace
}  // namespace lilt::compose
