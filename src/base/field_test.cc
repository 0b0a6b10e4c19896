#include "base/field.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>

namespace lilt {
namespace {

enum class Colour : std::uint8_t { kRed, kGreen, kBlue };
constexpr auto names_of(Colour) { return names<Colour>("red", "green", "blue"); }

struct Paint {
  double thickness = 0.5;
  std::size_t coats = 2;
  std::vector<std::size_t> widths = {3, 4};
  std::optional<int> shift;
  Colour colour = Colour::kGreen;
  bool dry = false;
  std::string name;
  float share = 0.2F;
};

template <FieldsOf<Paint> P, class Visit>
void visit_fields(P& p, Visit&& visit) {
  visit(Field{.name = "thickness", .help = "Millimetres", .least = 0, .below = 10}, p.thickness);
  visit(Field{.name = "coats", .help = "Coats", .least = 1, .most = 16}, p.coats);
  visit(Field{.name = "widths", .help = "Widths", .least = 1}, p.widths);
  visit(Field{.name = "shift", .help = "Shift"}, p.shift);
  visit(Field{.name = "colour", .help = "Colour"}, p.colour);
  visit(Field{.name = "dry", .help = "Dry"}, p.dry);
  visit(Field{.name = "name", .help = "Name"}, p.name);
  visit(Field{.name = "share", .help = "Share", .above = 0}, p.share);
}

template <class T>
std::string complaint(const Field& field, std::string_view text, const T& example = {}) {
  const Result<T> value = read_value<T>(field, text, example);
  return value ? "" : value.error().to_string();
}

TEST(Names, GoBothWays) {
  EXPECT_EQ(name_of(Colour::kBlue), "blue");
  EXPECT_EQ(value_named<Colour>("red"), Colour::kRed);
  EXPECT_FALSE(value_named<Colour>("Red"));
  EXPECT_EQ(alternatives<Colour>(), "red, green or blue");
}

TEST(Names, AreCountedByTheCompiler) {
  static_assert(is_enumerator<Colour, Colour::kBlue>());
  static_assert(!is_enumerator<Colour, static_cast<Colour>(3)>());
}

TEST(Field, BoundsAreSaidInWords) {
  const auto text = [](const Field& field) { return bounds_text(field); };
  EXPECT_EQ(text({.name = "x", .help = ""}), "");
  EXPECT_EQ(text({.name = "x", .help = "", .least = 1, .most = 65536}), "of 1 to 65536");
  EXPECT_EQ(text({.name = "x", .help = "", .least = 0, .below = 1}),
            "of at least 0 and less than 1");
  EXPECT_EQ(text({.name = "x", .help = "", .above = 0}), "of more than 0");
  EXPECT_EQ(text({.name = "x", .help = "", .most = 0.5}), "of at most 0.5");
}

TEST(Field, NumbersAreWrittenAsTheyWereTyped) {
  EXPECT_EQ(number_text(0.95), "0.95");
  EXPECT_EQ(number_text(0.1F), "0.1");
  EXPECT_EQ(decimal(0.15F), 0.15);
  EXPECT_EQ(number_text(1e-7), "1e-7");
  EXPECT_EQ(number_text(-2.5e+100), "-2.5e+100");
  EXPECT_EQ(number_text(4194304.0), "4194304");
  EXPECT_EQ(number_text(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(value_text(Paint().widths), "3,4");
  EXPECT_EQ(value_text(Paint().colour), "green");
  EXPECT_EQ(value_text(std::optional<int>()), "");
}

TEST(Field, ReadsWhatWasTyped) {
  const Field field{.name = "x", .help = ""};
  EXPECT_EQ(*read_value<double>(field, "-1.5e-3"), -1.5e-3);
  EXPECT_EQ(*read_value<int>(field, "-2147483648"), -2147483648);
  EXPECT_EQ(*read_value<std::uint64_t>(field, "18446744073709551615"), 18446744073709551615U);
  EXPECT_EQ(*read_value<std::vector<double>>(field, "1,0.5"), (std::vector<double>{1, 0.5}));
  EXPECT_EQ(*read_value<std::optional<bool>>(field, "off"), std::optional<bool>(false));
  EXPECT_EQ(*read_value<Colour>(field, "blue"), Colour::kBlue);
  EXPECT_EQ(*read_value<std::string>(field, "a,b"), "a,b");
}

TEST(Field, SaysWhatWasExpectedAndFound) {
  const Field free{.name = "x", .help = ""},
      bounded{.name = "x", .help = "", .least = 1, .most = 9};
  EXPECT_EQ(complaint<double>(bounded, "hot", 0.8), "x: expected a number such as 0.8, found hot");
  EXPECT_EQ(complaint<double>(bounded, "hot"), "x: expected a number of 1 to 9, found hot");
  EXPECT_EQ(complaint<double>(bounded, "10"), "x: expected a number of 1 to 9, found 10");
  for (const char* text : {"nan", "inf", "0x10", " 1", "1 ", "1e", "", "-", "1e999", "1,5"}) {
    EXPECT_NE(complaint<double>(free, text), "") << text;
  }
  EXPECT_EQ(complaint<int>(free, "1.5", 8), "x: expected a whole number such as 8, found 1.5");
  EXPECT_EQ(complaint<int>(free, "2147483648"),
            "x: expected a whole number of at most 2147483647, found 2147483648");
  EXPECT_EQ(complaint<std::size_t>(free, "-1"),
            "x: expected a whole number of at least 0, found -1");
  EXPECT_EQ(complaint<std::size_t>(bounded, "100000000000000000000"),
            "x: expected a whole number of 1 to 9, found 100000000000000000000");
  EXPECT_EQ(complaint<Colour>(free, "pink"), "x: expected red, green or blue, found pink");
  EXPECT_EQ(complaint<std::vector<std::size_t>>(bounded, "1,,2"),
            "x: expected a whole number of 1 to 9, found nothing");
}

TEST(Field, ChecksBounds) {
  EXPECT_TRUE(check_fields(Paint()));
  const auto complaint_about = [](auto spoil) {
    Paint paint;
    spoil(paint);
    const Status status = check_fields(paint);
    return status ? std::string() : status.error().place.field;
  };
  EXPECT_EQ(complaint_about([](Paint& p) { p.thickness = -1; }), "thickness");
  EXPECT_EQ(complaint_about([](Paint& p) { p.thickness = 10; }), "thickness");
  EXPECT_EQ(complaint_about([](Paint& p) { p.thickness = std::nan(""); }), "thickness");
  EXPECT_EQ(complaint_about([](Paint& p) { p.coats = 17; }), "coats");
  EXPECT_EQ(complaint_about([](Paint& p) { p.widths = {1, 0}; }), "widths");
  EXPECT_EQ(complaint_about([](Paint& p) { p.share = 0; }), "share");
  EXPECT_EQ(complaint_about([](Paint& p) { p.share = HUGE_VALF; }), "share");
}

TEST(Field, TwoStructsAreVisitedSideBySide) {
  Paint mine{.coats = 7, .name = "mine"};
  const Paint other{.coats = 9, .name = "other"};
  std::vector<std::string> visited;
  visit_both(mine, other, [&](const Field& field, auto& to, const auto& from) {
    visited.emplace_back(field.name);
    if (field.name == "coats") to = from;
  });
  EXPECT_EQ(visited, field_names<Paint>());
  EXPECT_EQ(mine.coats, 9U);
  EXPECT_EQ(mine.name, "mine");
}

}  // namespace
}  // namespace lilt
