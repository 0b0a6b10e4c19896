#include "studio/book_json.h"

#include <array>
#include <ctime>

#include "abc/tune.h"
#include "model/untrusted_json.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::ordered_json;

Json json_of_novelty(const std::string& abc, const likeness::Novelty& known) {
  const likeness::NoveltyReport report = known.report(abc::read_tune(abc).tune);
  Json json = {{"newer_than", known.percentile(report)},
               {"longest_run", report.longest_run},
               {"share_known", report.share_known},
               {"nearest", nullptr}};
  if (report.nearest) json["nearest"] = known.title(*report.nearest);
  return json;
}

// Null for none, and for what a damaged book may have there.
Json json_of_request(const std::string& request) {
  const nlohmann::json json = parse_untrusted_json(request);
  return json.is_object() ? Json(json) : Json(nullptr);
}

}  // namespace

std::string utc(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  std::array<char, 32> text{};
  if (gmtime_r(&time, &parts) == nullptr) return {};
  text[std::strftime(text.data(), text.size(), "%FT%TZ", &parts)] = '\0';
  return text.data();
}

Json to_json(const KeptTune& tune, const likeness::Novelty* known) {
  Json json = {{"id", tune.id},
               {"revision", tune.revision},
               {"title", tune.title},
               {"key", tune.key},
               {"meter", tune.metre},
               {"rhythm", tune.rhythm},
               {"stars", tune.content.stars},
               {"tags", tune.content.tags},
               {"notes", tune.content.notes},
               {"created", utc(tune.created)},
               {"changed", utc(tune.changed)},
               {"from", nullptr},
               {"request", json_of_request(tune.content.request)},
               {"abc", tune.content.abc}};
  if (tune.parent) json["from"] = *tune.parent;
  if (known != nullptr) json["novelty"] = json_of_novelty(tune.content.abc, *known);
  return json;
}

Json to_json(const BookPage& page, const likeness::Novelty* known) {
  Json tunes = Json::array();
  for (const KeptTune& tune : page.tunes) tunes.push_back(to_json(tune, known));
  return {{"tunes", tunes}, {"total", page.total}, {"mistakes", page.has_mistakes}};
}

Json to_json(const TuneVersion& version) {
  return {{"revision", version.revision},   {"changed", utc(version.changed)},
          {"stars", version.content.stars}, {"tags", version.content.tags},
          {"notes", version.content.notes}, {"request", json_of_request(version.content.request)},
          {"abc", version.content.abc}};
}

Json to_json(const RefusedTune& tune) {
  Json mistakes = Json::array();
  for (const Mistake& mistake : tune.mistakes) {
    mistakes.push_back({{"line", mistake.line},
                        {"column", mistake.column},
                        {"code", mistake.code},
                        {"message", mistake.message}});
  }
  return {
      {"line", tune.line}, {"title", tune.title}, {"errors", tune.errors}, {"mistakes", mistakes}};
}

}  // namespace lilt::studio
