// Tunes, as they come, written to files: the one way for all who write any.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abc/tune.h"
#include "base/file.h"
#include "base/result.h"
#include "score/file_name.h"
#include "score/publication.h"
#include "score/renderer.h"

namespace lilt::score {

struct Progress {
  std::size_t done = 0, all = 0;  // tunes
  bool is_book = false;           // all at once
};

// Who wants to know. What is empty is not called.
struct Listener {
  std::function<void()> begins;                               // all is known; the work starts
  std::function<void(const std::filesystem::path&)> written;  // a file that is now whole
  std::function<void(std::string_view)> output;               // bytes for standard output
  std::function<void(const std::string&)> warning;            // a sentence
  std::function<void(const std::string&)> failure;            // a sentence about what is left out
  // Before each tune, and some ten times a second while a program runs.
  std::function<void(const Progress&)> progress;
  // As often; false stops the work.
  std::function<bool()> go_on;
};

class Publisher {
 public:
  // Finds out where files go, of which kinds, and that the programs for them are there; of the
  // usual kinds of a folder those that lack something are left out with a warning. Errors are those
  // of find_destination() and render_options(). Throws EnvironmentError that names what is missing.
  [[nodiscard]] static Result<std::unique_ptr<Publisher>> open(const Publication& asked,
                                                               Listener listener);
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // How many tunes there will be, before the first one; otherwise one. An error (field "output")
  // when standard output cannot take so many.
  [[nodiscard]] Status expect(std::size_t tunes);

  // Writes the files of the next tune, each whole or not at all; those of a book wait for finish().
  // `text` is its ABC where that is to stay as it is, otherwise "". An error where the tune has no
  // notes or is too long; it then has no file of the kinds for which it is. Throws EnvironmentError
  // when a program or a file fails, or when the work is stopped; the files written so far stay.
  [[nodiscard]] Status add(const abc::Tune& tune, std::string_view text = {});

  // Another that cannot be had: the next one keeps its number.
  void skip() { ++added_; }

  // Writes the book, if there is one to write with at least one tune. Errors and exceptions as
  // above.
  [[nodiscard]] Status finish();

  [[nodiscard]] const Destination& destination() const { return to_; }
  // Whether tunes go into one file of ABC: then nothing waits but the file's name, and nothing
  // takes its time.
  [[nodiscard]] bool is_text() const { return to_.is_book() && to_.kinds[0] == Kind::kAbc; }

 private:
  Publisher(Destination to, RenderOptions options, Listener listener);

  [[nodiscard]] Result<std::string> make(const abc::Tune& tune, std::string_view text, Kind kind);
  [[nodiscard]] Status add_files(const abc::Tune& tune, std::string_view text);
  void add_text(const abc::Tune& tune, std::string_view text);
  void put(const std::filesystem::path& path, std::string_view bytes);
  [[nodiscard]] bool go_on() const;

  Destination to_;
  Listener listener_;
  Renderer renderer_;
  FileNames names_;
  Progress progress_{.all = 1};
  std::size_t added_ = 0;
  std::vector<abc::Tune> book_;          // for a PDF
  std::optional<FileWriter> text_file_;  // for a book of ABC, from its first tune on
  bool has_text_ = false;
};

}  // namespace lilt::score
