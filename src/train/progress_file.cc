#include "train/progress_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include "base/environment_error.h"
#include "base/file.h"
#include "train/trainer.h"

namespace lilt::train {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kInterval{500};
constexpr std::uint64_t kMostOfEpoch = 100;  // lines
constexpr const char* kHeader =
    "updates,epoch,epochs,window,windows,loss,acc,characters_per_second,seconds_left\n";

// The next field of a line, up to a comma or its end.
template <class Number>
bool take(std::string_view& line, Number& number) {
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (error != std::errc() || (!line.empty() && line.front() != ',')) return false;
  line.remove_prefix(line.empty() ? 0 : 1);
  return true;
}

std::optional<ProgressRow> read_row(std::string_view line) {
  ProgressRow r;
  const bool whole = take(line, r.updates) && take(line, r.epoch) && take(line, r.epochs) &&
                     take(line, r.window) && take(line, r.windows) && take(line, r.loss) &&
                     take(line, r.accuracy) && take(line, r.characters_per_second) &&
                     take(line, r.seconds_left) && line.empty();
  return whole ? std::optional(r) : std::nullopt;
}

// The header and the lines of the first `kept` updates of an earlier file.
std::string kept_text(const std::filesystem::path& path, std::uint64_t kept) {
  std::string text = kHeader;
  std::error_code none;
  if (kept == 0 || !std::filesystem::exists(path, none)) return text;
  const FileBytes file(path);
  std::string_view rest = file.text();
  for (std::size_t end = 0; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
    const std::optional<ProgressRow> row = read_row(rest.substr(0, end));
    if (row && row->updates <= kept) text += rest.substr(0, end + 1);
  }
  return text;
}

}  // namespace

std::filesystem::path progress_file(const std::filesystem::path& out) {
  return out / "logs" / "progress.csv";
}

ProgressFile::ProgressFile(std::filesystem::path path, std::uint64_t kept) {
  try {
    write_file_atomically(path, kept_text(path, kept));
    file_.open(path, std::ios::app);
  } catch (const EnvironmentError&) {  // nobody can watch then
  }
}

bool ProgressFile::is_due(const UpdateReport& r) const {
  if (r.window == r.windows || epoch_ == 0) return true;
  const std::uint64_t since = r.epoch == epoch_ ? r.window - window_ : r.window;
  return since * kMostOfEpoch >= r.windows && Clock::now() - written_ >= kInterval;
}

void ProgressFile::append(const UpdateReport& r, std::uint64_t updates) {
  if (!file_.is_open() || !is_due(r)) return;
  if (r.epoch != epoch_) window_ = 0, loss_ = 0, correct_ = 0;
  const auto learnt = static_cast<double>(r.window);
  const double since = std::max(1.0, learnt - static_cast<double>(window_));
  file_ << fmt::format("{},{},{},{},{},{:.6f},{:.6f},{:.0f},{:.1f}\n", updates, r.epoch, r.epochs,
                       r.window, r.windows, (r.loss * learnt - loss_) / since,
                       (r.accuracy * learnt - correct_) / since, r.characters_per_second,
                       r.seconds_left);
  file_.flush();
  epoch_ = r.epoch;
  window_ = r.window;
  loss_ = r.loss * learnt;
  correct_ = r.accuracy * learnt;
  written_ = Clock::now();
}

std::vector<ProgressRow> read_progress(std::string_view text) {
  std::vector<ProgressRow> rows;
  bool is_header = true;
  for (std::size_t end = 0; (end = text.find('\n')) != text.npos; text.remove_prefix(end + 1)) {
    if (std::exchange(is_header, false)) continue;
    const std::optional<ProgressRow> row = read_row(text.substr(0, end));
    if (!row) break;
    rows.push_back(*row);
  }
  return rows;
}

}  // namespace lilt::train
