#include "compose/splice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "abc/book.h"
#include "abc/canonical.h"
#include "abc/tune.h"
#include "composing.h"

namespace lilt::compose {
namespace {

namespace fs = std::filesystem;

std::string header(const std::string& unit = "1/8", const std::string& key = "G") {
  return "X:3\nT:Given  % by me\nM:4/4\nL:" + unit + "\nK:" + key + "\n";
}

std::string canonical(const std::string& text) {
  return abc::canonical_text(abc::read_tune(text).tune, {.music_only = true, .number = 1});
}

// The source with bars of another tune.
std::string with_bars(const std::string& source, const BarSpan& bars, const std::string& tune) {
  const Result<Splice> splice = plan_splice(source, canonical(source), bars);
  EXPECT_TRUE(splice) << splice.error().to_string();
  return splice ? spliced(*splice, tune) : "";
}

std::string why_not(const std::string& source, const BarSpan& bars) {
  const Result<Splice> splice = plan_splice(source, canonical(source), bars);
  EXPECT_FALSE(splice) << source;
  return splice ? "" : splice.error().to_string();
}

TEST(Splice, ChangesTheMusicOfTheBarsAlone) {
  const std::string source = header() +
                             "%%scale 0.7\nA2 | ~B2 .c2  !trill!d4 | \"^slow\" e4  f4 | % two\n"
                             "w: la la\ng8|]  \nW:end\n";
  const std::string tune = header() + "A2|G2B2 d4|c8|B8|]\n";
  EXPECT_EQ(with_bars(source, {1, 1}, tune),
            header() +
                "%%scale 0.7\nA2 | G2B2 d4 | \"^slow\" e4  f4 | % two\n"
                "w: la la\ng8|]  \nW:end\n");
  EXPECT_EQ(with_bars(source, {2, 3}, tune),
            header() +
                "%%scale 0.7\nA2 | ~B2 .c2  !trill!d4 | c8 | % two\n"
                "w: la la\nB8|]  \nW:end\n");
}

TEST(Splice, LeavesPickupsAndEndingsAlone) {
  const std::string source = header() + "|: A|B8|c4 d3:|\n|:e|f8|1 g7 :|2 g7||\na|b8|]\n";
  const std::string tune = header() + "|:A|G8|G4 A3:|\n|:B|c8|1 d7:|2 d7||\nB|A8|]\n";
  EXPECT_EQ(with_bars(source, {2, 4}, tune),
            header() + "|: A|B8|G4 A3:|\n|:e|c8|1 d7 :|2 g7||\na|b8|]\n");
  EXPECT_EQ(with_bars(source, {5, 5}, tune),
            header() + "|: A|B8|c4 d3:|\n|:e|f8|1 g7 :|2 d7||\na|b8|]\n");
}

TEST(Splice, WritesLengthsInTheUnitInForce) {
  const std::string tune = header() + "A>B (3cde [FA]2 {f/2}z2|[F2A2]3 d/2e3/2|f8|\n";
  EXPECT_EQ(with_bars(header("1/16") + "A16|B16|c16|\n", {1, 2}, tune),
            header("1/16") + "A2>B2 (3c2d2e2 [FA]4 {f}z4|[F2A2]6 de3|c16|\n");
  EXPECT_EQ(with_bars(header("1/4") + "A4|B4|c4|\n", {1, 1}, tune),
            header("1/4") + "A/2>B/2 (3c/2d/2e/2 [FA] {f/4}z|B4|c4|\n");
  EXPECT_EQ(
      with_bars(header() + "A8|[L:1/16]B16|\nL:1/4\nc4|\n", {2, 3}, header() + "A8|B4c4|d8|\n"),
      header() + "A8|[L:1/16]B8c8|\nL:1/4\nd4|\n");
}

TEST(Splice, SpellsForTheKeyInForce) {
  // Lilt writes this key as Db.
  const std::string source = header("1/8", "C#") + "c8|d8|e8|\n";
  EXPECT_EQ(with_bars(source, {2, 2}, header("1/8", "Db") + "c8|\"Gb\"F4 =G4|e8|\n"),
            header("1/8", "C#") + "c8|\"F#\"E4 =G4|e8|\n");
  EXPECT_EQ(with_bars(header("1/8", "D ^g") + "c8|d8|e8|\n", {2, 2},
                      header("1/8", "D") + "c8|^G4 =G4|e8|\n"),
            header("1/8", "D ^g") + "c8|G4 =G4|e8|\n");
}

TEST(Splice, KeepsSlursAndTiesOfWhatStays) {
  const std::string source = header() + "A4 (B4|c4) (d4|e4 f4|g4) a4-|a8|\n";
  const std::string tune = header() + "A8|G2B2 d4|c8|B8|A4 G4|\n";
  EXPECT_EQ(with_bars(source, {2, 2}, tune), header() + "A4 (B4|G2)B2 (d4|e4 f4|g4) a4-|a8|\n");
  EXPECT_EQ(with_bars(source, {2, 4}, header() + "A8|(G2B2|d4) c4|B8-|B4 G4|\n"),
            header() + "A4 (B4|(G2)B2|d4) c4|B8|a8|\n");
  // The tie into a bar stays.
  EXPECT_EQ(with_bars(source, {5, 5}, header() + "A8|A8|A8|A4a4-|a4 g4|\n"),
            header() + "A4 (B4|c4) (d4|e4 f4|g4) a4-|a4 g4|\n");
}

TEST(Splice, DividesABarWhereALineEnds) {
  const std::string source = header() + "A8|B4 c2\nw: la la\nd2|e8|\n";
  EXPECT_EQ(with_bars(source, {2, 2}, header() + "A8|B2c2 d2 e2|A8|\n"),
            header() + "A8|B2c2 d2\nw: la la\ne2|e8|\n");
}

TEST(Splice, RefusesBarsThatCannotChangeAlone) {
  EXPECT_NE(why_not(header() + "A8|B8 & c8|d8|\n", {1, 2}).find("another voice (&) in bar 2"),
            std::string::npos);
  EXPECT_NE(why_not(header() + "A8|Z3|d8|\n", {3, 3}).find("bars 2-4 as one rest"),
            std::string::npos);
  // The second note keeps its accidental only by the tie.
  EXPECT_NE(why_not(header() + "A8|^d8-|d8|\n", {2, 2}).find("a tie out of bar 2"),
            std::string::npos);
  EXPECT_EQ(with_bars(header() + "A8|^d8-|d8|\n", {1, 1}, header() + "G8|^d8-|d8|\n"),
            header() + "G8|^d8-|d8|\n");
}

TEST(Splice, KnowsWhereThereAreLyrics) {
  const std::string source = header() + "A8|B8|\nw: la la\nc8|d8|\n";
  const auto has = [&](const BarSpan& bars) {
    return has_lyrics(*plan_splice(source, canonical(source), bars));
  };
  EXPECT_TRUE(has({1, 1}));
  EXPECT_TRUE(has({2, 3}));
  EXPECT_FALSE(has({3, 4}));
}

TEST(Continued, WritesLengthsThatBrokenRhythmWouldGive) {
  const std::string given = header() + "A8|B4 c3/|]\n";
  EXPECT_EQ(continued(given, header() + "A8|B4c>[df]d2|]\n", 3),
            header() + "A8|B4 c3/ [df]/2d2|]\n");
  EXPECT_EQ(continued(given, header() + "A8|B4c>dd2|]\n", 3), header() + "A8|B4 c3/ d/2d2|]\n");
}

TEST(Continued, OpensTheFinalBarLine) {
  const std::string more = header() + "A8|B8|\nc8|\"G\"^d8|]\n";
  EXPECT_EQ(continued(header() + "~A8| B8 |]\n", more, 2), header() + "~A8| B8 |\nc8|\"G\"^d8|]\n");
  EXPECT_EQ(continued(header("1/16") + "A16|B16|| % so\nw:la\nW:end\n", more, 2),
            header("1/16") + "A16|B16| % so\nw:la\nW:end\nc16|\"G\"^d16|]\n");
  EXPECT_EQ(continued(header() + "A8|B8\n", more, 2), header() + "A8|B8|\nc8|\"G\"^d8|]\n");
  EXPECT_EQ(continued(header() + "|:A8|B8:|\n", header() + "|:A8|B8:|\n|:c8:|\n", 2),
            header() + "|:A8|B8:|\n|:c8:|\n");
  EXPECT_EQ(continued(header() + "|:A8|1 B8:|2 c8 :|\n", header() + "|:A8|1B8:|2c8|\nd8|]\n", 3),
            header() + "|:A8|1 B8:|2 c8 |\nd8|]\n");
  EXPECT_EQ(continued(header() + "|:A8|B8:|\n", header() + "|:A8|B8::c8:|\n", 2),
            header() + "|:A8|B8:|\n|:c8:|\n");
}

TEST(Continued, GoesOnWithinABar) {
  const std::string more = header() + "A|B8|c7 d|e8|]\n";
  EXPECT_EQ(continued(header() + "A|.B8|c7|]\n", more, 3), header() + "A|.B8|c7 d|e8|]\n");
  EXPECT_EQ(continued(header() + "A|.B8|c7|]\nw: la\n", more, 3),
            header() + "A|.B8|c7\nw: la\nd|e8|]\n");
}

TEST(CountedOn, RaisesTheNumberOfTheTune) {
  EXPECT_EQ(counted_on("%a\nX: 7 % so\nT:a\n", 2), "%a\nX: 9 % so\nT:a\n");
  EXPECT_EQ(counted_on("X:7\nT:a\n", 0), "X:7\nT:a\n");
  EXPECT_EQ(counted_on("X:\nT:a\n", 2), "X:\nT:a\n");
}

// --- Tunes as people wrote them

std::vector<std::string> collected_tunes() {
  std::vector<std::string> tunes;
  std::error_code none;
  const fs::path shared = fs::path(LILT_CORPORA).parent_path();
  for (const auto& entry : fs::recursive_directory_iterator(shared, none)) {
    if (!entry.is_regular_file()) continue;
    abc::BookReader book([&](const abc::BookTune& tune) {
      if (tune.text.size() < kLongestGiven) tunes.push_back(tune.text + "\n");
    });
    std::ifstream file(entry.path(), std::ios::binary);
    book.feed(std::string(std::istreambuf_iterator<char>(file), {}));
    book.finish();
  }
  return tunes;
}

// The text without the music of those bars.
std::vector<std::string> kept_of(const std::string& text, const BarSpan& bars) {
  std::vector<std::string> kept;
  std::size_t done = 0;
  for (const abc::Stretch& stretch : abc::find_stretches(text)) {
    if (!bars.contains(stretch.bar)) continue;
    kept.push_back(text.substr(done, stretch.place.begin - done));
    done = stretch.place.end;
  }
  kept.push_back(text.substr(done));
  return kept;
}

// What is made of the tune, or nothing.
std::string made_of(const GivenWish& given, const Model& model) {
  Session session(model, 1);
  support::Collector sink;
  Request request{.given = given, .sampling = {}, .best_of = 1, .seed = 3};
  if (!session.submit(request, sink)) return "";
  while (session.step()) {
  }
  return sink.pieces[0].text;
}

void expect_that_given_tunes_stay(const Model& model) {
  std::vector<std::string> tunes = collected_tunes();
  if (tunes.empty()) GTEST_SKIP() << "no collections in " LILT_CORPORA;
  const std::size_t step = std::getenv("LILT_THOROUGH") != nullptr ? 1 : 23;
  int rewritten = 0, gone_on = 0, refused = 0;
  for (std::size_t i = 0; i < tunes.size(); i += step) {
    const std::string& tune = tunes[i];
    const abc::Reading reading = abc::read_tune(tune);
    if (!reading.is_correct() || reading.tune.voices.size() != 1) continue;
    int count = 0;
    for (const abc::Stretch& stretch : abc::find_stretches(tune))
      count = std::max(count, stretch.bar);
    if (count == 0) continue;
    const int first = 1 + static_cast<int>(i % static_cast<std::size_t>(count));
    const BarSpan bars{first, std::min(count, first + static_cast<int>(i % 4))};
    const std::string made = made_of(
        {.tune = tune, .rewrite = std::to_string(bars.first) + "-" + std::to_string(bars.last)},
        model);
    if (made.empty()) {
      ++refused;
    } else {
      ++rewritten;
      EXPECT_EQ(kept_of(made, bars), kept_of(tune, bars));
      EXPECT_EQ(std::count(made.begin(), made.end(), '|'),
                std::count(tune.begin(), tune.end(), '|'))
          << made;
      EXPECT_TRUE(abc::read_tune(made).is_correct()) << made;
    }
    const std::string longer = made_of({.tune = tune, .goes_on = true}, model);
    if (!longer.empty()) {
      ++gone_on;
      EXPECT_TRUE(abc::read_tune(longer).is_correct()) << longer;
      const std::size_t end = abc::find_stretches(tune).back().place.end;
      EXPECT_EQ(longer.substr(0, end), tune.substr(0, end));
    }
    if (testing::Test::HasFailure()) return;
  }
  std::printf("%d tunes rewritten, %d gone on from, %d refused\n", rewritten, gone_on, refused);
  EXPECT_LT(refused, rewritten / 50);
}

TEST(Collections, GivenTunesStayAsTheyAre) {
  expect_that_given_tunes_stay(support::ignorant_model());
}

TEST(Collections, GivenTunesStayAsTheyAreWhereTheyAreReadInC) {
  expect_that_given_tunes_stay(support::ignorant_model_in_c());
}

}  // namespace
}  // namespace lilt::compose
