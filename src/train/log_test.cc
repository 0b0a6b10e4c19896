#include "train/log.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace lilt::train {
namespace {

std::string problem(std::string_view text) {
  const Result<std::vector<LogRow>> rows = read_log(text, "log.csv");
  return rows ? "none" : rows.error().to_string();
}

TEST(ReadLog, ReadsWhatTheLogWrites) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "lilt_read_log" / "training_log.csv";
  Log log(path, 0);
  log.append({.epoch = 1, .loss = 2.5, .accuracy = 0.25, .learning_rate = 0.001, .updates = 7});
  corpus::Figures figures;
  figures.characters = 4;
  figures.notes = 2;
  figures.bits = 6;
  figures.body_bits = 5;
  log.append({.epoch = 2, .loss = 1.25, .validation = figures, .learning_rate = 0.0005});

  const auto rows = read_log_file(path);
  ASSERT_TRUE(rows) << rows.error().to_string();
  EXPECT_EQ(*rows, (std::vector<LogRow>{{.epoch = 1, .loss = 2.5, .learning_rate = 0.001},
                                        {.epoch = 2,
                                         .loss = 1.25,
                                         .bits_per_character = 1.5,
                                         .bits_per_note = 2.5,
                                         .learning_rate = 0.0005}}));
}

TEST(ReadLog, FindsColumnsByName) {
  const std::vector<LogRow> expected = {{.epoch = 3, .loss = 0.5}, {.epoch = 9, .loss = 4e-1}};
  for (const char* text :
       {"epoch,loss,acc\n3,0.5,0.9\n9,.4,\n", "loss,epoch\n0.5,3\n0.4,9",
        "\xEF\xBB\xBF# seed 1, of \"tunes\n#\n\n \"epoch\" , remark,loss\r\n3,\"a, b\",0.5\r\n"
        "# resumed\r\n9,nan,0.4\r\n"}) {
    const auto rows = read_log(text, "log.csv");
    ASSERT_TRUE(rows) << text << rows.error().to_string();
    EXPECT_EQ(*rows, expected) << text;
  }
}

TEST(ReadLog, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(problem(""),
            "log.csv: expected a training log, which begins with a line such as epoch,loss,acc; "
            "found none");
  EXPECT_EQ(problem("# a comment\n\n"),
            "log.csv:2: expected a training log, which begins with a line such as epoch,loss,acc; "
            "found none");
  EXPECT_EQ(problem("epoch,loss,acc\n"),
            "log.csv:1: expected a line for each epoch after the header, found none; is the first "
            "epoch still running?");
  EXPECT_EQ(problem("X:1\nT:A tune\n"),
            "log.csv:1: expected the header of a training log, with the columns epoch and loss; "
            "found \"X:1\"");
  EXPECT_EQ(problem("#\nepoch,loss,acc\n1,2,0.1\n2,1\n"),
            "log.csv:4: expected 3 fields, as in the header, found 2");
  EXPECT_EQ(problem("epoch,loss\n1,2\n1,2\n"),
            "log.csv:3: column epoch: expected an epoch after 1, found \"1\"");
}

TEST(ReadLog, RefusesFieldsThatAreNoFigures) {
  const std::string header = "epoch,loss,valid_bits_per_note\n";
  const std::string place = "log.csv:2: column ";
  EXPECT_EQ(problem(header + "1,x,\n"), place + "loss: expected a number, found \"x\"");
  EXPECT_EQ(problem(header + "1,,\n"), place + "loss: expected a number, found an empty field");
  EXPECT_EQ(problem(header + "1,1.5x,\n"), place + "loss: expected a number, found \"1.5x\"");
  EXPECT_EQ(problem(header + "1,nan,\n"), place + "loss: expected a finite number, found \"nan\"");
  EXPECT_EQ(problem(header + "1,1,inf\n"),
            place + "valid_bits_per_note: expected a finite number, found \"inf\"");
  EXPECT_EQ(problem(header + "1,-1,\n"),
            place + "loss: expected a number from 0 to 1e100, found \"-1\"");
  EXPECT_EQ(problem(header + "1,1,1e101\n"),
            place + "valid_bits_per_note: expected a number from 0 to 1e100, found \"1e101\"");
  EXPECT_EQ(problem(header + "1.5,1,\n"), place + "epoch: expected a whole number, found \"1.5\"");
  EXPECT_EQ(problem(header + "-1,1,\n"), place + "epoch: expected a whole number, found \"-1\"");
  EXPECT_EQ(problem(header + "99999999999999999999,1,\n"),
            place + "epoch: expected a whole number, found \"99999999999999999999\"");
  EXPECT_LT(problem(header + "1," + std::string(100'000, '7') + "x,\n").size(), 200);
}

}  // namespace
}  // namespace lilt::train
