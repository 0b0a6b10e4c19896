#include "likeness/known_tensors.h"

#include <algorithm>
#include <cstring>

namespace lilt::likeness {
namespace {

// Hashes, statistics and what their values mean are of this version.
constexpr const char* kKey = "known";
constexpr const char* kVersion = "1";
constexpr const char* kWindows = "known.windows";
constexpr const char* kTunes = "known.tunes";
constexpr const char* kTitles = "known.titles";
constexpr const char* kReal = "known.real";
constexpr const char* kStyle = "known.style";
constexpr const char* kScores = "known.style_scores";

Error bad_index(const std::string& message) {
  return {ErrorCode::kFormat, "the index of known tunes: " + message};
}

// Bytes in whole words, filled up with zeros.
std::vector<std::uint64_t> packed(std::span<const std::byte> bytes) {
  std::vector<std::uint64_t> words((bytes.size() + 7) / 8);
  if (!bytes.empty()) std::memcpy(words.data(), bytes.data(), bytes.size());
  return words;
}

std::vector<std::uint64_t> packed_titles(const std::vector<std::string>& titles) {
  std::string text;
  for (const std::string& title : titles) (text += title) += '\0';
  return packed(std::as_bytes(std::span(text)));
}

TensorView view(const char* name, const std::vector<std::uint64_t>& words) {
  return {name, DataType::kU64, {words.size()}, std::as_bytes(std::span(words))};
}

// A tensor of that name, type and number of dimensions.
Result<const TensorView*> tensor_of(const SafetensorsView& file, const char* name, DataType type,
                                    std::size_t dimensions) {
  const TensorView* tensor = file.find(name);
  if (tensor != nullptr && tensor->type == type && tensor->shape.size() == dimensions) {
    return tensor;
  }
  return bad_index(std::string("expected the tensor ") + name + " (" +
                   std::string(lilt::name(type)) + ") of " + std::to_string(dimensions) +
                   (dimensions == 1 ? " dimension" : " dimensions"));
}

// The windows of each tune; `words` is how many words hold them all.
Result<std::vector<std::uint32_t>> read_counts(const TensorView& tensor, std::size_t words) {
  std::vector<std::uint32_t> counts;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < tensor.elements(); ++i) {
    std::uint64_t count = 0;
    std::memcpy(&count, tensor.bytes.data() + 8 * i, 8);
    if (count > 2 * words - sum) return bad_index("the tunes have more windows than there are");
    sum += count;
    counts.push_back(static_cast<std::uint32_t>(count));
  }
  if (counts.empty()) return bad_index("expected tunes, found none");
  if ((sum + 1) / 2 != words) return bad_index("there are more windows than the tunes have");
  return counts;
}

std::vector<std::uint32_t> read_windows(const TensorView& tensor,
                                        const std::vector<std::uint32_t>& counts) {
  std::size_t sum = 0;
  for (const std::uint32_t count : counts) sum += count;
  std::vector<std::uint32_t> windows(sum);
  if (sum > 0) std::memcpy(windows.data(), tensor.bytes.data(), 4 * sum);
  return windows;
}

Result<std::vector<std::string>> read_titles(const TensorView& tensor, std::size_t tunes) {
  std::string_view rest(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  std::vector<std::string> titles;
  while (titles.size() < tunes) {
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos) return bad_index("there are fewer titles than tunes");
    titles.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  const bool is_filling = std::all_of(rest.begin(), rest.end(), [](char c) { return c == '\0'; });
  if (rest.size() >= 8 || !is_filling) return bad_index("there are more titles than tunes");
  return titles;
}

// Quantiles rise from at least 0 to at most `most`; NaN does neither.
bool are_quantiles(std::span<const double> figures, double most) {
  double before = 0;
  for (const double figure : figures) {
    if (!(figure >= before && figure <= most)) return false;
    before = figure;
  }
  return true;
}

Result<RealFigures> read_real(const TensorView& tensor) {
  if (tensor.shape != std::vector<std::size_t>{2, kQuantiles}) {
    return bad_index("expected two rows of 101 quantiles");
  }
  RealFigures real;
  const std::size_t row = sizeof real.longest_run;
  std::memcpy(real.longest_run.data(), tensor.bytes.data(), row);
  std::memcpy(real.share_known.data(), tensor.bytes.data() + row, row);
  if (!are_quantiles(real.longest_run, 1e9) || !are_quantiles(real.share_known, 1)) {
    return bad_index("expected quantiles that rise");
  }
  return real;
}

Status check_version(const SafetensorsView& file) {
  const auto version = file.metadata.find(kKey);
  if (version == file.metadata.end()) {
    return bad_index("expected one in the model, found none; lilt export --known adds it");
  }
  if (version->second == kVersion) return success();
  return bad_index(std::string("expected version ") + kVersion +
                   ", found another; this model is newer or older than this program");
}

// A row each: the statistic, a value, how often it occurs.
constexpr std::size_t kColumns = 3;

std::vector<std::uint64_t> style_rows(const Style& style) {
  std::vector<std::uint64_t> rows;
  for (std::size_t s = 0; s < kStatistics; ++s) {
    for (const auto& [value, times] : style.tallies[s]) {
      rows.insert(rows.end(), {s, static_cast<std::uint64_t>(value), times});
    }
  }
  return rows;
}

Result<Style> read_style(const TensorView& tensor) {
  constexpr std::int64_t kLargestValue = std::int64_t{1} << 56;
  constexpr std::uint64_t kLargestCount = std::uint64_t{1} << 40;
  if (tensor.shape[1] != kColumns) return bad_index("expected three columns of the style");
  Style style;
  for (std::size_t i = 0; i < tensor.shape[0]; ++i) {
    std::uint64_t row[kColumns];
    std::memcpy(row, tensor.bytes.data() + i * sizeof row, sizeof row);
    const auto value = static_cast<std::int64_t>(row[1]);
    if (row[0] >= kStatistics || value > kLargestValue || value < -kLargestValue || row[2] == 0 ||
        row[2] > kLargestCount) {
      return bad_index("expected statistics with their values and counts");
    }
    Tally& tally = style.tallies[static_cast<std::size_t>(row[0])];
    if (tally.size() == StyleProfile::kMostValues || !tally.emplace(value, row[2]).second) {
      return bad_index("a statistic has too many values, or one of them twice");
    }
  }
  return style;
}

Status read_scores(const TensorView& tensor, StyleProfile& profile) {
  constexpr double kFurthest = 1e6;
  if (tensor.shape != std::vector<std::size_t>{kStatistics, 2}) {
    return bad_index("expected the mean and the deviation of each statistic");
  }
  for (std::size_t s = 0; s < kStatistics; ++s) {
    StyleProfile::Score& score = profile.scores[s];
    std::memcpy(&score, tensor.bytes.data() + s * sizeof score, sizeof score);
    const bool is_right = score.mean >= -kFurthest && score.mean <= kFurthest &&
                          score.deviation >= 1e-6 && score.deviation <= kFurthest;  // not so NaN
    if (!is_right) return bad_index("expected usual means and deviations");
  }
  return success();
}

}  // namespace

KnownTensors::KnownTensors(const Novelty& novelty, const StyleProfile& style)
    : windows_(packed(std::as_bytes(std::span(novelty.tunes().windows)))),
      tunes_(novelty.tunes().counts.begin(), novelty.tunes().counts.end()),
      titles_(packed_titles(novelty.tunes().titles)),
      real_(novelty.real().longest_run.begin(), novelty.real().longest_run.end()),
      style_(style_rows(style.style)) {
  const auto& shares = novelty.real().share_known;
  real_.insert(real_.end(), shares.begin(), shares.end());
  for (const StyleProfile::Score& score : style.scores) {
    scores_.insert(scores_.end(), {score.mean, score.deviation});
  }
}

std::vector<TensorView> KnownTensors::tensors() const {
  return {view(kWindows, windows_),
          view(kTunes, tunes_),
          view(kTitles, titles_),
          {kReal, DataType::kF64, {2, kQuantiles}, std::as_bytes(std::span(real_))},
          {kStyle,
           DataType::kU64,
           {style_.size() / kColumns, kColumns},
           std::as_bytes(std::span(style_))},
          {kScores, DataType::kF64, {kStatistics, 2}, std::as_bytes(std::span(scores_))}};
}

std::pair<std::string, std::string> KnownTensors::metadata() { return {kKey, kVersion}; }

void put_known(const KnownTensors& known, ModelParts& parts) {
  const auto is_known = [](const TensorView& tensor) { return is_known_tensor(tensor.name); };
  parts.tensors.erase(std::remove_if(parts.tensors.begin(), parts.tensors.end(), is_known),
                      parts.tensors.end());
  for (TensorView& tensor : known.tensors()) parts.tensors.push_back(std::move(tensor));
  const auto [key, value] = KnownTensors::metadata();
  parts.metadata[key] = value;
}

void forget_melodies(ModelParts& parts) {
  const auto is_of_melodies = [](const TensorView& tensor) {
    return tensor.name == kWindows || tensor.name == kReal;
  };
  parts.tensors.erase(std::remove_if(parts.tensors.begin(), parts.tensors.end(), is_of_melodies),
                      parts.tensors.end());
}

bool is_known_tensor(std::string_view name) {
  const std::string_view prefix = "known.";
  return name.substr(0, prefix.size()) == prefix;
}

bool is_known_metadata(std::string_view key) { return key == kKey; }

bool has_known_titles(const SafetensorsView& file) {
  return file.metadata.find(kKey) != file.metadata.end();
}

bool has_known_tunes(const SafetensorsView& file) {
  return has_known_titles(file) && file.find(kWindows) != nullptr;
}

namespace {

// How many windows each tune has, and the titles. `windows` holds all windows, and is nothing where
// the melodies are forgotten.
Result<KnownTunes> read_names(const SafetensorsView& file, const TensorView* windows) {
  const std::size_t words = windows == nullptr ? 0 : windows->elements();
  const Result<const TensorView*> tunes = tensor_of(file, kTunes, DataType::kU64, 1);
  if (!tunes) return tunes.error();
  const Result<const TensorView*> titles = tensor_of(file, kTitles, DataType::kU64, 1);
  if (!titles) return titles.error();
  if (words >= Novelty::kMost / 2 || (*tunes)->elements() >= Novelty::kMost) {
    return bad_index("there are too many tunes");
  }
  Result<std::vector<std::uint32_t>> counts = windows == nullptr
                                                  ? std::vector<std::uint32_t>((*tunes)->elements())
                                                  : read_counts(**tunes, words);
  if (!counts) return counts.error();
  Result<std::vector<std::string>> names = read_titles(**titles, counts->size());
  if (!names) return names.error();
  return KnownTunes{{}, *std::move(counts), *std::move(names)};
}

}  // namespace

Result<Novelty> read_known_tunes(const SafetensorsView& file) {
  if (Status status = check_version(file); !status) return status.error();
  const Result<const TensorView*> windows = tensor_of(file, kWindows, DataType::kU64, 1);
  if (!windows) return windows.error();
  const Result<const TensorView*> quantiles = tensor_of(file, kReal, DataType::kF64, 2);
  if (!quantiles) return quantiles.error();
  Result<KnownTunes> known = read_names(file, *windows);
  if (!known) return known.error();
  const Result<RealFigures> real = read_real(**quantiles);
  if (!real) return real.error();
  known->windows = read_windows(**windows, known->counts);
  return Novelty(*std::move(known), *real);
}

Result<Novelty> read_known_titles(const SafetensorsView& file) {
  if (Status status = check_version(file); !status) return status.error();
  const TensorView* windows = nullptr;
  if (has_known_tunes(file)) {
    const Result<const TensorView*> found = tensor_of(file, kWindows, DataType::kU64, 1);
    if (!found) return found.error();
    windows = *found;
  }
  Result<KnownTunes> known = read_names(file, windows);
  if (!known) return known.error();
  std::fill(known->counts.begin(), known->counts.end(), 0);
  return Novelty(*std::move(known), RealFigures{});
}

Result<StyleProfile> read_known_style(const SafetensorsView& file) {
  if (Status status = check_version(file); !status) return status.error();
  const Result<const TensorView*> rows = tensor_of(file, kStyle, DataType::kU64, 2);
  if (!rows) return rows.error();
  const Result<const TensorView*> scores = tensor_of(file, kScores, DataType::kF64, 2);
  if (!scores) return scores.error();
  Result<Style> style = read_style(**rows);
  if (!style) return style.error();
  StyleProfile profile{*std::move(style), {}};
  if (Status status = read_scores(**scores, profile); !status) return status.error();
  return profile;
}

}  // namespace lilt::likeness
