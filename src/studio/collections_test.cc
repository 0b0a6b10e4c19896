#include "studio/collections.h"

#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;

const char* kJig = "X:1\nT:A\nR:jig\nM:6/8\nL:1/8\nK:D\nDFA AFD|GBd AFD|\n";
const char* kSameInG = "X:7\nT:B\nR:jig\nM:6/8\nL:1/8\nK:G\nGBd dBG|ceg dBG|\n";
const char* kWrong = "X:2\nT:C\nM:6/8\nL:1/8\nK:D\nDFA AFD|DFA A|DFA AFG|\n";

class CollectionsTest : public testing::Test {
 protected:
  std::string problem(const std::string& name, const std::vector<TuneFile>& files) {
    const auto added = collections_.add(name, files);
    return added ? "none" : added.error().to_string();
  }

  support::TemporaryFolder folder_;
  fs::path inside_ = folder_.path() / "teach" / "collections";
  Collections collections_{inside_};
};

TEST_F(CollectionsTest, TellsWhatTheyAre) {
  const auto added = collections_.add(
      "My jigs", {{"one.abc", kJig}, {"two.abc", std::string(kSameInG) + "\n" + kWrong}});
  ASSERT_TRUE(added) << added.error().to_string();
  EXPECT_EQ((*added)["name"], "My_jigs");
  EXPECT_EQ((*added)["tunes"], 3);
  EXPECT_EQ((*added)["duplicates"], 1);
  EXPECT_EQ((*added)["correct"], 2);
  EXPECT_EQ((*added)["keys"]["D"], 2);
  EXPECT_EQ((*added)["rhythms"]["jig"], 2);
  EXPECT_EQ((*added)["last_notes"]["tonic"], 2);
  EXPECT_EQ((*added)["problems"]["bar-too-short"], 1);
  EXPECT_EQ((*added)["bytes"], fs::file_size(inside_ / "My_jigs.abc"));

  EXPECT_EQ(collections_.find("My_jigs"), *added);
  const nlohmann::ordered_json list = Collections(inside_).list();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0]["tunes"], 3);
  EXPECT_FALSE(list[0].contains("alphabet"));
}

TEST_F(CollectionsTest, RefusesWhatIsNoCollection) {
  EXPECT_EQ(problem("", {{"a.abc", kJig}}),
            "name: expected a name of 1 to 60 characters, found none");
  EXPECT_EQ(problem(std::string(61, 'a'), {{"a.abc", kJig}}),
            "name: expected a name of 1 to 60 characters, found 61");
  EXPECT_NE(problem("empty", {}).find("files: expected "), std::string::npos);
  EXPECT_NE(problem("text", {{"a.txt", "no tunes"}}).find("files: expected "), std::string::npos);
  EXPECT_EQ(problem("large", {{"a.abc", std::string(kLargestCollection + 1, ' ')}}),
            "files: expected at most 32 MB of tunes, found more");
  EXPECT_EQ(collections_.list().size(), 0U);
  EXPECT_EQ(problem("taken", {{"a.abc", kJig}}), "none");
  EXPECT_EQ(problem("taken", {{"a.abc", kJig}}),
            "name: expected a new name, found one that there is: taken");
}

TEST_F(CollectionsTest, StayInTheirFolder) {
  const auto added = collections_.add("../../../etc/x", {{"../a.abc", kJig}});
  ASSERT_TRUE(added);
  EXPECT_EQ((*added)["name"], "etc_x");
  folder_.write("outside.abc", kJig);
  for (const char* name : {"../../outside", "..", ".", "", "/etc/passwd", "a/b", ".made"}) {
    EXPECT_FALSE(collections_.file(name)) << name;
    EXPECT_FALSE(collections_.find(name)) << name;
    EXPECT_FALSE(collections_.remove(name)) << name;
  }
  EXPECT_TRUE(fs::exists(folder_.path() / "outside.abc"));
}

TEST_F(CollectionsTest, CanBeRemoved) {
  ASSERT_TRUE(collections_.add("jigs", {{"a.abc", kJig}}));
  EXPECT_TRUE(collections_.file("jigs"));
  EXPECT_TRUE(collections_.remove("jigs"));
  EXPECT_FALSE(collections_.remove("jigs"));
  EXPECT_FALSE(collections_.file("jigs"));
  EXPECT_TRUE(fs::is_empty(inside_));
}

TEST_F(CollectionsTest, AFileThatAPersonPutThereIsOne) {
  fs::create_directories(inside_);
  folder_.write("teach/collections/own.abc", kJig);
  ASSERT_TRUE(collections_.find("own"));
  EXPECT_EQ((*collections_.find("own"))["tunes"], 1);
}

TEST_F(CollectionsTest, TablesOfNonsenseAreShort) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += "X:1\nR:r" + std::to_string(i) + "\nM:3/8\nL:1/8\nK:C\nCDE|\n\n";
  }
  const auto added = collections_.add("many", {{"a.abc", text}});
  ASSERT_TRUE(added);
  EXPECT_EQ((*added)["rhythms"].size(), 101U);
  EXPECT_EQ((*added)["rhythms"]["…"], 200);
}

}  // namespace
}  // namespace lilt::studio
