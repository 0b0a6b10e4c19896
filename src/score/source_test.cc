#include "score/source.h"

#include <gtest/gtest.h>

#include <sstream>

#include "score/instrument.h"
#include "score/kind.h"

namespace lilt::score {
namespace {

constexpr const char* kHostile =
    "%%ps showpage\nX:1\nT:One --><b>\\251$1 %%ps\nT:\033[31mTwo\nC:(\\\nI:abc-include "
    "/etc/passwd\n"
    "%%beginps\n(x) run\n%%endps\nM:4/4\nL:1/8\nQ:1/4=100 \"%%ps\"\nK:D\n%%MIDI program 999\n"
    "\"@1,1 x\"D2 \"^\\251 %%ps\"E2 !ps!F2 +x+G2|[I:abc-include /etc/passwd]\"(A$2\"A2 \"D7\"B2 "
    "!trill!c2 .d2|\n%%EPS /etc/passwd\nw:%%ps\n[P:%%ps]d8|]\n";

abc::Tune tune_of(const std::string& text) { return abc::read_tune(text).tune; }

void expect_harmless(const std::string& text, const std::string& directive) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(directive)) {
      EXPECT_EQ(line.find('%'), std::string::npos) << line;
    }
    for (const char* bad : {"\\", "$", "passwd", "!ps!", "\033", "-->", "@1"}) {
      EXPECT_EQ(line.find(bad), std::string::npos) << line;
    }
  }
}

TEST(Source, HasNothingThatProgramsObey) {
  const auto engraving = engraving_source(tune_of(kHostile), 7, Tempo{abc::kWholeNote / 4, 100});
  ASSERT_TRUE(engraving.ok());
  expect_harmless(*engraving, "no directive at all");
  EXPECT_EQ(engraving->substr(0, 4), "X:7\n");
  EXPECT_NE(engraving->find("\nQ:1/4=100\nK:D\n"), std::string::npos) << *engraving;
  EXPECT_NE(engraving->find("!trill!"), std::string::npos);
  EXPECT_NE(engraving->find("\"^251 ps\""), std::string::npos) << *engraving;
}

TEST(Source, RefusesWhatCannotBeRendered) {
  EXPECT_FALSE(check_source(tune_of("X:1\nK:C\n|||\n")).ok());
  std::string parts = "X:1\nT:A\nP:(((A9)9)9)\nM:4/4\nL:1/8\nK:C\nP:A\n";
  for (int i = 0; i < 2000; ++i) parts += "CDEFGABc|";
  EXPECT_FALSE(check_source(tune_of(parts + "]\n")).ok());
  EXPECT_TRUE(check_source(tune_of("X:1\nK:C\nC")).ok());
}

TEST(Source, ShortensTextBetweenCharacters) {
  EXPECT_EQ(safe_text("  a\u202Eb\n ", 10), "ab");
  EXPECT_EQ(safe_text("ééé", 5), "éé");
  EXPECT_EQ(safe_text("\xFF", 5), "");
}

TEST(Tempo, IsReadInEveryForm) {
  const abc::Tune tune = tune_of("X:1\nM:6/8\nL:1/8\nK:C\nC");
  const auto quarters = [&](const char* text) {
    const auto tempo = parse_tempo(text, tune);
    return tempo ? tempo->quarters() : 0;
  };
  EXPECT_DOUBLE_EQ(quarters("1/4=120"), 120);
  EXPECT_DOUBLE_EQ(quarters("3/8 = 100 \"lively\""), 150);
  EXPECT_DOUBLE_EQ(quarters("\"Allegro 1/4=9\" 1/2=60"), 120);
  EXPECT_DOUBLE_EQ(quarters("240"), 120);
  EXPECT_DOUBLE_EQ(quarters("C=240"), 120);
  EXPECT_DOUBLE_EQ(quarters("1/4=99.6"), 99.6);
  EXPECT_DOUBLE_EQ(quarters("1/4=120.x"), 120);
  for (const char* none : {"", "slow", "1/4=", "1/4=0", "1/4=-5", "1/4=1e9", "1/4=nan", "1/4=.",
                           "1/4=99999999999999999999", "\"x\""}) {
    EXPECT_EQ(quarters(none), 0) << none;
  }
}

TEST(Tempo, IsUsualForTheRhythm) {
  const auto tempo = [](const char* header) {
    return usual_tempo(tune_of(std::string("X:1\n") + header + "K:C\nC"));
  };
  EXPECT_EQ(tempo("R:Double Jig\nM:6/8\n").beat, 3 * abc::kWholeNote / 8);
  EXPECT_EQ(tempo("R:reel\nM:4/4\n").beat, abc::kWholeNote / 2);
  EXPECT_EQ(tempo("R:jig\nM:4/4\n").beat, abc::kWholeNote / 4) << "a jig that is none";
  EXPECT_EQ(tempo("M:12/8\n").beat, 3 * abc::kWholeNote / 8);
  EXPECT_EQ(tempo("M:C|\n").beat, abc::kWholeNote / 2);
  EXPECT_EQ(tempo("M:3/8\n").beat, abc::kWholeNote / 4);
  EXPECT_EQ(tempo("M:none\n").beat, abc::kWholeNote / 4);
  EXPECT_DOUBLE_EQ((Tempo{abc::kWholeNote / 2, 60}.seconds(abc::kWholeNote)), 2);
}

TEST(Instrument, HasNamesAndNumbers) {
  EXPECT_EQ(find_instrument("fiddle"), 40);
  EXPECT_EQ(find_instrument("Acoustic Grand Piano"), 0);
  EXPECT_EQ(find_instrument("acoustic_guitar-NYLON"), 24);
  EXPECT_EQ(find_instrument("1"), 0);
  EXPECT_EQ(find_instrument("128"), 127);
  for (const char* none : {"", "0", "129", "-1", "kazoo", "1x"})
    EXPECT_FALSE(find_instrument(none));
  EXPECT_EQ(instrument_name(127), "Gunshot");
}

TEST(Kind, HasEndings) {
  EXPECT_EQ(find_kind("MIDI"), Kind::kMidi);
  EXPECT_EQ(find_kind("xml"), Kind::kMusicXml);
  EXPECT_FALSE(find_kind(""));
  EXPECT_EQ(ending(Kind::kMp3), "mp3");
  EXPECT_EQ(endings(), "abc, musicxml, mid, svg, png, pdf, wav, flac, ogg or mp3");
  for (int i = 0; i <= static_cast<int>(Kind::kMp3); ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_EQ(find_kind(ending(kind)), kind);
  }
}

}  // namespace
}  // namespace lilt::score
