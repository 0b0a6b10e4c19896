#include "studio/book_schema.h"

#include <sqlite3.h>

#include <array>
#include <string>

namespace lilt::studio {
namespace {

constexpr std::int64_t kApplication = 0x4C494C54;  // "LILT": application_id of the file

// What takes a book from version n to n + 1. Never changed once it has been released: a book of any
// version has been through all before.
constexpr std::array<const char*, kBookVersion> kMigrations = {R"sql(
CREATE TABLE tunes(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  revision INTEGER NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  gone INTEGER,
  title TEXT NOT NULL,
  key TEXT NOT NULL,
  metre TEXT NOT NULL,
  rhythm TEXT NOT NULL,
  stars INTEGER NOT NULL,
  tags TEXT NOT NULL,
  notes TEXT NOT NULL,
  parent INTEGER,
  request TEXT NOT NULL,
  digest INTEGER NOT NULL
);
CREATE INDEX tunes_by_title ON tunes(title COLLATE NOCASE, id) WHERE gone IS NULL;
CREATE INDEX tunes_by_change ON tunes(changed, id) WHERE gone IS NULL;
CREATE INDEX tunes_by_stars ON tunes(stars, id) WHERE gone IS NULL;
CREATE INDEX tunes_by_digest ON tunes(digest) WHERE gone IS NULL;
CREATE INDEX tunes_gone ON tunes(gone) WHERE gone IS NOT NULL;
CREATE TABLE texts(tune INTEGER PRIMARY KEY, abc TEXT NOT NULL);
CREATE TABLE melodies(tune INTEGER PRIMARY KEY, steps BLOB NOT NULL);
CREATE TABLE tags(tag TEXT NOT NULL COLLATE NOCASE, tune INTEGER NOT NULL, PRIMARY KEY(tag, tune))
  WITHOUT ROWID;
CREATE INDEX tags_by_tune ON tags(tune);
CREATE TABLE history(
  tune INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  stars INTEGER NOT NULL,
  tags TEXT NOT NULL,
  notes TEXT NOT NULL,
  request TEXT NOT NULL,
  abc TEXT NOT NULL,
  PRIMARY KEY(tune, revision)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'unicode61 remove_diacritics 2',
  prefix = '1 2 3');
)sql"};

Error no_book(const Database& database, const std::string& found) {
  return {ErrorCode::kFormat,
          "expected a tune book of Lilt, found " + found,
          {.source = database.path().string()}};
}

// Reads the file's first page, in which a file of another kind shows.
bool is_database(Database& database) {
  const int code = sqlite3_exec(database.handle(), "SELECT count(*) FROM sqlite_schema", nullptr,
                                nullptr, nullptr);
  if (code == SQLITE_NOTADB) return false;
  if (code != SQLITE_OK) database.fail(code);
  return true;
}

std::int64_t schema_size(Database& database, const std::string& where = "") {
  return database.number("SELECT count(*) FROM sqlite_schema" + where);
}

// What runs by itself is none of ours.
Status check_schema(Database& database) {
  if (database.number("PRAGMA application_id") != kApplication) {
    return no_book(database, "the database of another program");
  }
  if (schema_size(database, " WHERE type IN ('trigger', 'view')") > 0) {
    return no_book(database, "one with triggers or views in it");
  }
  const std::int64_t version = database.number("PRAGMA user_version");
  if (version > kBookVersion) {
    return no_book(database, "a book of version " + std::to_string(version) +
                                 "; this program knows versions up to " +
                                 std::to_string(kBookVersion) + ", so a newer Lilt is needed");
  }
  if (version < 1) return no_book(database, "a book without a version");
  return success();
}

void migrate(Database& database) {
  Transaction transaction(database);
  // Another program may have done it meanwhile.
  const std::int64_t version = database.number("PRAGMA user_version");
  for (std::int64_t i = version; i < kBookVersion; ++i) {
    database.run(kMigrations[static_cast<std::size_t>(i)]);
  }
  if (version < kBookVersion) {
    database.run(("PRAGMA application_id = " + std::to_string(kApplication)).c_str());
    database.run(("PRAGMA user_version = " + std::to_string(kBookVersion)).c_str());
  }
  transaction.commit();
}

}  // namespace

Status prepare_book(Database& database, Access access) {
  if (!is_database(database)) return no_book(database, "a file of another kind");
  const bool is_new = schema_size(database) == 0 && database.number("PRAGMA application_id") == 0;
  if (is_new && access == Access::kRead) return no_book(database, "an empty file");
  if (!is_new) {
    if (Status status = check_schema(database); !status) return status;
  }
  // Readers and a writer do not wait for each other, and what is committed is on the disk.
  if (access == Access::kWrite) database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run("PRAGMA cell_size_check = ON");
  database.run("PRAGMA cache_size = -16384");  // KiB
  if (is_new ||
      (access == Access::kWrite && database.number("PRAGMA user_version") < kBookVersion)) {
    migrate(database);
  }
  return success();
}

}  // namespace lilt::studio
