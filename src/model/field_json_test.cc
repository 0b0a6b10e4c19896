#include "model/field_json.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lilt {
namespace {

using Json = nlohmann::json;

enum class Size : std::uint8_t { kSmall, kLarge };
constexpr auto names_of(Size) { return names<Size>("small", "large"); }

struct Order {
  std::string key;
  double temperature = 0.95;
  float share = 0.2F;
  std::uint64_t seed = 1;
  int shift = 0;
  bool loud = false;
  Size size = Size::kSmall;
  std::optional<double> tempo;
  std::optional<bool> chords;
  std::vector<std::string> files;
  std::vector<std::size_t> widths = {8};

  bool operator==(const Order&) const = default;
};

template <FieldsOf<Order> O, class Visit>
void visit_fields(O& o, Visit&& visit) {
  visit(Field{.name = "key", .help = "Key"}, o.key);
  visit(Field{.name = "temperature", .help = "Temperature", .least = 0}, o.temperature);
  visit(Field{.name = "share", .help = "Share", .least = 0, .below = 1}, o.share);
  visit(Field{.name = "seed", .help = "Seed"}, o.seed);
  visit(Field{.name = "shift", .help = "Shift"}, o.shift);
  visit(Field{.name = "loud", .help = "Loud"}, o.loud);
  visit(Field{.name = "size", .help = "Size"}, o.size);
  visit(Field{.name = "tempo", .help = "Tempo", .least = 20, .most = 500}, o.tempo);
  visit(Field{.name = "chords", .help = "Chords"}, o.chords);
  visit(Field{.name = "files", .help = "Files"}, o.files);
  visit(Field{.name = "widths", .help = "Widths", .least = 1}, o.widths);
}

std::string complaint(const char* json) {
  const Result<Order> order = fields_from_json<Order>(Json::parse(json));
  return order ? "" : order.error().to_string();
}

TEST(FieldJson, GoesThereAndBack) {
  const Order unusual{.key = "Gdor",
                      .temperature = 0.1,
                      .share = 0.3F,
                      .seed = 0xFFFFFFFFFFFFFFFF,
                      .shift = -2147483647,
                      .loud = true,
                      .size = Size::kLarge,
                      .tempo = 90.5,
                      .chords = false,
                      .files = {"a \"b\"", "é"},
                      .widths = {1, 2}};
  for (const Order& order : {unusual, Order{}}) {
    const Result<Order> back = fields_from_json<Order>(Json::parse(fields_to_json(order).dump()));
    ASSERT_TRUE(back) << back.error().to_string();
    EXPECT_EQ(*back, order);
  }
  EXPECT_FALSE(fields_to_json(Order{}).contains("tempo"));
  EXPECT_EQ(fields_to_json(Order{})["share"].dump(), "0.2");  // not the float's 0.200000003
}

TEST(FieldJson, KeepsTheOrderOfTheFieldsWhereItIsAskedTo) {
  const auto json = fields_to_json<nlohmann::ordered_json>(Order{});
  EXPECT_EQ(json.begin().key(), "key");
  EXPECT_EQ(fields_to_json(Order{}).begin().key(), "files") << "sorted";
}

TEST(ShortenFloats, LeavesOtherNumbersAsTheyAre) {
  Json json = {{"a", {0.15F, 0.1, 1e-7F, 1e300}}, {"b", {{"c", 0.005}}}, {"d", 3}, {"e", "0.15"}};
  shorten_floats(json);
  EXPECT_EQ(json.dump(), R"({"a":[0.15,0.1,1e-07,1e+300],"b":{"c":0.005},"d":3,"e":"0.15"})");
}

TEST(FieldJson, WhatIsNotThereStaysAsItIs) {
  const Result<Order> order = fields_from_json(Json::parse(R"({"seed": 7, "tempo": null})"),
                                               Order{.key = "D", .tempo = 100});
  ASSERT_TRUE(order);
  EXPECT_EQ(*order, (Order{.key = "D", .seed = 7}));
}

TEST(FieldJson, UnknownMembersAreRefusedByName) {
  EXPECT_EQ(complaint(R"({"temprature": 1})"),
            "temprature: unknown member; did you mean temperature?");
  EXPECT_EQ(complaint(R"({"colour": 1})"), "colour: unknown member");
  EXPECT_EQ(complaint("[]"), "expected a JSON object");
}

TEST(FieldJson, WrongValuesAreRefused) {
  EXPECT_EQ(complaint(R"({"temperature": "hot"})"),
            "temperature: expected a number of at least 0, found \"hot\"");
  EXPECT_EQ(complaint(R"({"temperature": -1})"),
            "temperature: expected a number of at least 0, found -1");
  EXPECT_EQ(complaint(R"({"share": 1})"),
            "share: expected a number of at least 0 and less than 1, found 1");
  EXPECT_EQ(complaint(R"({"seed": -1})"), "seed: expected a whole number of at least 0, found -1");
  EXPECT_EQ(complaint(R"({"seed": 18446744073709551616})"),
            "seed: expected a whole number of at least 0, found 1.8446744073709552e+19");
  EXPECT_EQ(complaint(R"({"shift": 2147483648})"),
            "shift: expected a whole number, found 2147483648");
  EXPECT_EQ(complaint(R"({"shift": 1.5})"), "shift: expected a whole number, found 1.5");
  EXPECT_EQ(complaint(R"({"loud": 1})"), "loud: expected true or false, found 1");
  EXPECT_EQ(complaint(R"({"size": "huge"})"), "size: expected small or large, found \"huge\"");
  EXPECT_EQ(complaint(R"({"size": 0})"), "size: expected small or large, found 0");
  EXPECT_EQ(complaint(R"({"tempo": 10})"), "tempo: expected a number of 20 to 500, found 10");
  EXPECT_EQ(complaint(R"({"chords": "on"})"), "chords: expected true or false, found \"on\"");
  EXPECT_EQ(complaint(R"({"key": 3})"), "key: expected a text, found 3");
  EXPECT_EQ(complaint(R"({"files": "a"})"), "files: expected a list, each a text, found \"a\"");
  EXPECT_EQ(complaint(R"({"widths": [1, 0]})"),
            "widths: expected a whole number of at least 1, found 0");
}

}  // namespace
}  // namespace lilt
