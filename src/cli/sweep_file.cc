#include "cli/sweep_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"

namespace lilt::cli {
namespace {

constexpr std::size_t kMostRuns = 10'000, kLongestName = 200;

// An option and the values that it has in turn; that of files has no name and all of them at once.
struct Choice {
  std::string option;
  std::vector<std::string> values;
};

struct SweepLine {
  std::string name;
  std::vector<std::string> files;
  std::vector<Choice> choices;
};

// The words of a line, as a shell tells them apart. An error where a quotation has no end.
Result<std::vector<std::string>> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool is_within = false;
  char quote = 0;
  for (const char c : line) {
    const bool is_space = c == ' ' || c == '\t' || c == '\r';
    if (quote == 0 && !is_within && c == '#') break;
    if (quote == 0 && is_space) {
      is_within = false;
      continue;
    }
    if (!is_within) words.emplace_back();
    is_within = true;
    if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    } else {
      words.back() += c;
    }
  }
  if (quote == 0) return words;
  return Error{ErrorCode::kFormat,
               std::string("expected an end of the quotation, ") + quote + ", found none"};
}

// A program or a picture has bytes that no line of options has.
Status check_is_text(std::string_view text, const std::string& source) {
  const auto other = std::find_if(text.begin(), text.end(), [](unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
  });
  if (other == text.end()) return success();
  return Error{ErrorCode::kFormat,
               "expected text, lines of options for lilt train, found a byte that is none",
               {.source = source, .byte = static_cast<std::uint64_t>(other - text.begin())}};
}

SweepLine line_of(std::vector<std::string> words) {
  SweepLine line;
  if (words.front().size() > 1 && words.front().ends_with(':')) {
    line.name = words.front().substr(0, words.front().size() - 1);
    words.erase(words.begin());
  }
  for (std::string& word : words) {
    if (word.starts_with("--")) {
      line.choices.push_back({std::move(word), {}});
    } else if (line.choices.empty()) {
      line.files.push_back(std::move(word));
    } else {
      line.choices.back().values.push_back(std::move(word));
    }
  }
  return line;
}

// What may stand in the name of a folder.
std::string as_name(std::string text) {
  for (char& c : text) {
    if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20) c = '-';
  }
  return text;
}

// Combination `number` of a line; the last option changes fastest.
SweepRun run_of(const SweepLine& line, std::size_t number) {
  SweepRun run{.name = line.name, .arguments = line.files};
  std::vector<std::size_t> chosen(line.choices.size());
  for (std::size_t i = chosen.size(); i-- > 0;) {
    const std::size_t values = std::max<std::size_t>(1, line.choices[i].values.size());
    chosen[i] = number % values;
    number /= values;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto& [option, values] = line.choices[i];
    run.arguments.push_back(option);
    if (values.empty()) continue;
    run.arguments.push_back(values[chosen[i]]);
    if (values.size() == 1) continue;
    if (!run.name.empty()) run.name += ',';
    run.name += as_name(option.substr(2) + "=" + values[chosen[i]]);
  }
  if (run.name.empty()) run.name = "run";
  return run;
}

Status check_name(const SweepRun& run, std::map<std::string, std::size_t>& lines) {
  if (run.name.front() == '.' || run.name.find('/') != std::string::npos ||
      run.name.size() > kLongestName) {
    return Error{ErrorCode::kFormat,
                 "expected a name that a folder can have, found " + shortened(run.name, 80)};
  }
  const auto [other, is_new] = lines.emplace(run.name, run.line);
  if (is_new) return success();
  return Error{ErrorCode::kFormat,
               "expected another name than that of line " + std::to_string(other->second) +
                   ", found " + shortened(run.name, 80) +
                   "; put one with a colon before its options, as in small: --hidden 128"};
}

}  // namespace

Result<std::vector<SweepRun>> read_sweep(std::string_view text, const std::string& source) {
  if (Status s = check_is_text(text, source); !s) return s.error();
  std::vector<SweepRun> runs;
  std::map<std::string, std::size_t> lines;  // by name
  std::size_t number = 0;
  const auto wrong = [&](Error error) {
    error.place = {.source = source, .line = number};
    return error;
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    Result<std::vector<std::string>> words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (!words) return wrong(words.error());
    if (words->empty()) continue;
    const SweepLine line = line_of(*std::move(words));
    std::size_t combinations = 1;
    for (const Choice& choice : line.choices) {
      combinations *= std::max<std::size_t>(1, choice.values.size());
      if (combinations + runs.size() <= kMostRuns) continue;
      return wrong(
          {ErrorCode::kFormat, "expected at most " + grouped(kMostRuns) + " runs, found more"});
    }
    for (std::size_t i = 0; i < combinations; ++i) {
      runs.push_back(run_of(line, i));
      runs.back().line = number;
      if (Status s = check_name(runs.back(), lines); !s) return wrong(s.error());
    }
  }
  if (!runs.empty()) return runs;
  return Error{ErrorCode::kFormat,
               "expected lines of options for lilt train, found none",
               {.source = source}};
}

}  // namespace lilt::cli
