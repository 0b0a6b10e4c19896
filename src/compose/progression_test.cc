#include "compose/progression.h"

#include <gtest/gtest.h>

#include <string>

#include "abc/tune.h"
#include "compose/accompaniment.h"
#include "compose/commission.h"
#include "composing.h"

namespace lilt::compose {
namespace {

constexpr abc::Ticks kEighth = abc::kWholeNote / 8;

// "G@0 C@4, D7@0": bars, chords and their places in eighths.
std::string parsed(const std::string& text, const abc::Metre& metre) {
  const Result<Progression> progression = parse_progression(text, metre, {});
  if (!progression) return progression.error().message;
  std::string shown;
  for (const std::vector<PlacedChord>& bar : progression->bars) {
    if (!shown.empty()) shown += ',';
    for (const PlacedChord& chord : bar) {
      shown +=
          (shown.empty() ? "" : " ") + chord.symbol + "@" + std::to_string(chord.place / kEighth);
    }
  }
  return shown;
}

TEST(Progression, BarsArePartedByLinesOrHaveAChordEach) {
  EXPECT_EQ(parsed("G C  D7", {4, 4}), "G@0, C@0, D7@0");
  EXPECT_EQ(parsed("G C|D7", {4, 4}), "G@0 C@4, D7@0");
  EXPECT_EQ(parsed("| G C D7 G | Em |", {4, 4}), "G@0 C@2 D7@4 G@6, Em@0");
}

TEST(Progression, ChordsShareTheBeatsOfABar) {
  EXPECT_EQ(parsed("G C|", {6, 8}), "G@0 C@3");
  EXPECT_EQ(parsed("G C|", {3, 4}), "G@0 C@4");
  EXPECT_EQ(parsed("G C D|", {3, 4}), "G@0 C@2 D@4");
  EXPECT_EQ(parsed("G C D|", {9, 8}), "G@0 C@3 D@6");
  EXPECT_EQ(parsed("G C D|", {4, 4}), "G@0 C@4 D@6");
}

TEST(Progression, SaysWhatCannotBeAndWhere) {
  EXPECT_EQ(parsed("G|C D E", {6, 8}),
            "bar 2: expected at most 2 chord symbols in 6/8, one a beat, found 3");
  EXPECT_EQ(parsed("G||C", {6, 8}), "bar 2: expected a chord symbol, found none");
  EXPECT_TRUE(parsed("G H7", {6, 8}).starts_with("bar 2: expected on, off, any or a chord symbol"));
  EXPECT_TRUE(parsed(" | ", {6, 8}).starts_with("expected on, off, any or 1 to 1000 bars"));
}

std::string field(const Wishes& wishes) {
  const Status status = check({.wishes = wishes}, support::ignorant_model());
  return status ? std::string() : status.error().place.field;
}

TEST(Progression, NeedsKeyAndMetre) {
  EXPECT_EQ(field({.key = "G", .metre = "4/4", .chords = "G C"}), "");
  EXPECT_EQ(field({.key = "G", .rhythm = "jig", .chords = "G C"}), "");
  EXPECT_EQ(field({.metre = "4/4", .chords = "G C"}), "chords");
  EXPECT_EQ(field({.key = "G", .chords = "G C"}), "chords");
  EXPECT_EQ(field({.key = "G", .metre = "4/4", .chords = "maybe"}), "chords");
  EXPECT_EQ(field({.key = "G", .metre = "3/2", .chords = "G C"}), "chords");
  EXPECT_EQ(field({.key = "G", .metre = "4/4", .start = "G8|", .chords = "G C"}), "start");
  const Request request{.wishes = {.chords = "G C"},
                        .given = {.tune = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\nG8|\n", .rewrite = "1"}};
  EXPECT_EQ(check(request, support::ignorant_model()).error().place.field, "chords");
}

// The first chords of the bars of each section, pickups aside: "G Em, G".
std::string first_chords(const Piece& piece) {
  std::string shown;
  int section = 0;
  for (const abc::Bar& bar : piece.tune.voices[0].bars()) {
    for (std::size_t i = bar.begin; i < bar.end; ++i) {
      const abc::Element& element = piece.tune.voices[0].elements[i];
      if (!element.takes_time()) continue;
      if (element.chord_symbols.empty()) break;
      if (!shown.empty()) shown += bar.section != section ? ", " : " ";
      section = bar.section;
      shown += element.chord_symbols[0];
      break;
    }
  }
  return shown;
}

TEST(Progression, TunesAreWrittenOverIt) {
  ModelContents contents = support::random_composer(7);
  contents.config.text.in_c = true;
  for (const Model& model : {support::ignorant_model(), support::opened(contents)}) {
    Session session(model, 4);
    support::Collector sink;
    const Wishes wishes{.key = "A", .metre = "6/8", .form = "AAB", .bars = 6, .chords = "A D|E7"};
    ASSERT_TRUE(session.submit({.wishes = wishes, .sampling = {}, .number = 20}, sink));
    while (session.step()) {
    }
    ASSERT_EQ(sink.pieces.size(), 20U);
    for (const Piece& piece : sink.pieces) {
      EXPECT_TRUE(abc::read_tune(piece.text).is_correct()) << piece.text;
      EXPECT_EQ(first_chords(piece), "A E7 A, A E7 A") << piece.text;
      EXPECT_TRUE(begins_bars_with_symbols(piece.text)) << piece.text;
    }
  }
}

}  // namespace
}  // namespace lilt::compose
