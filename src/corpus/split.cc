#include "corpus/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <numeric>
#include <string>

#include "base/file.h"
#include "base/random.h"
#include "corpus/dedupe.h"

namespace lilt::corpus {
namespace {

namespace fs = std::filesystem;

constexpr std::array kParts = {"train.abc", "valid.abc", "test.abc"};
constexpr double kRounding = 1e-9;  // by which shares that are 1 together may miss it

Error wrong(const char* field, const std::string& message) {
  return {ErrorCode::kOption, message, {.source = {}, .byte = {}, .line = {}, .field = field}};
}

// A number as a person would write it.
std::string plain(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

Status check_shares(std::span<const double> shares) {
  if (shares.size() < 2 || shares.size() > kParts.size()) {
    return wrong("shares", "expected 2 or 3 shares such as 0.8,0.1,0.1, found " +
                               std::to_string(shares.size()));
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (sum <= 1 + kRounding) return success();
  return wrong("shares", "expected shares of at most 1 together, found " + plain(sum));
}

Status check_file(const fs::path& file, const std::vector<std::string>& paths, bool force) {
  for (const std::string& path : paths) {
    std::error_code ignored;  // a file that is not there is not replaced
    if (!fs::equivalent(path, file, ignored)) continue;
    return wrong("output", "expected another folder than that of " + path +
                               ", which would be replaced by a part of it");
  }
  if (force || !fs::exists(file)) return success();
  return wrong("output", "expected a folder without " + file.filename().string() +
                             " or `force`, which replaces it; found " +
                             file.lexically_normal().string());
}

// What is written, file by file.
class PartFiles {
 public:
  void add(const fs::path& file) {
    FileWriter& writer = files_.emplace_back(file);
    sinks_.push_back(joined([&writer](std::string_view text) { writer.write(text); }));
  }
  void write(std::size_t part, const std::string& tune) { sinks_[part](tune); }
  void commit() {
    for (FileWriter& file : files_) file.commit();
  }

 private:
  std::deque<FileWriter> files_;
  std::vector<TuneSink> sinks_;
};

// The part of each tune; behind the last file, that of those which are left out.
Result<std::vector<std::uint8_t>> parts_of(const Families& families, const SplitOptions& options) {
  std::vector<double> shares = options.shares;
  const double rest = 1 - std::accumulate(shares.begin(), shares.end(), 0.0);
  if (rest > kRounding) shares.push_back(rest);
  return split_families(families, shares, options.seed);
}

}  // namespace

Result<std::vector<std::uint8_t>> split_families(const Families& families,
                                                 std::span<const double> shares,
                                                 std::uint64_t seed) {
  double sum = 0;
  for (const double share : shares) {
    if (!(share > 0) || !std::isfinite(share)) {
      return Error{ErrorCode::kOption, "expected shares above 0, found " + std::to_string(share)};
    }
    sum += share;
  }
  if (shares.size() < 2 || shares.size() > 255 || !std::isfinite(sum)) {
    return Error{ErrorCode::kOption,
                 "expected at least 2 shares, found " + std::to_string(shares.size())};
  }
  const std::size_t tunes = families.tunes();
  std::vector<std::uint32_t> order;  // of the first tunes of the families
  std::vector<std::uint32_t> sizes(tunes);
  for (std::size_t i = 0; i < tunes; ++i) {
    if (sizes[families.family(i)]++ == 0) order.push_back(static_cast<std::uint32_t>(i));
  }
  if (order.size() < shares.size()) {
    return Error{ErrorCode::kCorpus, "expected at least " + std::to_string(shares.size()) +
                                         " families of tunes to share out, found " +
                                         std::to_string(order.size())};
  }
  Random(seed, RandomStream::kSplit).shuffle(std::span(order));
  // What does not fit into every part comes while there is room for it elsewhere.
  const double smallest =
      *std::min_element(shares.begin(), shares.end()) / sum * static_cast<double>(tunes);
  std::stable_partition(order.begin(), order.end(), [&](std::uint32_t family) {
    return static_cast<double>(sizes[family]) > smallest;
  });

  std::vector<std::uint8_t> parts(tunes);
  std::vector<std::size_t> taken(shares.size());
  std::size_t seen = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::uint32_t family = order[k];
    const std::size_t size = sizes[family];
    // The last families go to parts that would stay empty otherwise.
    const auto empty = static_cast<std::size_t>(std::count(taken.begin(), taken.end(), 0));
    const bool only_empty = order.size() - k <= empty;
    // Whether a part is behind does not depend on the size of this family, or small parts would get
    // small families only; but what does not fit goes where there is most room.
    std::size_t chosen = 0, roomiest = 0;
    double most_behind = 0, most_room = 0;
    bool found = false, fits = false;
    for (std::size_t p = 0; p < shares.size(); ++p) {
      if (only_empty && taken[p] != 0) continue;
      const auto has = static_cast<double>(taken[p]);
      const double share = shares[p] / sum;
      const double room = std::ceil(share * static_cast<double>(tunes)) - has;
      const double behind = share * static_cast<double>(seen + 1) - has;
      if (!found || room > most_room) {
        most_room = room;
        roomiest = p;
      }
      if (static_cast<double>(size) <= room && (!fits || behind > most_behind)) {
        most_behind = behind;
        chosen = p;
        fits = true;
      }
      found = true;
    }
    if (!fits) chosen = roomiest;
    taken[chosen] += size;
    seen += size;
    parts[family] = static_cast<std::uint8_t>(chosen);
  }
  for (std::size_t i = 0; i < tunes; ++i) parts[i] = parts[families.family(i)];
  return parts;
}

Result<SplitFigures> split_files(const std::vector<std::string>& paths, const SplitOptions& options,
                                 const Watch& watch) {
  if (Status s = check_shares(options.shares); !s) return s.error();
  SplitFigures figures;
  for (std::size_t p = 0; p < options.shares.size(); ++p) {
    figures.parts.push_back({.file = options.folder / kParts[p]});
    if (Status s = check_file(figures.parts[p].file, paths, options.force); !s) return s.error();
  }
  const Result<Families> families = find_families(paths, watch);
  if (!families) return families.error();
  const Result<std::vector<std::uint8_t>> parts = parts_of(*families, options);
  if (!parts) return parts.error();

  PartFiles files;
  for (const SplitPart& part : figures.parts) files.add(part.file);
  const auto write = [&](const TuneText& tune) {
    const std::size_t i = figures.tunes++;
    if (i >= parts->size()) return;
    const std::size_t p = (*parts)[i];
    if (p >= figures.parts.size()) {
      ++figures.left_out;
      return;
    }
    files.write(p, tune.text);
    ++figures.parts[p].tunes;
    figures.parts[p].families += families->family(i) == i ? 1 : 0;
  };
  if (Status s = for_each_tune(paths, "Writing", watch, write); !s) return s.error();
  if (figures.tunes != parts->size()) return files_changed();
  files.commit();
  return figures;
}

namespace {

constexpr std::size_t kFewestFamilies = 10;  // of which some may be held out

// Of each tune whether its family is held out: families of the first `first` tunes, in an order
// drawn from the seed, as far as they fit.
std::vector<bool> held_out_of(const Families& families, std::size_t first,
                              const HoldOutOptions& options) {
  std::vector<std::size_t> sizes(families.tunes());  // of families, by their first tune
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < first; ++i) {
    if (families.original(i) != i) continue;
    if (sizes[families.family(i)]++ == 0) order.push_back(families.family(i));
  }
  std::vector<bool> held_out(families.tunes());
  if (order.size() < kFewestFamilies) return held_out;
  const auto wanted = static_cast<std::size_t>(options.share * static_cast<double>(first));
  std::size_t room = std::clamp<std::size_t>(wanted, 1, options.most);
  Random(options.seed, RandomStream::kSplit).shuffle(std::span(order));
  for (const std::size_t family : order) {
    if (sizes[family] > room) continue;
    room -= sizes[family];
    held_out[family] = true;
  }
  for (std::size_t i = 0; i < families.tunes(); ++i) held_out[i] = held_out[families.family(i)];
  return held_out;
}

}  // namespace

Result<HoldOutFigures> hold_out_files(const std::vector<std::string>& paths,
                                      const HoldOutOptions& options, const Watch& watch) {
  std::size_t first = 0;  // tunes of the first file
  const Result<Families> families = find_families(
      paths, watch, [&](const TuneText& tune, const abc::Reading&) { first += tune.file == 0; });
  if (!families) return families.error();
  const std::vector<bool> held_out = held_out_of(*families, first, options);

  HoldOutFigures figures;
  PartFiles files;
  for (const std::string& path : paths) {
    files.add(figures.files.emplace_back(options.folder / fs::path(path).filename()));
  }
  const bool any = std::find(held_out.begin(), held_out.end(), true) != held_out.end();
  if (any) files.add(options.held_out);
  std::size_t tunes = 0;
  const auto write = [&](const TuneText& tune) {
    const std::size_t i = tunes++;
    if (i >= held_out.size()) return;
    const bool again = families->original(i) != i;
    if (again || (held_out[i] && tune.file > 0)) {
      ++figures.left_out;
    } else if (held_out[i]) {
      ++figures.held_out;
      files.write(paths.size(), tune.text);
    } else {
      ++figures.kept;
      files.write(tune.file, tune.text);
    }
  };
  if (Status s = for_each_tune(paths, "Writing", watch, write); !s) return s.error();
  if (tunes != held_out.size()) return files_changed();
  files.commit();
  return figures;
}

}  // namespace lilt::corpus
