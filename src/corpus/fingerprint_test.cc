#include "corpus/fingerprint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace lilt::corpus {
namespace {

Fingerprint of(const std::string& text) { return fingerprint(abc::read_tune(text).tune); }

std::string header(const std::string& rest) { return "X:1\nT:A tune\n" + rest; }

// One tune, written by hand in other ways.
const std::string kInD = header(
    "M:6/8\nL:1/8\nK:D\n"
    "|:DEF AFD|GFG Bcd|cAA dAF|GFE D3|DEF AFD|GFG Bcd|cde fdc|d3 d2z:|\n");

// The same tune a number of semitones higher: in C with accidentals for everything.
std::string transposed(int semitones) {
  static const char* const kNames[] = {"=C", "^C", "=D", "^D", "=E", "=F",
                                       "^F", "=G", "^G", "=A", "^A", "=B"};
  const std::pair<int, const char*> notes[] = {
      {2, ""},   {4, ""},   {6, " "}, {9, ""},  {6, ""},   {2, "|"},   {7, ""},
      {6, ""},   {7, " "},  {11, ""}, {13, ""}, {14, "|"}, {13, ""},   {9, ""},
      {9, " "},  {14, ""},  {9, ""},  {6, "|"}, {7, ""},   {6, ""},    {4, " "},
      {2, "3|"}, {2, ""},   {4, ""},  {6, " "}, {9, ""},   {6, ""},    {2, "|"},
      {7, ""},   {6, ""},   {7, " "}, {11, ""}, {13, ""},  {14, "|"},  {13, ""},
      {14, ""},  {16, " "}, {18, ""}, {14, ""}, {13, "|"}, {14, "3 "}, {14, "2z:|"}};
  std::string body = "|:";
  for (const auto& [note, after] : notes) {
    const int pitch = note + semitones + 12;
    body += kNames[pitch % 12];
    for (int octave = pitch / 12; octave > 1; --octave) body += '\'';
    for (int octave = pitch / 12; octave < 1; ++octave) body += ',';
    body += after;
  }
  return header("M:6/8\nL:1/8\nK:C\n" + body + "\n");
}

TEST(Fingerprint, IsTheSameInEveryKey) {
  const Fingerprint d = of(kInD);
  EXPECT_NE(d.whole, 0U);
  EXPECT_FALSE(d.runs.empty());
  for (int semitones = -12; semitones <= 12; ++semitones) {
    const Fingerprint other = of(transposed(semitones));
    EXPECT_EQ(other.whole, d.whole) << semitones;
    EXPECT_EQ(other.runs, d.runs) << semitones;
  }
}

TEST(Fingerprint, IsTheSameWithOtherTitlesFieldsAndChords) {
  const Fingerprint other =
      of("X:99\nT:Another name\nT:Yet another\nC:Someone\nR:jig\nM:6/8\nL:1/8\nK:D\n"
         "|:\"D\"DEF \"A7\"AFD|(GFG) B>cd|");
  EXPECT_NE(other.whole, of(kInD).whole);
  std::string decorated = kInD;
  decorated.replace(decorated.find("T:A tune"), 8, "T:Another name\nC:Someone\nN:!");
  decorated.replace(decorated.find("DEF AFD"), 7, "\"D\"DEF {g}!trill!\"A7\"A(FD)");
  EXPECT_EQ(of(decorated).whole, of(kInD).whole);
  EXPECT_EQ(of(decorated).runs, of(kInD).runs);
}

TEST(Fingerprint, IsTheSameInOtherUnitLengthsAndNoteLengths) {
  const std::string sixteenths = header(
      "M:6/8\nL:1/16\nK:D\n"
      "|:D2E2F2 A2F2D2|G2F2G2 B2c2d2|c2A2A2 d2A2F2|G2F2E2 D6|D2E2F2 A2F2D2|G2F2G2 B2c2d2|c2d2e2 "
      "f2d2c2|d6 d4z2:|\n");
  const std::string twice_as_long = header(
      "M:6/4\nL:1/4\nK:D\n"
      "|:DEF AFD|GFG Bcd|cAA dAF|GFE D3|DEF AFD|GFG Bcd|cde fdc|d3 d2z:|\n");
  for (const std::string& other : {sixteenths, twice_as_long}) {
    EXPECT_EQ(of(other).whole, of(kInD).whole);
    EXPECT_EQ(of(other).runs, of(kInD).runs);
  }
}

TEST(Fingerprint, IsTheSameWithRepeatsWrittenOut) {
  const std::string body = "DEF AFD|GFG Bcd|cAA dAF|GFE D3";
  const Fingerprint repeated = of(header("M:6/8\nL:1/8\nK:D\n|:" + body + ":|\n"));
  const Fingerprint written = of(header("M:6/8\nL:1/8\nK:D\n" + body + "|" + body + "|]\n"));
  EXPECT_EQ(repeated.whole, written.whole);
}

TEST(Fingerprint, TiesAndRestsAreTime) {
  const Fingerprint tied = of(header("M:4/4\nL:1/4\nK:C\nCD-DE|F2zG|\n"));
  const Fingerprint plain = of(header("M:4/4\nL:1/4\nK:C\nCD2E|F3G|\n"));
  EXPECT_EQ(tied.whole, plain.whole);
}

TEST(Fingerprint, SeesOneOtherNoteAndOneOtherLength) {
  std::string note = kInD, length = kInD;
  note.replace(note.find("cde fdc"), 7, "cde fec");
  length.replace(length.find("cde fdc"), 7, "cde f3/2d/2c");
  EXPECT_NE(of(note).whole, of(kInD).whole);
  EXPECT_NE(of(length).whole, of(kInD).whole);
}

TEST(Fingerprint, OfNothing) {
  for (const char* text : {"", "X:1\n", "X:1\nK:C\n", "X:1\nK:C\nz4|\n", "X:1\nK:C\nC|\n"}) {
    const Fingerprint nothing = of(text);
    EXPECT_EQ(nothing.whole, 0U) << text;
    EXPECT_TRUE(nothing.runs.empty()) << text;
  }
}

Families gather(const std::vector<Fingerprint>& fingerprints) {
  SharedAnchors shared(0);
  for (const Fingerprint& one : fingerprints) {
    std::vector<std::uint64_t> anchors;
    for (const corpus::Run& run : one.runs) anchors.push_back(run.anchor);
    shared.add(anchors);
  }
  Families families;
  for (const Fingerprint& one : fingerprints) families.add(one, shared);
  families.find();
  return families;
}

TEST(Families, GrowTogether) {
  const Families families = gather({{1, {{10, 100}, {11, 110}}},
                                    {2, {{20, 200}, {21, 200}}},
                                    {3, {{30, 100}}},  // the same anchor is not the same run
                                    {1, {{10, 100}, {11, 110}}},
                                    {4, {{11, 110}, {20, 200}}},  // joins the first two
                                    {0, {}},
                                    {0, {}}});
  ASSERT_EQ(families.tunes(), 7U);
  EXPECT_EQ(families.original(3), 0U);
  EXPECT_EQ(families.original(4), 4U);
  const std::size_t expected[] = {0, 0, 2, 0, 0, 5, 6};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(families.family(i), expected[i]) << i;
  EXPECT_EQ(families.originals(), 6U);
  EXPECT_EQ(families.families(), 4U);
}

TEST(Families, AreRightForManyRuns) {
  std::vector<Fingerprint> tunes;
  constexpr std::uint64_t kTunes = 5000;
  // Tune i shares a run with tune i + 10 only.
  for (std::uint64_t i = 0; i < kTunes; ++i) {
    tunes.push_back(
        {1'000'000 + i, {{i, 2 * i + 2}, {i + 10, 2 * i + 22}, {(i << 32) | 1U << 31, 2}}});
  }
  const Families families = gather(tunes);
  EXPECT_EQ(families.families(), 10U);
  for (std::size_t i = 0; i < kTunes; ++i) ASSERT_EQ(families.family(i), i % 10);
}

TEST(SharedAnchors, AreThoseOfSeveralTunes) {
  SharedAnchors shared(0);
  EXPECT_FALSE(shared.contains(7));
  for (std::uint64_t i = 0; i < 3000; ++i) {
    shared.add({2 * i + 2, 2 * i + 2, 2 * (i % 1000) + 20'000});
  }
  for (std::uint64_t i = 0; i < 3000; ++i) {
    ASSERT_FALSE(shared.contains(2 * i + 2)) << i;
    ASSERT_TRUE(shared.contains(2 * (i % 1000) + 20'000)) << i;
  }
}

// Wherever the shared run stands in two tunes, it has the same anchor.
TEST(Fingerprint, SharedRunsHaveSharedAnchors) {
  const std::string shared = "CEGAcfdBGAFDECFAcegfdcBAGECDFABcde";
  const auto tune = [&](const std::string& before, const std::string& after) {
    return of(header("M:none\nL:1/8\nK:C\n" + before + shared + after + "\n"));
  };
  const Fingerprint a = tune("A2B3c4d2A3E2D3", "g2f3e4");
  for (const std::string before : {"", "c", "f3e2", "a4b3c'2d'4e'", "EEEEEEEEEEEEEEEEEEEEEEEEEE"}) {
    const Fingerprint b = tune(before, "b");
    std::size_t found = 0;
    for (const corpus::Run& run : b.runs) found += std::ranges::binary_search(a.runs, run) ? 1 : 0;
    EXPECT_EQ(found, shared.size() - kFamilyRun) << before;
  }
}

TEST(Families, NeedALongSharedRun) {
  // Two tunes that share exactly `shared` steps and then go on differently.
  const auto related = [](std::size_t shared) {
    const std::string scale = "CDEFGABcdefgagfedcBAGFEDCEGcegecGECFAcfafcAF";
    const auto tune = [&](const std::string& rest) {
      std::string text = header("M:none\nL:1/8\nK:C\n" + scale.substr(0, shared + 1));
      return text + rest + "\n";
    };
    return gather({of(tune("c'2b4a2g3c'bc'b")), of(tune("D,4E,3F,2G,D,E,"))}).families() == 1;
  };
  EXPECT_TRUE(related(kFamilyRun + 1));  // the ratio of the last step depends on what follows
  EXPECT_FALSE(related(kFamilyRun - 1));
}

}  // namespace
}  // namespace lilt::corpus
