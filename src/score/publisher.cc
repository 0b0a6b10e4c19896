#include "score/publisher.h"

#include <utility>

#include "base/environment_error.h"
#include "score/source.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

// Those of the usual kinds for which nothing is missing.
std::vector<Kind> possible_kinds(const std::vector<Kind>& usual, const RenderOptions& options,
                                 const Listener& listener) {
  std::vector<Kind> kinds;
  for (const Kind kind : usual) {
    try {
      require_for(std::span(&kind, 1), options);
      kinds.push_back(kind);
    } catch (const EnvironmentError& e) {
      if (!listener.warning) continue;
      listener.warning("no ." + std::string(ending(kind)) + " files: " + e.what());
    }
  }
  return kinds;
}

}  // namespace

Result<std::unique_ptr<Publisher>> Publisher::open(const Publication& asked, Listener listener) {
  Result<Destination> to = find_destination(asked);
  if (!to) return to.error();
  Result<RenderOptions> options = render_options(asked);
  if (!options) return options.error();
  if (to->kinds.empty()) {
    to->kinds = possible_kinds(asked.usual_kinds, *options, listener);
  } else {
    require_for(to->kinds, *options);
  }
  return std::unique_ptr<Publisher>(
      new Publisher(*std::move(to), *std::move(options), std::move(listener)));
}

Publisher::Publisher(Destination to, RenderOptions options, Listener listener)
    : to_(std::move(to)),
      listener_(std::move(listener)),
      renderer_(std::move(options), [this] { return go_on(); }) {
  progress_.is_book = to_.is_book();
}

Status Publisher::expect(std::size_t tunes) {
  progress_.all = tunes;
  if (to_.is_standard_output && !to_.is_book() && tunes > 1) {
    return Error{ErrorCode::kOption,
                 "expected one tune for " + std::string(ending(to_.kinds[0])) + ", found " +
                     std::to_string(tunes) + "; choose one",
                 {.field = "output"}};
  }
  if (listener_.begins) listener_.begins();
  return success();
}

Status Publisher::add(const abc::Tune& tune, std::string_view text) {
  const std::size_t number = added_;
  skip();
  if (Status status = check_source(tune); !status) return status;
  if (is_text()) {
    add_text(tune, text);
  } else if (to_.is_book()) {
    book_.push_back(tune);
  } else {
    progress_.done = number;
    if (!go_on()) throw EnvironmentError("interrupted", "the files so far are whole");
    return add_files(tune, text);
  }
  return success();
}

Status Publisher::finish() {
  if (text_file_) {
    text_file_->commit();
    text_file_.reset();
    if (listener_.written) listener_.written(to_.path);
  }
  if (book_.empty()) return success();
  const Result<std::string> made = renderer_.make_book(book_, to_.kinds[0]);
  if (!made) return made.error();
  put(to_.path, *made);
  return success();
}

Result<std::string> Publisher::make(const abc::Tune& tune, std::string_view text, Kind kind) {
  if (kind == Kind::kAbc && !text.empty()) return std::string(text);
  return renderer_.make(tune, kind);
}

// A kind that cannot be made does not keep the others from it.
Status Publisher::add_files(const abc::Tune& tune, std::string_view text) {
  const std::string name = to_.is_folder ? names_.next(title_of(tune)) : std::string();
  Status status = success();
  for (const Kind kind : to_.kinds) {
    const Result<std::string> made = make(tune, text, kind);
    if (made) {
      put(to_.is_folder ? to_.path / (name + "." + std::string(ending(kind)))
                        : numbered_path(to_.path, progress_.done, progress_.all),
          *made);
    } else if (status) {
      status = made.error();
    }
  }
  return status;
}

void Publisher::add_text(const abc::Tune& tune, std::string_view text) {
  const std::string own = text.empty() ? *renderer_.make(tune, Kind::kAbc) : std::string(text);
  const std::string piece = has_text_ ? "\n" + own : own;
  has_text_ = true;
  if (to_.is_standard_output) {
    if (listener_.output) listener_.output(piece);
    return;
  }
  if (!text_file_) text_file_.emplace(to_.path);
  text_file_->write(piece);
}

void Publisher::put(const fs::path& path, std::string_view bytes) {
  if (to_.is_standard_output) {
    if (listener_.output) listener_.output(bytes);
    return;
  }
  write_file_atomically(path, bytes);
  if (listener_.written) listener_.written(path);
}

bool Publisher::go_on() const {
  if (listener_.progress) listener_.progress(progress_);
  return !listener_.go_on || listener_.go_on();
}

}  // namespace lilt::score
