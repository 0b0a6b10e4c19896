// POST /api/score: sheet music, with the places of its notes and bars.
#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <utility>
#include <vector>

#include "abc/stretches.h"
#include "abc/transpose.h"
#include "score/drawing.h"
#include "studio/places.h"
#include "studio/studio.h"
#include "studio/tune_request.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::ordered_json;

struct ScoreRequest {
  std::string abc;
  int transpose = 0;
  bool chords = true, title = true;
  double width = 800;
};

template <FieldsOf<ScoreRequest> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(kAbcField, r.abc);
  visit(Field{.name = "transpose", .help = "Semitones", .least = -36, .most = 36}, r.transpose);
  visit(Field{.name = "chords", .help = "Whether chord symbols are shown"}, r.chords);
  visit(Field{.name = "title", .help = "Whether titles are shown"}, r.title);
  visit(Field{.name = "width", .help = "Pixels", .least = 240, .most = 4000}, r.width);
}

abc::Tune tune_of(const ScoreRequest& asked) {
  abc::Tune tune = abc::read_tune(asked.abc).tune;
  if (asked.transpose != 0) abc::transpose(tune, asked.transpose);
  if (!asked.title) {
    std::erase_if(tune.header, [](const abc::Field& field) { return field.letter == U'T'; });
  }
  if (asked.chords) return tune;
  for (abc::Voice& voice : tune.voices) {
    for (abc::Element& element : voice.elements) element.chord_symbols.clear();
  }
  return tune;
}

// Tenths of a pixel are enough.
double tenths(double number) { return std::round(10 * number) / 10; }

Json box_json(const score::Box& box) {
  return {{"x", tenths(box.x)},
          {"y", tenths(box.y)},
          {"w", tenths(box.width)},
          {"h", tenths(box.height)}};
}

Json notes_json(const score::Drawing& drawing, const Places& places) {
  Json notes = Json::array();
  for (const score::DrawnNote& note : drawing.notes) {
    Json json = box_json(note.box);
    places.tell(note.place, json);
    notes.push_back(std::move(json));
  }
  return notes;
}

Json bars_json(const score::Drawing& drawing, const Places& places) {
  Json bars = Json::array();
  for (const score::DrawnBar& bar : drawing.bars) {
    Json json = {{"number", bar.number}, {"rects", Json::array()}};
    places.tell(bar.place, json);
    for (const score::Box& box : bar.boxes) json["rects"].push_back(box_json(box));
    bars.push_back(std::move(json));
  }
  return bars;
}

// No two pictures have parts of the same name.
std::string new_prefix() {
  static std::atomic<unsigned> pictures{0};
  return fmt::format("p{}-", ++pictures);
}

HttpResponse score_answer(const HttpRequest& request) {
  const Result<ScoreRequest> asked = read_tune_request<ScoreRequest>(request);
  if (!asked) return error_answer(asked.error());
  const abc::Tune tune = tune_of(*asked);
  std::vector<abc::Stretch> stretches;
  if (tune.voices.size() == 1) stretches = abc::find_stretches(asked->abc);
  const score::Workshop workshop([stop = request.stop] { return !stop.stop_requested(); });
  const Result<score::Drawing> drawing =
      score::draw(workshop, tune, stretches, {.width = asked->width, .prefix = new_prefix()});
  if (!drawing) return tune_error(drawing.error());
  const Places places(asked->abc);
  return json_answer({{"svg", drawing->svg},
                      {"width", drawing->width},
                      {"height", drawing->height},
                      {"notes", notes_json(*drawing, places)},
                      {"bars", bars_json(*drawing, places)}});
}

}  // namespace

void add_score_routes(Router& router, Studio&) { router.add("POST", "/api/score", score_answer); }

}  // namespace lilt::studio
