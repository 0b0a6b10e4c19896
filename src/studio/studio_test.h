// What tests of routes have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "studio/openapi_document.h"
#include "studio/studio.h"
#include "temporary_folder.h"

namespace lilt::studio {

// A studio without a model, whose routes are asked without sockets. What they answer has to be as
// docs/studio-openapi.json says.
class RoutesForTests {
 public:
  RoutesForTests() { add_routes(router_, studio_); }

  [[nodiscard]] Studio& studio() { return studio_; }

  [[nodiscard]] HttpResponse ask(const std::string& method, const std::string& target,
                                 std::string body = {}) {
    HttpRequest request;
    request.method = method;
    EXPECT_TRUE(read_target(target, request)) << target;
    request.body = std::move(body);
    Router::Match match = router_.find(method, request.path);
    if (match.route == nullptr) return {.status = 404};
    request.parameters = std::move(match.parameters);
    HttpResponse answer = match.route->handler(request);
    EXPECT_EQ(mistake_in_answer(method, match.route->path, answer), "") << answer.body;
    return answer;
  }
  [[nodiscard]] HttpResponse post(const std::string& target, const nlohmann::json& body) {
    return ask("POST", target, body.dump());
  }

 private:
  support::TemporaryFolder folder_;
  Studio studio_{1, folder_.path(), LILT_PROGRAM};
  Router router_;
};

// The JSON of an answer; null where it is none.
[[nodiscard]] inline nlohmann::json json_in(const HttpResponse& answer) {
  nlohmann::json json = nlohmann::json::parse(answer.body, nullptr, false);
  return json.is_discarded() ? nlohmann::json() : json;
}

}  // namespace lilt::studio
