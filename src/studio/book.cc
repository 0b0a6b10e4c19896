#include "studio/book.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/environment_error.h"
#include "base/text.h"
#include "model/untrusted_json.h"
#include "studio/book_schema.h"
#include "studio/tune_card.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;

std::int64_t now() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// --- What is refused

Error refused(std::string_view field, const std::string& message) {
  return {ErrorCode::kOption, message, {.field = std::string(field)}};
}

bool is_text(std::string_view text, std::string_view controls) {
  while (!text.empty()) {
    const Utf8Step step = decode_utf8(text);
    if (step.bytes == 0) return false;
    const bool is_control = step.code_point < 0x20 || step.code_point == 0x7F;
    if (is_control && controls.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(step.bytes);
  }
  return true;
}

Status check_content(const TuneContent& content) {
  if (content.stars < 0 || content.stars > kMostStars) {
    return refused("stars", "expected 0 to " + std::to_string(kMostStars) + " stars, found " +
                                std::to_string(content.stars));
  }
  if (content.notes.size() > kLongestNotes || !is_text(content.notes, "\t\n")) {
    return refused(
        "notes", "expected a text of at most " + std::to_string(kLongestNotes) + " bytes in UTF-8");
  }
  if (content.request.size() > kLongestRequest ||
      (!content.request.empty() && !parse_untrusted_json(content.request).is_object())) {
    return refused("request", "expected a JSON object of at most " +
                                  std::to_string(kLongestRequest) + " bytes");
  }
  if (content.tags.size() > kMostTags) {
    return refused("tags", "expected at most " + std::to_string(kMostTags) + " tags, found " +
                               std::to_string(content.tags.size()));
  }
  for (const std::string& tag : content.tags) {
    if (tag.size() <= kLongestTag && is_text(tag, "")) continue;
    return refused("tags", "expected tags of at most " + std::to_string(kLongestTag) +
                               " bytes, found " + escaped(shortened(tag, 40)));
  }
  return success();
}

Status check_parent(Database& database, std::optional<std::int64_t> parent) {
  if (!parent) return success();
  Statement known = database.statement("SELECT 1 FROM tunes WHERE id = ?");
  if (known.bind(*parent).step()) return success();
  return refused("from", "expected a tune of the book, found the number " +
                             std::to_string(*parent) + ", which no tune has");
}

// --- Tags in a row of the table, one a line

// Without spaces around them, each once, in order.
std::vector<std::string> tidy_tags(const std::vector<std::string>& tags) {
  std::vector<std::string> tidy;
  for (const std::string& tag : tags) {
    const std::size_t begin = tag.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    tidy.push_back(tag.substr(begin, tag.find_last_not_of(' ') - begin + 1));
  }
  std::sort(tidy.begin(), tidy.end());
  tidy.erase(std::unique(tidy.begin(), tidy.end()), tidy.end());
  return tidy;
}

std::string joined(const std::vector<std::string>& tags) {
  std::string text;
  for (const std::string& tag : tags) text += (text.empty() ? "" : "\n") + tag;
  return text;
}

std::vector<std::string> split_tags(std::string_view text) {
  std::vector<std::string> tags;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    tags.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return tags;
}

// --- Rows

constexpr const char* kFind =
    "SELECT id, revision, created, changed, title, key, metre, rhythm, stars, tags, notes, parent, "
    "request, abc FROM tunes JOIN texts ON tune = id WHERE id = ? AND gone IS NULL";

KeptTune tune_of(const Statement& row) {
  KeptTune tune;
  tune.id = row.integer(0);
  tune.revision = row.integer(1);
  tune.created = row.integer(2);
  tune.changed = row.integer(3);
  tune.title = row.text(4);
  tune.key = row.text(5);
  tune.metre = row.text(6);
  tune.rhythm = row.text(7);
  tune.content = {row.text(13), static_cast<int>(std::clamp<std::int64_t>(row.integer(8), 0, 5)),
                  split_tags(row.bytes(9)), row.text(10), row.text(12)};
  tune.parent = row.maybe_integer(11);
  return tune;
}

std::optional<KeptTune> find_in(Database& database, std::int64_t id) {
  Statement row = database.statement(kFind);
  if (!row.bind(id).step()) return {};
  return tune_of(row);
}

// The tune that has just been written. That a damaged file may not give it back is found now.
KeptTune written_in(Database& database, std::int64_t id) {
  std::optional<KeptTune> tune = find_in(database, id);
  if (!tune) database.fail(kDamaged);
  return *std::move(tune);
}

// A tune as it is to be written.
struct Draft {
  TuneContent content;
  TuneCard card;
};

Result<Draft> draft_of(const TuneContent& content) {
  if (Status status = check_content(content); !status) return status.error();
  Result<TuneCard> card = read_card(content.abc);
  if (!card) return card.error();
  Draft draft{content, *std::move(card)};
  draft.content.abc = draft.card.abc;
  draft.content.tags = tidy_tags(content.tags);
  return draft;
}

// Takes away what a tune is found by.
void erase_parts(Database& database, std::int64_t id) {
  for (const char* sql : {"DELETE FROM texts WHERE tune = ?", "DELETE FROM melodies WHERE tune = ?",
                          "DELETE FROM tags WHERE tune = ?", "DELETE FROM words WHERE rowid = ?"}) {
    database.statement(sql).bind(id).run();
  }
}

void insert_parts(Database& database, std::int64_t id, const Draft& draft) {
  const TuneCard& card = draft.card;
  const std::string words = card.words + joined(draft.content.tags) + "\n" + draft.content.notes;
  database.statement("INSERT INTO texts(tune, abc) VALUES(?, ?)").bind(id).bind(card.abc).run();
  database.statement("INSERT INTO melodies(tune, steps) VALUES(?, ?)")
      .bind(id)
      .bind_bytes(card.steps)
      .run();
  database.statement("INSERT INTO words(rowid, text) VALUES(?, ?)").bind(id).bind(words).run();
  for (const std::string& tag : draft.content.tags) {
    database.statement("INSERT OR IGNORE INTO tags(tag, tune) VALUES(?, ?)")
        .bind(tag)
        .bind(id)
        .run();
  }
}

std::int64_t insert(Database& database, const Draft& draft, std::optional<std::int64_t> parent) {
  const std::int64_t time = now();
  const std::string tags = joined(draft.content.tags);
  database
      .statement(
          "INSERT INTO tunes(revision, created, changed, title, key, metre, rhythm, stars, tags, "
          "notes, parent, request, digest) VALUES(1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(time)
      .bind(time)
      .bind(draft.card.title)
      .bind(draft.card.key)
      .bind(draft.card.metre)
      .bind(draft.card.rhythm)
      .bind(draft.content.stars)
      .bind(tags)
      .bind(draft.content.notes)
      .bind(parent)
      .bind(draft.content.request)
      .bind(draft.card.digest)
      .run();
  const std::int64_t id = database.number("SELECT last_insert_rowid()");
  insert_parts(database, id, draft);
  return id;
}

// Writes a tune that was at `revision` as it is to be from now on.
void overwrite(Database& database, std::int64_t id, std::int64_t revision, const Draft& draft) {
  const std::string tags = joined(draft.content.tags);
  database
      .statement(
          "UPDATE tunes SET revision = ?, changed = ?, gone = NULL, title = ?, key = ?, metre = ?, "
          "rhythm = ?, stars = ?, tags = ?, notes = ?, request = ?, digest = ? WHERE id = ?")
      .bind(revision + 1)
      .bind(now())
      .bind(draft.card.title)
      .bind(draft.card.key)
      .bind(draft.card.metre)
      .bind(draft.card.rhythm)
      .bind(draft.content.stars)
      .bind(tags)
      .bind(draft.content.notes)
      .bind(draft.content.request)
      .bind(draft.card.digest)
      .bind(id)
      .run();
  erase_parts(database, id);
  insert_parts(database, id, draft);
}

// Puts what a tune is into its history.
void archive(Database& database, const KeptTune& tune) {
  const std::string tags = joined(tune.content.tags);
  database
      .statement(
          "INSERT OR REPLACE INTO history(tune, revision, changed, stars, tags, notes, request, "
          "abc) "
          "VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(tune.id)
      .bind(tune.revision)
      .bind(tune.changed)
      .bind(tune.content.stars)
      .bind(tags)
      .bind(tune.content.notes)
      .bind(tune.content.request)
      .bind(tune.content.abc)
      .run();
  database.statement("DELETE FROM history WHERE tune = ? AND revision <= ?")
      .bind(tune.id)
      .bind(tune.revision - kVersionsKept)
      .run();
}

}  // namespace

fs::path usual_book() {
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  if (data != nullptr && fs::path(data).is_absolute()) return fs::path(data) / "lilt" / "tunes.db";
  if (home != nullptr && *home != '\0') return fs::path(home) / ".local/share/lilt/tunes.db";
  throw EnvironmentError("the tune book", "expected HOME or XDG_DATA_HOME, which tell its place");
}

Result<Book> Book::open(const fs::path& path, Access access) {
  // An absolute path is never one of SQLite's special names.
  const fs::path place = fs::absolute(path);
  std::error_code error;
  if (access == Access::kWrite) fs::create_directories(place.parent_path(), error);
  if (error) throw EnvironmentError(place.string(), "cannot be made: " + error.message());
  if (access == Access::kRead && !fs::exists(place, error)) {
    throw EnvironmentError(place.string(), "there is no tune book yet; lilt book add makes one");
  }
  auto database = std::make_unique<Database>(place, access);
  if (Status status = prepare_book(*database, access); !status) return status.error();
  Book book(std::move(database));
  if (access == Access::kWrite) book.forget_gone();
  return book;
}

// Deletes for good what was taken out long ago.
void Book::forget_gone() {
  const std::int64_t before = now() - kGoneKept;
  if (!database_->statement("SELECT 1 FROM tunes WHERE gone < ?").bind(before).step()) return;
  Transaction transaction(*database_);
  database_->statement("DELETE FROM history WHERE tune IN (SELECT id FROM tunes WHERE gone < ?)")
      .bind(before)
      .run();
  database_->statement("DELETE FROM tunes WHERE gone < ?").bind(before).run();
  transaction.commit();
}

Result<KeptTune> Book::add(const TuneContent& content, std::optional<std::int64_t> parent) {
  const Result<Draft> draft = draft_of(content);
  if (!draft) return draft.error();
  Transaction transaction(*database_);
  if (Status status = check_parent(*database_, parent); !status) return status.error();
  const std::int64_t id = insert(*database_, *draft, parent);
  KeptTune tune = written_in(*database_, id);
  transaction.commit();
  if (melodies_version_) melodies_.put(id, draft->card.steps);
  return tune;
}

Result<std::vector<std::int64_t>> Book::add_new(std::span<const TuneContent> contents) {
  std::vector<Draft> drafts;
  for (const TuneContent& content : contents) {
    Result<Draft> draft = draft_of(content);
    if (!draft) return draft.error();
    drafts.push_back(*std::move(draft));
  }
  std::vector<std::int64_t> ids;
  Transaction transaction(*database_);
  for (const Draft& draft : drafts) {
    Statement same = database_->statement("SELECT 1 FROM tunes WHERE digest = ? AND gone IS NULL");
    const bool is_known = same.bind(draft.card.digest).step();
    ids.push_back(is_known ? 0 : insert(*database_, draft, {}));
  }
  transaction.commit();
  for (std::size_t i = 0; melodies_version_ && i < ids.size(); ++i) {
    if (ids[i] != 0) melodies_.put(ids[i], drafts[i].card.steps);
  }
  return ids;
}

std::optional<KeptTune> Book::find(std::int64_t id) { return find_in(*database_, id); }

Result<Saving> Book::update(std::int64_t id, std::int64_t revision, const TuneContent& content) {
  const Result<Draft> draft = draft_of(content);
  if (!draft) return draft.error();
  Transaction transaction(*database_);
  const std::optional<KeptTune> old = find_in(*database_, id);
  if (!old) return Saving{Saved::kGone, {}};
  if (old->revision != revision) return Saving{Saved::kOutdated, old};
  if (old->content == draft->content) return Saving{Saved::kDone, old};
  archive(*database_, *old);
  overwrite(*database_, id, revision, *draft);
  Saving saving{Saved::kDone, written_in(*database_, id)};
  transaction.commit();
  if (melodies_version_) melodies_.put(id, draft->card.steps);
  return saving;
}

Saving Book::remove(std::int64_t id, std::int64_t revision) {
  Transaction transaction(*database_);
  const std::optional<KeptTune> old = find_in(*database_, id);
  if (!old) return {Saved::kGone, {}};
  if (old->revision != revision) return {Saved::kOutdated, old};
  archive(*database_, *old);
  database_->statement("UPDATE tunes SET revision = ?, gone = ? WHERE id = ?")
      .bind(revision + 1)
      .bind(now())
      .bind(id)
      .run();
  erase_parts(*database_, id);
  transaction.commit();
  melodies_.remove(id);
  return {Saved::kDone, {}};
}

std::vector<TuneVersion> Book::history(std::int64_t id) {
  Statement row = database_->statement(
      "SELECT revision, changed, abc, stars, tags, notes, request FROM history WHERE tune = ? "
      "ORDER BY revision DESC");
  std::vector<TuneVersion> versions;
  row.bind(id);
  while (row.step()) {
    TuneContent content{row.text(2), static_cast<int>(row.integer(3)), split_tags(row.bytes(4)),
                        row.text(5), row.text(6)};
    versions.push_back({row.integer(0), row.integer(1), std::move(content)});
  }
  return versions;
}

Saving Book::restore(std::int64_t id, std::int64_t revision, std::int64_t to) {
  const std::vector<TuneVersion> versions = history(id);
  const auto version = std::find_if(versions.begin(), versions.end(),
                                    [&](const TuneVersion& v) { return v.revision == to; });
  if (version == versions.end()) return {Saved::kGone, {}};
  const Result<Draft> draft = draft_of(version->content);
  if (!draft) database_->fail(kDamaged);
  Transaction transaction(*database_);
  const std::optional<KeptTune> old = find_in(*database_, id);
  if (old && old->revision != revision) return {Saved::kOutdated, old};
  Statement at = database_->statement("SELECT revision FROM tunes WHERE id = ?");
  if (!at.bind(id).step()) return {Saved::kGone, {}};
  if (old) archive(*database_, *old);
  overwrite(*database_, id, at.integer(0), *draft);
  Saving saving{Saved::kDone, written_in(*database_, id)};
  transaction.commit();
  if (melodies_version_) melodies_.put(id, draft->card.steps);
  return saving;
}

std::string Book::check() {
  Statement found = database_->statement("PRAGMA integrity_check(10)");
  std::string text;
  while (found.step()) text += (text.empty() ? "" : "; ") + found.text(0);
  if (text == "ok") database_->run("INSERT INTO words(words) VALUES('integrity-check')");
  return text;
}

}  // namespace lilt::studio
