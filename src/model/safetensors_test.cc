#include "model/safetensors.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lilt {
namespace {

// A file of this header and so many bytes of data.
std::string file(std::string_view header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string text(sizeof length, '\0');
  std::memcpy(text.data(), &length, sizeof length);
  text += header;
  for (std::size_t i = 0; i < data_bytes; ++i) text += static_cast<char>(i);
  return text;
}

Result<SafetensorsView> parse(const std::string& file) {
  return parse_safetensors(std::as_bytes(std::span(file)));
}

std::string tensor(std::string_view name, std::string_view dtype, std::string_view shape,
                   std::string_view offsets) {
  return "\"" + std::string(name) + "\":{\"dtype\":\"" + std::string(dtype) +
         "\",\"shape\":" + std::string(shape) + ",\"data_offsets\":" + std::string(offsets) + "}";
}

std::string header(std::initializer_list<std::string> entries) {
  std::string text = "{";
  for (const std::string& entry : entries) text += (text.size() > 1 ? "," : "") + entry;
  return text + "}";
}

TEST(Safetensors, RoundTripsTensorsAndMetadata) {
  const std::array<float, 6> weights = {1, -2, 3.5F, 0, 1e-30F, 7};
  const std::array<std::uint16_t, 3> halves = {0x3C00, 0x8001, 0x7BFF};
  const std::array<double, 2> numbers = {1e300, -0.1};
  const std::array<std::uint64_t, 1> counter = {0xFEDCBA9876543210};
  const std::vector<TensorView> tensors = {
      {"weights", DataType::kF32, {2, 3}, std::as_bytes(std::span(weights))},
      {"none", DataType::kF32, {0, 3}, {}},
      {"halves", DataType::kF16, {3, 1}, std::as_bytes(std::span(halves))},
      {"n \"ö\"", DataType::kF64, {2}, std::as_bytes(std::span(numbers))},
      {"scalar", DataType::kU64, {}, std::as_bytes(std::span(counter))},
  };
  const std::map<std::string, std::string> metadata = {{"a", "\"\\\n\x01♯"}, {"", ""}};
  std::string text = safetensors_header(metadata, tensors);
  EXPECT_EQ(text.size() % 8, 0U);
  for (const TensorView& t : tensors) {
    text.append(reinterpret_cast<const char*>(t.bytes.data()), t.bytes.size());
  }
  const auto view = parse(text);
  ASSERT_TRUE(view.ok()) << view.error().message;
  EXPECT_EQ(view->metadata, metadata);
  ASSERT_EQ(view->tensors.size(), tensors.size());
  for (const TensorView& expected : tensors) {
    const TensorView* found = view->find(expected.name);
    ASSERT_NE(found, nullptr) << expected.name;
    EXPECT_EQ(found->type, expected.type);
    EXPECT_EQ(found->shape, expected.shape);
    EXPECT_EQ(found->elements(), expected.elements());
    EXPECT_TRUE(std::ranges::equal(found->bytes, expected.bytes)) << expected.name;
  }
  EXPECT_EQ(view->find("other"), nullptr);
}

TEST(Safetensors, ReadsTensorsInWhateverOrderTheHeaderNamesThem) {
  const std::string text = file(
      header({tensor("second", "F32", "[1]", "[4,8]"), tensor("first", "F32", "[1]", "[0,4]")}) +
          "   \n",
      8);
  const auto view = parse(text);
  ASSERT_TRUE(view.ok()) << view.error().message;
  ASSERT_EQ(view->tensors.size(), 2U);
  EXPECT_EQ(view->tensors[0].name, "first");
  EXPECT_EQ(view->tensors[1].bytes[0], std::byte{4});
  EXPECT_TRUE(view->metadata.empty());
}

TEST(Safetensors, ReadsAFileWithoutTensors) { EXPECT_TRUE(parse(file("{}", 0)).ok()); }

struct Malformed {
  const char* why;
  std::string file;
  const char* message;  // a part of the message expected
};

std::string with_length(std::uint64_t length, std::string text) {
  std::memcpy(text.data(), &length, sizeof length);
  return text;
}

TEST(Safetensors, RefusesMalformedFiles) {
  const std::string good = header({tensor("t", "F32", "[2]", "[0,8]")});
  ASSERT_TRUE(parse(file(good, 8)).ok());
  const auto one = [](const char* dtype, const char* shape, const char* offsets) {
    return file(header({tensor("t", dtype, shape, offsets)}), 8);
  };
  const std::string deep(200'000, '[');
  const std::string huge = "1" + std::string(100'000, '0');
  const Malformed cases[] = {
      {"nothing", "", "is not a Lilt model (.safetensors)"},
      {"shorter than the length", "1234567", "7 bytes"},
      {"header longer than the file", with_length(good.size() + 9, file(good, 8)),
       "is not a Lilt model (.safetensors)"},
      {"header length of all ones", with_length(~0ULL, file(good, 8)),
       "is not a Lilt model (.safetensors)"},
      {"header length just past the end", with_length(~0ULL - 7, file(good, 8)),
       "is not a Lilt model (.safetensors)"},
      {"header over a mebibyte", file(good + std::string(1 << 20, ' '), 8),
       "is not a Lilt model (.safetensors)"},
      {"empty header", file("", 0), "JSON object"},
      {"not JSON", file("{\"t\":", 8), "JSON object"},
      {"JSON with more behind it", file(good + "x", 8), "JSON object"},
      {"not UTF-8", file("{\"\xFF\":1}", 8), "JSON object"},
      {"lone surrogate", file("{\"\\ud800\":1}", 8), "JSON object"},
      {"an array", file("[]", 8), "JSON object"},
      {"a string", file("\"t\"", 8), "JSON object"},
      {"deep arrays", file(deep, 0), "JSON object"},
      {"deep closed arrays", file(deep + std::string(deep.size(), ']'), 0), "JSON object"},
      {"deep arrays within", file("{\"t\":" + deep + std::string(deep.size(), ']') + "}", 0),
       "JSON object"},
      {"tensor is no object", file("{\"t\":3}", 0), "dtype, shape and data_offsets"},
      {"no dtype", file("{\"t\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "dtype, shape"},
      {"no shape", file("{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8), "dtype, shape"},
      {"no offsets", file("{\"t\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8), "dtype, shape"},
      {"unknown dtype", one("BF16", "[4]", "[0,8]"), "dtype I8, F16, F32, F64 or U64"},
      {"empty dtype", one("", "[2]", "[0,8]"), "dtype I8, F16, F32, F64 or U64"},
      {"dtype is a number", file("{\"t\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}}", 8),
       "dtype I8, F16, F32, F64 or U64"},
      {"shape is a number", one("F32", "2", "[0,8]"), "expected a shape"},
      {"nine dimensions", one("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), "at most 8 dimensions"},
      {"negative dimension", one("F32", "[-2]", "[0,8]"), "whole numbers"},
      {"fraction as dimension", one("F32", "[2.0]", "[0,8]"), "whole numbers"},
      {"dimension of 2^64", one("F32", "[18446744073709551616]", "[0,8]"), "whole numbers"},
      {"text as dimension", one("F32", "[\"2\"]", "[0,8]"), "whole numbers"},
      {"shape that overflows to the right size", one("F32", "[4294967296,4294967296]", "[0,0]"),
       "does not fit"},
      {"shape that overflows by the element size", one("F32", "[4611686018427387906]", "[0,8]"),
       "does not fit"},
      {"shape too small", one("F32", "[1]", "[0,8]"), "does not fit its 8 bytes"},
      {"shape too large", one("F32", "[3]", "[0,8]"), "does not fit its 8 bytes"},
      {"shape of the other type", one("F64", "[2]", "[0,8]"), "does not fit its 8 bytes"},
      {"half the shape", one("F16", "[2]", "[0,8]"), "does not fit its 8 bytes"},
      {"halves and a byte", one("F16", "[2]", "[0,5]"), "does not fit its 5 bytes"},
      {"halves that overflow", one("F16", "[9223372036854775812]", "[0,8]"), "does not fit"},
      {"offsets past the end", one("F32", "[3]", "[0,12]"), "within the 8 bytes"},
      {"offsets of 2^64-1", one("F32", "[2]", "[18446744073709551607,18446744073709551615]"),
       "within the 8 bytes"},
      {"offsets backwards", one("F32", "[2]", "[8,0]"), "within the 8 bytes"},
      {"negative offsets", one("F32", "[2]", "[-8,0]"), "within the 8 bytes"},
      {"one offset", one("F32", "[2]", "[8]"), "within the 8 bytes"},
      {"three offsets", one("F32", "[2]", "[0,8,8]"), "within the 8 bytes"},
      {"offsets are an object", one("F32", "[2]", "{\"0\":0,\"1\":8}"), "within the 8 bytes"},
      {"offset is a huge number", one("F32", "[2]", ("[0," + huge + "]").c_str()), ""},
      {"hole at the start", one("F32", "[1]", "[4,8]"), "hole or overlap"},
      {"hole between",
       file(header({tensor("a", "F32", "[1]", "[0,4]"), tensor("b", "F32", "[1]", "[8,12]")}), 12),
       "hole or overlap"},
      {"overlap",
       file(header({tensor("a", "F32", "[2]", "[0,8]"), tensor("b", "F32", "[2]", "[4,12]")}), 12),
       "hole or overlap"},
      {"the same bytes twice",
       file(header({tensor("a", "F32", "[2]", "[0,8]"), tensor("b", "F32", "[2]", "[0,8]")}), 8),
       "hole or overlap"},
      {"the same name twice",
       file(header({tensor("a", "F32", "[1]", "[0,4]"), tensor("a", "F32", "[1]", "[4,8]")}), 8),
       "hole or overlap"},
      {"bytes after the last tensor", file(good, 9), "end before the file does"},
      {"bytes without tensors", file("{}", 1), "end before the file does"},
      {"metadata is a string", file("{\"__metadata__\":\"a\"}", 0), "object of strings"},
      {"metadata is null", file("{\"__metadata__\":null}", 0), "object of strings"},
      {"metadata holds a number", file("{\"__metadata__\":{\"a\":1}}", 0), "a string for a"},
      {"metadata holds an object", file("{\"__metadata__\":{\"a\":{}}}", 0), "a string for a"},
  };
  for (const auto& [why, bytes, message] : cases) {
    const auto view = parse(bytes);
    ASSERT_FALSE(view.ok()) << why;
    EXPECT_EQ(view.error().code, ErrorCode::kFormat) << why;
    EXPECT_NE(view.error().message.find(message), std::string::npos)
        << why << ": " << view.error().message;
  }
}

}  // namespace
}  // namespace lilt
