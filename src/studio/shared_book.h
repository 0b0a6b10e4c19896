// The tune book that the routes share.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "base/result.h"
#include "studio/book.h"

namespace lilt::studio {

// May be used by several threads.
class SharedBook {
 public:
  // The file is opened, or made, when it is first asked for.
  explicit SharedBook(std::filesystem::path path) : path_(std::move(path)) {}

  // Calls use() with the book while nobody else has it. The errors are those of Book::open(), which
  // is tried again the next time; throws what that and use() throw.
  [[nodiscard]] Status with(const std::function<void(Book&)>& use) {
    const std::lock_guard lock(mutex_);
    if (!book_) {
      Result<Book> book = Book::open(path_);
      if (!book) return book.error();
      book_.emplace(*std::move(book));
    }
    use(*book_);
    return success();
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::mutex mutex_;
  std::optional<Book> book_;
};

}  // namespace lilt::studio
