#include "abc/decoration.h"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace lilt::abc {
namespace {

// What of a text is read, and whether that is a name.
std::pair<std::string_view, bool> read(std::string_view text) {
  DecorationProgress progress;
  for (const char c : text) {
    if (!progress.push(static_cast<unsigned char>(c))) break;
  }
  return {progress.text(), progress.is_complete()};
}

TEST(Decoration, IsKnownByItsName) {
  for (const std::string_view name :
       {"trill", "trill(", "f", "ffff", "fermata", "D.C.", "D.C.alfine", "5", "+", ">", ">(", "^",
        "//", "pralltriller", "invertedfermata", "xstem", "~)"}) {
    EXPECT_EQ(read(name), std::pair(name, true)) << name;
  }
}

TEST(Decoration, IsReadAsFarAsANameCanGoOn) {
  EXPECT_EQ(read("fed"), std::pair(std::string_view("fe"), false));
  EXPECT_EQ(read("turnip"), std::pair(std::string_view("turn"), true));
  EXPECT_EQ(read("lower"), std::pair(std::string_view("lower"), false));
  EXPECT_EQ(read("|"), std::pair(std::string_view(), false));
  EXPECT_FALSE(DecorationProgress().push(U'\u00E9'));
  EXPECT_FALSE(DecorationProgress().push(U'\U0001D160'));
}

}  // namespace
}  // namespace lilt::abc
