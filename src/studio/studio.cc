#include "studio/studio.h"

#include <utility>

#include "studio/answer.h"
#include "studio/page_files.h"

namespace lilt::studio {

void add_routes(Router& router, Studio& studio) {
  add_option_routes(router, studio);
  add_compose_routes(router, studio);
  add_tune_routes(router, studio);
  add_score_routes(router, studio);
  add_sound_routes(router, studio);
  add_lesson_routes(router, studio);
  add_model_routes(router, studio);
  add_book_routes(router, studio);
}

std::vector<std::pair<std::string, std::string>> safe_headers() {
  return {{"Content-Security-Policy",
           "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
           "object-src 'none'"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Referrer-Policy", "no-referrer"},
          {"X-Content-Type-Options", "nosniff"},
          {"Cache-Control", "no-store"}};
}

StudioSite::StudioSite(Guard guard, Studio& studio) : guard_(std::move(guard)) {
  add_routes(router_, studio);
}

Site::Admission StudioSite::admit(const HttpRequest& head) {
  if (std::optional<HttpResponse> refusal = guard_.answer(head)) return {std::move(refusal)};
  const Router::Match match = router_.find(head.method, head.path);
  if (match.route != nullptr) return {.most_bytes = match.route->most_bytes};
  if (head.method == "GET" && find_page_file(head.path) != nullptr) return {};
  if (match.allowed.empty()) return {error_answer(404, "there is nothing under this path")};
  HttpResponse refusal = error_answer(405, "expected one of the methods " + match.allowed);
  refusal.headers.emplace_back("Allow", match.allowed);
  return {std::move(refusal)};
}

HttpResponse StudioSite::answer(HttpRequest request) {
  Router::Match match = router_.find(request.method, request.path);
  if (match.route == nullptr) {
    std::optional<HttpResponse> page = page_answer(request);
    return page ? *std::move(page) : error_answer(404, "there is nothing under this path");
  }
  request.parameters = std::move(match.parameters);
  return match.route->handler(request);
}

}  // namespace lilt::studio
