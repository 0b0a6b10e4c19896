// The studio: what its routes share, and the site that they make up.
//
// A group of routes is a function that adds them to the Router, given what they share. Its handlers
// outlive it: they hold the Studio by reference.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "studio/guard.h"
#include "studio/models.h"
#include "studio/router.h"
#include "studio/server.h"
#include "studio/shared_book.h"
#include "studio/sounds.h"
#include "studio/teaching.h"

namespace lilt::studio {

// What routes share. Its members may be used by several threads.
struct Studio {
  // What a person keeps lies in `folder`. `program` is lilt, which lessons start.
  Studio(std::size_t number_of_threads, const std::filesystem::path& folder,
         std::filesystem::path program = this_program())
      : threads(number_of_threads),
        models(threads),
        teaching(folder / "teach", models, threads, std::move(program)) {}

  std::string version;
  std::size_t threads;
  Models models;
  Sounds sounds;
  Teaching teaching;
  std::unique_ptr<SharedBook> book;    // may be absent in tests
  std::atomic<bool> exporting{false};  // an archive of the book
};

void add_option_routes(Router& router, Studio& studio);
void add_compose_routes(Router& router, Studio& studio);
void add_tune_routes(Router& router, Studio& studio);
void add_score_routes(Router& router, Studio& studio);
void add_sound_routes(Router& router, Studio& studio);
void add_lesson_routes(Router& router, Studio& studio);
void add_model_routes(Router& router, Studio& studio);
void add_book_routes(Router& router, Studio& studio);

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
