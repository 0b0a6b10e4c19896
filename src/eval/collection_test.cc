#include "eval/collection.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/random.h"
#include "eval/report.h"

namespace lilt::eval {
namespace {

// Tunes of steps and small leaps over a scale, or of notes at random.
Collection collection(std::uint64_t seed, std::size_t count, bool random_notes = false) {
  Random random(seed, RandomStream::kBench);
  Collection tunes;
  for (std::size_t t = 0; t < count; ++t) {
    std::string music;
    std::size_t at = 7;
    for (int i = 0; i < 48; ++i) {
      at = random_notes
               ? random.below(14)
               : std::min<std::size_t>(13, std::max<std::size_t>(2, at) - 2 + random.below(5));
      music += "CDEFGABcdefgab"[at];
      if (i % 6 == 5) music += '|';
      if (i == 23) music += "|";
    }
    const std::string number = std::to_string(t);
    tunes.add("X:" + number + "\nT:Tune " + number + " of " + std::to_string(seed) +
              "\nM:6/8\nL:1/8\nK:C\n" + music + "]\n");
  }
  return tunes;
}

TEST(Spread, IsThatOfTheFigures) {
  const Spread spread = spread_of({4, 1, 3, 2, 5});
  EXPECT_EQ(spread.lower, 2);
  EXPECT_EQ(spread.median, 3);
  EXPECT_EQ(spread.upper, 4);
  EXPECT_EQ(spread_of({1, 2}).median, 1.5);
  EXPECT_EQ(spread_of({7}).upper, 7);
  EXPECT_EQ(spread_of({}).median, 0);
}

TEST(StyleFigures, HaveARatio) {
  EXPECT_EQ((StyleFigures{0.3, 0.2}).ratio(), 0.3 / 0.2);
  EXPECT_EQ((StyleFigures{0, 0}).ratio(), 1);
  EXPECT_EQ((StyleFigures{0.3, 0}).ratio(), std::numeric_limits<double>::infinity());
}

TEST(Compare, TunesOfTheSameKindAreInStyle) {
  const Comparison c = compare(collection(1, 100), collection(2, 200), nullptr);
  EXPECT_EQ(c.sample, 100);
  for (const StyleFigures& f : c.style) EXPECT_NEAR(f.ratio(), 1, 0.35);
  EXPECT_EQ(c.composed.correct, 1);
  EXPECT_EQ(c.composed.new_titles, 1);
  EXPECT_FALSE(c.held_out.has_value());
  EXPECT_EQ(c.known_titles.size(), 200);
}

TEST(Compare, NotesAtRandomAreNot) {
  const Comparison c = compare(collection(1, 60, true), collection(2, 200), nullptr);
  const auto ratio = [&](likeness::Statistic s) {
    return c.style[static_cast<std::size_t>(s)].ratio();
  };
  EXPECT_GT(ratio(likeness::Statistic::kInterval), 5);
  EXPECT_LT(c.composed.typicality.median, 3 * c.real.typicality.median);
}

TEST(Compare, TakesHeldOutTunesAsReal) {
  const Collection held_out = collection(3, 40);
  const Comparison c = compare(collection(1, 100), collection(2, 200), &held_out);
  EXPECT_EQ(c.sample, 40);
  ASSERT_TRUE(c.held_out.has_value());
  EXPECT_EQ(c.held_out->tunes.size(), 40);
  for (const StyleFigures& f : c.style) EXPECT_NEAR(f.ratio(), 1, 0.35);
}

TEST(Compare, ACopyIsFound) {
  const Collection real = collection(2, 20);
  const Comparison c = compare(real, real, nullptr);
  for (const TuneFigures& tune : c.composed.tunes) {
    EXPECT_EQ(tune.novelty.longest_run, 48);
    EXPECT_EQ(tune.novelty.similarity, 1);
    EXPECT_EQ(tune.percentile, 0);
    EXPECT_FALSE(tune.has_new_titles);
    EXPECT_EQ(tune.title, c.known_titles[*tune.novelty.nearest]);
  }
  EXPECT_EQ(c.composed.as_new, 0);
  EXPECT_LT(c.real.share_known.median, 1);
  EXPECT_EQ(c.real.new_titles, 1);
}

TEST(Compare, IsAlwaysTheSame) {
  const Collection composed = collection(1, 30), real = collection(2, 90);
  const ReportNames names{"a", "b", ""};
  EXPECT_EQ(report_page(compare(composed, real, nullptr), names),
            report_page(compare(composed, real, nullptr), names));
}

TEST(Compare, TakesTheFewestTunes) {
  const Collection real = collection(2, 2);
  Collection one;
  one.add("X:1\nK:C\nCDEFGABc|\n");
  one.add("X:2\nK:C\nC|\n");
  const Comparison c = compare(one, real, &one);
  for (const StyleFigures& f : c.style) EXPECT_FALSE(std::isnan(f.ratio()));
  EXPECT_EQ(c.composed.tunes[1].novelty.windows, 0);
  EXPECT_FALSE(report_page(c, {}).empty());
}

TEST(Report, EscapesWhatComesFromFiles) {
  Collection composed;
  composed.add("X:1\nT:<script>alert(1)</script> & \"more\"\nM:4/4\nL:1/8\nK:C\nCDEF GABc|\n");
  const std::string page =
      report_page(compare(composed, collection(2, 2), nullptr), {"<a>", "b'", ""});
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"),
            std::string::npos);
  EXPECT_NE(page.find("&lt;a&gt; against b&#39;"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);  // nothing is loaded from elsewhere
}

}  // namespace
}  // namespace lilt::eval
