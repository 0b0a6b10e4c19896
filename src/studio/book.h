// A tune book: tunes that a person keeps, in one SQLite file (docs/book-format.md).
//
// What a function has saved is on the disk when it returns, whatever happens to the program then.
// Several programs, and several pages of one, may have the same book open: who changes a tune tells
// which revision of it that person has seen, and where that is no longer the newest nothing is
// changed. A Book is for one thread at a time. All functions throw EnvironmentError where the file
// cannot be read or written: a full disk, another program's lock, damage; nothing is changed then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "studio/book_query.h"
#include "studio/melody_index.h"
#include "studio/sqlite.h"

namespace lilt::studio {

inline constexpr std::size_t kLongestKept = std::size_t{1} << 20;  // bytes of a tune
inline constexpr std::size_t kLongestNotes = 20'000, kLongestRequest = 1'000'000;
inline constexpr std::size_t kLongestTag = 60, kMostTags = 40;
inline constexpr int kMostStars = 5;
inline constexpr std::int64_t kVersionsKept = 100;            // of each tune
inline constexpr std::int64_t kGoneKept = 30 * 24 * 60 * 60;  // seconds

// What a person may change of a tune.
struct TuneContent {
  std::string abc;  // one tune; it may have mistakes
  int stars = 0;    // 0 … kMostStars
  std::vector<std::string> tags;
  std::string notes;
  std::string request;  // JSON: what was asked for, and what was done since; "": not known

  friend bool operator==(const TuneContent&, const TuneContent&) = default;
};

struct KeptTune {
  std::int64_t id = 0;                    // never another tune's, even when it is gone
  std::int64_t revision = 0;              // 1, and one more for every change
  std::int64_t created = 0, changed = 0;  // seconds since 1970
  std::string title, key, metre, rhythm;  // as the ABC has them
  TuneContent content;
  std::optional<std::int64_t> parent;  // the tune of the book of which it is a variation
};

struct TuneVersion {
  std::int64_t revision = 0;
  std::int64_t changed = 0;
  TuneContent content;
};

// What came of a change. kOutdated: somebody else changed the tune; nothing was done.
enum class Saved : std::uint8_t { kDone, kOutdated, kGone };
struct Saving {
  Saved outcome = Saved::kGone;
  std::optional<KeptTune> tune;  // as it is now; none where it is gone
};

struct BookPage {
  std::vector<KeptTune> tunes;
  std::size_t total = 0;      // that were found
  bool has_mistakes = false;  // no tune has the melody; these nearly do
};

struct NearTune {
  KeptTune tune;
  double similarity = 0;  // see MelodyIndex
};

struct TagCount {
  std::string tag;
  std::size_t tunes = 0;
};

// The book of whoever runs the program: lilt/tunes.db under XDG_DATA_HOME, else ~/.local/share.
// Throws EnvironmentError where neither is told.
[[nodiscard]] std::filesystem::path usual_book();

class Book {
 public:
  // Opens a book, or makes one, and its folder. The errors are those of prepare_book().
  [[nodiscard]] static Result<Book> open(const std::filesystem::path& path,
                                         Access access = Access::kWrite);

  // Adds a tune. An error, of ErrorCode::kOption, names the member that is refused: "abc" where
  // there is not one tune, "stars", "tags", "notes", "request", "from".
  [[nodiscard]] Result<KeptTune> add(const TuneContent& content,
                                     std::optional<std::int64_t> parent = {});
  // Adds the tunes that the book does not have yet, word for word but for X:. All or none. Gives
  // the ids, 0 for those that it has. Errors as above.
  [[nodiscard]] Result<std::vector<std::int64_t>> add_new(std::span<const TuneContent> contents);

  [[nodiscard]] std::optional<KeptTune> find(std::int64_t id);

  // Changes a tune that is at that revision. Errors as above.
  [[nodiscard]] Result<Saving> update(std::int64_t id, std::int64_t revision,
                                      const TuneContent& content);
  // Takes a tune out; kDone then has none. It can be had back for 30 days.
  [[nodiscard]] Saving remove(std::int64_t id, std::int64_t revision);
  // What a tune was before, the newest first, at most kVersionsKept; of one that is out too.
  [[nodiscard]] std::vector<TuneVersion> history(std::int64_t id);
  // Makes a tune again what it was at revision `to`: a change as any other, which can be undone
  // likewise. A tune that is out comes back, whatever `revision` is. kGone: there is no such
  // revision.
  [[nodiscard]] Saving restore(std::int64_t id, std::int64_t revision, std::int64_t to);

  // The tunes that fit a query. An error names its member: "melody".
  [[nodiscard]] Result<BookPage> search(const BookQuery& query);
  // Calls use() for every tune that fits, as they are now, whatever offset and limit are.
  [[nodiscard]] Status for_each(const BookQuery& query,
                                const std::function<void(const KeptTune&)>& use);
  // The tunes most like one, itself left out, at most that many.
  [[nodiscard]] std::vector<NearTune> near(std::int64_t id, std::size_t most);
  // All tags, the most frequent first.
  [[nodiscard]] std::vector<TagCount> tags();
  [[nodiscard]] std::size_t size();

  // Whether the file is whole: "ok", or what is wrong with it.
  [[nodiscard]] std::string check();

  // See Database::set_patience().
  void set_patience(int milliseconds) { database_->set_patience(milliseconds); }
  [[nodiscard]] const std::filesystem::path& path() const { return database_->path(); }

 private:
  explicit Book(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  [[nodiscard]] Result<std::vector<std::int64_t>> find_ids(const BookQuery& query, bool all,
                                                           BookPage& page);
  void forget_gone();
  const MelodyIndex& melodies();

  std::unique_ptr<Database> database_;
  MelodyIndex melodies_;
  std::optional<std::int64_t> melodies_version_;  // of the file when they were read
};

}  // namespace lilt::studio
