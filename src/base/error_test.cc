#include "base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace lilt {
namespace {

TEST(Error, SaysWhereAsFarAsItIsKnown) {
  const auto text = [](const Place& place) {
    return Error{ErrorCode::kFormat, "message", place}.to_string();
  };
  EXPECT_EQ(text({}), "message");
  EXPECT_EQ(text({.source = "a.abc", .byte = {}, .line = {}}), "a.abc: message");
  EXPECT_EQ(text({.source = "a.abc", .byte = {}, .line = 7}), "a.abc:7: message");
  EXPECT_EQ(text({.source = "a.abc", .byte = 0, .line = {}}), "a.abc: byte 0: message");
  EXPECT_EQ(text({.source = {}, .byte = {}, .line = 7}), "line 7: message");
  EXPECT_EQ(text({.source = {}, .byte = 12, .line = {}}), "byte 12: message");
  EXPECT_EQ(text({.source = {}, .byte = {}, .line = {}, .field = "top_p"}), "top_p: message");
  EXPECT_EQ(text({.source = "a.json", .byte = {}, .line = {}, .field = "top_p"}),
            "a.json: top_p: message");
}

TEST(Error, HasACodeWithANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const ErrorCode code : {ErrorCode::kFormat, ErrorCode::kEncoding, ErrorCode::kVocabulary,
                               ErrorCode::kCorpus, ErrorCode::kOption, ErrorCode::kNumeric}) {
    names.insert(name(code));
  }
  EXPECT_EQ(names.size(), 6U);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace lilt
