#include "corpus/learning_text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
#include "corpus/repertoire.h"
#include "peak_memory.h"
#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

constexpr const char* kTune =
    "X:7\nT:The Test\nC:Somebody\nR:jig\nP:AAB\nM:6/8\nK:D\nP:A\nA|dfa afd|gbg e2A|dfa \"G\"bag|f3 "
    "d2:|\n";

std::string text_of(const char* tune) { return learning_text(abc::read_tune(tune).tune); }

TEST(LearningText, IsCanonicalWithTheFieldsOfMusic) {
  EXPECT_EQ(
      text_of(kTune),
      "X:1\nT:The Test\nR:jig\nM:6/8\nL:1/8\nK:D\n|:A|dfa afd|gbg e2A|dfa \"G\"bag|f3 d2:|\n\n");
}

TEST(LearningText, IsTheSameWhenReadAgain) {
  const std::string text = text_of(kTune);
  EXPECT_EQ(learning_text(abc::read_tune(text).tune), text);
}

TEST(TuneEncoder, TellsWhatIsKnownBeforeEachCharacter) {
  const Vocabulary vocabulary = learning_vocabulary({U'é'});
  EXPECT_EQ(vocabulary.size(), 97U);
  ModelConfig config;
  config.features = *feature_tables({"dialect", "position"});
  ASSERT_EQ(config.features.size(), 2U);
  Result<TuneEncoder> encoder = TuneEncoder::of(config, vocabulary);
  ASSERT_TRUE(encoder);
  const std::string text = text_of(kTune);
  TuneSet set;
  encoder->add(text, {.dialect = 5}, set);
  encoder->add(text, {}, set);
  ASSERT_EQ(set.tunes(), 2U);
  ASSERT_EQ(set.features.size(), 2 * set.tokens.size());
  EXPECT_EQ(set.features_of(0, 0)[0], 5);
  EXPECT_EQ(set.features_of(1, text.size() - 1)[0], 0);
  abc::Surroundings surroundings;
  surroundings.reset(5);
  const std::size_t position = *abc::find_feature("position");
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_EQ(set.features_of(0, i)[1], surroundings.values()[position]) << i;
    surroundings.push(static_cast<unsigned char>(text[i]));
  }
}

TEST(TuneEncoder, RefusesFeaturesThatItDoesNotKnow) {
  EXPECT_EQ(feature_tables({"all"})->size(), abc::kFeatures.size());
  EXPECT_FALSE(feature_tables({"mood"}));
  ModelConfig config;
  config.features = {{"position", 3, 4}};
  EXPECT_FALSE(TuneEncoder::of(config, learning_vocabulary({})));
}

TEST(Dialects, AreFoundByName) {
  const TextConfig text{.canonical = true, .dialects = {"english", "irish"}};
  EXPECT_EQ(*find_dialect(text, "irish"), 2);
  EXPECT_EQ(*find_dialect(text, ""), 1);
  EXPECT_EQ(*find_dialect(text, "any"), 0);
  EXPECT_EQ(*find_dialect({}, ""), 0);
  EXPECT_NE(find_dialect(text, "welsh").error().to_string().find("english, irish"),
            std::string::npos);
}

class RepertoireTest : public testing::Test {
 protected:
  Repertoire collection(const std::string& text) {
    const auto path = folder_.path() / "some tunes.abc";
    write_file_atomically(path, text);
    Result<Repertoire> found = read_repertoire(path.string());
    EXPECT_TRUE(found);
    return *std::move(found);
  }
  support::TemporaryFolder folder_;
};

TEST_F(RepertoireTest, KnowsKeyAndRangeOfItsTunes) {
  const Repertoire found =
      collection("X:1\nT:No music\nK:C\n\nX:2\nT:One\nM:4/4\nK:Em\nE2GB e'2B,2|]\n\n");
  EXPECT_EQ(found.name(), "some tunes");
  ASSERT_EQ(found.size(), 1U);
  const LearningTune tune = found.tune(0);
  EXPECT_EQ(found.bytes(), tune.text.size());
  EXPECT_EQ(found.tonics()[static_cast<std::size_t>(abc::Mode::kMinor)][4], 1U);
  EXPECT_EQ(tune.tonic, 4);
  EXPECT_EQ(tune.mode, abc::Mode::kMinor);
  EXPECT_EQ(tune.lowest, 59);
  EXPECT_EQ(tune.highest, 88);
}

TEST(Repertoire, GivesBackItsTunesWhereverTheyAre) {
  for (const std::size_t most_held : {std::size_t{0}, ByteStore::kMostHeld}) {
    Repertoire repertoire("some", most_held);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 10; ++i) {
      LearningTune tune{.text = std::string(10 * i, 'a'), .told_tonic = 7, .highest = 99};
      tune.tonic = static_cast<std::uint8_t>(i);
      tune.mode = abc::Mode::kDorian;
      repertoire.add(tune);
    }
    repertoire.shuffle(Random(1, RandomStream::kSplit));
    for (std::size_t left = 10; left-- > 0;) {
      const LearningTune tune = repertoire.tune(left);
      EXPECT_EQ(repertoire.take_last().text, tune.text);
      EXPECT_EQ(tune.text.size(), 10U * tune.tonic);
      EXPECT_EQ(tune.told_tonic, 7);
      EXPECT_EQ(tune.mode, abc::Mode::kDorian);
      EXPECT_EQ(tune.lowest, 60);
      EXPECT_EQ(tune.highest, 99);
      EXPECT_EQ(repertoire.tonics()[static_cast<std::size_t>(tune.mode)][tune.tonic], 0U);
      texts.push_back(tune.text);
    }
    EXPECT_EQ(repertoire.bytes(), 0U);
    EXPECT_FALSE(std::ranges::is_sorted(texts));
    std::ranges::sort(texts);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(texts[i].size(), 10 * i);
  }
}

TEST(Repertoire, TakesNoMoreMemoryThanItMay) {
  const std::size_t before = support::peak_memory();
  Repertoire repertoire("large", std::size_t{1} << 20);
  const LearningTune tune{.text = std::string(400, 'a')};
  for (int i = 0; i < 100'000; ++i) repertoire.add(tune);  // 40 MB
  EXPECT_EQ(repertoire.tune(99'999).text, tune.text);
  if (support::kMemoryTells) {
    EXPECT_LT(support::peak_memory() - before, 8'000'000U);
  }
}

TEST(KnownOutlines, AreOfAllTunesOrOfSomeThroughoutTheCollection) {
  const auto lines = [](std::size_t tunes, std::size_t most) {
    KnownOutlines outlines(1, most);
    for (std::size_t i = 0; i < tunes; ++i) {
      LearningTune tune;
      tune.told_tonic = static_cast<std::uint8_t>(i);
      tune.text = "X:1\nM:4/4\nL:1/8\nK:C\nC2DE F2GA|G4 C4|C2DE F2GA|G4 C4|]\n";
      outlines.add(tune);
    }
    std::vector<int> tonics;
    const auto known = abc::outlines_from_text(outlines.text());
    for (const abc::KnownOutline& one : *known) tonics.push_back(one.outline.tonic);
    return tonics;
  };
  EXPECT_EQ(lines(5, 5), (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(lines(6, 5), (std::vector<int>{0, 2, 4}));
  EXPECT_EQ(lines(11, 5), (std::vector<int>{0, 4, 8}));
  EXPECT_EQ(lines(0, 5), std::vector<int>{});
}

TEST_F(RepertoireTest, WithoutAnyTuneIsAnError) {
  const auto path = folder_.path() / "none.abc";
  write_file_atomically(path, std::string("X:1\nT:No music\nK:C\n\n"));
  EXPECT_FALSE(read_repertoire(path.string()));
}

TEST_F(RepertoireTest, TunesMoveToAnyKeyAndBack) {
  const LearningTune tune =
      collection("X:1\nT:One\nM:4/4\nK:G\nG2AB \"D7\"c^cdB|G4 G4|]\n\n").tune(0);
  EXPECT_EQ(text_in_key(tune, 0), tune.text);
  EXPECT_EQ(text_in_key(tune, 2), "X:1\nT:One\nM:4/4\nL:1/8\nK:A\nA2Bc \"E7\"d^dec|A4 A4|]\n\n");
  for (int shift = -6; shift <= 5; ++shift) {
    LearningTune moved = tune;
    moved.text = text_in_key(tune, shift);
    EXPECT_EQ(text_in_key(moved, -shift), tune.text) << shift;
  }
}

TEST_F(RepertoireTest, KeysAreThoseThatWereAskedFor) {
  std::string text;
  for (int i = 0; i < 9; ++i) text += "X:1\nM:4/4\nK:G\nG2AB c2dB|G4 G4|]\n\n";
  text += "X:1\nM:4/4\nK:D\nD2EF G2AF|D4 D4|]\n\n";
  const Repertoire found = collection(text);
  const auto count = [&](Keys keys, int shift) {
    KeyChooser chooser(keys);
    chooser.count(found);
    int times = 0;
    for (std::uint64_t i = 0; i < 1200; ++i) {
      const int drawn = chooser.choose(found.tune(0), Random(1, RandomStream::kKeys, i));
      EXPECT_GE(drawn, -6);
      EXPECT_LE(drawn, 5);
      times += drawn == shift ? 1 : 0;
    }
    return times;
  };
  EXPECT_EQ(count(Keys::kOriginal, 0), 1200);
  EXPECT_NEAR(count(Keys::kAll, 0), 100, 40);
  EXPECT_NEAR(count(Keys::kUsual, 0), 933, 60) << "G major, from which the tune does not move";
  EXPECT_NEAR(count(Keys::kUsual, -5), 117, 40) << "D major";
}

TEST_F(RepertoireTest, KeysAreWithinTheRangeOfInstruments) {
  const Repertoire found = collection("X:1\nM:4/4\nK:G\nG,2A,B, c'2e'2|G4 G4|]\n\n");
  KeyChooser chooser(Keys::kAll);
  chooser.count(found);
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(chooser.choose(found.tune(0), Random(1, RandomStream::kKeys, i)), 0);
  }
}

TEST(Keys, HaveTheNamesOfRunRecords) {
  EXPECT_EQ(name_of(Keys::kOriginal), "original");
  EXPECT_EQ(name_of(Keys::kUsual), "usual");
  EXPECT_EQ(name_of(Keys::kAll), "all");
}

}  // namespace
}  // namespace lilt::corpus
