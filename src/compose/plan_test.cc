#include "compose/plan.h"

#include <gtest/gtest.h>

#include <string>

namespace lilt::compose {
namespace {

const abc::Alphabet kAll;

Plan plan_of(const Wishes& wishes) {
  Result<Plan> plan = plan_new_tune(wishes, kAll);
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().to_string());
  return plan ? *std::move(plan) : Plan{};
}

// The text that is given in that segment.
std::string given(const Plan& plan, std::size_t segment) {
  const Given* const given = std::get_if<Given>(&plan.segments.at(segment));
  return given == nullptr ? "(free)" : given->text;
}

// Why the wishes are refused has to be in the field or in the sentence.
void expect_refused(const Wishes& wishes, const std::string& why) {
  const Result<Plan> plan = plan_new_tune(wishes, kAll);
  ASSERT_FALSE(plan) << why;
  EXPECT_EQ(plan.error().code, ErrorCode::kOption);
  EXPECT_NE(plan.error().to_string().find(why), std::string::npos) << plan.error().to_string();
}

TEST(Wishes, OfNothingLeaveAllOpen) {
  const Plan plan = plan_of({});
  EXPECT_FALSE(plan.requirements.key);
  EXPECT_FALSE(plan.requirements.metre);
  EXPECT_EQ(plan.requirements.bars, 0);
  EXPECT_EQ(plan.requirements.unit, abc::kWholeNote / 8);
  EXPECT_TRUE(plan.requirements.complete_bars);
  // The title, the rest of the header, the music.
  ASSERT_EQ(plan.segments.size(), 4U);
  EXPECT_EQ(given(plan, 0), "X:1\nT:");
  EXPECT_EQ(std::get<Free>(plan.segments[1]).until, Free::Until::kLineEnd);
  EXPECT_EQ(std::get<Free>(plan.segments[2]).until, Free::Until::kHeaderEnd);
  EXPECT_EQ(std::get<Free>(plan.segments[3]).until, Free::Until::kTuneEnd);
  EXPECT_TRUE(plan.has_free_title());
  EXPECT_FALSE(plan.has_copies());
}

TEST(Wishes, OfAFormSayWhichSectionsAreCopies) {
  const Plan plan = plan_of({.form = "AABAA"});
  ASSERT_EQ(plan.segments.size(), 6U);
  const Free& until = std::get<Free>(plan.segments[3]);
  EXPECT_EQ(until.until, Free::Until::kSection);
  EXPECT_EQ(until.section, 2U);
  EXPECT_TRUE(until.in_repeat);
  EXPECT_EQ(std::get<Copy>(plan.segments[4]).section, 0U);
  EXPECT_TRUE(plan.has_copies());
}

TEST(Wishes, OfAnyKeyWithUpToSevenSharpsOrFlats) {
  for (const char* const key : {"D", "Am", "Gdor", "E minor", "A Dorian", "C#", "Cb", "G#m", "Abm",
                                "F#loc", "C#phr", "Fblyd", "Amix"}) {
    EXPECT_EQ(plan_of({.key = key}).requirements.key, abc::parse_key(key).key) << key;
  }
  for (const char* const key : {"H", "G#", "D#", "Fbm", "none", "HP", "D =f", "D clef=bass",
                                "D exp ^f", "a", "D octave=1"}) {
    expect_refused({.key = key}, "key: ");
  }
}

TEST(Wishes, OfAMetreThatIsWritten) {
  for (const char* const metre : {"C", "C|", "2/4", "7/4", "2/2", "3/2", "3/8", "7/8", "12/8"}) {
    EXPECT_EQ(plan_of({.metre = metre}).requirements.metre, abc::parse_metre(metre)) << metre;
  }
  for (const char* const metre : {"6/7", "none", "c", "8/8", "4", "1/1", "0/4", "-3/4"}) {
    expect_refused({.metre = metre}, "meter: ");
  }
}

TEST(Wishes, OfADanceBringItsMetre) {
  EXPECT_EQ(plan_of({.rhythm = "jig"}).requirements.metre, abc::parse_metre("6/8"));
  EXPECT_EQ(plan_of({.rhythm = "slip jig"}).requirements.metre, abc::parse_metre("9/8"));
  EXPECT_FALSE(plan_of({.rhythm = "reel"}).requirements.metre);
  EXPECT_EQ(plan_of({.metre = "9/8", .rhythm = "jig"}).requirements.metre, abc::parse_metre("9/8"));
  expect_refused({.metre = "7/8", .rhythm = "hornpipe"}, "a hornpipe is written");
  expect_refused({.metre = "4/4", .rhythm = "Jig"}, "a jig is written");
  expect_refused({.metre = "C|", .rhythm = "hornpipe"}, "4/4, C, 2/4");
  expect_refused({.metre = "6/8", .rhythm = "reel"}, "meter: expected a metre in which a reel");
  expect_refused({.metre = "3/4", .rhythm = "slip jig"}, "9/8");
  expect_refused({.metre = "4/4", .rhythm = "jig"}, "6/8, 9/8, 12/8");
}

TEST(Wishes, OfARhythmThatIsMistypedAreRemarkedOn) {
  const Plan plan = plan_of({.rhythm = "jigg"});
  ASSERT_EQ(plan.remarks.size(), 1U);
  EXPECT_NE(plan.remarks[0].find("did you mean jig?"), std::string::npos);
  for (const char* const rhythm : {"jig", "reel", "air", "a walk in the park"}) {
    EXPECT_TRUE(plan_of({.rhythm = rhythm}).remarks.empty()) << rhythm;
  }
}

TEST(Wishes, OfWhatCannotBeAreRefused) {
  expect_refused({.unit = "1/3"}, "unit: ");
  expect_refused({.unit = "1/32"}, "unit: ");
  for (const int bars : {-1, 0}) expect_refused({.bars = bars}, "bars: ");
  expect_refused({.bars = 10'001}, "bars: ");
  expect_refused({.form = "AABB", .bars = 5}, "bars: ");
  expect_refused({.form = "BA"}, "form: ");
  expect_refused({.range = "D4-E4"}, "range: ");
  expect_refused({.metre = "3/2", .chords = "on"}, "chords: expected off");
  for (const std::string& title :
       {std::string(":a"), std::string(" a"), std::string("a\nb"), std::string("50 %"),
        std::string("\xFF"), std::string(101, 'x')}) {
    expect_refused({.title = title}, "title: ");
    expect_refused({.rhythm = title}, "rhythm: ");
  }
  const Plan plan = plan_of({.title = std::string(100, 'x')});
  EXPECT_EQ(given(plan, 1), std::string(100, 'x') + "\n");
  EXPECT_FALSE(plan.has_free_title());
}

TEST(Opening, ItsFieldsAreWishes) {
  const Plan plan =
      plan_of({.key = "Gmaj", .start = "X:4\nT:Mine\nO:There\nC:Me\nR:reel\nM:C\nL:1/16\nK:G\nA2"});
  EXPECT_EQ(given(plan, 1), "Mine\n");
  EXPECT_EQ(given(plan, 2), "R:reel\n");
  EXPECT_EQ(plan.requirements.rhythm, "reel");
  EXPECT_EQ(plan.requirements.metre, abc::parse_metre("C"));
  EXPECT_EQ(plan.requirements.unit, abc::kWholeNote / 16);
  EXPECT_EQ(plan.requirements.key, abc::parse_key("G").key);
  EXPECT_EQ(std::get<NewTune>(plan.kind).kept.text(), "C:Me\nO:There\n");
  ASSERT_EQ(plan.segments.size(), 6U);
  EXPECT_EQ(given(plan, 4), "A2");
}

TEST(Opening, MustAgreeWithTheOptions) {
  expect_refused({.key = "D", .start = "K:G"}, "start: expected the same as `key`");
  expect_refused({.metre = "6/8", .start = "M:4/4"}, "`meter`");
  expect_refused({.title = "One", .start = "T:Other"}, "`title`");
  const auto refused = [](Wishes wishes, const std::string& start, const std::string& option) {
    wishes.key = "G";
    wishes.metre = "4/4";
    wishes.start = start;
    expect_refused(wishes, "start: character ");
    expect_refused(wishes, "contradicts `" + option + "`");
  };
  refused({.range = "whistle"}, "C4", "range");
  refused({.chords = "off"}, "\"G\"", "chords");
  refused({.form = "AABB"}, "|:A8:|", "form");
  refused({.bars = 1}, "A8|A8", "bars");
  refused({}, "A8|\nK:D", "key");
  refused({}, "A8|\nM:3/4", "meter");
}

TEST(Opening, DecidesRepeatsAndChordSymbolsOnlyIfItShowsAny) {
  const Wishes wishes{.key = "G", .metre = "4/4", .form = "AABB"};
  const auto start_of = [&](const std::string& start, const std::string& form) {
    Wishes all = wishes;
    all.start = start;
    all.form = form;
    return given(plan_of(all), 3);
  };
  EXPECT_EQ(start_of("D|G8|", "AABB"), "|:D|G8|");
  EXPECT_EQ(start_of("|:D|G8|", "AABB"), "|:D|G8|");
  EXPECT_EQ(start_of("D|G8|", "AB"), "D|G8|");
  EXPECT_EQ(start_of("D|G8|", ""), "D|G8|");

  Wishes chords{.key = "G", .metre = "4/4", .bars = 8, .chords = "on"};
  for (const auto& [start, bars] :
       {std::pair("A8|A8|", 2), {"D|A8|A4", 2}, {"A4", 0}, {"\"G\"A8|", 1}, {"\"G\"A8|A8|A4", 3}}) {
    chords.start = start;
    EXPECT_EQ(plan_of(chords).requirements.bars_before_chord_symbol, bars) << start;
  }
  chords.start = "A8|A8|";
  chords.bars = 2;
  expect_refused(chords, "found 2 bars of 2 without any");
}

TEST(Opening, SaysWhatIsWrong) {
  const auto refused = [](const std::string& start, const std::string& why) {
    expect_refused({.key = "G", .metre = "4/4", .start = start}, "start: " + why);
  };
  expect_refused({.start = "ABc"}, "start: expected the key and the metre");
  expect_refused({.start = "K:H\nABc"}, "key: ");
  refused("V:1\nABc", "expected fields among");
  refused("w:la\nABc", "expected fields among");
  refused("T:\nABc", "expected something in the line T:");
  refused("C:100 %\nABc", "expected text without");
  refused("A4B4A", "bar 1 holds 9 eighths; 4/4 holds 8");
  refused("A8|B4c4d/2|", "bar 2 holds 17 sixteenths; 4/4 holds 16");
  refused("A4 Q", "character 4, 'Q' (U+0051), ");
  refused("\xFF", "expected UTF-8");
}

TEST(Opening, EndsBeforeWhatComesAgain) {
  const Wishes wishes{.key = "G", .metre = "4/4", .form = "ABA", .bars = 3};
  Wishes early = wishes, late = wishes;
  early.start = "A8||B8";
  late.start = "A8||B8||A";
  EXPECT_EQ(given(plan_of(early), 3), "A8||B8");
  expect_refused(late, "ends before section 3");
  const Wishes repeated{
      .key = "G", .metre = "4/4", .form = "AABBAA", .start = "|:A8::B8::", .bars = 3};
  expect_refused(repeated, "ends before section 3");
}

// --- Given tunes

constexpr const char* kTune =
    "X:3\nT:Given\nC:Me\nM:4/4\nL:1/8\nK:G\nA|ABcd efga|g4 (f4|e4) d3|]\n\n";

TEST(Rewriting, KeepsWhatIsAround) {
  const Result<Plan> plan = plan_rewriting(kTune, {2, 2}, {}, kAll);
  ASSERT_TRUE(plan) << plan.error().message;
  const Rewriting& rewriting = std::get<Rewriting>(plan->kind);
  EXPECT_EQ(rewriting.splice.source + "\n", kTune);
  EXPECT_EQ(rewriting.original, "X:1\nT:Given\nM:4/4\nL:1/8\nK:G\nA|ABcd efga|g4 (f4|e4) d3|]\n\n");
  ASSERT_EQ(plan->segments.size(), 3U);
  EXPECT_EQ(given(*plan, 0), "X:1\nT:Given\nM:4/4\nL:1/8\nK:G\nA|ABcd efga|");
  EXPECT_EQ(std::get<Free>(plan->segments[1]).until, Free::Until::kFilled);
  EXPECT_EQ(std::get<Free>(plan->segments[1]).filled, abc::kWholeNote);
  EXPECT_EQ(given(*plan, 2), "|e4) d3|]\n\n");
}

// The network could not close two slurs that lead into its music at one note.
TEST(Rewriting, TellsTheModelNothingOfSlursIntoTheBars) {
  const std::string tune = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n(A4 (B4|c4) d4|e8|]\n\n";
  const Result<Plan> plan = plan_rewriting(tune, {2, 2}, {}, kAll);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(given(*plan, 0), "X:1\nT:a\nM:4/4\nL:1/8\nK:G\nA4 B4|");
}

TEST(Rewriting, SaysThatLyricsStay) {
  const std::string tune = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\nA8|B8|\nw: la la\nc8|]\n\n";
  const Result<Plan> plan = plan_rewriting(tune, {1, 2}, {}, kAll);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->remarks.size(), 1U);
  EXPECT_NE(plan->remarks[0].find("the lyrics under bars 1-2 stay"), std::string::npos);
  EXPECT_TRUE(plan_rewriting(tune, {3, 3}, {}, kAll)->remarks.empty());
}

void expect_tune_refused(const Result<Plan>& plan, ErrorCode code, const std::string& why) {
  ASSERT_FALSE(plan) << why;
  EXPECT_EQ(plan.error().code, code) << plan.error().message;
  EXPECT_NE(plan.error().to_string().find(why), std::string::npos) << plan.error().to_string();
}

TEST(Rewriting, RefusesBarsThatAreNotThere) {
  for (const auto& [first, last] : {std::pair(0, 1), {2, 1}, {3, 4}, {-1, -1}, {900, 900}}) {
    expect_tune_refused(plan_rewriting(kTune, {first, last}, {}, kAll), ErrorCode::kOption,
                        "bars within 1-3");
  }
  expect_tune_refused(plan_rewriting(kTune, {1, 1}, {.key = "D"}, kAll), ErrorCode::kOption,
                      "keep");
  expect_tune_refused(plan_rewriting(kTune, {1, 1}, {.bars = 9}, kAll), ErrorCode::kOption,
                      "bars: ");
}

TEST(GivenTune, ThatIsNoneIsRefused) {
  const std::string header = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n";
  const std::pair<std::string, std::string> wrong[] = {
      {header + "V:1\nA8|\nV:2\nA8|\n\n", "one voice"},
      {"X:1\nT:a\nM:none\nL:1/8\nK:G\nABc|\n\n", "free metre"},
      {header + "ABcd efgab|A8|]\n\n", "expected a correct tune"}};
  for (const auto& [text, why] : wrong) {
    expect_tune_refused(plan_continuation(text, {}, kAll), ErrorCode::kFormat, why);
    expect_tune_refused(plan_rewriting(text, {1, 1}, {}, kAll), ErrorCode::kFormat, why);
  }
  expect_tune_refused(plan_rewriting(header + "\n", {1, 1}, {}, kAll), ErrorCode::kFormat,
                      "found none");
}

TEST(Continuation, OpensTheEnd) {
  const std::string header = "X:1\nT:a\nM:4/4\nL:1/8\nK:G\n";
  const auto opened = [&](const std::string& body) {
    const Result<Plan> plan = plan_continuation(header + body + "\n\n", {}, kAll);
    EXPECT_TRUE(plan) << body;
    return plan ? given(*plan, 0).substr(header.size()) : "";
  };
  EXPECT_EQ(opened("A8|B8|]"), "A8|B8|\n");
  EXPECT_EQ(opened("A8|B8"), "A8|B8|\n");
  EXPECT_EQ(opened("|:A8|B8:|"), "|:A8|B8:|\n");
  EXPECT_EQ(opened("|:A8|1B8:|2c8:|"), "|:A8|1B8:|2c8|\n");
  EXPECT_EQ(opened("A|A8|B7|]"), "A|A8|B7 ");
  EXPECT_EQ(opened("A8|A7[ce]|]"), "A8|A7[ce]|\n");
}

TEST(Continuation, IsLongerThanTheTune) {
  EXPECT_EQ(plan_continuation(kTune, {}, kAll)->requirements.bars, 11);
  EXPECT_EQ(plan_continuation(kTune, {.bars = 4}, kAll)->requirements.bars, 4);
  expect_tune_refused(plan_continuation(kTune, {.bars = 3}, kAll), ErrorCode::kOption,
                      "more than the 3");
}

}  // namespace
}  // namespace lilt::compose
