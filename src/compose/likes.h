// Tunes like those of a collection: a request of which each piece has the wishes that a real tune
// fulfils.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abc/tune.h"
#include "base/result.h"
#include "compose/model.h"
#include "compose/request.h"

namespace lilt::compose {

// The key, metre, rhythm (R:) and number of bars of a tune, as wishes. What it has that cannot be
// wished for, such as free metre, is refused when the wishes are checked.
[[nodiscard]] Wishes wishes_like(const abc::Tune& tune);

class Likes {
 public:
  // What is wished for already, holds for every piece, instead of what the tune has. Its number
  // counts for nothing.
  explicit Likes(Request asked) : asked_(std::move(asked)) {}

  // Adds a tune to be like, unless its wishes cannot be met: the error says which and why.
  [[nodiscard]] Status add(const abc::Tune& tune, const Model& model);

  [[nodiscard]] std::size_t size() const { return wishes_.size(); }
  // The request for piece i, from 0, by itself: like tune i, beginning again after the last; the
  // seeds run on. There must be a tune.
  [[nodiscard]] Request request(std::size_t i) const;

 private:
  [[nodiscard]] Request with(const Wishes& wishes) const;

  Request asked_;
  std::vector<Wishes> wishes_;
};

// The tunes of a text in ABC notation. Those that are left out are told, with the reason.
[[nodiscard]] Likes likes_of(const Request& asked, std::string_view book, const Model& model,
                             const std::function<void(const std::string&)>& tell);

}  // namespace lilt::compose
