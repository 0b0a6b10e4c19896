// POST /api/compose: pieces as they come.
#include <memory>
#include <utility>

#include "compose/commission.h"
#include "compose/request.h"
#include "studio/answer.h"
#include "studio/studio.h"

namespace lilt::studio {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPiecesAsked = 100, kMostCandidatesAsked = 64;

// Writes each piece as a line of JSON.
class LineWriter : public Listener {
 public:
  explicit LineWriter(std::shared_ptr<BodyStream> to) : to_(std::move(to)) {}

  bool take(const compose::Piece& piece) override { return to_->write(to_json(piece) + "\n"); }

  void end(const compose::Progress& progress, const std::string& failure) override {
    Json line = {{"done", failure.empty()}, {"pieces", progress.pieces}, {"drawn", progress.drawn}};
    if (!failure.empty()) line["error"] = {{"message", failure}};
    to_->write(line.dump() + "\n");
    to_->finish();
  }

 private:
  std::shared_ptr<BodyStream> to_;
};

struct Asked {
  std::string model;
  compose::Request request;
};

Result<Asked> read_asked(const HttpRequest& request) {
  Result<nlohmann::json> json = read_object(request);
  if (!json) return json.error();
  Asked asked;
  if (const auto model = json->find("model"); model != json->end()) {
    if (Status s = read_json({.name = "model", .help = ""}, *model, asked.model); !s)
      return s.error();
    json->erase(model);
  }
  Result<compose::Request> wanted = compose::request_from_json(json->dump());
  if (!wanted) return wanted.error();
  asked.request = *std::move(wanted);
  if (asked.request.number > kMostPiecesAsked) {
    return Error{ErrorCode::kOption,
                 "expected at most " + std::to_string(kMostPiecesAsked) + " tunes at once",
                 {.field = "number"}};
  }
  if (asked.request.best_of.value_or(0) > kMostCandidatesAsked) {
    return Error{ErrorCode::kOption,
                 "expected at most " + std::to_string(kMostCandidatesAsked) + " candidates",
                 {.field = "best_of"}};
  }
  return asked;
}

// Refuses at once what cannot be.
HttpResponse compose_answer(Studio& studio, const HttpRequest& request) {
  Result<Asked> asked = read_asked(request);
  if (!asked) return error_answer(asked.error());
  const Result<std::shared_ptr<Composer>> composer = studio.models.composer(asked->model);
  if (!composer) return error_answer(composer.error());
  asked->request.report = asked->request.report || (*composer)->model().knows_tunes();
  if (const Status s = compose::check(asked->request, (*composer)->model()); !s) {
    return error_answer(s.error());
  }
  if ((*composer)->is_full()) return error_answer(503, "too much is being composed; try again");
  HttpResponse answer{.content_type = "application/x-ndjson"};
  answer.stream = [composer = *composer, request = asked->request,
                   stop = request.stop](std::shared_ptr<BodyStream> stream) {
    composer->submit(request, std::make_shared<LineWriter>(std::move(stream)), stop);
  };
  return answer;
}

}  // namespace

void add_compose_routes(Router& router, Studio& studio) {
  router.add("POST", "/api/compose",
             [&studio](const HttpRequest& request) { return compose_answer(studio, request); });
}

}  // namespace lilt::studio
