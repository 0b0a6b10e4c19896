#include "compose/tune_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "small_model.h"

namespace lilt::compose {
namespace {

const Vocabulary& vocabulary() {
  static const Vocabulary one = [] {
    std::string characters = "\n";
    for (char c = ' '; c < 127; ++c) characters += c;
    return support::vocabulary_of(characters);
  }();
  return one;
}

// A writer that is told that all characters are as probable, unless one is preferred.
struct Desk {
  explicit Desk(Plan wanted, const WritingOptions& how = {})
      : plan(std::move(wanted)),
        options(how),
        alphabet(*abc::Alphabet::of(vocabulary().characters())),
        writer(vocabulary(), alphabet),
        logits(vocabulary().size()) {}

  const std::string& write(std::uint64_t seed) {
    writer.begin(plan, options, Random(seed, RandomStream::kCompose));
    while (!writer.is_done()) writer.write(logits);
    return writer.text();
  }

  Plan plan;
  WritingOptions options;
  abc::Alphabet alphabet;
  TuneWriter writer;
  std::vector<float> logits;
};

Plan plan_of(const Wishes& wishes) {
  return *plan_new_tune(wishes, *abc::Alphabet::of(vocabulary().characters()));
}

TEST(TuneWriter, WritesWhatIsGivenAsItIs) {
  Desk desk(plan_of({.key = "G",
                     .metre = "C",
                     .rhythm = "reel",
                     .title = "Given",
                     .start = "|:GABc d4|",
                     .bars = 4}));
  EXPECT_TRUE(desk.write(1).starts_with("X:1\nT:Given\nR:reel\nM:C\nL:1/8\nK:G\n|:GABc d4|"))
      << desk.writer.text();
  EXPECT_EQ(desk.writer.title(), "Given");
}

TEST(TuneWriter, KnowsTheTitleAsSoonAsItIsWritten) {
  Desk desk(plan_of({.bars = 1}));
  desk.writer.begin(desk.plan, desk.options, Random(3, RandomStream::kCompose));
  while (!desk.writer.has_title()) desk.writer.write(desk.logits);
  EXPECT_EQ(desk.writer.text(), "X:1\nT:" + std::string(desk.writer.title()) + "\n");
}

TEST(TuneWriter, TitlesAndTunesOfNoAskedLengthComeToAnEnd) {
  Desk desk(plan_of({}));
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_LT(desk.write(seed).size(), 12'000U);
    EXPECT_LE(desk.writer.title().size(), 50U);
    EXPECT_TRUE(abc::read_tune(desk.writer.text()).problems.empty()) << desk.writer.text();
  }
}

TEST(TuneWriter, CountsWhatItWasFreeToWrite) {
  Desk desk(plan_of({.key = "G", .metre = "4/4", .start = "GABc", .bars = 1}));
  const std::string& text = desk.write(1);
  const std::size_t begin = text.find("\nGABc") + 5;
  const double each = std::log2(static_cast<double>(vocabulary().size()));
  EXPECT_NEAR(desk.writer.bits(), each * static_cast<double>(text.size() - begin), 1e-6);
  EXPECT_GT(desk.writer.notes(), 0U);
}

TEST(TuneWriter, WritesTheSameAgainWhateverItWroteBetween) {
  Desk desk(plan_of({.form = "ABA", .bars = 6}));
  const std::string first = desk.write(1);
  const std::string other = desk.write(2);
  EXPECT_NE(first, other);
  EXPECT_EQ(desk.write(1), first);
}

TEST(TuneWriter, MetresWithoutAccompanimentHaveNoChordSymbols) {
  Desk desk(plan_of({.bars = 3, .chords = "on"}));
  // What draws to it as well as it can.
  desk.logits[vocabulary().token(U'3')] = 4;
  desk.logits[vocabulary().token(U'2')] = 8;
  desk.logits[vocabulary().token(U'"')] = 4;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(desk.write(seed).find("M:3/2"), std::string::npos) << desk.writer.text();
  }
}

TEST(TuneWriter, RepetitionIsDiscouraged) {
  const Plan plan = plan_of({.key = "G", .metre = "4/4", .form = "A", .bars = 16});
  const auto repeated = [&](double repetition) {
    Desk desk(plan, {.sampling = {}, .repetition = repetition});
    desk.logits[vocabulary().token(U'G')] = 9;  // a tune of that note, nearly
    desk.logits[vocabulary().token(U'|')] = 8;
    const std::string& text = desk.write(4);
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find("GGGGGGGG", at)) != std::string::npos; ++at) ++found;
    return found;
  };
  EXPECT_GT(repeated(0), repeated(20));
}

}  // namespace
}  // namespace lilt::compose
