// A book, or what was found in it, as files for other programs and for paper.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "score/kind.h"
#include "score/renderer.h"
#include "studio/book.h"

namespace lilt::studio {

enum class BookFormat : std::uint8_t {
  kAbc,  // all tunes as they are, numbered from 1
  kPdf,  // all tunes, with contents
  kZip,  // files of each tune
};
constexpr auto names_of(BookFormat) { return names<BookFormat>("abc", "pdf", "zip"); }

struct BookExport {
  BookFormat format = BookFormat::kAbc;
  std::vector<score::Kind> kinds;  // of the files in a zip, one at least
  score::RenderOptions rendering;
};

// Who wants to know. What is empty is not called.
struct ExportListener {
  std::function<void(std::string_view)> write;       // the bytes, one piece after another
  std::function<void(const std::string&)> left_out;  // a sentence about a tune, or a file of it
  std::function<void(std::size_t done, std::size_t all)> progress;  // tunes
  std::function<bool()> go_on;                                      // false stops the work
};

// Gives how many tunes there were. A tune without notes, or one too long, has no sheet music and no
// sound: that is told, and the work goes on. Errors are those of Book::for_each(), and a book, or
// what was found, without a tune. Throws EnvironmentError where a program is missing or fails, or
// when it is stopped.
[[nodiscard]] Result<std::size_t> export_book(Book& book, const BookQuery& query,
                                              const BookExport& wanted,
                                              const ExportListener& listener);

}  // namespace lilt::studio
