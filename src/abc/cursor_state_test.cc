#include "abc/cursor_state.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string_view>

namespace lilt::abc {
namespace {

// How many characters of the text it takes.
template <class State>
std::size_t push(State& state, std::string_view text) {
  std::size_t taken = 0;
  while (taken < text.size() && state.push(static_cast<unsigned char>(text[taken]))) ++taken;
  return taken;
}

TEST(CursorState, BarLinesEndWhereAnotherBegins) {
  const auto taken = [](std::string_view text) {
    BarLineState bar;
    return push(bar, text);
  };
  EXPECT_EQ(taken("|A"), 1);
  EXPECT_EQ(taken("||:A"), 3);
  EXPECT_EQ(taken(":|:|"), 3);
  EXPECT_EQ(taken("|]|"), 2);
  EXPECT_EQ(taken("::|"), 2);
  EXPECT_EQ(taken("]"), 0);
}

TEST(CursorState, BarLinesTellWhatTheyDo) {
  const auto bar_line = [](std::string_view text) {
    BarLineState bar;
    push(bar, text);
    return bar.bar_line();
  };
  EXPECT_EQ(bar_line("|"), BarLine());
  EXPECT_EQ(bar_line("||"), (BarLine{.is_double = true}));
  EXPECT_EQ(bar_line("|]"), (BarLine{.is_double = true, .is_final = true}));
  EXPECT_EQ(bar_line("|:"), (BarLine{.starts_repeat = true}));
  EXPECT_EQ(bar_line(":|"), (BarLine{.ends_repeat = true}));
  EXPECT_EQ(bar_line("::"), (BarLine{.ends_repeat = true, .starts_repeat = true}));
  EXPECT_EQ(bar_line(":"), (BarLine{.is_dotted = true}));
}

TEST(CursorState, EndingsAreNumbersListsAndRanges) {
  const auto list = [](std::string_view text) {
    EndingNumbers numbers;
    EXPECT_EQ(push(numbers, text), text.size());
    numbers.add();
    return numbers.list;
  };
  EXPECT_EQ(list("1"), 0b1);
  EXPECT_EQ(list("2,4"), 0b1010);
  EXPECT_EQ(list("1-3,5"), 0b10111);
  EXPECT_EQ(list("2-"), 0b10);
  EXPECT_EQ(list("99"), 0);
}

TEST(CursorState, TupletsHaveThreeNumbers) {
  TupletNumbers tuplet;
  EXPECT_EQ(push(tuplet, "3:2:14:"), 6);
  EXPECT_EQ(tuplet.p, 3);
  EXPECT_EQ(tuplet.q, 2);
  EXPECT_EQ(tuplet.r, 14);
  TupletNumbers slur;
  EXPECT_EQ(push(slur, ":"), 0);
}

TEST(CursorState, AFieldKeepsWhatItHasRoomFor) {
  FieldState field;
  for (int i = 0; i < 100; ++i) field.add(i % 2 == 0 ? U'a' : U'\u00e9');
  EXPECT_TRUE(field.is_full());
  EXPECT_EQ(field.text().substr(0, 4), "a?a?");
}

}  // namespace
}  // namespace lilt::abc
