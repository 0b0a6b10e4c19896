#include "score/renderer.h"

#include <algorithm>
#include <utility>

#include "abc/canonical.h"
#include "base/file.h"
#include "score/midi.h"
#include "score/musicxml.h"
#include "score/sound.h"
#include "score/source.h"

namespace lilt::score {
namespace {

std::vector<Program> programs_for(std::span<const Kind> kinds) {
  std::vector<Program> programs;
  const auto need = [&](const Program& program) {
    const auto same = [&](const Program& other) { return other.name == program.name; };
    if (std::none_of(programs.begin(), programs.end(), same)) programs.push_back(program);
  };
  for (const Kind kind : kinds) {
    if (kind == Kind::kSvg || kind == Kind::kPng || kind == Kind::kPdf) need(kAbcm2ps);
    if (kind == Kind::kPng || kind == Kind::kPdf) need(kRsvgConvert);
    if (is_sound(kind)) need(kFluidsynth);
    if (is_sound(kind) && kind != Kind::kWav) need(kSndfileConvert);
  }
  return programs;
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
      return make_midi(tune, playing(tune));
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
  return playing_of(tune, options_.instrument, options_.beats_per_minute);
}

EngravingOptions Renderer::engraving() const {
  return {.paper = options_.paper, .beats_per_minute = options_.beats_per_minute};
}

const Workshop& Renderer::workshop() {
  if (!workshop_) workshop_.emplace(go_on_);
  return *workshop_;
}

}  // namespace lilt::score
