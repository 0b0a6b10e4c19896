// The studio: what its routes share, and the site that they make up.
//
// A group of routes is a function that adds them to the Router, given what they share. Its handlers
// outlive it: they hold the Studio by reference.
#pragma once

#include <cstddef>
#include <string>

#include "studio/guard.h"
#include "studio/models.h"
#include "studio/router.h"
#include "studio/server.h"

namespace lilt::studio {

// What routes share. Its members may be used by several threads.
struct Studio {
  explicit Studio(std::size_t threads) : models(threads) {}

  std::string version;
  Models models;
};

void add_option_routes(Router& router, Studio& studio);
void add_compose_routes(Router& router, Studio& studio);
void add_tune_routes(Router& router, Studio& studio);
void add_score_routes(Router& router, Studio& studio);

// All of them.
void add_routes(Router& router, Studio& studio);

// Headers that every answer has, so that a page can do no more than it must.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> safe_headers();

// The routes behind the guard, and the files of the page.
class StudioSite : public Site {
 public:
  StudioSite(Guard guard, Studio& studio);

  [[nodiscard]] Admission admit(const HttpRequest& head) override;
  [[nodiscard]] HttpResponse answer(HttpRequest request) override;

 private:
  Guard guard_;
  Router router_;
};

}  // namespace lilt::studio
