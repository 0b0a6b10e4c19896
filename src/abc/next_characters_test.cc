#include "abc/next_characters.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "abc/canonical.h"
#include "abc/performance.h"
#include "abc/tune.h"
#include "base/text.h"
#include "walk.h"

namespace lilt::abc {
namespace {

constexpr std::string_view kHeader = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n";

Cursor after(std::string_view text) {
  Cursor cursor;
  for (const char c : text) cursor.push(static_cast<unsigned char>(c));
  return cursor;
}

CharacterSet next(std::string_view body, const Requirements& requirements = {}) {
  return next_characters(after(std::string(kHeader).append(body)), requirements, Alphabet());
}

bool can_follow(std::string_view body, char c, const Requirements& requirements = {}) {
  return next(body, requirements).contains(static_cast<unsigned char>(c));
}

TEST(NextCharacters, TheHeaderComesInItsOrder) {
  const auto set = [](std::string_view text) {
    return next_characters(after(text), {}, Alphabet());
  };
  EXPECT_EQ(set(""), CharacterSet("X"));
  EXPECT_EQ(set("X"), CharacterSet(":"));
  EXPECT_EQ(set("X:"), CharacterSet("123456789"));
  EXPECT_EQ(set("X:1\n"), CharacterSet("T"));
  EXPECT_TRUE(set("X:1\nT:a\n").contains(U'M'));
  EXPECT_FALSE(set("X:1\nT:a\n").contains(U'K'));
  EXPECT_EQ(set("X:1\nT:a\nM:4/4\n"), CharacterSet("L"));
  EXPECT_EQ(set("X:1\nT:a\nM:4/4\nL:1/8\n"), CharacterSet("K"));
  EXPECT_EQ(set("X:1\nT:a\nM:4/4\nL:1/8\nK:"), CharacterSet("ABCDEFG"));
  EXPECT_EQ(set("X:1\nT:a\nM:4/4\nL:1/8\nK:Gd"), CharacterSet("o"));
  EXPECT_EQ(set("X:1\nT:a\nM:4/4\nL:1/8\nK:Gdor"), CharacterSet("\n"));
}

TEST(NextCharacters, RequirementsRuleTheHeader) {
  Requirements jig;
  jig.metre = parse_metre("6/8");
  jig.key = make_key(step_of('A'), 0, Mode::kDorian);
  jig.rhythm = "jig";
  const auto set = [&](std::string_view text) {
    return next_characters(after(text), jig, Alphabet());
  };
  EXPECT_EQ(set("X:1\nT:a\nR:"), CharacterSet("j"));
  EXPECT_FALSE(set("X:1\nT:a\n").contains(U'M'));
  EXPECT_EQ(set("X:1\nT:a\nR:jig\nM:"), CharacterSet("6"));
  EXPECT_EQ(set("X:1\nT:a\nR:jig\nM:6/8\nL:1/8\nK:A"), CharacterSet("d"));
}

TEST(NextCharacters, AChordThatABarsRestEmptiedBeginsAnew) {
  EXPECT_EQ(next("[cZ|^"), CharacterSet("ABCDEGabcdeg"));
}

TEST(NextCharacters, APickupLeavesNoChordOfTheAccompanimentUnfinished) {
  const auto can_be_pickup = [](const std::string& metre, const std::string& pickup,
                                ChordSymbols chords) {
    const Requirements wanted{
        .metre = parse_metre(metre), .complete_bars = true, .chord_symbols = chords};
    const std::string text = "X:1\nT:a\nM:" + metre + "\nL:1/8\nK:G\n" + pickup;
    return next_characters(after(text), wanted, Alphabet()).contains(U'|');
  };
  using enum ChordSymbols;
  EXPECT_TRUE(can_be_pickup("3/4", "c3/2", kAny));
  EXPECT_FALSE(can_be_pickup("3/4", "c3/2", kSome));
  EXPECT_FALSE(can_be_pickup("3/4", "\"G\"c3/2", kAny));
  EXPECT_TRUE(can_be_pickup("3/4", "\"G\"c/2", kAny));
  EXPECT_TRUE(can_be_pickup("6/8", "\"G\"c3/2", kAny));
  EXPECT_FALSE(can_be_pickup("6/8", "\"G\"c/2", kAny));
  EXPECT_FALSE(can_be_pickup("5/4", "\"G\"c7c2", kAny));
  EXPECT_TRUE(can_be_pickup("7/8", "\"G\"c/2", kAny));
  EXPECT_FALSE(can_be_pickup("3/8", "\"G\"c3/4", kAny));
  // Once there is such a pickup, there are no chord symbols.
  EXPECT_FALSE(can_follow("c3/2|", '"', {.complete_bars = true}));
  EXPECT_TRUE(can_follow("c2|", '"', {.complete_bars = true}));
  EXPECT_TRUE(can_follow("c3/2|", '"'));
}

TEST(NextCharacters, AHornpipeHasAMetreOfHornpipes) {
  const auto set = [](std::string_view text, const char* metre) {
    return next_characters(after(text), {.metre = parse_metre(metre)}, Alphabet());
  };
  for (const char* rhythm : {"X:1\nT:a\nR:hornpip", "X:1\nT:a\nR:Hornpip"}) {
    EXPECT_FALSE(set(rhythm, "6/8").contains(U'e'));
    EXPECT_FALSE(set(rhythm, "C|").contains(U'E'));
    EXPECT_TRUE(set(rhythm, "6/8").contains(U'a'));
    EXPECT_TRUE(set(rhythm, "4/4").contains(U'e'));
  }
  EXPECT_TRUE(set("X:1\nT:a\nR:a hornpip", "6/8").contains(U'e'));
  EXPECT_EQ(next_characters(after("X:1\nT:a\nR:Hornpipe\nM:"), {}, Alphabet()),
            CharacterSet("C24"));
}

TEST(NextCharacters, AHornpipeBreaksItsRhythmOnTheBeat) {
  const auto can_be_broken = [](const char* music) {
    const std::string hornpipe = "X:1\nT:a\nR:hornpipe\nM:4/4\nL:1/8\nK:G\n";
    const Requirements complete{.complete_bars = true};
    return next_characters(after(hornpipe + music), complete, Alphabet()).contains(U'>');
  };
  EXPECT_TRUE(can_be_broken("c2c"));
  EXPECT_FALSE(can_be_broken("c2cc"));
  EXPECT_FALSE(can_be_broken("[ce]2c")) << "behind a chord programs lose count";
  EXPECT_TRUE(can_be_broken("[ce]8|c"));
  EXPECT_TRUE(can_follow("c2cc", '>'));
}

TEST(NextCharacters, AHornpipeBeginsNoBarWithADottedChord) {
  const std::string hornpipe = "X:1\nT:a\nR:hornpipe\nM:4/4\nL:1/8\nK:G\n";
  const auto after_chord = [&](const char* music) {
    const Requirements complete{.complete_bars = true};
    return next_characters(after(hornpipe + music), complete, Alphabet()) & CharacterSet("23467");
  };
  EXPECT_EQ(after_chord("c6(3BAG|[ce]"), CharacterSet("24"));
  EXPECT_EQ(after_chord("c6(3BAG|c2[ce]"), CharacterSet("23467"));
}

TEST(NextCharacters, NotesFillTheBar) {
  EXPECT_TRUE(can_follow("c6c", '2'));
  EXPECT_FALSE(can_follow("c6c", '4'));
  EXPECT_TRUE(can_follow("c6c", '/'));
  EXPECT_FALSE(can_follow("c4|c6", '|', {.complete_bars = true}));
  EXPECT_FALSE(can_follow("c4|c6|", 'c'));
  EXPECT_TRUE(can_follow("c4|c6c2", '|'));
  EXPECT_FALSE(can_follow("c4|c6c2", 'c'));
  EXPECT_TRUE(can_follow("c4", '|'));  // a pickup
}

TEST(NextCharacters, LengthsAreWrittenInOneWay) {
  EXPECT_FALSE(can_follow("c", '1'));
  EXPECT_FALSE(can_follow("c", '0'));
  EXPECT_FALSE(can_follow("c", '5'));
  EXPECT_TRUE(can_follow("c", '3'));
  EXPECT_EQ(next("c3/") & CharacterSet("0123456789/"), CharacterSet("24"));
  EXPECT_FALSE(can_follow("c2", '/'));
}

TEST(NextCharacters, AccidentalsOnlyWhereTheyAreNeeded) {
  EXPECT_FALSE(can_follow("^", 'f'));  // sharp by the signature
  EXPECT_TRUE(can_follow("=", 'f'));
  EXPECT_TRUE(can_follow("=f2^", 'f'));
  EXPECT_FALSE(can_follow("^c2^", 'c'));
  EXPECT_TRUE(can_follow("^c8|^", 'c'));
}

TEST(NextCharacters, ATieLeadsToItsNote) {
  EXPECT_EQ(next("c4-") & CharacterSet("ABCDEFGabcdefgz[{^=_"), CharacterSet("c"));
  EXPECT_TRUE(can_follow("c8-", '|'));
  EXPECT_FALSE(can_follow("|:c8-", ':'));
  EXPECT_EQ(next("c'4-c"), CharacterSet("'"));
}

TEST(NextCharacters, RepeatsAndEndingsClose) {
  EXPECT_TRUE(can_follow("|:c8", ':'));
  EXPECT_FALSE(can_follow("|:c8", ']'));
  EXPECT_FALSE(can_follow("c8|c8", ':'));
  EXPECT_TRUE(can_follow("|:c8|", '1'));
  EXPECT_EQ(next("|:c8|1c8:|"), CharacterSet("2\n"));
  EXPECT_FALSE(can_follow("|:c8|1c8", '|', {.bars = 2}));
  // A section that starts with a pickup ends where it began.
  EXPECT_TRUE(can_follow("|:c2|c8|c6", ':'));
  EXPECT_FALSE(can_follow("|:c2|c8|c8", ':'));
}

TEST(NextCharacters, TheTuneEndsWhereItMay) {
  EXPECT_FALSE(can_follow("c8", '\n'));
  EXPECT_EQ(next("c8|]"), CharacterSet("\n"));
  EXPECT_EQ(next("c8|]\n"), CharacterSet("\n"));
  EXPECT_TRUE(next("c8|]\n\n").empty());
  EXPECT_FALSE(can_follow("c8|", ']', {.bars = 2}));
  EXPECT_EQ(next("c8|c8", {.bars = 2}), CharacterSet("|"));
  EXPECT_EQ(next("c8", {.ends_here = true}), CharacterSet("|"));
  EXPECT_TRUE(can_follow("c6", '|') && !can_follow("c8|c6", '|', {.complete_bars = true}));
}

TEST(NextCharacters, OctaveMarksDoNotHideHowTheTuneCanEnd) {
  // The slur needs a note in another bar, which has to be reached first.
  EXPECT_TRUE(can_follow("C8|C7C3/4(C", '/', {.ends_here = true}));
  EXPECT_TRUE(can_follow("C8|C7C3/4(C", ',', {.ends_here = true}));
}

TEST(NextCharacters, BarsAreCountedInFreeMetreToo) {
  const std::string header = "X:1\nT:A\nM:none\nL:1/8\nK:C\n";
  const Requirements two{.metre = Metre{}, .bars = 2};
  EXPECT_TRUE(next_characters(after(header + "C4|C4|C"), two, Alphabet()).contains(U'|'));
  EXPECT_FALSE(next_characters(after(header + "C4|C4|C4|"), two, Alphabet()).contains(U'C'));
  const CharacterSet end = next_characters(after(header + "C4|C4|C4|"), two, Alphabet());
  EXPECT_TRUE(end.contains(U']'));
  EXPECT_FALSE(end.contains(U'\n'));
}

TEST(NextCharacters, NothingAfterWhatIsWrong) {
  EXPECT_TRUE(next("c4|c4|c").empty());
  EXPECT_TRUE(next("c4}").empty());
}

TEST(Alphabet, NamesWhatIsMissing) {
  std::vector<char32_t> vocabulary;
  for (char32_t c = 32; c < 127; ++c) vocabulary.push_back(c);
  const auto without_newline = Alphabet::of(vocabulary);
  ASSERT_FALSE(without_newline.ok());
  EXPECT_NE(without_newline.error().message.find("U+000A"), std::string::npos);
  vocabulary.push_back(U'\n');
  EXPECT_TRUE(Alphabet::of(vocabulary).ok());
}

TEST(Alphabet, LeavesOutWhatCannotBeWritten) {
  std::vector<char32_t> vocabulary = {U'\n', U' '};
  for (const char32_t c : U"0123456789:ABCDEFGKLMTX[]abcdefgz|/()\"") {
    if (c != 0) vocabulary.push_back(c);
  }
  const Alphabet alphabet = Alphabet::of(vocabulary).value();
  Random random(3, RandomStream::kSample);
  for (int i = 0; i < 200; ++i) {
    const std::string tune = support::random_tune({}, alphabet, random);
    ASSERT_FALSE(tune.empty());
    ASSERT_EQ(tune.find_first_of("{}^_=,'-<>"), std::string::npos) << tune;
    EXPECT_TRUE(read_tune(tune).is_correct()) << tune;
  }
}

struct Wish {
  const char *metre, *key;
  int bars;
};

class RandomWalks : public testing::TestWithParam<Wish> {};

// Whatever is drawn from the set, the tune ends, is correct and is as it was asked for.
TEST_P(RandomWalks, EndInATuneAsAskedFor) {
  const Alphabet alphabet;
  const int walks = std::getenv("LILT_THOROUGH") != nullptr ? 10000 : 700;
  for (int i = 0; i < walks; ++i) {
    Random random(11, RandomStream::kSample, static_cast<std::uint64_t>(i));
    Requirements wanted;
    if (*GetParam().metre != 0) wanted.metre = parse_metre(GetParam().metre);
    if (*GetParam().key != 0) wanted.key = *parse_key(GetParam().key).key;
    wanted.bars = GetParam().bars;
    wanted.complete_bars = i % 2 == 0;
    if (i % 3 != 0) wanted.unit = kWholeNote / 8;
    const std::string tune = support::random_tune(wanted, alphabet, random);
    ASSERT_FALSE(tune.empty()) << "no way out, tune " << i;

    const Reading reading = read_tune(tune);
    for (const Problem& problem : reading.problems) {
      const bool short_end = problem.code == Code::kLastBarShort && !wanted.complete_bars;
      ASSERT_TRUE(short_end) << name(problem.code) << "\n" << tune;
    }
    if (wanted.metre) {
      ASSERT_EQ(reading.tune.metre, *wanted.metre);
    }
    if (wanted.key) {
      ASSERT_EQ(reading.tune.key, *wanted.key);
    }
    if (wanted.bars > 0) {
      ASSERT_EQ(after(tune).bars(), wanted.bars) << tune;
    }
    // Canonical text is another spelling of the same music, and of the dialect too.
    const std::string canonical = canonical_text(reading.tune);
    const Reading again = read_tune(canonical);
    ASSERT_TRUE(again.is_correct()) << tune << canonical;
    ASSERT_EQ(perform(again.tune, {.graces = false}), perform(reading.tune, {.graces = false}))
        << tune << canonical;
    ASSERT_EQ(canonical_text(again.tune), canonical);
  }
}

// A tune of random characters that are allowed, or "" when there is no way out.
std::string walk(const Requirements& wanted, int seed) {
  Random random(12, RandomStream::kSample, static_cast<std::uint64_t>(seed));
  return support::random_tune(wanted, Alphabet(), random);
}

int walks() { return std::getenv("LILT_THOROUGH") != nullptr ? 10000 : 400; }

// The sections as they were written: their bars, and whether they are repeated.
std::vector<SectionRequirement> form_of(std::string_view tune) {
  std::vector<SectionRequirement> form;
  Cursor cursor;
  int bars = 0;  // of the sections before
  bool repeated = false;
  for (const char c : tune) {
    const int section = cursor.section();
    const bool was_in_repeat = cursor.in_repeat();
    cursor.push(static_cast<unsigned char>(c));
    repeated |= was_in_repeat;
    if (cursor.section() == section) continue;
    form.push_back({cursor.bars() - bars, repeated});
    bars = cursor.bars();
    repeated = false;
  }
  if (cursor.bars() > bars) form.push_back({cursor.bars() - bars, repeated});
  return form;
}

TEST(RandomWalksInAForm, HaveIt) {
  const std::vector<std::vector<SectionRequirement>> forms = {
      {{8, true}, {8, true}},   {{4, false}, {3, true}, {1, false}},
      {{1, true}, {1, true}},   {{2, false}},
      {{1, false}, {1, false}}, {{2, true}, {4, false}},
  };
  for (int i = 0; i < walks(); ++i) {
    const auto& form = forms[i % forms.size()];
    const Requirements wanted{.metre = parse_metre(i % 4 < 2 ? "6/8" : "C"), .form = form};
    const std::string tune = walk(wanted, i);
    ASSERT_FALSE(tune.empty()) << "no way out, tune " << i;
    const Reading reading = read_tune(tune);
    ASSERT_TRUE(reading.problems.empty()) << name(reading.problems[0].code) << "\n" << tune;
    const std::vector<SectionRequirement> found = form_of(tune);
    ASSERT_EQ(found.size(), form.size()) << tune;
    for (std::size_t k = 0; k < form.size(); ++k) {
      ASSERT_EQ(found[k].bars, form[k].bars) << tune;
      ASSERT_EQ(found[k].repeated, form[k].repeated) << tune;
    }
  }
}

TEST(RandomWalksInARange, StayThere) {
  const PitchRange whistle{74, 86}, low{55, 67};
  for (int i = 0; i < walks(); ++i) {
    const PitchRange range = i % 2 == 0 ? whistle : low;
    const Requirements wanted{
        .key = make_key(i % 7, 0, Mode::kMixolydian), .bars = 4, .range = range};
    const std::string tune = walk(wanted, i);
    ASSERT_FALSE(tune.empty()) << "no way out, tune " << i;
    const Reading reading = read_tune(tune);
    for (const Element& element : reading.tune.voices[0].elements) {
      for (const auto* heads : {&element.heads, &element.graces}) {
        for (const Head& head : *heads) {
          ASSERT_GE(head.pitch.midi(), range.lowest) << tune;
          ASSERT_LE(head.pitch.midi(), range.highest) << tune;
        }
      }
    }
  }
}

TEST(RandomWalksWithChordSymbols, HaveThemOrNot) {
  for (int i = 0; i < walks(); ++i) {
    const int bars = i % 5;
    const Requirements with{
        .bars = bars, .complete_bars = i % 2 == 0, .chord_symbols = ChordSymbols::kSome};
    const std::string tune = walk(with, i);
    ASSERT_FALSE(tune.empty()) << "no way out, tune " << i;
    ASSERT_NE(tune.find('"', tune.find("K:")), std::string::npos) << tune;
    const Requirements without{.bars = bars, .chord_symbols = ChordSymbols::kNone};
    const std::string plain = walk(without, i);
    ASSERT_FALSE(plain.empty());
    ASSERT_EQ(plain.find('"', plain.find("K:")), std::string::npos) << plain;
  }
}

// Music alone up to a place, where nothing is open: what is written anew between two bar lines.
TEST(RandomWalksWithinABar, FillItExactly) {
  const Alphabet alphabet;
  for (int i = 0; i < 10 * walks(); ++i) {
    Random random(13, RandomStream::kSample, static_cast<std::uint64_t>(i));
    const std::string before = std::string(kHeader) + (i % 2 == 0 ? "c4|" : "c4|c4c2(e2-|");
    Cursor cursor = after(before);
    const Requirements wanted{.music_until = (1 + i % 8) * kWholeNote / 8};
    std::string bar;
    while (true) {
      const CharacterSet set = next_characters(cursor, wanted, alphabet);
      ASSERT_FALSE(set.empty()) << before + bar;
      const char32_t c = support::random_character(set, random);
      if (c == U'|') break;
      bar.push_back(static_cast<char>(c));
      cursor.push(c);
    }
    cursor.push(U' ');  // completes the last note
    ASSERT_TRUE(cursor.can_become_correct()) << before + bar;
    ASSERT_EQ(cursor.filled(), *wanted.music_until) << before + bar;
    ASSERT_FALSE(cursor.in_tie() || cursor.in_slur()) << before + bar;
    ASSERT_EQ(bar.find_first_of("|\n:K"), std::string::npos) << before + bar;
  }
}

INSTANTIATE_TEST_SUITE_P(Wishes, RandomWalks,
                         testing::Values(Wish{"", "", 0}, Wish{"4/4", "D", 16},
                                         Wish{"6/8", "Edor", 0}, Wish{"6/8", "G", 8},
                                         Wish{"3/4", "Am", 1}, Wish{"C|", "Bb", 3},
                                         Wish{"9/8", "Amix", 5}, Wish{"2/4", "", 0},
                                         Wish{"5/4", "F#", 2}, Wish{"12/8", "Db", 32}));

}  // namespace
}  // namespace lilt::abc
