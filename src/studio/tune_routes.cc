// Routes about one tune that is sent: what is wrong with it, how it goes, in another key, as a
// file.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "abc/canonical.h"
#include "abc/check.h"
#include "abc/metre.h"
#include "abc/stretches.h"
#include "abc/transpose.h"
#include "score/file_name.h"
#include "score/instrument.h"
#include "score/publication.h"
#include "score/renderer.h"
#include "studio/places.h"
#include "studio/studio.h"
#include "studio/tune_request.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostDiagnoses = 1000;

// --- POST /api/check

struct CheckRequest {
  std::string abc;
};

template <FieldsOf<CheckRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(kAbcField, r.abc);
}

HttpResponse check_answer(const HttpRequest& request) {
  const Result<CheckRequest> asked = read_fields_of<CheckRequest>(request);
  if (!asked) return error_answer(asked.error());
  const Places places(asked->abc);
  abc::PlaceFinder lines(asked->abc);
  Json diagnoses = Json::array();
  bool is_correct = true;
  for (const abc::Problem& problem : abc::check_tune(asked->abc)) {
    const bool is_error = abc::severity(problem.code) == abc::Severity::kError;
    is_correct = is_correct && !is_error;
    if (diagnoses.size() >= kMostDiagnoses) continue;
    const abc::TextPlace place = lines.find(problem.begin);
    Json diagnosis = {{"line", place.line},
                      {"column", place.column},
                      {"severity", is_error ? "error" : "warning"},
                      {"code", abc::name(problem.code)},
                      {"message", abc::describe(problem)}};
    places.tell({problem.begin, problem.end}, diagnosis);
    diagnoses.push_back(std::move(diagnosis));
  }
  return json_answer({{"correct", is_correct}, {"diagnoses", diagnoses}});
}

// --- POST /api/notes

struct NotesRequest {
  std::string abc;
  std::optional<double> tempo;
};

constexpr Field kTempoField{.name = "tempo",
                            .help = "Beats a minute (default: its own, or the usual)",
                            .least = score::kSlowest,
                            .most = score::kFastest};

template <FieldsOf<NotesRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(kAbcField, r.abc);
  visit(kTempoField, r.tempo);
}

Json notes_json(const score::Playback& playback, const Places& places) {
  constexpr std::array<const char*, 3> kParts = {"melody", "bass", "chords"};
  Json notes = Json::array();
  for (const score::PlayedNote& note : playback.notes) {
    Json json = {{"time", note.seconds},
                 {"length", note.duration},
                 {"pitch", note.pitch},
                 {"velocity", note.velocity},
                 {"part", kParts[static_cast<std::size_t>(note.role)]},
                 {"voice", note.voice}};
    places.tell(note.place, json);
    notes.push_back(std::move(json));
  }
  return notes;
}

// The number of the bar in which a note stands, or -1.
int number_at(std::uint32_t byte, const std::vector<abc::Stretch>& stretches) {
  const auto behind = std::upper_bound(
      stretches.begin(), stretches.end(), byte,
      [](std::uint32_t at, const abc::Stretch& stretch) { return at < stretch.place.begin; });
  return behind == stretches.begin() ? -1 : (behind - 1)->bar;
}

// The number that a bar has as written, by the first note of the melody that begins in it; or -1.
int number_of(const score::PlayedBar& bar, const score::Playback& playback,
              const std::vector<abc::Stretch>& stretches) {
  const auto before = [](const score::PlayedNote& note, abc::Ticks t) { return note.start < t; };
  auto note = std::lower_bound(playback.notes.begin(), playback.notes.end(), bar.start, before);
  for (; note != playback.notes.end() && note->start < bar.start + bar.time; ++note) {
    if (note->role == score::Role::kMelody && note->voice == 0) {
      return number_at(note->place.begin, stretches);
    }
  }
  return -1;
}

// When the beats of a bar come.
void add_beats(const score::PlayedBar& bar, const score::Tempo& tempo, Json& beats) {
  if (bar.metre.is_free()) return;
  const abc::Ticks beat = score::beat_of(bar.metre);
  const abc::Ticks first = (beat - bar.offset % beat) % beat;
  for (abc::Ticks at = first; at < bar.time; at += beat) {
    beats.push_back(tempo.seconds(bar.start + at));
  }
}

Json bars_json(const score::Playback& playback, const std::vector<abc::Stretch>& stretches) {
  const score::Tempo& tempo = playback.playing.tempo;
  Json bars = Json::array();
  for (const score::PlayedBar& bar : playback.bars) {
    Json json = {{"time", tempo.seconds(bar.start)}, {"length", tempo.seconds(bar.time)}};
    if (const int number = number_of(bar, playback, stretches); number >= 0) {
      json["number"] = number;
    }
    json["whole"] = bar.offset == 0;
    bars.push_back(std::move(json));
  }
  return bars;
}

HttpResponse notes_answer(const HttpRequest& request) {
  const Result<NotesRequest> asked = read_tune_request<NotesRequest>(request);
  if (!asked) return error_answer(asked.error());
  const abc::Tune tune = abc::read_tune(asked->abc).tune;
  const Result<score::Playback> playback =
      score::play(tune, score::playing_of(tune, score::kFlute, asked->tempo));
  if (!playback) return tune_error(playback.error());
  const score::Tempo& tempo = playback->playing.tempo;
  Json beats = Json::array();
  for (const score::PlayedBar& bar : playback->bars) add_beats(bar, tempo, beats);
  const Places places(asked->abc);
  return json_answer({{"length", playback->seconds},
                      {"tempo", tempo.per_minute},
                      {"beat", tempo.seconds(tempo.beat)},
                      {"beats", beats},
                      {"notes", notes_json(*playback, places)},
                      {"bars", bars_json(*playback, abc::find_stretches(asked->abc))}});
}

// --- POST /api/transpose

struct TransposeRequest {
  std::string abc, key;
  std::optional<int> semitones;
};

constexpr Field kSemitonesField{
    .name = "semitones", .help = "That much higher", .least = -36, .most = 36};

template <FieldsOf<TransposeRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(kAbcField, r.abc);
  visit(Field{.name = "key", .help = "Into that key, its mode kept: D"}, r.key);
  visit(kSemitonesField, r.semitones);
}

HttpResponse transpose_answer(const HttpRequest& request) {
  const Result<TransposeRequest> asked = read_tune_request<TransposeRequest>(request);
  if (!asked) return error_answer(asked.error());
  if (asked->key.empty() == !asked->semitones) {
    return error_answer(400, "expected either a key or semitones", "key");
  }
  abc::Tune tune = abc::read_tune(asked->abc).tune;
  if (asked->semitones) {
    abc::transpose(tune, *asked->semitones);
  } else {
    const std::optional<abc::Key> key = abc::parse_key(asked->key).key;
    if (!key) return error_answer(400, "expected a key such as D or F#", "key");
    abc::transpose_to(tune, *key);
  }
  return json_answer({{"abc", abc::canonical_text(tune, {.keep_marks = true})}});
}

// --- POST /api/export

struct ExportRequest {
  std::string abc, format = "pdf", paper = "a4";
  std::string instrument = score::kUsualInstrument;
  std::optional<double> tempo;
};

template <FieldsOf<ExportRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(kAbcField, r.abc);
  visit(Field{.name = "format", .help = "abc, musicxml, mid, svg, png, pdf, wav, flac, ogg, mp3"},
        r.format);
  visit(Field{.name = "instrument", .help = "That plays the melody"}, r.instrument);
  visit(kTempoField, r.tempo);
  visit(Field{.name = "paper", .help = "a4 or letter"}, r.paper);
}

const char* type_of(score::Kind kind) {
  switch (kind) {
    case score::Kind::kAbc:
      return "text/vnd.abc; charset=utf-8";
    case score::Kind::kMusicXml:
      return "application/vnd.recordare.musicxml+xml";
    case score::Kind::kMidi:
      return "audio/midi";
    case score::Kind::kSvg:
      return "image/svg+xml";
    case score::Kind::kPng:
      return "image/png";
    case score::Kind::kPdf:
      return "application/pdf";
    case score::Kind::kWav:
      return "audio/wav";
    case score::Kind::kFlac:
      return "audio/flac";
    case score::Kind::kOgg:
      return "audio/ogg";
    case score::Kind::kMp3:
      break;
  }
  return "audio/mpeg";
}

HttpResponse export_answer(const HttpRequest& request) {
  const Result<ExportRequest> asked = read_tune_request<ExportRequest>(request);
  if (!asked) return error_answer(asked.error());
  const std::optional<score::Kind> kind = score::find_kind(asked->format);
  if (!kind) return error_answer(400, "expected one of " + score::endings(), "format");
  const Result<score::RenderOptions> options = score::render_options(
      {.instrument = asked->instrument, .tempo = asked->tempo, .paper = asked->paper});
  if (!options) return error_answer(options.error());
  const abc::Tune tune = abc::read_tune(asked->abc).tune;
  Result<std::string> bytes = asked->abc;
  if (*kind != score::Kind::kAbc) {
    score::Renderer renderer(*options, [stop = request.stop] { return !stop.stop_requested(); });
    bytes = renderer.make(tune, *kind);
  }
  if (!bytes) return tune_error(bytes.error());
  const std::string name =
      score::safe_file_name(tune.field(U'T')) + "." + std::string(score::ending(*kind));
  return file_answer(*std::move(bytes), type_of(*kind), name);
}

}  // namespace

void add_tune_routes(Router& router, Studio&) {
  router.add("POST", "/api/check", check_answer);
  router.add("POST", "/api/notes", notes_answer);
  router.add("POST", "/api/transpose", transpose_answer);
  router.add("POST", "/api/export", export_answer);
}

}  // namespace lilt::studio
