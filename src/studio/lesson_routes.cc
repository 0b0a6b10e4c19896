// Collections and lessons: what Lilt is taught with, and how it learns.
#include <charconv>
#include <utility>

#include "studio/answer.h"
#include "studio/studio.h"
#include "studio/teaching.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostFiles = 2000;
// Every character of a tune may be written with six in JSON, hardly any is.
constexpr std::size_t kLargestUpload = 2 * kLargestCollection;

HttpResponse no_such(const char* what, const std::string& name) {
  return error_answer(404, std::string("there is no ") + what + " called " + name);
}

// A conflict with what goes on is 409, and otherwise 400.
HttpResponse refusal(const Error& error) {
  if (error.place.field != "beside") return error_answer(error);
  return error_answer(409, error.message, error.place.field);
}

Result<std::vector<TuneFile>> read_files(const nlohmann::json& json) {
  const Field field{.name = "files", .help = ""};
  if (!json.is_array() || json.empty() || json.size() > kMostFiles) {
    return bad_value(field, "a list of 1 to 2000 files",
                     json.is_array() ? std::to_string(json.size()) : "something else");
  }
  std::vector<TuneFile> files;
  for (const nlohmann::json& one : json) {
    TuneFile& file = files.emplace_back();
    if (!one.is_object() || !one.contains("text"))
      return bad_value(field, "files with a name and a text", "another");
    if (Status s = read_json(Field{.name = "text", .help = ""}, one["text"], file.text); !s)
      return s.error();
    if (!one.contains("name")) continue;
    if (Status s = read_json(Field{.name = "name", .help = ""}, one["name"], file.name); !s)
      return s.error();
  }
  return files;
}

HttpResponse add_collection(Teaching& teaching, const HttpRequest& request) {
  const Result<nlohmann::json> json = read_object(request);
  if (!json) return error_answer(json.error());
  for (const auto& [member, value] : json->items()) {
    if (member != "name" && member != "files") return error_answer(400, "unknown member", member);
  }
  std::string name;
  if (Status s =
          read_json({.name = "name", .help = ""}, json->value("name", nlohmann::json()), name);
      !s) {
    return error_answer(s.error());
  }
  const Result<std::vector<TuneFile>> files = read_files(json->value("files", nlohmann::json()));
  if (!files) return error_answer(files.error());
  const Result<Json> added = teaching.collections().add(name, *files);
  return added ? json_answer(*added, 201) : error_answer(added.error());
}

HttpResponse tell_collection(Teaching& teaching, const HttpRequest& request) {
  const std::string& name = request.parameters[0];
  const std::optional<Json> found = teaching.collections().find(name);
  return found ? json_answer(*found) : no_such("collection", name);
}

HttpResponse remove_collection(Teaching& teaching, const HttpRequest& request) {
  const std::string& name = request.parameters[0];
  if (!teaching.collections().remove(name)) return no_such("collection", name);
  return json_answer({{"name", name}});
}

HttpResponse tell_lessons(Teaching& teaching) {
  teaching.look_after();
  Json lessons = Json::array();
  for (const LessonFolder& lesson : teaching.lessons().all())
    lessons.push_back(lesson.tell(0, true));
  return json_answer({{"lessons", lessons}});
}

HttpResponse start_lesson(Studio& studio, Teaching& teaching, const HttpRequest& request) {
  Result<LessonRequest> asked = read_fields_of<LessonRequest>(request);
  if (!asked) return error_answer(asked.error());
  std::filesystem::path from;
  if (asked->preset == LessonPreset::kFurther) {
    if (asked->from.empty()) asked->from = studio.models.usual();
    const std::optional<std::filesystem::path> model = studio.models.find(asked->from);
    if (!model) return error_answer(400, "there is no model called " + asked->from, "from");
    from = *model;
  }
  const Result<std::string> id = teaching.lessons().start(*asked, teaching.collections(), from);
  if (!id) return refusal(id.error());
  return json_answer(teaching.lessons().find(*id)->tell(0, false), 201);
}

HttpResponse tell_lesson(const LessonFolder& lesson, const HttpRequest& request) {
  std::uint64_t after = 0;
  const std::string_view text = request.query_value("after").value_or("0");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
  if (error != std::errc() || end != text.data() + text.size()) {
    return error_answer(400, "expected the number of an epoch", "after");
  }
  return json_answer(lesson.tell(after, false));
}

struct Resuming {
  std::optional<std::size_t> epochs;
  bool beside = false;
};
template <FieldsOf<Resuming> R, class Visit>
void visit_fields(R& r, Visit&& visit) {
  visit(Field{.name = "epochs", .help = "Passes over the tunes", .least = 1, .most = 10000},
        r.epochs);
  visit(Field{.name = "beside", .help = "Though another lesson is at work"}, r.beside);
}

HttpResponse resume_lesson(Teaching& teaching, const LessonFolder& lesson,
                           const HttpRequest& request) {
  Result<Resuming> asked = Resuming{};
  if (!request.body.empty()) asked = read_fields_of<Resuming>(request);
  if (!asked) return error_answer(asked.error());
  const Status resumed = teaching.lessons().resume(lesson, asked->epochs, asked->beside);
  return resumed ? json_answer(lesson.tell(0, true)) : refusal(resumed.error());
}

HttpResponse tell_presets(Teaching& teaching, const HttpRequest& request) {
  std::size_t characters = 0;
  for (const std::string_view name : split_list(request.query_value("collections").value_or(""))) {
    if (name.empty()) continue;
    const std::optional<Json> found = teaching.collections().find(name);
    if (!found) return no_such("collection", std::string(name));
    characters += (*found)["characters"].value("total", std::size_t{0});
  }
  Json presets = Json::array();
  for (const LessonPreset preset :
       {LessonPreset::kFurther, LessonPreset::kSmall, LessonPreset::kFull}) {
    const PresetFacts facts = facts_of(preset);
    const std::size_t learnt = characters_to_learn(preset, characters, {});
    const std::optional<double> seconds = teaching.lessons().seconds_for(preset, learnt);
    presets.push_back({{"name", name_of(preset)},
                       {"title", facts.title},
                       {"help", facts.help},
                       {"epochs", facts.epochs > 0 ? Json(facts.epochs) : Json()},
                       {"characters", learnt},
                       {"seconds", seconds ? Json(*seconds) : Json()}});
  }
  return json_answer({{"presets", presets}});
}

}  // namespace

void add_lesson_routes(Router& router, Studio& studio) {
  Teaching& teaching = studio.teaching;
  using Use = std::function<HttpResponse(const LessonFolder&, const HttpRequest&)>;
  // A handler for a lesson that there is.
  const auto of_lesson = [&teaching](Use use) {
    return [&teaching, use = std::move(use)](const HttpRequest& request) {
      const std::string& id = request.parameters[0];
      const std::optional<LessonFolder> lesson = teaching.lessons().find(id);
      return lesson ? use(*lesson, request) : no_such("lesson", id);
    };
  };

  router.add("GET", "/api/collections", [&teaching](const HttpRequest&) {
    return json_answer({{"collections", teaching.collections().list()}});
  });
  router.add(
      "POST", "/api/collections",
      [&teaching](const HttpRequest& request) { return add_collection(teaching, request); },
      kLargestUpload);
  router.add("GET", "/api/collections/{}", [&teaching](const HttpRequest& request) {
    return tell_collection(teaching, request);
  });
  router.add("DELETE", "/api/collections/{}", [&teaching](const HttpRequest& request) {
    return remove_collection(teaching, request);
  });
  router.add("GET", "/api/lesson-presets",
             [&teaching](const HttpRequest& request) { return tell_presets(teaching, request); });
  router.add("GET", "/api/lessons",
             [&teaching](const HttpRequest&) { return tell_lessons(teaching); });
  router.add("POST", "/api/lessons", [&studio, &teaching](const HttpRequest& request) {
    return start_lesson(studio, teaching, request);
  });
  router.add("GET", "/api/lessons/{}",
             of_lesson([&teaching](const LessonFolder& lesson, const HttpRequest& request) {
               teaching.look_after();
               return tell_lesson(lesson, request);
             }));
  router.add("POST", "/api/lessons/{}/stop",
             of_lesson([&teaching](const LessonFolder& lesson, const HttpRequest&) {
               teaching.lessons().stop(lesson);
               return json_answer(lesson.tell(0, true));
             }));
  router.add("POST", "/api/lessons/{}/resume",
             of_lesson([&teaching](const LessonFolder& lesson, const HttpRequest& request) {
               return resume_lesson(teaching, lesson, request);
             }));
  router.add("DELETE", "/api/lessons/{}",
             of_lesson([&teaching](const LessonFolder& lesson, const HttpRequest&) {
               teaching.lessons().remove(lesson);
               teaching.look_after();
               return json_answer({{"id", lesson.id()}});
             }));
}

}  // namespace lilt::studio
