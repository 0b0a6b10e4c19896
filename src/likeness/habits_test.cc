#include "likeness/habits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "abc/canonical.h"
#include "abc/transpose.h"

namespace lilt::likeness {
namespace {

abc::Tune tune_of(const std::string& music, const std::string& metre = "4/4",
                  const std::string& key = "C", const std::string& more = "") {
  return abc::read_tune("X:1\nT:Tune\n" + more + "M:" + metre + "\nL:1/8\nK:" + key + "\n" + music +
                        "\n")
      .tune;
}

double value(const abc::Tune& tune, std::string_view name) {
  const std::vector<double> values = habits_of(tune);
  for (std::size_t h = 0; h < habits().size(); ++h) {
    if (habits()[h].name == name) return values[h];
  }
  ADD_FAILURE() << "no habit " << name;
  return 0;
}

double of(const std::string& music, std::string_view name) { return value(tune_of(music), name); }

const std::string kPhrase = "CDEF GABc|cBAG FEDC|CDEF GABc|G4 G4";  // to the fifth
const std::string kAnswer = "CDEF GABc|cBAG FEDC|EGEG DGDG|C4 C4";  // to the tonic
const std::string kSquare = kPhrase + "|" + kAnswer;                // eight bars

TEST(Habits, AreManyAndHaveNames) {
  EXPECT_GE(habits().size(), 45U);
  std::set<std::string_view> names, labels;
  for (const Habit& habit : habits()) {
    names.insert(habit.name);
    labels.insert(habit.label);
  }
  EXPECT_EQ(names.size(), habits().size());
  EXPECT_EQ(labels.size(), habits().size());
}

TEST(Habits, OfShareAreBetweenNothingAndAll) {
  const abc::Tune tune = tune_of("e|:\"C\"" + kSquare + ":|\"G\"" + kAnswer + "|]");
  const std::vector<double> values = habits_of(tune);
  for (std::size_t h = 0; h < values.size(); ++h) {
    if (std::isnan(values[h]) || habits()[h].kind != HabitKind::kShare) continue;
    EXPECT_GE(values[h], 0) << habits()[h].name;
    EXPECT_LE(values[h], 1) << habits()[h].name;
  }
}

TEST(Habits, KnowHowTunesEnd) {
  EXPECT_EQ(of(kAnswer + "|]", "ends-on-tonic"), 1);
  EXPECT_EQ(of(kPhrase + "|]", "ends-on-tonic"), 0);
  EXPECT_EQ(of(kPhrase + "|]", "ends-on-fifth"), 1);
  EXPECT_EQ(of(kAnswer + "||" + kPhrase + "|]", "sections-end-on-tonic"), 0.5);
  EXPECT_EQ(of("C7 D|C6 DC|]", "last-note-short"), 1);
  EXPECT_EQ(of("C7 D|C6 C2|]", "last-note-short"), 0);
  EXPECT_EQ(value(tune_of("CDE FGA|C3 C2|]", "6/8"), "last-note-short"), 0);
  EXPECT_EQ(of("C8|C6 C2|]", "last-note-quarters"), 1);
  // The last ending is how it ends.
  EXPECT_EQ(of("|:CDEF GABc|1 D8:|2 C8|]", "ends-on-tonic"), 1);
  EXPECT_EQ(of("|:CDEF GABc|1 C8:|2 D8|]", "ends-on-tonic"), 0);
}

TEST(Habits, KnowCadences) {
  EXPECT_EQ(of(kSquare, "bar-4-fifth"), 1);
  EXPECT_EQ(of(kSquare, "bar-4-tonic"), 0);
  EXPECT_EQ(of(kSquare, "bar-8-tonic"), 1);
  EXPECT_EQ(of("E2|" + kSquare, "bar-4-fifth"), 1);  // a pickup is no bar
  EXPECT_EQ(of(kSquare, "bar-4-rests"), 1);
  EXPECT_TRUE(std::isnan(of(kPhrase, "bar-4-fifth")));  // no section of two phrases
}

TEST(Habits, KnowForm) {
  const std::string tune = "|:" + kSquare + "::" + kAnswer + ":|";
  EXPECT_EQ(of(tune, "sections"), 2);
  EXPECT_EQ(of(tune, "bars"), 12);
  EXPECT_EQ(of(tune, "section-bars"), 6);
  EXPECT_EQ(of(tune, "regular-sections"), 1);
  EXPECT_EQ(of(tune, "equal-sections"), 0);
  EXPECT_EQ(of(tune, "repeated-sections"), 1);
  EXPECT_EQ(of(tune, "endings"), 0);
  EXPECT_EQ(of(kSquare + "|" + kSquare + "|C8|]", "long-sections"), 1);
  EXPECT_EQ(of("|:" + kAnswer + "|1 D8:|2 C8|]", "endings"), 1);
  EXPECT_EQ(of("|:" + kAnswer + "|1 D8:|2 C8||" + kPhrase + "|]", "sections"), 2);
  // A pickup and its complement are one bar; so is one before the sign that opens the repeat.
  EXPECT_EQ(of("G2|:" + kAnswer + "|D8|D6:|", "section-bars"), 6);
  EXPECT_EQ(of("G2|:" + kAnswer + "|D8|D6:|", "sections"), 1);
  EXPECT_EQ(of("G2|:" + kAnswer + "|D8|D6:|", "pickup"), 1);
  EXPECT_EQ(of("G2|:" + kAnswer + "|D8|D6:|", "last-bar-completes-pickup"), 1);
}

TEST(Habits, KnowWhatReturns) {
  EXPECT_EQ(of(kSquare, "bar-5-is-1"), 1);
  EXPECT_EQ(of(kSquare, "bars-5-6-are-1-2"), 1);
  EXPECT_EQ(of(kSquare, "bars-5-7-are-1-3"), 0);
  EXPECT_EQ(of(kSquare, "distinct-bars"), 0.625);  // five of eight
  EXPECT_EQ(of("C8|C8|C8|D8|", "longest-run"), 3);
  EXPECT_EQ(of("C8|C8|C8|D8|", "loop"), 1);
  EXPECT_EQ(of("C8|C8|D8|C8|", "loop"), 0);
  EXPECT_EQ(of("C8|D8|C8|D8|C8|D8|", "loop-2"), 1);
  EXPECT_EQ(of("C8|D8|C8|D8|C8|E8|", "loop-2"), 0);
  EXPECT_EQ(of("C8|C8|C8|D8|", "bar-again"), 2.0 / 3);
  EXPECT_EQ(of("CDE2 F4|DEF2 G4|E2 F2 G4|", "sequences"), 0.5);
  EXPECT_EQ(of(kAnswer + "||" + kPhrase, "b-from-a"), 0.75);
  EXPECT_EQ(of("C4 D4|E8|F8|G8||C4 E4|E8|A8|A8|", "notes-of-a"), 0.4);
  EXPECT_EQ(of("C4 D4|E8|C4 E4|E8|", "notes-of-first-half"), 2.0 / 3);
  EXPECT_EQ(of("C8|C8|C8|C8||E8|E8|G8|G8|", "b-above-a"), 5.5);
  EXPECT_TRUE(std::isnan(of("C8|C8|C8|C8|", "b-above-a")));
  EXPECT_EQ(of(kAnswer + "||D8|D8|EGEG DGDG|C4 C4|", "b-ends-as-a-2"), 1);
  EXPECT_EQ(of(kAnswer + "||D8|D8|D8|C4 C4|", "b-ends-as-a-2"), 0);
  EXPECT_TRUE(std::isnan(of(kAnswer, "b-from-a")));
}

TEST(Habits, KnowHarmony) {
  const std::string tune = "\"C\"CEGE \"F\"FAcA|\"G7\"GBdB \"C\"C4|";
  EXPECT_EQ(of(tune, "v-before-last-i"), 1);
  EXPECT_EQ(of("\"C\"CEGE \"F\"FAcA|\"C\"C8|", "v-before-last-i"), 0);
  EXPECT_EQ(of(tune, "time-inside-chord"), 1);
  EXPECT_EQ(of(tune, "chord-changes"), 2);
  EXPECT_EQ(of("\"C\"C8|\"C\"C8|", "chord-changes"), 0.5);  // the second says nothing new
  EXPECT_EQ(of(tune, "changes-on-first-beat"), 0.5);
  EXPECT_EQ(of(tune, "new-chord-bars"), 1);
  EXPECT_EQ(of("\"C\"C8|\"C\"C8|", "new-chord-bars"), 0.5);
  EXPECT_EQ(of("\"C\"C8|\"C\"C8|", "chord-symbols"), 1);
  EXPECT_EQ(of(tune, "distinct-chords"), 3);
  EXPECT_EQ(of("\"C\"C8|\"C7\"C8|", "distinct-chords"), 2);
  EXPECT_EQ(of(tune, "sevenths"), 0.25);
  EXPECT_EQ(of(tune, "tonic-chords"), 0.5);
  EXPECT_EQ(of("\"C\"C4 D4|", "time-inside-chord"), 0.5);
  EXPECT_EQ(of("\"C\"C8-|\"D\"C8|", "time-inside-chord"), 0.5);  // what is tied sounds on
  EXPECT_EQ(of("\"C\"C8|\"D\"D8|\"Eb\"E8|\"G\"G8|", "foreign-roots"), 0.25);
  EXPECT_EQ(of("\"C\"\"G\"G8|\"D\"D8|", "doubled-chords"), 1.0 / 3);
  EXPECT_TRUE(std::isnan(of("CEGE FAcA|", "v-before-last-i")));
  EXPECT_TRUE(std::isnan(of("\"fast\"CEGE FAcA|", "time-inside-chord")));
}

double entropy(const std::vector<double>& counts) {
  double all = 0, bits = 0;
  for (const double count : counts) all += count;
  for (const double count : counts) bits -= count / all * std::log2(count / all);
  return bits;
}

TEST(Habits, KnowMelodyAndRhythm) {
  EXPECT_EQ(of("C2D2 C2B2|", "leaps"), 1.0 / 3);
  EXPECT_EQ(of("C2D2 D2C2|", "repeated-notes"), 1.0 / 3);
  EXPECT_EQ(of("C2D2 C2B2|", "largest-leap"), 11);
  EXPECT_EQ(of("C4 c4|", "range"), 12);
  EXPECT_EQ(of("C4 c'4|", "above-b5"), 1);
  EXPECT_EQ(of("C4 b4|", "above-b5"), 0);
  EXPECT_EQ(of("C4 ^F4|", "foreign-notes"), 0.5);
  EXPECT_NEAR(of("CDEF GABc|", "interval-entropy"), entropy({5, 2}), 1e-7);
  EXPECT_NEAR(of("CDEF GABc|", "degree-entropy"), entropy({2, 1, 1, 1, 1, 1, 1}), 1e-7);
  EXPECT_EQ(of("G2|C8|D6|", "begins-on-fifth"), 1);
  EXPECT_EQ(of("C2|G8|D6|", "begins-on-fifth"), 0);
  EXPECT_EQ(of("C6 D2|", "tonic-time"), 0.75);
  EXPECT_EQ(of("C3D E3/2F/2 G2|", "dotted-pairs"), 0.5);
  EXPECT_EQ(of("(3CDE F2 G4|", "triplets"), 0.6);
  EXPECT_EQ(of("C4 z4|", "rests"), 0.5);
  EXPECT_EQ(of("CDEF C4|C8|", "notes-a-bar"), 3);
  EXPECT_EQ(of("C3 D4 E|", "syncopes"), 1.0 / 3);
  EXPECT_EQ(value(tune_of("CDE F3|", "6/8"), "on-beat"), 0.5);
  EXPECT_EQ(value(tune_of("E|CDE F3|", "6/8"), "on-beat"), 0.4);
  EXPECT_EQ(of("CDEF G4|CDEF A4|C8|", "distinct-rhythms"), 2.0 / 3);
}

TEST(Habits, KnowTitlesThatMislead) {
  const auto misleads = [](const char* title, const char* metre, const char* rhythm) {
    const std::string r = *rhythm == 0 ? "" : "R:" + std::string(rhythm) + "\n";
    return value(abc::read_tune("X:1\nT:" + std::string(title) + "\n" + r + "M:" + metre +
                                "\nL:1/8\nK:C\nC8|\n")
                     .tune,
                 "title-misleads");
  };
  EXPECT_EQ(misleads("The Lake Reel", "4/4", "jig"), 1);
  EXPECT_EQ(misleads("The Lake Reel", "4/4", "Reel"), 0);
  EXPECT_EQ(misleads("The Lake Jig", "3/4", ""), 1);
  EXPECT_EQ(misleads("The Lake Jig", "6/8", ""), 0);
  EXPECT_EQ(misleads("The Lake", "6/8", "waltz"), 0);
}

// What is left of a tune in its canonical text is all that habits are counted in.
TEST(Habits, DoNotDependOnLayoutAndSpelling) {
  const std::string spelt =
      "X:7\nT:Tune\nM:C\nL:1/4\nK:D\n|:\"D\"D/E/F/2G/2 A>B|\\\n\"A7\"^C/2^E/F/G/ A2 :|\n% done\n"
      "\n|:\"D\"d>c {g}BA|[FA]2 D2:|";
  const abc::Tune tune = abc::read_tune(spelt).tune;
  const std::string text = abc::canonical_text(tune, {.music_only = true, .number = 1});
  const std::vector<double> a = habits_of(tune), b = habits_of(abc::read_tune(text).tune);
  for (std::size_t h = 0; h < a.size(); ++h) {
    if (std::isnan(a[h])) {
      EXPECT_TRUE(std::isnan(b[h])) << habits()[h].name;
    } else {
      EXPECT_EQ(a[h], b[h]) << habits()[h].name;
    }
  }
}

TEST(Habits, AreTheSameInEveryKeyButForPitch) {
  const abc::Tune tune = tune_of("E2|:\"C\"" + kSquare + ":|");
  abc::Tune moved = tune;
  abc::transpose(moved, 2);
  const std::set<std::string_view> of_pitch = {"highest",  "lowest", "mean-pitch", "above-b5",
                                               "below-g3", "key-c",  "sharps"};
  const std::vector<double> a = habits_of(tune), b = habits_of(moved);
  for (std::size_t h = 0; h < a.size(); ++h) {
    if (std::isnan(a[h]) || of_pitch.count(habits()[h].name) > 0) continue;
    EXPECT_DOUBLE_EQ(a[h], b[h]) << habits()[h].name;
  }
}

TEST(Habits, OfNothingAndOfTheOddAreNoTrouble) {
  EXPECT_EQ(habits_of(abc::Tune{}).size(), habits().size());
  for (const char* music :
       {"", "z8|", "C", "|:C2:|", "|2C8|1D8|", "\"C\"z8|", "C8&E8|G8|", "|||"}) {
    EXPECT_EQ(habits_of(tune_of(music)).size(), habits().size());
    EXPECT_EQ(habits_of(tune_of(music, "none")).size(), habits().size());
  }
}

TEST(MeanHabits, LeaveOutWhatIsAbsent) {
  const auto habit = [](const std::vector<double>& means, std::string_view name) {
    for (std::size_t h = 0; h < means.size(); ++h) {
      if (habits()[h].name == name) return means[h];
    }
    return -1.0;
  };
  const std::vector<std::vector<double>> tunes = {habits_of(tune_of(kAnswer)),
                                                  habits_of(tune_of("\"C\"" + kPhrase))};
  EXPECT_EQ(habit(mean_habits(tunes), "ends-on-tonic"), 0.5);
  EXPECT_EQ(habit(mean_habits(tunes), "first-chord-tonic"), 1);
  EXPECT_TRUE(std::isnan(habit(mean_habits({}), "ends-on-tonic")));
}

TEST(HighHabits, AreThoseThat95PercentDoNotExceed) {
  std::vector<std::vector<double>> tunes;
  for (int i = 0; i <= 100; ++i) tunes.emplace_back(habits().size(), i);
  tunes.emplace_back(habits().size(), std::nan(""));
  EXPECT_EQ(high_habits(tunes)[0], 95);
  EXPECT_TRUE(std::isnan(high_habits({})[0]));
}

}  // namespace
}  // namespace lilt::likeness
