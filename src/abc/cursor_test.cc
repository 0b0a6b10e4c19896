#include "abc/cursor.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lilt::abc {
namespace {

static_assert(std::is_trivially_copyable_v<Cursor>, "a copy allocates nothing");
static_assert(sizeof(Cursor) <= 512, "a copy takes nanoseconds");

constexpr std::string_view kHeader = "X:1\nT:a\nM:6/8\nL:1/8\nK:D\n";

Cursor after(std::string_view body) {
  Cursor cursor;
  for (const char c : kHeader) cursor.push(static_cast<unsigned char>(c));
  for (const char c : body) cursor.push(static_cast<unsigned char>(c));
  return cursor;
}

Rational filled(std::string_view body) { return after(body).filled_in_whole_notes(); }

TEST(Cursor, KnowsTheHeader) {
  Cursor cursor;
  for (const char c : std::string_view("X:1\nT:a\nM:9")) cursor.push(static_cast<unsigned char>(c));
  EXPECT_EQ(cursor.part(), Part::kHeader);
  EXPECT_EQ(cursor.field(), 'M');
  const Cursor body = after("");
  EXPECT_EQ(body.part(), Part::kBody);
  EXPECT_EQ(body.metre().to_string(), "6/8");
  EXPECT_EQ(body.unit(), kWholeNote / 8);
  EXPECT_EQ(body.key().to_string(), "D");
  EXPECT_EQ(body.alter(step_of('C')), 1);
}

TEST(Cursor, FillsTheBarExactly) {
  EXPECT_EQ(filled("d2e "), Rational(3, 8));
  EXPECT_EQ(filled("d3/2e/ f "), Rational(3, 8));
  EXPECT_EQ(filled("(3def "), Rational(1, 4));
  EXPECT_EQ(filled("(3de "), Rational(1, 6));
  EXPECT_EQ(filled("d>e "), Rational(1, 4));
  EXPECT_EQ(filled("d>"), Rational(1, 8));  // the mark may still become >>
  EXPECT_EQ(filled("d> "), Rational(3, 16));
  EXPECT_EQ(filled("[dfa]2 "), Rational(1, 4));
  EXPECT_EQ(filled("{ga}d "), Rational(1, 8));
  EXPECT_EQ(filled("d3 z3|d "), Rational(1, 8));
}

TEST(Cursor, TellsWhatItWouldBe) {
  const Cursor note = after("d3");
  EXPECT_EQ(note.filled(), 0);
  EXPECT_EQ(note.settled().filled_in_whole_notes(), Rational(3, 8));
  EXPECT_EQ(after("d3|[").taken_for_music().in_chord(), false);  // the bar line is complete
  EXPECT_EQ(after("d3|[").taken_for_music().taken_for_music().in_chord(), true);
  const Cursor letter = after("d6|\nK");
  EXPECT_EQ(letter.taken_for_music().offset(), letter.offset());
  EXPECT_EQ(after("d6|\nA").taken_for_music().settled().filled_in_whole_notes(), Rational(1, 8));
  EXPECT_EQ(after("d6|[A").taken_for_music().state().lexeme.pitch.step, step_of('A'));
}

TEST(Cursor, KnowsAccidentalsInForce) {
  EXPECT_EQ(after("=c ").alter(step_of('C')), 0);
  EXPECT_EQ(after("=c5 d|c ").alter(step_of('C')), 1);
  EXPECT_EQ(after("K:G\n").alter(step_of('C')), 0);
}

TEST(Cursor, KnowsPickupsAndSections) {
  const Cursor pickup = after("d|e3 e3|");
  EXPECT_EQ(to_rational(pickup.pickup()), Rational(5, 8));
  const Cursor second = after("|:d6|e6:|f6|g");
  EXPECT_EQ(second.section(), 1);
  EXPECT_FALSE(second.in_repeat());
  EXPECT_EQ(second.bars(), 3);
  EXPECT_EQ(second.bar(), 1);
  EXPECT_TRUE(after("|:d6|e").in_repeat());
}

TEST(Cursor, KnowsEndings) {
  EXPECT_EQ(after("|:d6|1 e6").ending(), 1);
  EXPECT_EQ(after("|:d6|1 e6:|2 f").ending(), 2);
  EXPECT_EQ(after("|:d6|1 e6:|2 f6||g").ending(), 0);
}

TEST(Cursor, KnowsWhatIsInProgress) {
  EXPECT_EQ(after("(3de ").tuplet_left(), 1);
  EXPECT_TRUE(after("[df").in_chord());
  EXPECT_TRUE(after("{d").in_grace());
  EXPECT_TRUE(after("(de ").in_slur());
  EXPECT_TRUE(after("d6-|").in_tie());
  EXPECT_FALSE(after("d6-|d ").in_tie());
}

TEST(Cursor, SaysWhetherTheTuneCanBecomeCorrect) {
  EXPECT_TRUE(after("d6|e5").can_become_correct());
  EXPECT_FALSE(after("d6|e5|d").can_become_correct());
  EXPECT_TRUE(after("d6|e6|]\n").may_end());
  EXPECT_FALSE(after("|:d6|e6|\n").may_end());
  EXPECT_EQ(after("d6|]\n\n").part(), Part::kEnded);
}

TEST(Cursor, CopiesGoTheirOwnWays) {
  const Cursor start = after("d3");
  Cursor a = start, b = start;
  a.push(U' ');
  b.push(U'2');
  EXPECT_EQ(to_rational(a.filled()), Rational(3, 8));
  EXPECT_EQ(to_rational(b.filled()), Rational(0));
}

TEST(Cursor, TellsEachLexemeOnce) {
  Cursor cursor;
  Events events;
  std::vector<LexemeKind> kinds;
  const std::string text = std::string(kHeader) + "A:|[K:G]\"D\"(3^de'f,-|1[DF]2!trill!z\n";
  for (const char c : text) {
    events.clear();
    cursor.push(static_cast<unsigned char>(c), &events);
    for (const Lexeme& lexeme : events.lexemes()) {
      if (cursor.part() == Part::kBody && lexeme.kind != LexemeKind::kField) {
        kinds.push_back(lexeme.kind);
      }
    }
  }
  using enum LexemeKind;
  EXPECT_EQ(kinds, (std::vector{kNote, kBar, kInlineField, kChordSymbol, kTuplet, kNote, kNote,
                                kNote, kTie, kBar, kEnding, kChordOpen, kNote, kNote, kChordClose,
                                kDecoration, kRest, kLineEnd}));
}

}  // namespace
}  // namespace lilt::abc
