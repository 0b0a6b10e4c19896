#include "corpus/fetch.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <set>

#include "base/environment_error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "corpus/download.h"
#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

const std::string kFirst = "\nX:1\nT:One\nK:C\nCDEF|\n\n";
const std::string kSecond = "X:1\nT:Two\nK:D\nDEFG|\n";
const std::string kJoined = kFirst + kSecond + "\n";

class FetchTest : public ::testing::Test {
 protected:
  FetchTest() {
    folder_.write("one.abc", kFirst);
    folder_.write("two.abc", kSecond);
    sums_ = {sha256(kFirst), sha256(kSecond)};
    files_ = {CollectionFile{"one.abc", kFirst.size(), sums_[0]},
              CollectionFile{"two.abc", kSecond.size(), sums_[1]}};
    url_ = "file://" + folder_.path().string();
    collection_ = {.name = "test", .url = url_, .folder = "deep", .tunes = 2, .files = files_};
    output_ = folder_.path() / "out" / "test.abc";
  }

  Result<Fetched> fetch(const std::string& from = "", bool check = true) {
    asked_.clear();
    return fetch_collection(collection_, {.output = output_, .from = from, .check = check},
                            [&](std::string_view file, std::uint64_t) {
                              asked_.insert(std::string(file));
                              return !stop_;
                            });
  }

  std::string output() const { return std::string(FileBytes(output_).text()); }
  std::filesystem::path part(const std::string& name) const {
    return output_.string() + ".files/" + name;
  }

  support::TemporaryFolder folder_;
  std::array<std::string, 2> sums_;
  std::array<CollectionFile, 2> files_;
  std::string url_;
  Collection collection_;
  std::filesystem::path output_;
  std::set<std::string> asked_;
  bool stop_ = false;
};

TEST_F(FetchTest, JoinsTheFiles) {
  const Result<Fetched> fetched = fetch();
  ASSERT_TRUE(fetched.ok()) << fetched.error().to_string();
  EXPECT_TRUE(fetched->complete);
  EXPECT_EQ(fetched->tunes, 2U);
  EXPECT_EQ(output(), kJoined);
  EXPECT_FALSE(std::filesystem::exists(output_.string() + ".files"));
}

TEST_F(FetchTest, TakesAFolderOrACopyOfTheRepository) {
  ASSERT_TRUE(fetch(folder_.path().string()).ok());
  EXPECT_EQ(output(), kJoined);
  std::filesystem::remove(output_);
  std::filesystem::create_directories(folder_.path() / "clone" / "deep");
  for (const char* name : {"one.abc", "two.abc"}) {
    std::filesystem::rename(folder_.path() / name, folder_.path() / "clone" / "deep" / name);
  }
  ASSERT_TRUE(fetch((folder_.path() / "clone").string()).ok());
  EXPECT_EQ(output(), kJoined);
  EXPECT_THROW((void)fetch((folder_.path() / "nowhere").string(), false), EnvironmentError);
}

TEST_F(FetchTest, WhatIsThereIsNotFetchedAgain) {
  ASSERT_TRUE(fetch().ok());
  const Result<Fetched> again = fetch();
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->was_there);
  EXPECT_TRUE(asked_.empty());
  // One changed byte, and it is not the collection any more.
  std::string changed = kJoined;
  changed[30] ^= 1;
  write_file_atomically(output_, changed);
  const Result<Fetched> anew = fetch();
  ASSERT_TRUE(anew.ok());
  EXPECT_FALSE(anew->was_there);
  EXPECT_EQ(output(), kJoined);
}

TEST_F(FetchTest, GoesOnWhereItStopped) {
  stop_ = true;
  const Result<Fetched> stopped = fetch();
  ASSERT_TRUE(stopped.ok());
  EXPECT_FALSE(stopped->complete);
  EXPECT_FALSE(std::filesystem::exists(output_));
  stop_ = false;
  // The first file is complete, the second one half.
  write_file_atomically(part("one.abc"), kFirst);
  write_file_atomically(part("two.abc.part"), kSecond.substr(0, 9));
  std::filesystem::remove(folder_.path() / "one.abc");
  const Result<Fetched> fetched = fetch();
  ASSERT_TRUE(fetched.ok()) << fetched.error().to_string();
  EXPECT_EQ(fetched->reused, kFirst.size() + 9);
  EXPECT_EQ(output(), kJoined);
}

TEST_F(FetchTest, WhatAnEarlierRunLeftIsNotTrusted) {
  write_file_atomically(part("one.abc"), kSecond);
  write_file_atomically(part("two.abc.part"), "something else");
  const Result<Fetched> fetched = fetch();
  ASSERT_TRUE(fetched.ok()) << fetched.error().to_string();
  EXPECT_EQ(output(), kJoined);
  // Longer than the file may be.
  std::filesystem::remove(output_);
  write_file_atomically(part("two.abc.part"), std::string(1000, 'x'));
  ASSERT_TRUE(fetch().ok());
  EXPECT_EQ(output(), kJoined);
  // Complete but for its name.
  std::filesystem::remove(output_);
  write_file_atomically(part("two.abc.part"), kSecond);
  ASSERT_TRUE(fetch().ok());
  EXPECT_FALSE(asked_.contains("two.abc"));
}

TEST_F(FetchTest, RefusesOtherFiles) {
  std::string changed = kSecond;
  changed[7] = 'x';
  for (const std::string& other : {changed, kSecond + "\n", kSecond.substr(1), std::string()}) {
    folder_.write("two.abc", other);
    for (const std::string& from : {std::string(), folder_.path().string()}) {
      const Result<Fetched> fetched = fetch(from);
      ASSERT_FALSE(fetched.ok());
      EXPECT_NE(fetched.error().to_string().find("two.abc: expected "), std::string::npos);
      EXPECT_FALSE(std::filesystem::exists(output_));
    }
  }
  folder_.write("two.abc", changed);
  ASSERT_TRUE(fetch("", false).ok());
  EXPECT_EQ(output(), kFirst + changed + "\n");
}

TEST_F(FetchTest, RefusesAnotherNumberOfTunes) {
  collection_.tunes = 3;
  const Result<Fetched> fetched = fetch();
  ASSERT_FALSE(fetched.ok());
  EXPECT_NE(fetched.error().to_string().find("expected 3 tunes, found 2"), std::string::npos);
}

TEST_F(FetchTest, SaysWhatToDoWithoutANetwork) {
  try {
    (void)fetch("http://127.0.0.1:1/");
    FAIL() << "expected an EnvironmentError";
  } catch (const EnvironmentError& e) {
    EXPECT_NE(std::string(e.what()).find("http://127.0.0.1:1/one.abc: cannot be fetched"),
              std::string::npos)
        << e.what();
    EXPECT_NE(std::string(e.what()).find("`from`"), std::string::npos) << e.what();
  }
  EXPECT_THROW((void)fetch("ftp://127.0.0.1:1/"), EnvironmentError);
}

TEST(Collections, AreComplete) {
  for (const Collection& collection : collections()) {
    EXPECT_EQ(find_collection(collection.name), &collection);
    EXPECT_TRUE(collection.url.ends_with('/'));
    EXPECT_NE(collection.url.find(collection.version), std::string::npos);
    EXPECT_FALSE(collection.terms.empty());
    EXPECT_GT(collection.bytes(), 0U);
    for (const CollectionFile& file : collection.files) {
      EXPECT_TRUE(file.sha256.empty() || file.sha256.size() == 64);
    }
  }
  EXPECT_EQ(find_collection("nothing"), nullptr);
}

TEST_F(FetchTest, WritesTheTermsBesideTheTunes) {
  collection_.title = "A title";
  collection_.notice = "What to know.";
  collection_.page = "a page";
  collection_.version = "1";
  collection_.terms = "free";
  const std::filesystem::path terms = write_terms(collection_, folder_.path() / "tunes.abc");
  EXPECT_EQ(terms, folder_.path() / "tunes.terms.txt");
  EXPECT_EQ(support::read_text(terms),
            "A title\n\nWhat to know.\nFrom: a page\nVersion: 1\nTerms: free\n");
}

}  // namespace
}  // namespace lilt::corpus
