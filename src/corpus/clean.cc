#include "corpus/clean.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "abc/canonical.h"
#include "abc/transpose.h"

namespace lilt::corpus {
namespace {

bool is_field(std::string_view line) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || c == '+'; };
  const auto is_small = [](char c) { return c == 'm' || c == 'r' || c == 's' || c == 'w'; };
  if (line.size() < 2 || line[1] != ':') return false;
  if (line.size() > 2 && (line[2] == '|' || line[2] == ':')) return false;  // a note and a repeat
  return is_letter(line[0]) || is_small(line[0]);
}

// Up to a comment; "\%" is none, nor is % within quotes.
std::string_view without_comment(std::string_view line, bool field) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && !field) quoted = !quoted;
    if (line[i] == '%' && !quoted && (i == 0 || line[i - 1] != '\\')) return line.substr(0, i);
  }
  return line;
}

std::string_view trim_end(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t") + 1);
}

bool stays(char32_t letter, const CleanOptions& options) {
  if (letter >= 128) return false;
  const char c = static_cast<char>(letter);
  if (kNeededFields.find(c) != std::string_view::npos) return true;
  if (options.drop.find(c) != std::string::npos) return false;
  return options.fields.empty() || options.fields.find(c) != std::string::npos;
}

std::string clean_as_written(std::string_view text, const CleanOptions& options) {
  std::string clean;
  bool kept = true;  // the last field, for the "+:" lines that go on with it
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    const bool field = is_field(line);
    line = trim_end(without_comment(line, field));
    if (line.empty()) continue;
    if (field) {
      kept = line[0] == '+' ? kept : stays(static_cast<unsigned char>(line[0]), options);
      if (!kept) continue;
      if (line[0] == 'X' && options.number > 0) {
        clean += "X:" + std::to_string(options.number) + "\n";
        continue;
      }
    }
    clean.append(line).append("\n");
  }
  return clean;
}

bool has_several_voices(const abc::Reading& reading) {
  return std::any_of(reading.problems.begin(), reading.problems.end(),
                     [](const abc::Problem& p) { return p.code == abc::Code::kSeveralVoices; });
}

// The name of a tune's first error, "" for none.
std::string_view first_error(const abc::Reading& reading) {
  for (const abc::Problem& problem : reading.problems) {
    if (severity(problem.code) == abc::Severity::kError) return name(problem.code);
  }
  return "";
}

}  // namespace

std::string clean_text(const TuneText& text, abc::Reading reading, const CleanOptions& options) {
  if (!reading.is_correct()) return clean_as_written(text.text, options);
  std::erase_if(reading.tune.header,
                [&](const abc::Field& field) { return !stays(field.letter, options); });
  std::string clean = abc::canonical_text(
      reading.tune,
      {.keep_marks = options.marks, .number = static_cast<int>(options.number & 0x7FFFFFFF)});
  // Without the other voices of its bars the first one may lack what they began: endings, tuplets.
  if (has_several_voices(reading) && !abc::read_tune(clean).is_correct()) {
    return clean_as_written(text.text, options);
  }
  return clean;
}

namespace {

// A tune on its way.
struct Cleaned {
  abc::Reading reading;
  std::string_view mistake;             // "": none
  std::optional<std::uint64_t> number;  // among those that are written
  std::string text;
};

}  // namespace

Result<CleanFigures> clean_files(const std::vector<std::string>& paths, const CleanRun& run,
                                 const TuneSink& keep, const Watch& watch) {
  CleanFigures figures;
  const auto clean = [&](std::span<const TuneText> tunes) {
    std::vector<Cleaned> cleaned(tunes.size());
    in_parallel(tunes.size(), [&](std::size_t i) {
      cleaned[i].reading = abc::read_tune(tunes[i].text);
      cleaned[i].mistake = first_error(cleaned[i].reading);
    });
    for (Cleaned& tune : cleaned) {
      ++figures.tunes;
      if (!tune.mistake.empty()) figures.mistakes.add(std::string(tune.mistake));
      if (tune.mistake.empty() || run.keep_incorrect) tune.number = ++figures.written;
    }
    in_parallel(tunes.size(), [&](std::size_t i) {
      Cleaned& tune = cleaned[i];
      if (!tune.number) return;
      CleanOptions options = run.text;
      if (run.renumber) options.number = *tune.number;
      if (run.key) abc::transpose_to(tune.reading.tune, *run.key);
      if (run.semitones != 0) abc::transpose(tune.reading.tune, run.semitones);
      tune.text = clean_text(tunes[i], std::move(tune.reading), options);
    });
    for (const Cleaned& tune : cleaned) {
      if (tune.number) keep(tune.text);
    }
  };
  if (Status s = for_each_block(paths, "Cleaning", watch, clean); !s) return s.error();
  return figures;
}

}  // namespace lilt::corpus
