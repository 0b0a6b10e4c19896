#include "corpus/description_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lilt::corpus {
namespace {

Description description_of(const std::vector<std::string>& tunes) {
  Description description;
  for (const std::string& text : tunes) {
    description.add({.text = text}, abc::read_tune(text));
  }
  return description;
}

std::string tune(const std::string& rhythm) {
  return "X:1\nT:a\nR:" + rhythm + "\nM:4/4\nL:1/8\nK:D\n\"D\"DEFG A4|\n";
}

TEST(DescriptionReport, HasEveryValueAsJson) {
  const nlohmann::ordered_json json =
      to_json(description_of({tune("reel"), tune("Reel"), tune("é")}));
  EXPECT_EQ(json["tunes"], 3);
  EXPECT_EQ(json["correct"], 3);
  EXPECT_EQ(json["rhythms"]["reel"], 2);
  EXPECT_EQ(json["rhythms"]["é"], 1);
  EXPECT_EQ(json["notes"]["median"], 5);
  EXPECT_NE(json["alphabet"].get<std::string>().find("é"), std::string::npos);
}

TEST(DescriptionReport, HasTheMostFrequentValuesAsATable) {
  std::vector<std::string> tunes;
  for (char c = 'a'; c <= 'p'; ++c) tunes.push_back(tune(std::string(1, c)));
  const std::string table = table_of(description_of(tunes));
  EXPECT_NE(table.find("  l                                    1      6.2%\n"), std::string::npos)
      << table;
  EXPECT_EQ(table.find("\n  m  "), std::string::npos);
  EXPECT_NE(table.find("  4 others                             4     25.0%\n"), std::string::npos)
      << table;
}

TEST(DescriptionReport, ShowsNothingThatATerminalWouldObey) {
  const std::string table = table_of(description_of({tune("\x1B[2J")}));
  EXPECT_EQ(table.find('\x1B'), std::string::npos);
  EXPECT_NE(table.find("\\u001B[2j"), std::string::npos) << table;
}

}  // namespace
}  // namespace lilt::corpus
