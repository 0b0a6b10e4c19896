#include "plot/curves.h"

#include <gtest/gtest.h>

namespace lilt::plot {
namespace {

LoggedRun run_of(const std::string& name, std::vector<Epoch> rows) {
  return {name, std::move(rows)};
}

TEST(Curves, TheBestEpochIsTheFirstOfTheBestValidations) {
  const LoggedRun validated =
      run_of("jigs", {{.number = 1, .loss = 2},
                      {.number = 2, .loss = 1.5, .bits_per_character = 1.5},
                      {.number = 3, .loss = 1, .bits_per_character = 1.25, .bits_per_note = 4},
                      {.number = 4, .loss = 0.5, .bits_per_character = 1.25}});
  EXPECT_EQ(best_epoch(validated).number, 3U);
  EXPECT_EQ(summary(validated),
            "jigs: 4 epochs; best epoch 3: 1.250 bits per character, 4.00 bits per note");
  const LoggedRun other = run_of("reels", {{.number = 7, .loss = 0.6931471805599453}});
  EXPECT_EQ(summary(other), "reels: 1 epoch; lowest loss, epoch 7: 1.000 bits per character");
}

TEST(Curves, AnSvgSaysInWordsWhatItShows) {
  const std::vector<LoggedRun> runs = {run_of("<a> & b", {{.number = 1, .loss = 2}})};
  const std::string svg = draw_curves(runs, "one\x01 <two>\xEF\xBF\xBF", ImageFormat::kSvg);
  EXPECT_NE(svg.find("<title>one\\u0001 &lt;two&gt;\xEF\xBF\xBD</title>"), std::string::npos);
  EXPECT_NE(svg.find("<desc>&lt;a&gt; &amp; b: 1 epoch; lowest loss, epoch 1: 2.885 bits"),
            std::string::npos);
}

// They lie behind those that have colours of their own.
TEST(Curves, OfFurtherRunsAreGrey) {
  std::vector<LoggedRun> runs;
  std::string svg;
  for (std::size_t i = 0; i < kMostRuns + 2; ++i) {
    const double loss = 1 + static_cast<double>(i);
    runs.push_back(run_of("run " + std::to_string(i),
                          {{.number = 1, .loss = loss}, {.number = 2, .loss = loss / 2}}));
    svg = draw_curves(runs, "", ImageFormat::kSvg);
    EXPECT_EQ(svg.find("rgb(80%,80%,80%)") != std::string::npos ||
                  svg.find("rgb(80%, 80%, 80%)") != std::string::npos,
              i >= kMostRuns)
        << i;
  }
  EXPECT_NE(svg.find("run 8: 2 epochs"), std::string::npos);
}

TEST(Curves, AreTheSameEachTime) {
  std::vector<LoggedRun> runs;
  for (std::size_t i = 0; i < kMostRuns; ++i) {
    LoggedRun run{.name = std::string(i * 10, 'x'), .epochs = {}};
    for (std::uint64_t e = 1; e <= 10; ++e) {
      run.epochs.push_back({.number = e, .loss = 1e100 / static_cast<double>(e)});
    }
    runs.push_back(std::move(run));
  }
  const std::string png = draw_curves(runs, "", ImageFormat::kPng);
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1A\n");
  EXPECT_EQ(png, draw_curves(runs, "", ImageFormat::kPng));
}

}  // namespace
}  // namespace lilt::plot
