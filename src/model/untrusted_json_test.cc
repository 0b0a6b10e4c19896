#include "model/untrusted_json.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt {
namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + "7" + std::string(depth, ']');
}

TEST(UntrustedJson, ReadsWhatIsJson) {
  EXPECT_EQ(parse_untrusted_json(R"({"a":[1,{"b":"é"}],"c":null})"),
            (nlohmann::json{{"a", {1, {{"b", "é"}}}}, {"c", nullptr}}));
  EXPECT_EQ(parse_untrusted_json(" -0.5 "), nlohmann::json(-0.5));
}

TEST(UntrustedJson, DiscardsWhatIsNot) {
  for (const char* text :
       {"", " ", "{", "[1,]", "{\"a\"}", "nul", "1 2", "'a'", "\"\xFF\"", "NaN"}) {
    EXPECT_TRUE(parse_untrusted_json(text).is_discarded()) << text;
  }
}

TEST(UntrustedJson, DiscardsWhatIsNestedMoreThan16Deep) {
  EXPECT_EQ(parse_untrusted_json(nested(16)).dump(), nested(16));
  for (const std::size_t depth : {17, 18, 1000, 1'000'000}) {
    EXPECT_TRUE(parse_untrusted_json(nested(depth)).is_discarded()) << depth;
  }
  EXPECT_TRUE(parse_untrusted_json("[" + nested(16) + ",1]").is_discarded());
  EXPECT_TRUE(parse_untrusted_json("[1," + nested(16) + "]").is_discarded());
  EXPECT_TRUE(parse_untrusted_json(R"(["\\\"]",)" + nested(16) + "]").is_discarded());
  EXPECT_TRUE(parse_untrusted_json("{\"a\":1,\"b\":{\"c\":" + nested(16) + "}}").is_discarded());
}

TEST(UntrustedJson, CountsNoBracketsInStrings) {
  const std::string brackets = '"' + std::string(100, '[') + R"(\"[{[{\\")";
  EXPECT_FALSE(parse_untrusted_json("[" + brackets + "," + nested(15) + "]").is_discarded());
  EXPECT_TRUE(parse_untrusted_json("[" + brackets + "," + nested(16) + "]").is_discarded());
}

}  // namespace
}  // namespace lilt
