#include "likeness/novelty.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <numeric>

#include "likeness/titles.h"

namespace lilt::likeness {
namespace {

constexpr std::size_t kNone = SIZE_MAX;

// Music stays far below these; they bound the time that is spent on what is none.
constexpr std::size_t kMostWindows = std::size_t{1} << 12;  // of a tune
constexpr std::size_t kMostPlaces = std::size_t{1} << 16;   // of a window

// So many real tunes, evenly taken, tell how new such tunes are: each takes time in proportion to
// all.
constexpr std::uint64_t kMostMeasured = std::uint64_t{1} << 15;

// FNV-1a (Fowler, Noll, Vo).
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// Calls use() with each line.
template <class Use>
void for_each_line(std::string_view text, Use&& use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string titles_of(const abc::Tune& tune) {
  std::string titles;
  for (const abc::Field& field : tune.header) {
    if (field.letter != U'T' || field.text.empty()) continue;
    if (!titles.empty()) titles += '\n';
    titles += field.text;
  }
  std::replace(titles.begin(), titles.end(), '\0', ' ');
  return titles;
}

// The figure that q % of the sorted ones do not exceed: the nearest rank.
double quantile(const std::vector<double>& sorted, std::size_t q) {
  if (sorted.empty()) return 0;
  const std::size_t last = kQuantiles - 1;
  return sorted[(q * (sorted.size() - 1) + last / 2) / last];
}

// The largest P for which the figure does not exceed the quantile 100 − P.
double share_above(const std::array<double, kQuantiles>& quantiles, double figure) {
  for (std::size_t q = 0; q < kQuantiles; ++q) {
    if (figure <= quantiles[q]) return static_cast<double>(kQuantiles - 1 - q);
  }
  return 0;
}

// The windows that are looked at.
std::vector<std::uint32_t> windows_of(std::span<const MelodyNote> melody) {
  return window_hashes(melody.first(std::min(melody.size(), kMostWindows + kWindow - 1)));
}

}  // namespace

void KnownTunes::add(const abc::Tune& tune) {
  const std::vector<std::uint32_t> hashes = windows_of(melody_of(tune));
  windows.insert(windows.end(), hashes.begin(), hashes.end());
  counts.push_back(static_cast<std::uint32_t>(hashes.size()));
  titles.push_back(titles_of(tune));
}

Novelty::Novelty(KnownTunes tunes) : Novelty(std::move(tunes), RealFigures{}) { measure_real(); }

Novelty::Novelty(KnownTunes tunes, const RealFigures& real)
    : tunes_(std::move(tunes)), real_(real) {
  assert(tunes_.titles.size() == tunes_.tunes() && tunes_.tunes() < kMost &&
         tunes_.windows.size() < kMost);
  index_windows();
  index_titles();
}

// Sorts the windows by counting those of each bucket. Buckets of some 16 are two lines of the
// cache, and so few that the counters fit it, too.
void Novelty::index_windows() {
  const std::vector<std::uint32_t>& windows = tunes_.windows;
  tune_of_.reserve(windows.size());
  starts_.reserve(tunes_.tunes() + 1);
  for (std::size_t i = 0; i < tunes_.tunes(); ++i) {
    starts_.push_back(static_cast<Place>(tune_of_.size()));
    tune_of_.insert(tune_of_.end(), tunes_.counts[i], static_cast<std::uint32_t>(i));
  }
  starts_.push_back(static_cast<Place>(tune_of_.size()));
  assert(tune_of_.size() == windows.size());

  const int bits = std::clamp(static_cast<int>(std::bit_width(windows.size())) - 4, 1, 20);
  bucket_shift_ = 32 - bits;
  bucket_starts_.assign((std::size_t{1} << bits) + 1, 0);
  for (const std::uint32_t hash : windows) ++bucket_starts_[(hash >> bucket_shift_) + 1];
  std::partial_sum(bucket_starts_.begin(), bucket_starts_.end(), bucket_starts_.begin());
  sorted_.resize(windows.size());
  std::vector<Place> next(bucket_starts_.begin(), bucket_starts_.end() - 1);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    sorted_[next[windows[i] >> bucket_shift_]++] = {windows[i], static_cast<Place>(i)};
  }
}

void Novelty::index_titles() {
  for (std::size_t i = 0; i < tunes_.tunes(); ++i) {
    for_each_line(tunes_.titles[i], [&](std::string_view title) {
      const std::string normalised = normalised_title(title);
      if (normalised.empty()) return;
      titles_.emplace_back(hash_of(normalised), static_cast<std::uint32_t>(i));
    });
  }
  std::sort(titles_.begin(), titles_.end());
}

void Novelty::measure_real() {
  std::vector<double> runs, shares;
  const std::uint64_t tunes = tunes_.tunes(), measured = std::min(tunes, kMostMeasured);
  for (std::uint64_t k = 0; k < measured; ++k) {
    const auto i = static_cast<std::size_t>(k * tunes / measured);
    if (tunes_.counts[i] == 0) continue;
    const NoveltyReport report = report_known(i);
    runs.push_back(static_cast<double>(report.longest_run));
    shares.push_back(report.share_known);
  }
  std::sort(runs.begin(), runs.end());
  std::sort(shares.begin(), shares.end());
  for (std::size_t q = 0; q < kQuantiles; ++q) {
    real_.longest_run[q] = quantile(runs, q);
    real_.share_known[q] = quantile(shares, q);
  }
}

std::span<const Novelty::Window> Novelty::bucket(std::uint32_t hash) const {
  const std::size_t i = hash >> bucket_shift_;
  return std::span(sorted_).subspan(bucket_starts_[i], bucket_starts_[i + 1] - bucket_starts_[i]);
}

// Where a window is known, in rising order. A run goes on where the window before was known at the
// place before, in the same tune.
void Novelty::find_matches(std::uint32_t hash, std::size_t except, std::span<const Match> before,
                           std::vector<Match>& found) const {
  found.clear();
  std::size_t b = 0;
  for (const auto& [known, place] : bucket(hash)) {
    if (known != hash || tune_of_[place] == except) continue;
    while (b < before.size() && before[b].place + 1 < place) ++b;
    const bool goes_on = b < before.size() && before[b].place + 1 == place &&
                         tune_of_[before[b].place] == tune_of_[place];
    found.push_back({place, goes_on ? before[b].run + 1 : 1});
    if (found.size() == kMostPlaces) break;
  }
}

NoveltyReport Novelty::report(std::span<const std::uint32_t> windows, std::size_t except) const {
  NoveltyReport report{.windows = windows.size()};
  if (report.windows > 0) report.notes = windows.size() + kWindow - 1;
  std::vector<Match> before, now;
  std::vector<std::uint32_t> shared;  // windows that each tune has, once one has any
  std::size_t known = 0;
  std::uint32_t longest = 0;
  for (const std::uint32_t hash : windows) {
    std::swap(before, now);
    find_matches(hash, except, before, now);
    if (now.empty()) continue;
    ++known;
    shared.resize(tunes_.tunes());
    std::size_t last = kNone;
    for (const Match& match : now) {
      const std::size_t tune = tune_of_[match.place];
      if (tune != last) ++shared[tune];  // once a window: the places of a tune are neighbours
      last = tune;
      if (match.run <= longest) continue;
      longest = match.run;
      report.run_tune = tune;
    }
  }
  report.longest_run = longest + kWindow - 1;
  if (known == 0) return report;
  const auto all = static_cast<double>(windows.size());
  const auto nearest = std::max_element(shared.begin(), shared.end());
  report.share_known = static_cast<double>(known) / all;
  report.nearest = static_cast<std::size_t>(nearest - shared.begin());
  report.similarity = *nearest / all;
  return report;
}

NoveltyReport Novelty::report(const abc::Tune& tune) const {
  const std::vector<MelodyNote> melody = melody_of(tune);
  NoveltyReport result = report(windows_of(melody), kNone);
  result.notes = melody.size();
  return result;
}

NoveltyReport Novelty::report(std::span<const std::uint32_t> windows) const {
  return report(windows, kNone);
}

NoveltyReport Novelty::report_known(std::size_t tune) const {
  return report(std::span(tunes_.windows).subspan(starts_[tune], tunes_.counts[tune]), tune);
}

double Novelty::percentile(const NoveltyReport& report) const {
  return std::min(share_above(real_.longest_run, static_cast<double>(report.longest_run)),
                  share_above(real_.share_known, report.share_known));
}

bool Novelty::has_title(std::string_view title, std::size_t except) const {
  const std::string normalised = normalised_title(title);
  if (normalised.empty()) return false;
  const std::uint64_t hash = hash_of(normalised);
  auto found = std::lower_bound(titles_.begin(), titles_.end(), std::pair(hash, std::uint32_t{0}));
  while (found != titles_.end() && found->first == hash && found->second == except) ++found;
  return found != titles_.end() && found->first == hash;
}

bool Novelty::is_title_new(std::string_view title) const { return !has_title(title, kNone); }

bool Novelty::are_titles_new(const abc::Tune& tune) const {
  return are_titles_new(titles_of(tune));
}

bool Novelty::are_titles_new(std::string_view titles) const {
  bool all_new = true;
  for_each_line(titles, [&](std::string_view t) { all_new = all_new && is_title_new(t); });
  return all_new;
}

bool Novelty::are_titles_unique(std::size_t tune) const {
  bool unique = true;
  for_each_line(tunes_.titles[tune],
                [&](std::string_view t) { unique = unique && !has_title(t, tune); });
  return unique;
}

std::string_view Novelty::title(std::size_t tune) const {
  const std::string_view titles = tunes_.titles[tune];
  return titles.substr(0, titles.find('\n'));
}

}  // namespace lilt::likeness
