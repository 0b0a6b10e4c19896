// Models: which there are, how well they predict tunes, and their files.
#include <algorithm>
#include <mutex>
#include <utility>

#include "abc/book.h"
#include "abc/tune.h"
#include "base/file.h"
#include "eval/prediction_report.h"
#include "studio/answer.h"
#include "studio/model_facts.h"
#include "studio/studio.h"
#include "studio/teaching.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Of tunes to measure by; a minute's work or so.
constexpr std::uintmax_t kMostBytes = 4'000'000;
// A tune has been learnt that shares so much with one that was.
constexpr double kNearlyAll = 0.9;

// What these routes share besides.
struct ModelDesk {
  ModelFacts facts;
  std::mutex measuring;  // one at a time
};

// By which tunes a model is measured: a collection, those that a lesson held out, or by itself
// those of its own lesson.
struct Measuring {
  std::string collection, lesson;
  std::string with;  // another model
};
template <FieldsOf<Measuring> M, class Visit>
void visit_fields(M& m, Visit&& visit) {
  visit(Field{.name = "collection", .help = "To measure by"}, m.collection);
  visit(Field{.name = "lesson", .help = "Whose held-out tunes to measure by"}, m.lesson);
  visit(Field{.name = "with", .help = "The model to compare with (default: the usual one)"},
        m.with);
}

Error wrong(const char* field, std::string message) {
  return {ErrorCode::kOption,
          std::move(message),
          {.source = {}, .byte = {}, .line = {}, .field = field}};
}

HttpResponse no_model(const std::string& name) {
  return error_answer(404, "there is no model called " + name);
}

Result<fs::path> tunes_to_measure_by(Teaching& teaching, const Measuring& asked,
                                     const std::string& model) {
  if (!asked.collection.empty()) {
    const std::optional<fs::path> file = teaching.collections().file(asked.collection);
    if (!file) return wrong("collection", "there is no collection called " + asked.collection);
    if (fs::file_size(*file) <= kMostBytes) return *file;
    return wrong("collection", "expected at most 4 MB of tunes, found more");
  }
  const std::string& id = asked.lesson.empty() ? model : asked.lesson;
  const std::optional<LessonFolder> lesson = teaching.lessons().find(id);
  if (!lesson) {
    return asked.lesson.empty() ? wrong("collection", "expected a collection to measure by")
                                : wrong("lesson", "there is no lesson called " + id);
  }
  const std::optional<fs::path> held_out = lesson->held_out_file();
  if (held_out) return *held_out;
  return wrong("lesson", "expected a lesson that held out tunes, which takes ten or more");
}

// Of the tunes of a file, those that a model has learnt, as they are or nearly; null where it does
// not know its tunes.
Json tunes_known(Studio& studio, const std::string& name, const fs::path& tunes) {
  const Result<std::shared_ptr<Composer>> composer = studio.models.composer(name);
  if (!composer || !(*composer)->model().knows_tunes()) return nullptr;
  const Result<const likeness::Novelty*> novelty = (*composer)->model().novelty();
  if (!novelty) return nullptr;
  std::size_t known = 0;
  abc::BookReader book([&](const abc::BookTune& tune) {
    const likeness::NoveltyReport report = (*novelty)->report(abc::read_tune(tune.text).tune);
    if (report.similarity >= kNearlyAll) ++known;
  });
  const FileBytes file(tunes);
  book.feed(file.text());
  book.finish();
  return known;
}

// When a lesson was begun, and what is known of the model besides.
Json about(Studio& studio, ModelDesk& desk, const std::string& name, const fs::path& file) {
  const std::optional<LessonFolder> lesson = studio.teaching.lessons().find(name);
  const std::optional<LessonRecord> record = lesson ? lesson->record() : std::nullopt;
  Json json = {{"lesson", lesson ? Json(lesson->id()) : Json()},
               {"created", record ? Json(record->created) : Json()}};
  const Result<Json> facts = desk.facts.of(file);
  if (facts) {
    json.update(*facts);
  } else {
    json["message"] = facts.error().message;
  }
  return json;
}

// Puts beside a model's figures what it is, and whether it has learnt the tunes already: those it
// predicts too well.
void add_what_it_is(Studio& studio, ModelDesk& desk, const std::string& name, const fs::path& tunes,
                    Json& figures) {
  figures["model"] = name;
  const std::optional<fs::path> file = studio.models.find(name);
  if (!file) return;
  const Json facts = about(studio, desk, name, *file);
  for (const char* fact : {"bytes", "epoch", "learnt_from", "learnt_characters", "created"}) {
    if (facts.contains(fact)) figures[fact] = facts[fact];
  }
  figures["tunes_known"] = tunes_known(studio, name, tunes);
}

// Measures models by their names.
HttpResponse measure(Studio& studio, ModelDesk& desk, const HttpRequest& request, bool compares) {
  Result<Measuring> asked = Measuring{};
  if (!request.body.empty()) asked = read_fields_of<Measuring>(request);
  if (!asked) return error_answer(asked.error());
  const std::string& name = request.parameters[0];
  std::vector<std::string> names = {name};
  if (compares) names.push_back(asked->with.empty() ? studio.models.usual() : asked->with);
  eval::PredictionOptions options{
      .models = {}, .tunes = {}, .dialect = {}, .threads = studio.threads};
  for (const std::string& one : names) {
    const std::optional<fs::path> file = studio.models.find(one);
    if (!file && one == name) return no_model(one);
    if (!file) return error_answer(wrong("with", "there is no model called " + one));
    options.models.push_back(file->string());
  }
  const Result<fs::path> tunes = tunes_to_measure_by(studio.teaching, *asked, name);
  if (!tunes) return error_answer(tunes.error());
  options.tunes = {tunes->string()};
  const std::unique_lock lock(desk.measuring, std::try_to_lock);
  if (!lock) return error_answer(503, "another model is being measured; try again");
  const auto predictions =
      eval::predict(options, [&](double) { return !request.stop.stop_requested(); });
  if (!predictions) return error_answer(predictions.error());
  Json figures = eval::to_json(*predictions);
  for (std::size_t i = 0; i < names.size(); ++i) {
    add_what_it_is(studio, desk, names[i], *tunes, compares ? figures[i] : figures);
  }
  return json_answer(compares ? Json{{"models", figures}} : figures);
}

HttpResponse tell_models(Studio& studio, ModelDesk& desk) {
  studio.teaching.look_after();
  Json models = Json::array();
  for (const std::string& name : studio.models.names()) {
    const std::optional<fs::path> file = studio.models.find(name);
    if (!file) continue;
    Json json = {{"name", name}};
    json.update(about(studio, desk, name, *file));
    models.push_back(std::move(json));
  }
  return json_answer({{"models", models}});
}

HttpResponse export_model(Studio& studio, const HttpRequest& request) {
  const std::string& name = request.parameters[0];
  studio.teaching.look_after();
  const std::optional<fs::path> file = studio.models.find(name);
  if (!file) return no_model(name);
  Result<std::string> bytes = model_to_give_away(*file);
  if (!bytes) return error_answer(500, bytes.error().to_string());
  return file_answer(*std::move(bytes), "application/octet-stream", name + ".safetensors");
}

}  // namespace

void add_model_routes(Router& router, Studio& studio) {
  const auto desk = std::make_shared<ModelDesk>();
  router.add("GET", "/api/models",
             [&studio, desk](const HttpRequest&) { return tell_models(studio, *desk); });
  router.add("POST", "/api/models/{}/evaluate", [&studio, desk](const HttpRequest& request) {
    return measure(studio, *desk, request, false);
  });
  router.add("POST", "/api/models/{}/compare", [&studio, desk](const HttpRequest& request) {
    return measure(studio, *desk, request, true);
  });
  router.add("GET", "/api/models/{}/export",
             [&studio](const HttpRequest& request) { return export_model(studio, request); });
}

}  // namespace lilt::studio
