#include "compose/likes.h"

#include <optional>
#include <string>

#include "abc/book.h"
#include "abc/canonical.h"
#include "compose/commission.h"
#include "compose/walk.h"

namespace lilt::compose {
namespace {

int bars_of(abc::Tune tune) {
  tune.voices.resize(1);
  return after(abc::canonical_text(tune, {.music_only = true, .number = 1})).bars();
}

void fill(std::string& wish, const std::string& with) {
  if (wish.empty()) wish = with;
}

}  // namespace

Wishes wishes_like(const abc::Tune& tune) {
  Wishes wishes;
  const auto key = abc::make_key(tune.key.step, tune.key.alter, tune.key.mode);
  wishes.key = key && *key == tune.key ? key->to_string() : tune.field(U'K');
  wishes.metre = tune.metre.to_string();
  wishes.rhythm = tune.field(U'R');
  if (const int bars = bars_of(tune); bars > 0) wishes.bars = bars;
  return wishes;
}

Status Likes::add(const abc::Tune& tune, const Model& model) {
  const Wishes wishes = wishes_like(tune);
  if (Status s = check(with(wishes), model); !s) return s;
  wishes_.push_back(wishes);
  return success();
}

Request Likes::request(std::size_t i) const {
  Request request = with(wishes_[i % wishes_.size()]);
  request.seed += i;
  return request;
}

Request Likes::with(const Wishes& wishes) const {
  Request request = asked_;
  request.first = request.number = 1;
  fill(request.wishes.key, wishes.key);
  fill(request.wishes.metre, wishes.metre);
  fill(request.wishes.rhythm, wishes.rhythm);
  if (!request.wishes.bars) request.wishes.bars = wishes.bars;
  return request;
}

Likes likes_of(const Request& asked, std::string_view book, const Model& model,
               const std::function<void(const std::string&)>& tell) {
  Likes likes(asked);
  std::optional<abc::BookReader> reader;
  reader.emplace([&](abc::BookTune& text) {
    const abc::Tune tune = abc::read_tune(reader->file_header() + text.text).tune;
    if (const Status added = likes.add(tune, model); !added) {
      tell("no tune like " + quote(tune.field(U'T')) + ": " + added.error().place.field + ": " +
           added.error().message);
    }
  });
  reader->feed(book);
  reader->finish();
  return likes;
}

}  // namespace lilt::compose
