#include "score/render.h"

#include <algorithm>
#include <utility>

#include "abc/book.h"
#include "abc/canonical.h"
#include "base/environment_error.h"
#include "base/file.h"
#include "score/midi.h"
#include "score/musicxml.h"
#include "score/sound.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

std::vector<Program> programs_for(std::span<const Kind> kinds) {
  std::vector<Program> programs;
  const auto need = [&](const Program& program) {
    const auto same = [&](const Program& other) { return other.name == program.name; };
    if (std::none_of(programs.begin(), programs.end(), same)) programs.push_back(program);
  };
  for (const Kind kind : kinds) {
    if (kind == Kind::kSvg || kind == Kind::kPng || kind == Kind::kPdf) need(kAbcm2ps);
    if (kind == Kind::kPng || kind == Kind::kPdf) need(kRsvgConvert);
    if (kind == Kind::kMidi || is_sound(kind)) need(kAbc2midi);
    if (is_sound(kind)) need(kFluidsynth);
    if (is_sound(kind) && kind != Kind::kWav) need(kSndfileConvert);
  }
  return programs;
}

std::vector<abc::Tune> tunes_of(std::string_view text) {
  std::vector<abc::Tune> tunes;
  std::optional<abc::BookReader> book;
  book.emplace([&](const abc::BookTune& tune) {
    tunes.push_back(abc::read_tune(book->file_header() + tune.text).tune);
  });
  book->feed(text);
  book->finish();
  return tunes;
}

// The error, with the tune that it is about where there are several.
Error about(const Error& error, const abc::Tune& tune, std::size_t number, std::size_t tunes) {
  if (tunes == 1) return error;
  Error named = error;
  const std::string title = title_of(tune);
  named.message = "tune " + std::to_string(number) + (title.empty() ? "" : " (" + title + ")") +
                  ": " + error.message;
  return named;
}

}  // namespace

void require_for(std::span<const Kind> kinds, const RenderOptions& options) {
  require_programs(programs_for(kinds));
  if (std::none_of(kinds.begin(), kinds.end(), is_sound)) return;
  if (options.sound_font.empty()) {
    static_cast<void>(find_sound_font());
  } else {
    static_cast<void>(FileReader(options.sound_font));
  }
}

Result<std::string> Renderer::make(const abc::Tune& tune, Kind kind) {
  switch (kind) {
    case Kind::kAbc:
    case Kind::kPdf:
      return make_book({tune}, kind);
    case Kind::kMusicXml:
      return make_musicxml(tune, {.instrument = options_.instrument,
                                  .tempo = playing(tune).tempo,
                                  .shows_tempo = tempo_shown(tune).has_value()});
    case Kind::kMidi:
      return make_midi(workshop(), tune, playing(tune));
    case Kind::kSvg:
      return make_svg(workshop(), tune, engraving());
    case Kind::kPng:
      return make_png(workshop(), tune, engraving());
    case Kind::kWav:
    case Kind::kFlac:
    case Kind::kOgg:
    case Kind::kMp3:
      break;
  }
  return make_sound(workshop(), tune, playing(tune), kind,
                    options_.sound_font.empty() ? find_sound_font() : options_.sound_font);
}

Result<std::string> Renderer::make_book(const std::vector<abc::Tune>& tunes, Kind kind) {
  for (std::size_t i = 0; i < tunes.size(); ++i) {
    if (const Status status = check_source(tunes[i]); !status) {
      return about(status.error(), tunes[i], i + 1, tunes.size());
    }
  }
  if (kind == Kind::kPdf) return make_pdf(workshop(), tunes, engraving());
  std::string text;
  for (const abc::Tune& tune : tunes) {
    text += (text.empty() ? "" : "\n") + abc::canonical_text(tune, {.keep_marks = true});
  }
  return text;
}

std::optional<Tempo> Renderer::tempo_shown(const abc::Tune& tune) const {
  if (!options_.beats_per_minute) return written_tempo(tune);
  return Tempo{beat_of(tune.metre), *options_.beats_per_minute};
}

Playing Renderer::playing(const abc::Tune& tune) const {
  return {options_.instrument, tempo_shown(tune).value_or(usual_tempo(tune))};
}

EngravingOptions Renderer::engraving() const {
  return {.paper = options_.paper, .beats_per_minute = options_.beats_per_minute};
}

const Workshop& Renderer::workshop() {
  if (!workshop_) workshop_.emplace(go_on_);
  return *workshop_;
}

fs::path numbered_path(const fs::path& output, std::size_t tune, std::size_t tunes) {
  if (tunes == 1) return output;
  std::string number = std::to_string(tune + 1);
  const std::size_t digits = std::to_string(tunes).size();
  number.insert(0, digits - std::min(digits, number.size()), '0');
  return output.parent_path() /
         (output.stem().string() + "-" + number + output.extension().string());
}

Result<std::vector<fs::path>> render(std::string_view text, const fs::path& output,
                                     const RenderOptions& options,
                                     const std::function<bool()>& go_on) {
  const std::string ending = output.extension().string();
  const auto kind = find_kind(ending.empty() ? ending : ending.substr(1));
  if (!kind) {
    return Error{ErrorCode::kOption,
                 "expected a name that ends with " + endings() + ", found " + output.string()};
  }
  const std::vector<abc::Tune> tunes = tunes_of(text);
  if (tunes.empty()) {
    return Error{ErrorCode::kFormat,
                 "expected a tune, which begins with a line such as X:1; found none"};
  }
  require_for(std::span(&*kind, 1), options);
  Renderer renderer(options, go_on);
  if (holds_many(*kind)) {
    const Result<std::string> book = renderer.make_book(tunes, *kind);
    if (!book) return book.error();
    write_file_atomically(output, *book);
    return std::vector<fs::path>{output};
  }
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < tunes.size(); ++i) {
    if (go_on && !go_on()) throw EnvironmentError("interrupted", "the files so far are whole");
    const Result<std::string> made = renderer.make(tunes[i], *kind);
    if (!made) return about(made.error(), tunes[i], i + 1, tunes.size());
    files.push_back(numbered_path(output, i, tunes.size()));
    write_file_atomically(files.back(), *made);
  }
  return files;
}

}  // namespace lilt::score
