// Files of tunes taken into a book.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "abc/book.h"
#include "base/result.h"
#include "studio/book.h"

namespace lilt::studio {

// What is wrong with a tune that was not taken.
struct Mistake {
  std::uint64_t line = 0, column = 0;  // of the file, from 1; columns are characters
  std::string code;                    // abc::name()
  std::string message;
};

struct RefusedTune {
  std::uint64_t line = 0;  // of the file, where it begins
  std::string title;
  std::size_t errors = 0;
  std::vector<Mistake> mistakes;  // the first kMostMistakes errors
};
inline constexpr std::size_t kMostMistakes = 5;

struct ImportFigures {
  std::size_t added = 0;
  std::size_t known = 0;  // that the book had word for word
  std::size_t refused = 0;
};

// Takes a file in blocks of bytes. The tunes without errors go into the book, each once, some
// hundred at a time: what has been added is on the disk. A run that was broken off can be done
// again.
class BookImport {
 public:
  struct Listener {
    std::function<void(const RefusedTune&)> refused;
    std::function<void(std::int64_t id)> added;
  };

  // The tunes get these tags. The listener's functions may be empty.
  BookImport(Book& book, std::vector<std::string> tags, Listener listener);

  // The errors are those of Book::add_new(): tags that it refuses.
  [[nodiscard]] Status feed(std::string_view bytes);
  // An error, too, where there was no tune.
  [[nodiscard]] Result<ImportFigures> finish();

 private:
  void take(const abc::BookTune& tune);
  [[nodiscard]] Status add_waiting(std::size_t least);

  Book& book_;
  std::vector<std::string> tags_;
  Listener listener_;
  abc::BookReader reader_;
  std::vector<TuneContent> waiting_;
  ImportFigures figures_;
};

}  // namespace lilt::studio
