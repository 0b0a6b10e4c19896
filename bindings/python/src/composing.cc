// Models, and tunes composed with them as they come.

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/file.h"
#include "compose/commission.h"
#include "compose/driver.h"
#include "compose/likes.h"
#include "compose/series.h"
#include "errors.h"
#include "music.h"
#include "parts.h"
#include "waiting.h"

namespace lilt::python {
namespace {

namespace nb = nanobind;
using compose::Model;

// How many tunes may wait to be taken.
constexpr std::size_t kAhead = 64;

// What is to be composed: a request, and the tunes that it is to be like.
struct Wanted {
  std::string request;              // JSON
  std::optional<std::string> like;  // a book
  bool says_number = false;         // otherwise there are as many tunes as in `like`
  std::size_t threads = 1;
};

class Composing : public compose::Sink {
 public:
  // What is wrong with the request is thrown here.
  Composing(Model model, const Wanted& wanted)
      : model_(std::move(model)),
        asked_(value_of(compose::request_from_json(wanted.request))),
        likes_(asked_),
        threads_(wanted.threads) {
    require(compose::check(asked_, model_));
    if (wanted.like) add_likes(*wanted.like, wanted.says_number);
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  }
  ~Composing() override { stop(); }

  // The next tune; nothing where there are no more.
  std::optional<Music> next() {
    return next_of(made_, [this] { stop(); });
  }

  void stop() {
    const nb::gil_scoped_release release;
    made_.close();
    thread_.request_stop();
    const std::lock_guard lock(thread_mutex_);
    if (thread_.joinable()) thread_.join();
  }

  // What a person should know, as far as it is known: complete when a tune has come.
  [[nodiscard]] std::vector<std::string> remarks() const {
    const std::lock_guard lock(mutex_);
    return remarks_;
  }

  bool take(const compose::Piece& piece) override {
    if (piece.number == asked_.first) {
      const std::lock_guard lock(mutex_);
      remarks_.insert(remarks_.end(), piece.plan->remarks.begin(), piece.plan->remarks.end());
    }
    return made_.put({piece.tune, piece.text, to_json(piece)});
  }

 private:
  void add_likes(const std::string& book, bool says_number) {
    likes_ = compose::likes_of(asked_, book, model_,
                               [this](const std::string& remark) { remarks_.push_back(remark); });
    if (likes_.size() == 0) {
      throw BadInput(
          {ErrorCode::kFormat, "expected tunes to be like, found none", {.field = "like"}});
    }
    if (!says_number) asked_.number = likes_.size();
  }

  void work(const std::stop_token& stop) {
    try {
      const std::size_t tunes = asked_.number * compose::candidates(asked_, model_.has_critic());
      compose::Driver driver(model_, std::min(threads_, tunes));
      require(compose_all(driver, stop));
      made_.finish();
    } catch (...) {
      made_.finish(std::current_exception());
    }
  }

  Status compose_all(compose::Driver& driver, const std::stop_token& stop) {
    const auto done = compose::compose_pieces(driver, asked_, likes_, *this, stop);
    return done ? success() : Status(done.error());
  }

  Model model_;
  compose::Request asked_;
  compose::Likes likes_;
  std::size_t threads_;
  mutable std::mutex mutex_;
  std::vector<std::string> remarks_;
  Feed<Music> made_{kAhead};
  std::mutex thread_mutex_;  // several of Python's threads may stop it
  std::jthread thread_;
};

Model open_file(const std::string& path) {
  const nb::gil_scoped_release release;
  return value_of(Model::open(Bytes::of(FileBytes(path))));
}

Model open_bytes(const nb::bytes& bytes) {
  const auto* const data = static_cast<const std::byte*>(bytes.data());
  return value_of(Model::open(Bytes::copy_of({data, bytes.size()})));
}

}  // namespace

void add_composing(nb::module_& m) {
  nb::class_<Model>(m, "Model")
      .def_prop_ro("parameters",
                   [](const Model& model) { return parameter_layout(model.config()).count; })
      .def_prop_ro("dialects", [](const Model& model) { return model.config().text.dialects; })
      .def_prop_ro("knows_tunes", &Model::knows_tunes)
      .def_prop_ro("reservation", &Model::reservation)
      .def_prop_ro("provenance", &Model::provenance);
  m.def("open_file", &open_file, nb::arg("path"));
  m.def("open_bytes", &open_bytes, nb::arg("bytes"));
  nb::class_<Wanted>(m, "Wanted")
      .def(nb::init<std::string, std::optional<std::string>, bool, std::size_t>(),
           nb::arg("request"), nb::arg("like").none(), nb::arg("says_number"), nb::arg("threads"));
  nb::class_<Composing>(m, "Composing")
      .def(nb::init<Model, const Wanted&>(), nb::arg("model"), nb::arg("wanted"),
           nb::call_guard<nb::gil_scoped_release>())
      .def("next", &Composing::next)
      .def("stop", &Composing::stop)
      .def_prop_ro("remarks", &Composing::remarks);
}

}  // namespace lilt::python
