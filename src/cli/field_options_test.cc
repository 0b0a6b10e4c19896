#include "cli/field_options.h"

#include <gtest/gtest.h>

namespace lilt::cli {
namespace {

enum class Size : std::uint8_t { kSmall, kLarge };
constexpr auto names_of(Size) { return names<Size>("small", "large"); }

struct Order {
  std::string key;
  double temperature = 0.95;
  std::size_t number = 1;
  std::size_t best_of = 2;
  Size size = Size::kSmall;
  bool loud = false;
  std::optional<double> tempo;
  std::vector<std::size_t> widths = {8, 9};
};

template <FieldsOf<Order> O, class Visit>
void visit_fields(O& o, Visit&& visit) {
  visit(Field{.name = "key", .help = "Its key", .value = "KEY"}, o.key);
  visit(Field{.name = "temperature", .help = "Boldness", .group = "Drawing", .least = 0},
        o.temperature);
  visit(Field{.name = "number", .help = "How many", .least = 1}, o.number);
  visit(Field{.name = "best_of", .help = "Keep the best", .least = 1, .most = 64}, o.best_of);
  visit(Field{.name = "size", .help = "How large"}, o.size);
  visit(Field{.name = "loud", .help = "Loudly"}, o.loud);
  visit(Field{.name = "tempo", .help = "Beats per minute", .least = 20, .most = 500}, o.tempo);
  visit(Field{.name = "widths", .help = "Widths", .least = 1}, o.widths);
}

class FieldOptions : public testing::Test {
 protected:
  FieldOptions() { add_fields(&app_, order_, {{"number", "-n,--number"}}); }

  // What the command line says of these arguments; nothing when it takes them.
  std::string parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& e) {
      return e.what();
    }
    return "";
  }

  CLI::App app_;
  Order order_;
};

TEST_F(FieldOptions, AreRead) {
  ASSERT_EQ(parse({"-n", "3", "--best-of", "5", "--key", "D", "--loud", "--size", "large",
                   "--temperature=0.5", "--tempo", "90", "--widths", "1,2,3"}),
            "");
  EXPECT_EQ(order_.number, 3U);
  EXPECT_EQ(order_.best_of, 5U);
  EXPECT_EQ(order_.key, "D");
  EXPECT_TRUE(order_.loud);
  EXPECT_EQ(order_.size, Size::kLarge);
  EXPECT_EQ(order_.temperature, 0.5);
  EXPECT_EQ(order_.tempo, 90);
  EXPECT_EQ(order_.widths, (std::vector<std::size_t>{1, 2, 3}));
}

TEST_F(FieldOptions, ListsGoOn) {
  ASSERT_EQ(parse({"--widths", "1,2", "--widths", "3"}), "");
  EXPECT_EQ(order_.widths, (std::vector<std::size_t>{1, 2, 3}));
}

TEST_F(FieldOptions, SayWhatTheyExpect) {
  EXPECT_EQ(parse({"--temperature", "hot"}),
            "--temperature: expected a number such as 0.95, found hot");
  EXPECT_EQ(parse({"--temperature", "-1"}),
            "--temperature: expected a number of at least 0, found -1");
  EXPECT_EQ(parse({"-n", "0"}), "--number: expected a whole number of at least 1, found 0");
  EXPECT_EQ(parse({"-n", "100000000000000000000"}),
            "--number: expected a whole number of at most 18446744073709551615, found "
            "100000000000000000000");
  EXPECT_EQ(parse({"--best-of", "65"}), "--best-of: expected a whole number of 1 to 64, found 65");
  EXPECT_EQ(parse({"--size", "huge"}), "--size: expected small or large, found huge");
  EXPECT_EQ(parse({"--key", ""}), "--key: expected something, found nothing");
  EXPECT_NE(parse({"--number", "1", "--number", "2"}), "");
}

TEST_F(FieldOptions, AreKnownToHaveBeenGiven) {
  ASSERT_EQ(parse({"-n", "3", "--best-of", "2", "--loud"}), "");
  EXPECT_EQ(given_fields<Order>(app_), (std::set<std::string>{"best_of", "loud", "number"}));
}

TEST_F(FieldOptions, ShowBoundsAndDefaults) {
  const std::string help = app_.help();
  for (const char* line :
       {"  --key KEY                   Its key\n",
        "-n,--number N               How many (at least 1; default: 1)\n",
        "--best-of N                 Keep the best (1 to 64; default: 2)\n",
        "--size NAME                 How large (small or large; default: small)\n",
        "--loud                      Loudly\n", "Drawing:\n",
        "--temperature X             Boldness (at least 0; default: 0.95)\n",
        "--tempo X                   Beats per minute (20 to 500)\n",
        "--widths LIST               Widths (at least 1; default: 8,9)\n"}) {
    EXPECT_NE(help.find(line), std::string::npos) << line << help;
  }
}

TEST(OptionErrors, HaveDashes) {
  EXPECT_EQ(with_option_names("expected `valid` or `valid_share`, not both"),
            "expected --valid or --valid-share, not both");
  EXPECT_EQ(with_option_names("a tune `Of That Name` and a ` alone"),
            "a tune `Of That Name` and a ` alone");
  EXPECT_EQ(option_error_text({ErrorCode::kOption,
                               "expected a number",
                               {.source = {}, .byte = {}, .line = {}, .field = "top_p"}}),
            "--top-p: expected a number");
}

TEST(FieldHelp, HasOneBracket) {
  EXPECT_EQ(option_help("How many", ""), "How many");
  EXPECT_EQ(option_help("How many", "1 to 3"), "How many (1 to 3)");
  EXPECT_EQ(option_help("How many (default: all)", "1 to 3"), "How many (1 to 3; default: all)");
  const std::string words = "ten words of which each is as short as another ";
  const std::string help = option_help(option_help(words + words, words), words + words);
  EXPECT_EQ(help, option_help(words + words, words + words + "; " + words));
}

TEST(FieldHelp, IsWrapped) {
  const std::string words = "ten words of which each is as short as another ";
  const std::string help = field_help({.name = "x", .help = words + words + words}, "", "");
  EXPECT_NE(help.find('\n'), std::string::npos);
  for (std::size_t at = 0; at < help.size();) {
    const std::size_t end = std::min(help.find('\n', at), help.size());
    EXPECT_LE(end - at, 76U);
    at = end + 1;
  }
}

}  // namespace
}  // namespace lilt::cli
