#include "likeness/novelty.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "abc/transpose.h"
#include "base/random.h"
#include "likeness/titles.h"

namespace lilt::likeness {
namespace {

abc::Tune tune_of(const std::string& music, const std::string& titles = "T:Tune\n") {
  return abc::read_tune("X:1\n" + titles + "M:4/4\nL:1/8\nK:C\n" + music + "\n").tune;
}

// Eight-note bars drawn from the seed.
std::string random_music(std::uint64_t seed, std::size_t bars) {
  Random random(seed, RandomStream::kBench);
  std::string music;
  for (std::size_t i = 0; i < 8 * bars; ++i) {
    music += "CDEFGABcdefgab"[random.below(14)];
    if (i % 8 == 7) music += '|';
  }
  return music;
}

// Three tunes of 32 notes that share nothing.
KnownTunes three_tunes() {
  KnownTunes known;
  known.add(tune_of(random_music(1, 4), "T:First\n"));
  known.add(tune_of(random_music(2, 4), "T:The Second\nT:Number Two\n"));
  known.add(tune_of(random_music(3, 4), "T:Third, The\n"));
  return known;
}

TEST(Novelty, FindsACopyWholeInAnyKey) {
  const Novelty novelty(three_tunes());
  for (int semitones = -6; semitones <= 6; ++semitones) {
    abc::Tune copy = tune_of(random_music(2, 4));
    abc::transpose(copy, semitones);
    const NoveltyReport report = novelty.report(copy);
    EXPECT_EQ(report.notes, 32);
    EXPECT_EQ(report.windows, 25);
    EXPECT_EQ(report.longest_run, 32);
    EXPECT_EQ(report.run_tune, 1);
    EXPECT_EQ(report.share_known, 1);
    EXPECT_EQ(report.nearest, 1);
    EXPECT_EQ(report.similarity, 1);
    EXPECT_EQ(novelty.percentile(report), 0);
  }
}

TEST(Novelty, OneOtherNoteSpoilsTheWindowsAroundIt) {
  const Novelty novelty(three_tunes());
  std::string music = random_music(2, 4);
  music[2 * 9 + 3] = music[2 * 9 + 3] == 'C' ? 'D' : 'C';  // note 19, counted from 0
  const NoveltyReport report = novelty.report(tune_of(music));
  EXPECT_EQ(report.longest_run, 19);
  EXPECT_EQ(report.share_known, (25 - 8) / 25.0);
  EXPECT_EQ(report.similarity, (25 - 8) / 25.0);
  EXPECT_EQ(report.nearest, 1);
}

TEST(Novelty, ANewTuneSharesNothing) {
  const Novelty novelty(three_tunes());
  const NoveltyReport report = novelty.report(tune_of(random_music(4, 4)));
  EXPECT_EQ(report.longest_run, kWindow - 1);
  EXPECT_EQ(report.share_known, 0);
  EXPECT_FALSE(report.nearest.has_value());
  EXPECT_FALSE(report.run_tune.has_value());
  EXPECT_EQ(novelty.percentile(report), 100);
  EXPECT_EQ(novelty.report(tune_of("CDE|")).windows, 0);
  EXPECT_EQ(novelty.report(abc::Tune{}).share_known, 0);
}

// A run may not jump from one tune into the next, nor from one place of a tune to another.
TEST(Novelty, RunsStayWithinATune) {
  const std::string first = random_music(1, 2), second = random_music(2, 2);
  KnownTunes known;
  known.add(tune_of(first));
  known.add(tune_of(second));
  const Novelty novelty(std::move(known));
  const NoveltyReport report = novelty.report(tune_of(first + second));
  EXPECT_EQ(report.longest_run, 16);
  EXPECT_EQ(report.run_tune, 0);
  EXPECT_EQ(report.share_known, 18 / 25.0);
  EXPECT_EQ(report.similarity, 9 / 25.0);
  EXPECT_EQ(report.nearest, 0);

  KnownTunes twice;
  twice.add(tune_of(first + random_music(5, 1) + first));
  EXPECT_EQ(Novelty(std::move(twice)).report(tune_of(first + first)).longest_run, 16);
}

// The same by comparing every note with every note.
std::size_t longest_run_by_hand(const std::vector<MelodyNote>& a,
                                const std::vector<MelodyNote>& b) {
  std::size_t longest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t n = 0;
      while (i + n < a.size() && j + n < b.size() && a[i + n].length == b[j + n].length &&
             a[i + n].pitch - a[i].pitch == b[j + n].pitch - b[j].pitch) {
        ++n;
      }
      longest = std::max(longest, n);
    }
  }
  return std::max(longest, kWindow - 1);
}

TEST(Novelty, FindsTheLongestRunOfAll) {
  Random random(7, RandomStream::kBench);
  std::vector<abc::Tune> tunes;
  for (int t = 0; t < 20; ++t) {
    std::string music;
    for (int i = 0; i < 60; ++i) music += "CDE"[random.below(random.below(3) + 1)];
    tunes.push_back(tune_of(music + "|"));
  }
  KnownTunes known;
  for (const abc::Tune& tune : tunes) known.add(tune);
  const Novelty novelty(std::move(known));
  for (std::size_t i = 0; i < tunes.size(); ++i) {
    std::size_t longest = 0;
    for (std::size_t j = 0; j < tunes.size(); ++j) {
      if (i == j) continue;
      longest = std::max(longest, longest_run_by_hand(melody_of(tunes[i]), melody_of(tunes[j])));
    }
    EXPECT_EQ(novelty.report_known(i).longest_run, longest) << i;
    EXPECT_EQ(novelty.report(tunes[i]).longest_run, 60) << i;
  }
}

TEST(Novelty, AKnownTuneIsComparedWithAllOthers) {
  KnownTunes known = three_tunes();
  known.add(tune_of(random_music(1, 4) + random_music(8, 4)));
  const Novelty novelty(std::move(known));
  EXPECT_EQ(novelty.report_known(0).share_known, 1);
  EXPECT_EQ(novelty.report_known(0).nearest, 3);
  EXPECT_EQ(novelty.report_known(0).longest_run, 32);
  EXPECT_EQ(novelty.report_known(1).share_known, 0);
  EXPECT_EQ(novelty.report_known(3).share_known, 25 / 57.0);
  EXPECT_EQ(novelty.report_known(3).nearest, 0);

  // Exact copies are others, too.
  KnownTunes copies;
  copies.add(tune_of(random_music(1, 4)));
  copies.add(tune_of(random_music(1, 4)));
  EXPECT_EQ(Novelty(std::move(copies)).report_known(1).share_known, 1);
}

TEST(Novelty, PercentilesAreThoseOfRealTunes) {
  // Of 101 tunes number n has n windows in common with the last.
  RealFigures real;
  for (std::size_t q = 0; q < kQuantiles; ++q) {
    real.longest_run[q] = static_cast<double>(7 + q / 2);
    real.share_known[q] = static_cast<double>(q) / 100;
  }
  const Novelty novelty(three_tunes(), real);
  const auto percentile = [&](std::size_t run, double share) {
    return novelty.percentile({.longest_run = run, .share_known = share});
  };
  EXPECT_EQ(percentile(7, 0), 100);
  EXPECT_EQ(percentile(7, 0.5), 50);
  EXPECT_EQ(percentile(32, 0), 50);
  EXPECT_EQ(percentile(32, 0.75), 25);
  EXPECT_EQ(percentile(58, 0), 0);
  EXPECT_EQ(percentile(7, 1), 0);
}

TEST(Novelty, MeasuresTheRealTunes) {
  KnownTunes known = three_tunes();
  known.add(tune_of(random_music(1, 4)));
  known.add(tune_of("CDE|"));  // has no figures
  const RealFigures real = Novelty(std::move(known)).real();
  EXPECT_EQ(real.share_known.front(), 0);
  EXPECT_EQ(real.share_known.back(), 1);
  EXPECT_EQ(real.longest_run.front(), 7);
  EXPECT_EQ(real.longest_run.back(), 32);
  EXPECT_TRUE(std::is_sorted(real.longest_run.begin(), real.longest_run.end()));
}

// Every second of so many: of these none is like another, while each of the others has a twin.
TEST(Novelty, MeasuresSomeOfVeryManyRealTunes) {
  KnownTunes known;
  for (std::uint32_t i = 0; i < (1U << 16); ++i) {
    const std::uint32_t melody = i % 2 == 0 ? i : i / 4 * 4 + 1;
    known.windows.push_back(melody * 2654435761U);  // hashes lie apart
    known.counts.push_back(1);
    known.titles.emplace_back();
  }
  EXPECT_EQ(Novelty(known).real().share_known.back(), 0);
  known.windows.resize(1U << 15);
  known.counts.resize(1U << 15);
  known.titles.resize(1U << 15);
  EXPECT_EQ(Novelty(known).real().share_known.back(), 1);
}

TEST(Novelty, BoundsWhatIsNoMusic) {
  std::string music(400'000, 'C');
  music += '|';
  const abc::Tune tune = tune_of(music);
  KnownTunes known;
  known.add(tune);
  EXPECT_EQ(known.windows.size(), 1U << 12);
  const Novelty novelty(std::move(known), RealFigures{});
  EXPECT_EQ(novelty.report(tune_of("CCCCCCCCCC|")).share_known, 1);
}

TEST(Novelty, KnowsTitles) {
  const Novelty novelty(three_tunes());
  EXPECT_FALSE(novelty.is_title_new("first"));
  EXPECT_FALSE(novelty.is_title_new("Second"));
  EXPECT_FALSE(novelty.is_title_new("The Number Two!"));
  EXPECT_FALSE(novelty.is_title_new("The Third"));
  EXPECT_TRUE(novelty.is_title_new("Fourth"));
  EXPECT_TRUE(novelty.is_title_new(""));
  EXPECT_EQ(novelty.title(1), "The Second");
  EXPECT_FALSE(novelty.are_titles_new(tune_of("C|", "T:New\nT:Third\n")));
  EXPECT_TRUE(novelty.are_titles_new(tune_of("C|", "T:New\n")));
  EXPECT_TRUE(novelty.are_titles_unique(0));

  KnownTunes known = three_tunes();
  known.add(tune_of("C|", "T:first\n"));
  known.add(tune_of("C|", ""));
  const Novelty more(std::move(known));
  EXPECT_FALSE(more.are_titles_unique(0));
  EXPECT_FALSE(more.are_titles_unique(3));
  EXPECT_TRUE(more.are_titles_unique(1));
  EXPECT_TRUE(more.are_titles_unique(4));
  EXPECT_EQ(more.title(4), "");
}

TEST(Titles, AreTheSameButForCaseArticlesAndPunctuation) {
  EXPECT_EQ(normalised_title("Rakes of Mallow, The"), "rakes of mallow");
  EXPECT_EQ(normalised_title("The  RAKES of Mallow!"), "rakes of mallow");
  EXPECT_EQ(normalised_title("O'Carolan’s Draught"), "ocarolans draught");
  EXPECT_EQ(normalised_title("Half-penny (reel)"), "half penny reel");
  EXPECT_EQ(normalised_title("ÉIRE Ög"), "éire ög");
  EXPECT_EQ(normalised_title("The A"), "the a");  // nothing would be left
  EXPECT_EQ(normalised_title("?"), "?");
  EXPECT_EQ(normalised_title(" \t "), "");
  EXPECT_EQ(normalised_title("a\xff\x80z"), "az");
}

}  // namespace
}  // namespace lilt::likeness
