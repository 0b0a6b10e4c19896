// What a stranger could put into a model file. Built with the sanitizers in every build: each of
// these files must be read as a model or refused with a message, and never takes much memory.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "count_allocations.h"
#include "model/model_file.h"
#include "small_model.h"

namespace lilt {
namespace {

using Bytes = std::vector<std::byte>;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxMemory = std::size_t{32} << 20;
constexpr std::size_t kLengthBytes = 8;

Bytes small_file() {
  return support::file_of(support::random_model(support::vocabulary_of("\n:AKX|é♯"),
                                                {.embedding = 3, .hidden = {2, 3}}));
}

// The same with weights in half precision, but for one tensor.
Bytes small_half_file() {
  const Bytes floats = small_file();
  const auto view = parse_safetensors(floats);
  return support::altered(support::half_file_of(*read_model(floats, "")), [&](auto& parts) {
    parts.tensor("lstm.1.bias") = *view->find("lstm.1.bias");
  });
}

// And with those in 8 bits that can be.
Bytes small_eight_bit_file() {
  return support::file_of_type(*read_model(small_file(), ""), DataType::kI8);
}

Bytes larger_file() {
  return support::file_of(
      support::random_model(support::vocabulary_of("\n \"%&',-./0123456789:<=>?@ABCDEFGHIJKLMNOPX"
                                                   "[]^_abcdefgz{|}~éö♭♯"),
                            {.embedding = 24, .hidden = {24, 24}}));
}

// Reads a file as a stranger's and returns why it was refused, or nothing for a model.
std::string refusal(const Bytes& file) {
  const support::AllocationWatch watch;
  const Result<ModelContents> model = read_model(file, "stranger");
  EXPECT_LE(watch.largest(), kMaxMemory);
  EXPECT_LE(watch.peak(), kMaxMemory);
  if (!model) {
    EXPECT_FALSE(model.error().message.empty());
    EXPECT_EQ(model.error().place.source, "stranger");
    return model.error().message.empty() ? "no message" : model.error().message;
  }
  EXPECT_TRUE(validate(model->config).ok());
  EXPECT_EQ(model->config.vocabulary, model->vocabulary.size());
  EXPECT_EQ(model->weights.size(), parameter_layout(model->config).count);
  EXPECT_LE(model->weights.size() * bytes_per_element(DataType::kI8), file.size());
  EXPECT_TRUE(std::ranges::all_of(model->weights, [](float w) { return std::isfinite(w); }));
  return "";
}

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed, RandomStream::kBench) {}

  std::size_t below(std::size_t n) { return random_.below(n); }
  std::byte byte() { return static_cast<std::byte>(random_.bits()); }
  const auto& one_of(const auto& items) { return items[below(std::size(items))]; }

 private:
  Random random_;
};

std::uint64_t header_length(const Bytes& file) {
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), kLengthBytes);
  return length;
}

// Where the header of a damaged file ends, as far as it goes.
std::size_t header_end(const Bytes& file) {
  return kLengthBytes + std::min<std::uint64_t>(header_length(file), file.size() - kLengthBytes);
}

void set_header_length(Bytes& file, std::uint64_t length) {
  std::memcpy(file.data(), &length, kLengthBytes);
}

// Writing the numbers of hostile sizes, and what is none.
constexpr std::string_view kNumbers[] = {
    "0",
    "1",
    "7",
    "9",
    "-1",
    "2.0",
    "1e3",
    "1e999",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "4611686018427387904",
    "00",
    "\"1\"",
    "null",
    "[]",
};

std::ptrdiff_t at(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

// Replaces one number of the JSON header, and makes the length of the header right again.
void edit_number(Bytes& file, Chance& chance) {
  const std::size_t header = header_end(file);
  const auto is_digit = [&](std::size_t i) {
    const auto c = std::to_integer<char>(file[i]);
    return c >= '0' && c <= '9';
  };
  std::vector<std::size_t> starts;
  for (std::size_t i = kLengthBytes; i < header; ++i) {
    if (is_digit(i) && !is_digit(i - 1)) starts.push_back(i);
  }
  if (starts.empty()) return;
  const std::size_t start = chance.one_of(starts);
  std::size_t end = start;
  while (end < header && is_digit(end)) ++end;
  const auto number = std::as_bytes(std::span(chance.one_of(kNumbers)));
  file.erase(file.begin() + at(start), file.begin() + at(end));
  file.insert(file.begin() + at(start), number.begin(), number.end());
  set_header_length(file, header - kLengthBytes - (end - start) + number.size());
}

using Mutation = void (*)(Bytes&, Chance&);

// Bytes of the container that a mutation should hit often: the header rather than the weights.
std::size_t place(const Bytes& file, Chance& chance) {
  return chance.below(chance.below(2) == 0 ? header_end(file) : file.size());
}

constexpr Mutation kMutations[] = {
    [](Bytes& file, Chance& chance) {  // flip bits
      for (std::size_t n = 1 + chance.below(4); n > 0; --n) {
        file[place(file, chance)] ^= static_cast<std::byte>(1U << chance.below(8));
      }
    },
    [](Bytes& file, Chance& chance) {  // set bytes
      constexpr int kBytes[] = {0x00, 0xFF, 0x7F, 0x80, '"', '{', '}', '[', ']', '9', '-'};
      for (std::size_t n = 1 + chance.below(4); n > 0; --n) {
        file[place(file, chance)] = static_cast<std::byte>(chance.one_of(kBytes));
      }
    },
    [](Bytes& file, Chance& chance) {  // insert a range
      Bytes range(1 + chance.below(40));
      for (std::byte& byte : range) byte = chance.byte();
      file.insert(file.begin() + at(place(file, chance)), range.begin(), range.end());
    },
    [](Bytes& file, Chance& chance) {  // repeat a range
      const std::size_t from = place(file, chance);
      const Bytes range(file.begin() + at(from),
                        file.begin() + at(std::min(file.size(), from + 1 + chance.below(200))));
      file.insert(file.begin() + at(place(file, chance)), range.begin(), range.end());
    },
    [](Bytes& file, Chance& chance) {  // delete a range
      const std::size_t from = place(file, chance);
      const std::size_t to = std::min(file.size(), from + 1 + chance.below(200));
      file.erase(file.begin() + at(from), file.begin() + at(to));
    },
    [](Bytes& file, Chance& chance) {  // swap two blocks
      const std::size_t size = 1 + chance.below(64);
      if (file.size() < 2 * size) return;
      const std::size_t a = chance.below(file.size() - 2 * size + 1);
      const std::size_t b = a + size + chance.below(file.size() - a - 2 * size + 1);
      std::swap_ranges(file.begin() + at(a), file.begin() + at(a + size), file.begin() + at(b));
    },
    [](Bytes& file, Chance& chance) {  // another header length
      const std::uint64_t length = header_length(file);
      const std::uint64_t lengths[] = {0,
                                       1,
                                       length - 1,
                                       length + 1,
                                       length + 8,
                                       file.size() - 8,
                                       file.size(),
                                       std::uint64_t{1} << 20,
                                       std::uint64_t{1} << 63,
                                       ~std::uint64_t{0},
                                       ~std::uint64_t{7},
                                       chance.below(file.size())};
      set_header_length(file, chance.one_of(lengths));
    },
    edit_number,
    [](Bytes& file, Chance& chance) { file.resize(chance.below(file.size())); },
};

// One to three mutations of a file.
Bytes mutated(Bytes file, Chance& chance) {
  for (std::size_t n = 1 + chance.below(3); n > 0 && file.size() > 16; --n) {
    kMutations[chance.below(std::size(kMutations))](file, chance);
  }
  return file;
}

TEST(HostileModel, RandomBytesAreRefused) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Chance chance(seed);
    Bytes file(std::size_t{64} << 10);
    for (std::byte& byte : file) byte = chance.byte();
    EXPECT_NE(refusal(file), "") << seed;
    set_header_length(file, chance.below(file.size()));
    EXPECT_NE(refusal(file), "") << seed;
  }
}

TEST(HostileModel, RandomPunctuationIsRefused) {
  constexpr std::string_view kAlphabet = "{}[]\",:0123456789-.eE\\u truefalsn";
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Chance chance(seed);
    Bytes file(std::size_t{64} << 10);
    for (std::byte& byte : file) byte = static_cast<std::byte>(chance.one_of(kAlphabet));
    file[kLengthBytes] = std::byte{'{'};
    set_header_length(file, file.size() - kLengthBytes - chance.below(100));
    EXPECT_NE(refusal(file), "") << seed;
  }
}

TEST(HostileModel, EveryTruncationIsRefused) {
  for (const Bytes& small : {small_file(), small_half_file()}) {
    ASSERT_EQ(refusal(small), "");
    for (std::size_t size = 0; size < small.size(); ++size) {
      Bytes cut(small.begin(), small.begin() + at(size));
      EXPECT_NE(refusal(cut), "") << size;
      support::repair_checksum(cut);
      EXPECT_NE(refusal(cut), "") << size << " with a right checksum";
    }
  }
  const Bytes larger = larger_file();
  ASSERT_EQ(refusal(larger), "");
  for (std::size_t size = 0; size < larger.size(); size += 97) {
    EXPECT_NE(refusal({larger.begin(), larger.begin() + at(size)}), "") << size;
  }
}

TEST(HostileModel, EveryMutationIsRefused) {
  const std::pair<Bytes, std::uint64_t> files[] = {
      {small_file(), 6000}, {small_half_file(), 2000}, {larger_file(), 600}};
  for (const auto& [good, seeds] : files) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      Chance chance(seed);
      const Bytes bad = mutated(good, chance);
      if (bad == good) continue;
      EXPECT_NE(refusal(bad), "") << seed;
    }
  }
}

// What the messages below have to say for the tests to have come that far.
std::set<std::string> not_reached(const std::set<std::string>& messages,
                                  std::set<std::string> expected) {
  std::erase_if(expected, [&](const std::string& part) {
    return std::ranges::any_of(
        messages, [&](const std::string& m) { return m.find(part) != std::string::npos; });
  });
  return expected;
}

TEST(HostileModel, NoMutationWithARightChecksumDoesHarm) {
  std::set<std::string> messages;
  for (const Bytes& good : {small_file(), small_half_file(), small_eight_bit_file()}) {
    std::size_t harmless = 0;
    for (std::uint64_t seed = 0; seed < 6000; ++seed) {
      Chance chance(seed);
      Bytes bad = mutated(good, chance);
      support::repair_checksum(bad);
      const std::string message = refusal(bad);
      harmless += message.empty() ? 1 : 0;
      messages.insert(message);
    }
    EXPECT_GT(harmless, 0U);  // some weights were altered, and that is all
  }
  EXPECT_EQ(
      not_reached(messages, {"is not a Lilt model", "JSON object as the header", "dtype I8",
                             "data offsets within", "does not fit its", "a hole or overlap",
                             "end before the file does", "\"config\"",
                             "tensor embedding: expected F32 or F16", "expected the tensor lstm.",
                             "embedding: expected a whole number"}),
      std::set<std::string>{});
}

// Every value within a JSON text, those within strings that hold JSON themselves included.
void collect(Json& value, std::vector<Json*>& values) {
  values.push_back(&value);
  for (Json& item : value) {
    if (value.is_structured()) collect(item, values);
  }
}

Json hostile_value(const Json& value, Chance& chance) {
  static const std::vector<Json> kValues = {
      nullptr,
      true,
      -1,
      0,
      1,
      2,
      1.5,
      1e308,
      std::uint64_t{1} << 32,
      std::uint64_t{1} << 63,
      ~std::uint64_t{0},
      "",
      "F16",
      "F64",
      "U64",
      "\u0000",
      "BA",
      std::string(300, 'x'),
      Json::array(),
      Json::object(),
      Json::array({0, 0}),
      Json::array({1, 8}),
      Json::array({0, ~std::uint64_t{0}}),
      Json::array({std::uint64_t{1} << 32, std::uint64_t{1} << 32})};
  if (value.is_number_unsigned() && chance.below(2) == 0) {
    return value.get<std::uint64_t>() + chance.below(9) - 4;
  }
  return chance.one_of(kValues);
}

// Replaces, removes or adds a value somewhere in the JSON.
void alter(Json& json, Chance& chance) {
  std::vector<Json*> values;
  collect(json, values);
  Json& value = *chance.one_of(values);
  if (value.is_object() && !value.empty() && chance.below(2) == 0) {
    const auto item = std::next(value.begin(), at(chance.below(value.size())));
    const Json moved = item.value();
    value.erase(item);
    if (chance.below(2) == 0) value["lstm.9.bias"] = moved;
  } else if (value.is_array() && chance.below(2) == 0) {
    value.push_back(hostile_value(value, chance));
  } else if (&value != &json) {
    value = hostile_value(value, chance);
  }
}

TEST(HostileModel, NoAlteredJsonWithARightChecksumDoesHarm) {
  const Bytes good = small_file();
  const auto data = good.begin() + at(header_end(good));
  const std::string header(reinterpret_cast<const char*>(&good[kLengthBytes]), header_length(good));
  const Json original = Json::parse(header);
  std::set<std::string> messages;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    Chance chance(seed);
    Json json = original;
    Json& metadata = json["__metadata__"];
    if (chance.below(2) == 0) {
      alter(json, chance);
    } else {  // within one of the entries that are JSON in a string
      constexpr std::array kEntries = {"config", "config", "vocabulary", "provenance"};
      Json& entry = metadata[chance.one_of(kEntries)];
      Json inner = Json::array({Json::parse(entry.get<std::string>())});
      alter(inner, chance);
      if (!inner.empty()) entry = inner[0].dump();
    }
    const std::string text = json.dump();
    Bytes bad(kLengthBytes);
    set_header_length(bad, text.size());
    const auto text_bytes = std::as_bytes(std::span(text));
    bad.insert(bad.end(), text_bytes.begin(), text_bytes.end());
    bad.insert(bad.end(), data, good.end());
    support::repair_checksum(bad);
    messages.insert(refusal(bad));
  }
  EXPECT_EQ(not_reached(messages, {"expected dtype, shape and data_offsets",
                                   "dtype I8, F16, F32, F64",
                                   "a shape of at",
                                   "whole numbers as its shape",
                                   "data offsets within",
                                   "does not fit its",
                                   "__metadata__: expected an object",
                                   "__metadata__: expected a string",
                                   "found no format",
                                   "tensor \"checksum\" (U64) as the last",
                                   "expected a JSON string",
                                   "distinct characters in order",
                                   "\"config\": exp",
                                   "gate_activation: expected sigmoid",
                                   "LSTM layers, found",
                                   "embedding: expected a whole number",
                                   "hidden: expected a whole number",
                                   "dropout: expected a number of at least",
                                   "\"provenance\": expected",
                                   "expected the tensor embedding, found none",
                                   "tensor dense.bias: expected F32 or F16",
                                   "for the vocabulary, found 0"}),
            std::set<std::string>{});
}

TEST(HostileModel, WeightsThatAreNotFiniteAreRefused) {
  const Bytes good = small_file();
  for (std::size_t i = header_end(good); i + kLengthBytes < good.size(); i += 4) {
    Bytes bad = good;
    const std::uint32_t infinity = 0x7F800000;
    std::memcpy(&bad[i], &infinity, sizeof infinity);
    support::repair_checksum(bad);
    EXPECT_NE(refusal(bad).find("not finite"), std::string::npos) << i;
  }
}

TEST(HostileModel, HalvesThatAreNotFiniteAreRefused) {
  constexpr std::uint16_t kNotFinite[] = {0x7C00, 0xFC00, 0x7C01, 0xFFFF};
  const Bytes good = support::half_file_of(*read_model(small_file(), ""));
  for (std::size_t i = header_end(good); i + kLengthBytes < good.size(); i += 2) {
    for (const std::uint16_t not_finite : kNotFinite) {
      Bytes bad = good;
      std::memcpy(&bad[i], &not_finite, sizeof not_finite);
      support::repair_checksum(bad);
      EXPECT_NE(refusal(bad).find("not finite"), std::string::npos) << i;
    }
  }
}

// The longest headers that are read at all, filled with what takes the most memory.
TEST(HostileModel, TheLongestHeadersTakeLittleMemory) {
  const auto repeated = [](std::string begin, std::string_view part, std::string_view end) {
    while (begin.size() + part.size() + end.size() <= std::size_t{1} << 20) begin += part;
    return begin + std::string(end);
  };
  const std::pair<const char*, std::string> headers[] = {
      {"open arrays", repeated("", "[", "")},
      {"open objects", repeated("", "{\"\":", "")},
      {"numbers", repeated("{\"t\":[0", ",0", "]}")},
      {"arrays", repeated("{\"t\":[0", ",[]", "]}")},
      {"objects", repeated("{\"t\":[0", ",{\"\":0}", "]}")},
      {"strings", repeated("{\"t\":[0", ",\"\"", "]}")},
      {"a string", repeated("{\"", "a", "\":0}")},
      {"the same name", repeated("{\"\":0", ",\"\":0", "}")},
      {"metadata", repeated("{\"__metadata__\":{\"format\":\"", "a", "\"}}")},
  };
  for (const auto& [what, header] : headers) {
    Bytes file(kLengthBytes);
    set_header_length(file, header.size());
    const auto bytes = std::as_bytes(std::span(header));
    file.insert(file.end(), bytes.begin(), bytes.end());
    SCOPED_TRACE(what);
    EXPECT_NE(refusal(file), "");
  }
}

TEST(HostileModel, LongAndDeepJsonWithARightChecksumIsRefused) {
  const std::string deep = std::string(300'000, '[') + std::string(300'000, ']');
  std::string wide = "[1";
  while (wide.size() < 1'000'000) wide += ",1";
  wide += "]";
  const auto object = [](const std::string& key, const std::string& value) {
    return "{\"embedding\":3,\"dropout\":0,\"gate_activation\":\"sigmoid\",\"" + key +
           "\":" + value + "}";
  };
  const std::pair<std::string, std::string> entries[] = {
      {"vocabulary", deep},
      {"vocabulary", "\"" + std::string(1'000'000, 'a') + "\""},
      {"config", object("embedding", deep)},
      {"config", object("hidden", deep)},
      {"config", object("hidden", wide)},
      {"config", object("dropout", deep)},
      {"provenance", object("text", deep)},
      {"provenance", wide},
  };
  for (const auto& entry : entries) {
    SCOPED_TRACE(entry.first + " " + entry.second.substr(0, 80));
    const Bytes file = support::altered(
        small_file(), [&](auto& parts) { parts.metadata[entry.first] = entry.second; });
    EXPECT_NE(refusal(file), "");
  }
}

}  // namespace
}  // namespace lilt
