#include "train/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/environment_error.h"
#include "base/file.h"
#include "base/text.h"

namespace lilt::train {
namespace {

using Figure = double (corpus::Figures::*)() const;

template <Figure kFigure>
std::string validation_text(const EpochRecord& r) {
  return r.validation ? fmt::format("{:.6f}", (*r.validation.*kFigure)()) : "";
}

// The columns of a log, and what an epoch has there.
struct WrittenColumn {
  const char* name;
  std::string (*text)(const EpochRecord& record);
};
constexpr WrittenColumn kColumns[] = {
    {"epoch", [](const EpochRecord& r) { return fmt::format("{}", r.epoch); }},
    {"loss", [](const EpochRecord& r) { return fmt::format("{:.6f}", r.loss); }},
    {"acc", [](const EpochRecord& r) { return fmt::format("{:.6f}", r.accuracy); }},
    {"valid_bits_per_character", validation_text<&corpus::Figures::bits_per_character>},
    {"valid_body_bits_per_character", validation_text<&corpus::Figures::body_bits_per_character>},
    {"valid_bits_per_note", validation_text<&corpus::Figures::bits_per_note>},
    {"learning_rate", [](const EpochRecord& r) { return fmt::format("{:.6g}", r.learning_rate); }},
    {"updates", [](const EpochRecord& r) { return fmt::format("{}", r.updates); }},
    {"characters_per_second",
     [](const EpochRecord& r) { return fmt::format("{:.0f}", r.characters_per_second); }},
    {"seconds", [](const EpochRecord& r) { return fmt::format("{:.2f}", r.seconds); }},
};

// A line with what `text` gives of each column.
template <class Text>
std::string line_of_columns(Text&& text) {
  std::string line;
  for (const WrittenColumn& column : kColumns) line += (line.empty() ? "" : ",") + text(column);
  return line + "\n";
}

// The lines of epochs 1 … kept of an earlier log.
std::string kept_lines(const std::filesystem::path& path, std::uint64_t kept) {
  std::string lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::uint64_t epoch = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), epoch);
    if (error == std::errc() && *end == ',' && epoch >= 1 && epoch <= kept) lines += line + "\n";
  }
  return lines;
}

constexpr std::uint64_t kMostEpochs = 1'000'000'000;
constexpr double kLargest = 1e100;                // leaves room for arithmetic
constexpr std::size_t kLargestLog = 256'000'000;  // bytes
constexpr std::size_t kShown = 40;                // characters of what was found

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

// The fields between commas. A field in quotes, which other programs write, may hold commas.
std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  const auto take = [&](std::string_view field) {
    field = trimmed(field);
    const bool quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
    fields.push_back(quoted ? field.substr(1, field.size() - 2) : field);
  };
  std::size_t begin = 0;
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') in_quotes = !in_quotes;
    if (line[i] != ',' || in_quotes) continue;
    take(line.substr(begin, i - begin));
    begin = i + 1;
  }
  take(line.substr(begin));
  return fields;
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

class LogReader {
 public:
  explicit LogReader(const std::string& source) : source_(source) {}

  Status read_line(std::string_view line) {
    ++line_;
    line = trimmed(line);
    if (line.empty() || line.front() == '#') return success();
    return header_.empty() ? read_header(line) : read_row(split(line));
  }

  Result<std::vector<LogRow>> finish() && {
    if (header_.empty()) {
      return bad(
          "expected a training log, which begins with a line such as epoch,loss,acc; found "
          "none");
    }
    if (rows_.empty()) {
      return bad(
          "expected a line for each epoch after the header, found none; is the first epoch "
          "still running?");
    }
    return std::move(rows_);
  }

 private:
  struct Column {
    const char* name;
    std::optional<std::size_t> at;  // absent: there is none
  };

  [[nodiscard]] Error bad(std::string message) const {
    Place place{.source = source_, .byte = {}, .line = {}};
    if (line_ > 0) place.line = line_;
    return {ErrorCode::kFormat, std::move(message), std::move(place)};
  }

  [[nodiscard]] Error bad_field(const Column& column, const std::string& expected,
                                std::string_view found) const {
    const std::string shown =
        found.empty() ? "an empty field" : "\"" + shortened(found, kShown) + "\"";
    return bad(std::string("column ") + column.name + ": expected " + expected + ", found " +
               shown);
  }

  Status read_header(std::string_view line) {
    header_ = split(line);
    for (Column* column :
         {&epoch_, &loss_, &bits_per_character_, &bits_per_note_, &learning_rate_}) {
      const auto found = std::ranges::find(header_, std::string_view(column->name));
      if (found != header_.end()) column->at = found - header_.begin();
    }
    if (!epoch_.at || !loss_.at) {
      return bad(
          "expected the header of a training log, with the columns epoch and loss; found \"" +
          shortened(line, kShown) + "\"");
    }
    return success();
  }

  Status read_row(const std::vector<std::string_view>& fields) {
    if (fields.size() != header_.size()) {
      return bad(fmt::format("expected {} fields, as in the header, found {}", header_.size(),
                             fields.size()));
    }
    LogRow row;
    if (Status s = read_epoch(fields[*epoch_.at], row.epoch); !s) return s;
    std::optional<double> loss;
    if (Status s = read_figure(fields, loss_, loss); !s) return s;
    if (!loss) return bad_field(loss_, "a number", "");
    row.loss = *loss;
    if (Status s = read_figure(fields, bits_per_character_, row.bits_per_character); !s) return s;
    if (Status s = read_figure(fields, bits_per_note_, row.bits_per_note); !s) return s;
    if (Status s = read_figure(fields, learning_rate_, row.learning_rate); !s) return s;
    rows_.push_back(row);
    return success();
  }

  Status read_epoch(std::string_view field, std::uint64_t& epoch) const {
    if (!parse(field, epoch) || epoch > kMostEpochs) {
      return bad_field(epoch_, "a whole number", field);
    }
    if (!rows_.empty() && epoch <= rows_.back().epoch) {
      return bad_field(epoch_, fmt::format("an epoch after {}", rows_.back().epoch), field);
    }
    return success();
  }

  // Leaves the figure absent when there is no such column or the field is empty.
  Status read_figure(const std::vector<std::string_view>& fields, const Column& column,
                     std::optional<double>& figure) const {
    if (!column.at || fields[*column.at].empty()) return success();
    const std::string_view field = fields[*column.at];
    double number = 0;
    if (!parse(field, number)) return bad_field(column, "a number", field);
    if (!std::isfinite(number)) return bad_field(column, "a finite number", field);
    if (number < 0 || number > kLargest)
      return bad_field(column, "a number from 0 to 1e100", field);
    figure = number;
    return success();
  }

  const std::string& source_;
  std::uint64_t line_ = 0;
  std::vector<std::string_view> header_;
  Column epoch_{"epoch", {}}, loss_{"loss", {}},
      bits_per_character_{"valid_bits_per_character", {}},
      bits_per_note_{"valid_bits_per_note", {}}, learning_rate_{"learning_rate", {}};
  std::vector<LogRow> rows_;
};

}  // namespace

std::filesystem::path log_file(const std::filesystem::path& out) {
  return out / "logs" / "training_log.csv";
}

Log::Log(std::filesystem::path path, std::uint64_t kept) : path_(std::move(path)) {
  const std::string header =
      line_of_columns([](const WrittenColumn& column) { return std::string(column.name); });
  write_file_atomically(path_, header + kept_lines(path_, kept));
}

void Log::append(const EpochRecord& r) {
  std::ofstream file(path_, std::ios::app);
  file << line_of_columns([&](const WrittenColumn& column) { return column.text(r); });
  file.flush();
  if (!file) {
    throw EnvironmentError(path_.string(),
                           std::string("the log cannot be written: ") + std::strerror(errno));
  }
}

Result<std::vector<LogRow>> read_log(std::string_view text, const std::string& source) {
  constexpr std::string_view kByteOrderMarkBytes = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMarkBytes.size()) == kByteOrderMarkBytes) {
    text.remove_prefix(kByteOrderMarkBytes.size());
  }
  LogReader reader(source);
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    if (Status s = reader.read_line(text.substr(0, length)); !s) return s.error();
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return std::move(reader).finish();
}

Result<std::vector<LogRow>> read_log_file(const std::filesystem::path& path) {
  const std::string source = path == "-" ? "standard input" : path.string();
  FileReader reader(path);
  std::array<char, 1 << 16> block{};
  std::string text;
  while (const std::size_t got = reader.read(block)) {
    text.append(block.data(), got);
    if (text.size() > kLargestLog) {
      return Error{ErrorCode::kFormat,
                   "expected a training log, found more than 256 MB",
                   {.source = source, .byte = {}, .line = {}}};
    }
  }
  return read_log(text, source);
}

}  // namespace lilt::train
