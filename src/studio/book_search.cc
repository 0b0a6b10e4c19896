// Finding tunes in a book.

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "likeness/contour.h"
#include "model/field_json.h"
#include "studio/book.h"

namespace lilt::studio {
namespace {

constexpr std::size_t kMostWords = 20;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Letters and digits, and whatever is not ASCII.
bool is_of_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// What a person typed as a query of FTS5: all of the words, each perhaps only the beginning of one.
// "" where there is no word in it.
std::string match_expression(std::string_view typed) {
  std::string expression;
  std::size_t words = 0;
  for (std::size_t at = 0; at < typed.size() && words < kMostWords;) {
    std::size_t end = at;
    while (end < typed.size() && !is_space(typed[end])) ++end;
    const std::string_view word = typed.substr(at, end - at);
    at = end + 1;
    if (std::none_of(word.begin(), word.end(), is_of_word)) continue;
    expression += expression.empty() ? "\"" : " AND \"";
    for (const char c : word) {
      if (c != '\0') expression += c == '"' ? ' ' : c;
    }
    expression += "\"*";
    ++words;
  }
  return expression;
}

std::string order_of(BookOrder order) {
  switch (order) {
    case BookOrder::kBest:
    case BookOrder::kNew:
      return " ORDER BY id DESC";
    case BookOrder::kOld:
      return " ORDER BY id";
    case BookOrder::kChanged:
      return " ORDER BY changed DESC, id DESC";
    case BookOrder::kTitle:
      return " ORDER BY title COLLATE NOCASE, id";
    case BookOrder::kStars:
      break;
  }
  return " ORDER BY stars DESC, id DESC";
}

// What a query asks of the tables, in SQL, and what is bound to it.
class Filter {
 public:
  explicit Filter(const BookQuery& query)
      : ids_(query.tunes.empty() ? "" : json_of(query.tunes).dump()),
        words_(match_expression(query.words)),
        tag_(query.tag),
        stars_(query.stars) {
    where_ = " FROM tunes WHERE gone IS NULL";
    if (!ids_.empty()) where_ += " AND id IN (SELECT value FROM json_each(?))";
    if (!words_.empty()) where_ += " AND id IN (SELECT rowid FROM words WHERE words MATCH ?)";
    if (!tag_.empty()) where_ += " AND id IN (SELECT tune FROM tags WHERE tag = ?)";
    if (stars_ > 0) where_ += " AND stars >= ?";
  }

  [[nodiscard]] bool takes_all() const {
    return ids_.empty() && words_.empty() && tag_.empty() && stars_ == 0;
  }

  [[nodiscard]] Statement select(Database& database, const std::string& what,
                                 const std::string& rest = "") const {
    Statement statement = database.statement("SELECT " + what + where_ + rest);
    if (!ids_.empty()) statement.bind(ids_);
    if (!words_.empty()) statement.bind(words_);
    if (!tag_.empty()) statement.bind(tag_);
    if (stars_ > 0) statement.bind(stars_);
    return statement;
  }

  [[nodiscard]] std::vector<std::int64_t> ids(Database& database, const std::string& order,
                                              std::size_t offset, std::size_t limit) const {
    Statement row = select(database, "id", order + " LIMIT ? OFFSET ?");
    row.bind(static_cast<std::int64_t>(limit)).bind(static_cast<std::int64_t>(offset));
    std::vector<std::int64_t> ids;
    while (row.step()) ids.push_back(row.integer(0));
    return ids;
  }

 private:
  std::string where_, ids_, words_, tag_;
  std::int64_t stars_;
};

constexpr std::size_t kAll = std::size_t{1} << 40;

std::vector<std::int64_t> part_of(const std::vector<std::int64_t>& ids, std::size_t offset,
                                  std::size_t limit) {
  const std::size_t begin = std::min(offset, ids.size());
  const std::size_t end = begin + std::min(limit, ids.size() - begin);
  return {ids.begin() + static_cast<std::ptrdiff_t>(begin),
          ids.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

// Read when they are first asked for, and again when another program has changed the file.
const MelodyIndex& Book::melodies() {
  const std::int64_t version = database_->number("PRAGMA data_version");
  if (melodies_version_ == version) return melodies_;
  melodies_.clear();
  melodies_version_.reset();
  Statement row = database_->statement("SELECT tune, steps FROM melodies");
  while (row.step()) melodies_.put(row.integer(0), row.bytes(1));
  melodies_version_ = version;
  return melodies_;
}

// The ids of the tunes that fit, in order: all, or those of the page; and the page's figures.
Result<std::vector<std::int64_t>> Book::find_ids(const BookQuery& query, bool all, BookPage& page) {
  const Filter filter(query);
  const std::size_t offset = all ? 0 : query.offset, limit = all ? kAll : query.limit;
  if (query.melody.empty()) {
    page.total = static_cast<std::size_t>([&] {
      Statement count = filter.select(*database_, "count(*)");
      return count.step() ? count.integer(0) : 0;
    }());
    return filter.ids(*database_, order_of(query.sort), offset, limit);
  }
  const Result<std::string> steps = likeness::read_contour(query.melody);
  if (!steps) return steps.error();
  const std::vector<MelodyIndex::Match> matches = melodies().find(*steps);
  page.has_mistakes = !matches.empty() && matches.front().mistakes > 0;
  const bool by_match = query.sort == BookOrder::kBest;
  std::vector<std::int64_t> found;
  found.reserve(matches.size());
  for (const MelodyIndex::Match& match : matches) found.push_back(match.id);
  if (!by_match || !filter.takes_all()) {
    std::vector<std::int64_t> fitting =
        filter.ids(*database_, by_match ? "" : order_of(query.sort), 0, kAll);
    const std::vector<std::int64_t>& kept = by_match ? fitting : found;
    const std::unordered_set<std::int64_t> among(kept.begin(), kept.end());
    if (!by_match) found = std::move(fitting);
    std::erase_if(found, [&](std::int64_t id) { return among.count(id) == 0; });
  }
  page.total = found.size();
  return part_of(found, offset, limit);
}

Result<BookPage> Book::search(const BookQuery& query) {
  BookPage page;
  const Result<std::vector<std::int64_t>> ids = find_ids(query, false, page);
  if (!ids) return ids.error();
  for (const std::int64_t id : *ids) {
    if (std::optional<KeptTune> tune = find(id)) page.tunes.push_back(*std::move(tune));
  }
  return page;
}

Status Book::for_each(const BookQuery& query, const std::function<void(const KeptTune&)>& use) {
  BookPage page;
  const Result<std::vector<std::int64_t>> ids = find_ids(query, true, page);
  if (!ids) return ids.error();
  for (const std::int64_t id : *ids) {
    if (const std::optional<KeptTune> tune = find(id)) use(*tune);
  }
  return success();
}

std::vector<NearTune> Book::near(std::int64_t id, std::size_t most) {
  std::string steps;
  {
    Statement row = database_->statement("SELECT steps FROM melodies WHERE tune = ?");
    if (!row.bind(id).step()) return {};
    steps = row.text(0);
  }
  std::vector<NearTune> found;
  for (const MelodyIndex::Neighbour& neighbour : melodies().near(steps, most + 1)) {
    if (neighbour.id == id || found.size() == most) continue;
    if (std::optional<KeptTune> tune = find(neighbour.id)) {
      found.push_back({*std::move(tune), neighbour.similarity});
    }
  }
  return found;
}

std::vector<TagCount> Book::tags() {
  Statement row = database_->statement(
      "SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY count(*) DESC, tag");
  std::vector<TagCount> tags;
  while (row.step()) tags.push_back({row.text(0), static_cast<std::size_t>(row.integer(1))});
  return tags;
}

std::size_t Book::size() {
  return static_cast<std::size_t>(
      database_->number("SELECT count(*) FROM tunes WHERE gone IS NULL"));
}

}  // namespace lilt::studio
