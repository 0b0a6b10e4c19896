#include "eval/collection.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "base/random.h"
#include "eval/comparison_report.h"
#include "eval/report.h"
#include "temporary_folder.h"

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
  EXPECT_DOUBLE_EQ((StyleFigures{0.03, 0, 0.01, 0}).ratio(), 2);
  EXPECT_DOUBLE_EQ((StyleFigures{0.03, 0.03, 0.01, 0}).ratio(), 1);
  EXPECT_DOUBLE_EQ((StyleFigures{0, 0, 0.01, 0.03}).ratio_by_chance(), 2);
  EXPECT_EQ((StyleFigures{0, 0, 0, 0}).ratio(), 1);
  EXPECT_EQ((StyleFigures{0.3, 0, 0, 0}).ratio(), std::numeric_limits<double>::infinity());
}

std::span<const likeness::Style> part(const Collection& tunes, std::size_t first,
                                      std::size_t count) {
  return std::span(tunes.styles).subspan(first, count);
}

// The mean over pairs of samples of one collection, which are as far apart as samples are.
TEST(CompareStyles, OfOneCollectionHasARatioNearOne) {
  const Collection tunes = collection(5, 1600);
  for (const std::size_t n : {std::size_t{100}, std::size_t{400}}) {
    const std::size_t pairs = 1600 / (2 * n);
    std::array<double, likeness::kStatistics> ratios{};
    for (std::size_t i = 0; i < pairs; ++i) {
      const StyleComparison c =
          compare_styles(part(tunes, 2 * n * i, n), part(tunes, 2 * n * i + n, n), {});
      EXPECT_EQ(c.composed, n);
      EXPECT_EQ(c.real, n);
      for (std::size_t s = 0; s < ratios.size(); ++s) {
        ratios[s] += c.figures[s].ratio() / static_cast<double>(pairs);
      }
    }
    for (const double ratio : ratios) {
      EXPECT_GE(ratio, 1) << n;
      EXPECT_LT(ratio, n == 100 ? 1.4 : 1.2);
    }
  }
}

// What differs differs as much in small samples as in large ones.
TEST(CompareStyles, OfOthersHasTheSameLargeRatioAtAnySize) {
  const Collection tunes = collection(5, 400), others = collection(6, 400, true);
  const auto interval = static_cast<std::size_t>(likeness::Statistic::kInterval);
  const auto ratio = [&](std::size_t n) {
    return compare_styles(part(others, 0, n), part(tunes, 0, n), {}).figures[interval].ratio();
  };
  EXPECT_GT(ratio(400), 10);
  EXPECT_NEAR(ratio(100) / ratio(400), 1, 0.2);
}

// Where real tunes differ from each other as much as composed ones do, that is what real tunes do.
TEST(CompareStyles, MeasuresByHowRealTunesDiffer) {
  const Collection tunes = collection(5, 200), others = collection(6, 400, true);
  const StyleComparison c =
      compare_styles(part(others, 0, 200), part(tunes, 0, 200), part(others, 200, 200));
  for (const StyleFigures& f : c.figures) EXPECT_NEAR(f.ratio(), 1, 0.35);
}

TEST(Compare, TunesOfTheSameKindAreInStyle) {
  const Comparison c = compare(collection(1, 100), collection(2, 200), nullptr);
  EXPECT_EQ(c.style.composed, 100);
  EXPECT_EQ(c.style.real, 200);
  for (const StyleFigures& f : c.style.figures) EXPECT_LT(f.ratio(), 1.1 * f.ratio_by_chance());
  EXPECT_EQ(c.composed.correct, 1);
  EXPECT_EQ(c.composed.new_titles, 1);
  EXPECT_FALSE(c.held_out.has_value());
  EXPECT_EQ(c.known_titles.size(), 200);
}

TEST(Compare, NotesAtRandomAreNot) {
  const Comparison c = compare(collection(1, 60, true), collection(2, 200), nullptr);
  const auto ratio = [&](likeness::Statistic s) {
    return c.style.figures[static_cast<std::size_t>(s)].ratio();
  };
  EXPECT_GT(ratio(likeness::Statistic::kInterval), 5);
  EXPECT_LT(c.composed.typicality.median, 3 * c.real.typicality.median);
}

TEST(Compare, TakesHeldOutTunesAsReal) {
  const Collection held_out = collection(3, 40);
  const Comparison c = compare(collection(1, 100), collection(2, 200), &held_out);
  ASSERT_TRUE(c.held_out.has_value());
  EXPECT_EQ(c.held_out->tunes.size(), 40);
  for (const StyleFigures& f : c.style.figures) EXPECT_LT(f.ratio(), 1.1 * f.ratio_by_chance());
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

double habit(const std::vector<double>& means, std::string_view name) {
  for (std::size_t h = 0; h < means.size(); ++h) {
    if (likeness::habits()[h].name == name) return means[h];
  }
  return -1;
}

TEST(CompareHabits, TellsApartWhatDiffers) {
  const Comparison c = compare(collection(1, 50, true), collection(2, 100), nullptr);
  EXPECT_GT(c.habits.composed_from_real->auc, 0.95);
  EXPECT_NEAR(*c.habits.real_from_real, 0.5, 0.15);
  EXPECT_EQ(c.habits.pair, RealPair::kHalves);
  EXPECT_EQ(c.habits.composed_tunes, 50);
  EXPECT_EQ(c.habits.real_tunes, 100);
  EXPECT_GT(habit(c.habits.composed, "leaps"), 0.3);
  EXPECT_LT(habit(c.habits.real, "leaps"), 0.01);
  const std::vector<std::size_t> most = most_telling(*c.habits.composed_from_real);
  ASSERT_FALSE(most.empty());
  EXPECT_GE(c.habits.composed_from_real->shares[most.front()],
            c.habits.composed_from_real->shares[most.back()]);
}

TEST(CompareHabits, DoesNotTellApartWhatIsOfOneKind) {
  const Comparison c = compare(collection(1, 100), collection(2, 100), nullptr);
  EXPECT_NEAR(c.habits.composed_from_real->auc, 0.5, 0.12);
}

TEST(CompareHabits, TellsHeldOutTunesFromTheOthers) {
  const Collection held_out = collection(3, 60, true);
  const Comparison c = compare(collection(1, 60), collection(2, 60), &held_out);
  EXPECT_EQ(c.habits.pair, RealPair::kHeldOut);
  EXPECT_GT(*c.habits.real_from_real, 0.95);
}

TEST(CompareHabits, WantsSomeTunes) {
  const Comparison c = compare(collection(1, 9), collection(2, 15), nullptr);
  EXPECT_FALSE(c.habits.composed_from_real);
  EXPECT_FALSE(c.habits.real_from_real);
  const nlohmann::ordered_json json = to_json(c);
  EXPECT_TRUE(json["told_apart"]["composed_from_real"].is_null());
  EXPECT_NE(table_of(c).find("too few tunes"), std::string::npos);
}

TEST(CompareHabits, AreInTablesPagesAndJson) {
  const Comparison c = compare(collection(1, 20), collection(2, 40), nullptr);
  const nlohmann::ordered_json json = to_json(c);
  EXPECT_EQ(json["habits"].size(), likeness::habits().size());
  EXPECT_EQ(json["habits"][0]["habit"], "ends-on-tonic");
  EXPECT_DOUBLE_EQ(json["habits"][0]["difference"],
                   100 * (c.habits.composed[0] - c.habits.real[0]));
  EXPECT_EQ(json["habits"][0]["real_95"], c.habits.real_high[0]);
  EXPECT_TRUE(json["told_apart"]["real_from_real"].is_number());
  EXPECT_EQ(json["style_sample"], 400);
  for (const likeness::Habit& habit : likeness::habits()) {
    EXPECT_NE(table_of(c).find(habit.label), std::string::npos) << habit.name;
  }
  const std::string page = report_page(c, {{"a"}, {"b"}, {}});
  EXPECT_NE(page.find("<h2>Habits</h2>"), std::string::npos);
  EXPECT_NE(page.find("<title>tune ends on the tonic, composed:"), std::string::npos);
}

TEST(Compare, IsAlwaysTheSame) {
  const Collection composed = collection(1, 30), real = collection(2, 90);
  const ComparisonFiles files{{"a"}, {"b"}, {}};
  EXPECT_EQ(report_page(compare(composed, real, nullptr), files),
            report_page(compare(composed, real, nullptr), files));
}

TEST(Compare, TakesTheFewestTunes) {
  const Collection real = collection(2, 2);
  Collection one;
  one.add("X:1\nK:C\nCDEFGABc|\n");
  one.add("X:2\nK:C\nC|\n");
  const Comparison c = compare(one, real, &one);
  for (const StyleFigures& f : c.style.figures) EXPECT_FALSE(std::isnan(f.ratio()));
  EXPECT_EQ(c.composed.tunes[1].novelty.windows, 0);
  EXPECT_FALSE(report_page(c, {}).empty());
}

TEST(Report, EscapesWhatComesFromFiles) {
  Collection composed;
  composed.add("X:1\nT:<script>alert(1)</script> & \"more\"\nM:4/4\nL:1/8\nK:C\nCDEF GABc|\n");
  const std::string page =
      report_page(compare(composed, collection(2, 2), nullptr), {{"x/<a>"}, {"b'"}, {}});
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"),
            std::string::npos);
  EXPECT_NE(page.find("&lt;a&gt; against b&#39;"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);  // nothing is loaded from elsewhere
}

TEST(CompareFiles, GivesWhatTheirCollectionsGive) {
  const support::TemporaryFolder folder;
  const auto tune = [](const char* title, const char* music) {
    return "X:1\nT:" + std::string(title) + "\nM:4/4\nL:1/8\nK:C\n" + music + "\n";
  };
  const std::string a = tune("A", "CDEF GABc|cBAG FEDC|"), b = tune("B", "GABc def2|gfed cBA2|"),
                    c = tune("\x1B[2J", "CDEF GABc|GABc def2|");
  const std::string real = folder.write("real.abc", a + "\n" + b);
  const std::string composed = folder.write("composed.abc", c);
  const auto found = compare_files({.composed = {composed}, .against = {real}}, {});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->composed.tunes.size(), 1U);
  EXPECT_EQ(found->real.tunes.size(), 2U);
  EXPECT_FALSE(found->held_out);
  EXPECT_GT(found->composed.tunes[0].novelty.longest_run, 7U);

  const nlohmann::ordered_json json = to_json(*found);
  EXPECT_EQ(json["composed"]["tunes"], 1);
  EXPECT_EQ(json["tunes"][0]["title"], "\x1B[2J");
  EXPECT_EQ(json["tunes"][0]["longest_run_in"], "A");
  const std::string table = table_of(*found);
  EXPECT_NE(table.find("\\u001B[2J: "), std::string::npos) << table;
  EXPECT_EQ(table.find('\x1B'), std::string::npos);
}

TEST(CompareFiles, TellsTheFirstFileFromTheOthers) {
  const support::TemporaryFolder folder;
  std::string low, high;
  for (int i = 0; i < 20; ++i) {
    low += "X:1\nM:4/4\nL:1/8\nK:C\nCDEF GABc|cBAG FEDC|\n\n";
    high += "X:1\nM:4/4\nL:1/8\nK:C\ncdef gabc'|c'bag fedc|\n\n";
  }
  const std::string a = folder.write("a.abc", low), b = folder.write("b.abc", high);
  const auto found = compare_files({.composed = {a}, .against = {a, b}}, {});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->habits.pair, RealPair::kFiles);
  EXPECT_EQ(found->habits.real_from_real, 1);
  EXPECT_EQ(compare_files({.composed = {a}, .against = {a}}, {})->habits.pair, RealPair::kHalves);
}

TEST(CompareFiles, WantsMusicAndSeveralRealTunes) {
  const support::TemporaryFolder folder;
  const std::string one = folder.write("one.abc", "X:1\nM:4/4\nL:1/8\nK:C\nCDEF GABc|cBAG FEDC|\n");
  const std::string none = folder.write("none.abc", "X:1\nK:C\nCDE|\n");
  EXPECT_EQ(compare_files({.composed = {none}, .against = {one}}, {}).error().to_string(),
            none + ": expected tunes of at least 8 notes to compare, found none");
  EXPECT_EQ(compare_files({.composed = {one}, .against = {one}}, {}).error().to_string(),
            one + ": expected several tunes of at least 8 notes to compare, found one");
  const auto stop = [](const corpus::Progress&) { return false; };
  EXPECT_EQ(compare_files({.composed = {one}, .against = {one}}, stop).error().code,
            ErrorCode::kStopped);
}

}  // namespace
}  // namespace lilt::eval
