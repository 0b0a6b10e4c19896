#include "compose/sketch.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "compose/plan.h"

namespace lilt::compose {
namespace {

abc::KnownOutline known(const std::string& metre, const std::string& key,
                        const std::string& music) {
  const abc::Key sounding = *abc::parse_key(key).key;
  const std::string text = "X:1\nT:a\nM:" + metre + "\nL:1/8\nK:C\n" + music + "\n";
  return {1, sounding.mode, abc::outline_of(text, abc::told_tonic(sounding))};
}

const std::vector<abc::KnownOutline> kKnown = {
    known("2/4", "G", "|:c4|d4|e4|f4|c4|d4|e4|c4:|\n|:g4|d4|e4|f4|g4|d4|e4|c4:|"),
    known("2/4", "Am", "|:c4|d4|e4|f4|c4|d4|e4|c4:|\n|:g4|d4|e4|f4|g4|d4|e4|_e4:|"),
    known("6/8", "D", "|:c6|d6|e6|f6|c6|d6|1e6|d6:|2e6|c6||"),
};

Sketch drawn(const Wishes& wishes, std::uint64_t seed = 1) {
  const Result<NewTuneWishes> checked = check_wishes(wishes, {});
  EXPECT_TRUE(checked) << (checked ? "" : checked.error().to_string());
  return Sketches(checked->tune, kKnown, 0).draw(Random(seed, RandomStream::kSketch));
}

TEST(Sketch, OfNothingInParticularIsOneThatIsKnown) {
  std::set<std::string> keys;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Sketch sketch = drawn({}, seed);
    keys.insert(sketch.key.to_string() + " " + sketch.outline.metre->to_string());
  }
  EXPECT_EQ(keys, (std::set<std::string>{"Am 2/4", "D 6/8", "G 2/4"}));
}

TEST(Sketch, IsNotOfATuneWithAnEndingOfNoBars) {
  const std::vector<abc::KnownOutline> mixed = [] {
    std::vector<abc::KnownOutline> all = kKnown;
    all[0].outline.sections[0].first_ending = all[0].outline.sections[0].bars;
    all[1].outline.sections[0].first_ending = 0;
    return all;
  }();
  const Result<NewTuneWishes> checked = check_wishes({}, {});
  ASSERT_TRUE(checked);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Sketch sketch =
        Sketches(checked->tune, mixed, 0).draw(Random(seed, RandomStream::kSketch));
    EXPECT_EQ(sketch.key.to_string(), "D") << seed;
  }
}

TEST(Sketch, HasWhatIsAskedFor) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    EXPECT_EQ(drawn({.metre = "6/8"}, seed).outline.sections.size(), 2U);
    EXPECT_EQ(drawn({.key = "Em"}, seed).key.to_string(), "Em");
    EXPECT_EQ(drawn({.key = "Em"}, seed).outline.bars.back().rest_degree, 3);
    EXPECT_EQ(drawn({.bars = 10}, seed).outline.metre, abc::parse_metre("6/8"));
  }
}

TEST(Sketch, BendsToWhatNobodyHas) {
  const Sketch sketch = drawn({.key = "C#", .metre = "9/8", .bars = 12});
  EXPECT_EQ(sketch.key.to_string(), "C#");
  EXPECT_EQ(sketch.outline.metre, abc::parse_metre("9/8"));
  EXPECT_EQ(sketch.outline.bars.size(), 12U);
  EXPECT_EQ(sketch.outline.bars.back().rest_degree, 0);
  for (const int bars : {1, 7, 8, 12, 16, 20, 24, 32, 64}) {
    EXPECT_EQ(drawn({.bars = bars}).outline.bars.size(), static_cast<std::size_t>(bars));
  }
}

TEST(Sketch, OfARareKeyIsOfTheUsualOneBesideIt) {
  const std::vector<abc::KnownOutline> usual = {
      known("2/4", "D", "|:C4|d4|e4|f4|c'4|d'4|e'4|c'4:|"),
      known("2/4", "G", "|:G4|c4|d4|e4|f4|g4|a4|c'4:|")};
  const auto told = [&](const Wishes& wishes) {
    const Result<NewTuneWishes> checked = check_wishes(wishes, {});
    EXPECT_TRUE(checked);
    return Sketches(checked->tune, usual, 0).draw(Random(1, RandomStream::kSketch));
  };
  const std::uint8_t d = abc::told_tonic(*abc::parse_key("D").key),
                     g = abc::told_tonic(*abc::parse_key("G").key);
  for (const char* const key : {"B", "Cb", "C", "C#", "D", "Eb", "E", "F"}) {
    EXPECT_EQ(told({.key = key}).outline.tonic, d) << key;
  }
  for (const char* const key : {"F#", "Gb", "G", "Ab", "A"}) {
    EXPECT_EQ(told({.key = key}).outline.tonic, g) << key;
  }
  EXPECT_EQ(told({.key = "Gb"}).key.to_string(), "Gb");
  // A range that was asked for bounds what is told.
  EXPECT_EQ(told({.key = "G", .range = "C2-B6"}).outline.highest + abc::kBelowHighest, 84);
  EXPECT_EQ(told({.key = "G", .range = "D4-F5"}).outline.highest + abc::kBelowHighest, 77 + 5);
}

TEST(Sketch, NeedsNoKnownTunes) {
  const Result<NewTuneWishes> checked = check_wishes({}, {});
  const Sketch none = Sketches(checked->tune, {}, 0).draw(Random(1, RandomStream::kSketch));
  EXPECT_EQ(none.outline.bars.size(), 16U);
  EXPECT_EQ(none.key.to_string(), "D");
}

TEST(PlanInC, RequiresOfTheTextWhatIsAskedOfTheSound) {
  const Result<NewTuneWishes> wishes = check_wishes(
      {.key = "D", .metre = "6/8", .unit = "1/16", .range = "D4-D6", .start = "d2e2f2"}, {});
  ASSERT_TRUE(wishes) << wishes.error().to_string();
  const Plan plan = plan_new_tune(
      *wishes, Sketches(wishes->tune, kKnown, 0).draw(Random(1, RandomStream::kSketch)));
  EXPECT_EQ(plan.requirements.key->to_string(), "C");
  EXPECT_EQ(plan.requirements.unit, abc::kWholeNote / 8);
  EXPECT_EQ(plan.requirements.range.lowest, 60);  // two semitones lower
  EXPECT_EQ(plan.requirements.bars, 10);
  EXPECT_EQ(plan.sounding->key.to_string(), "D");
  EXPECT_EQ(plan.sounding->unit, abc::kWholeNote / 16);
  bool has_start = false;
  for (const Segment& segment : plan.segments) {
    const Given* const given = std::get_if<Given>(&segment);
    has_start |= given != nullptr && given->text == "|:cde";
  }
  EXPECT_TRUE(has_start);
}

}  // namespace
}  // namespace lilt::compose
