#include "score/file_name.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace lilt::score {
namespace {

TEST(FileName, KeepsWhatIsAPlainName) {
  EXPECT_EQ(safe_file_name("The Butterfly"), "The_Butterfly");
  EXPECT_EQ(safe_file_name("Port an Bhodaigh – Ó Súilleabháin"),
            "Port_an_Bhodaigh_–_Ó_Súilleabháin");
  EXPECT_EQ(safe_file_name("St. Anne's Reel, No. 2"), "St._Anne_s_Reel,_No._2");
  EXPECT_EQ(safe_file_name("日本"), "日本");
}

TEST(FileName, IsNeverAPathNorAnOptionNorHidden) {
  EXPECT_EQ(safe_file_name("../../etc/passwd"), "etc_passwd");
  EXPECT_EQ(safe_file_name("/a\\b:c"), "a_b_c");
  EXPECT_EQ(safe_file_name("-rf *"), "rf");
  EXPECT_EQ(safe_file_name("...hidden..."), "hidden");
  EXPECT_EQ(safe_file_name("- . -x"), "x");
  EXPECT_EQ(safe_file_name("$(id) `id` a;b|c&d"), "id_id_a_b_c_d");
}

TEST(FileName, IsNeverEmpty) {
  for (const char* title : {"", " ", "///", "...", "\n\t", "?*", "\xFF\xFE"}) {
    EXPECT_EQ(safe_file_name(title), "tune") << title;
  }
}

TEST(FileName, LeavesOutWhatDoesNotPrint) {
  EXPECT_EQ(safe_file_name("a\033[31mb\u202Ec\nd\xFF"), "a_31mbcd");
}

TEST(FileName, IsNoneThatWindowsKeeps) {
  EXPECT_EQ(safe_file_name("CON"), "_CON");
  EXPECT_EQ(safe_file_name("nul.x"), "_nul.x");
  EXPECT_EQ(safe_file_name("Lpt1"), "_Lpt1");
  EXPECT_EQ(safe_file_name("Conlon"), "Conlon");
}

TEST(FileName, IsCutBetweenCharacters) {
  std::string title;
  for (int i = 0; i < 300; ++i) title += "é";
  const std::string name = safe_file_name(title);
  EXPECT_LE(name.size(), kLongestName);
  EXPECT_GT(name.size(), kLongestName - 2);
  EXPECT_TRUE(to_code_points(name).ok());
}

TEST(FileNames, AreAllDifferent) {
  FileNames names;
  EXPECT_EQ(names.next("The Reel"), "The_Reel");
  EXPECT_EQ(names.next("The Reel"), "The_Reel-2");
  EXPECT_EQ(names.next("THE REEL"), "THE_REEL-3");
  EXPECT_EQ(names.next("The Reel-2"), "The_Reel-2-2");
  EXPECT_EQ(names.next("The Reel"), "The_Reel-4");
  EXPECT_EQ(names.next(""), "tune");
  EXPECT_EQ(names.next("/"), "tune-2");
}

}  // namespace
}  // namespace lilt::score
