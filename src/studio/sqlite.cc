#include "studio/sqlite.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <new>
#include <system_error>
#include <utility>

#include "base/environment_error.h"

namespace lilt::studio {
namespace {

constexpr int kPatience = 10'000;
constexpr int kLongestValue = 16 << 20;  // bytes of a text or a row; nothing of ours comes near

std::string meaning(int code, sqlite3* connection) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "the disk is full; nothing of this was saved";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return "another program is writing to it; try again when it has finished";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "it may not be written to";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged; go back to a copy, or save what can be read with: sqlite3 FILE "
             ".recover";
    default:
      break;
  }
  const int reason = sqlite3_system_errno(connection);
  if (reason == ENOSPC || reason == EDQUOT) return meaning(SQLITE_FULL, connection);
  if (code == SQLITE_IOERR_SHORT_READ) return meaning(SQLITE_CORRUPT, connection);
  if (reason != 0) return "it cannot be read or written: " + std::system_category().message(reason);
  return std::string("it cannot be read or written: ") + sqlite3_errmsg(connection);
}

// A strange file cannot make SQLite do more than read and write it.
void harden(sqlite3* connection) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, kLongestValue);
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      sql_(std::move(other.sql_)),
      prepared_(std::exchange(other.prepared_, nullptr)),
      bound_(other.bound_) {}

Statement::~Statement() {
  if (prepared_ == nullptr) return;
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
  database_->idle_.emplace(std::move(sql_), prepared_);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_->fail(code);
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(prepared_, ++bound_, value));
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  const char* begin = text.data() == nullptr ? "" : text.data();  // or it would be NULL
  check(sqlite3_bind_text64(prepared_, ++bound_, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  const char* begin = bytes.data() == nullptr ? "" : bytes.data();
  check(sqlite3_bind_blob64(prepared_, ++bound_, begin, bytes.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(prepared_, ++bound_));
  return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
  return value ? bind(*value) : bind_null();
}

bool Statement::step() {
  const int code = sqlite3_step(prepared_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_->fail(code);
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(prepared_, column);
}

std::optional<std::int64_t> Statement::maybe_integer(int column) const {
  if (sqlite3_column_type(prepared_, column) == SQLITE_NULL) return {};
  return integer(column);
}

std::string_view Statement::bytes(int column) const {
  const void* begin = sqlite3_column_blob(prepared_, column);
  if (begin == nullptr) return {};
  return {static_cast<const char*>(begin),
          static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

Database::Database(const std::filesystem::path& path, Access access) : path_(path) {
  const int making = access == Access::kWrite ? SQLITE_OPEN_CREATE : 0;
  // For reading too: readers of a book that is being written keep their place in a file beside it.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | making;
  const int code = sqlite3_open_v2(path.c_str(), &connection_, flags, nullptr);
  if (connection_ == nullptr) throw std::bad_alloc();
  if (code != SQLITE_OK) {
    const std::string message = meaning(code, connection_);
    sqlite3_close_v2(connection_);
    throw EnvironmentError(path.string(), message);
  }
  harden(connection_);
  set_patience(kPatience);
}

Database::~Database() {
  idle_.clear();
  sqlite3_close_v2(connection_);
}

void Database::Closer::operator()(sqlite3_stmt* prepared) const { sqlite3_finalize(prepared); }

void Database::set_patience(int milliseconds) { sqlite3_busy_timeout(connection_, milliseconds); }

void Database::fail(int code) const {
  if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
  throw EnvironmentError(path_.string(), meaning(code, connection_));
}

void Database::run(const char* sql) {
  const int code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

Statement Database::statement(const std::string& sql) {
  if (const auto found = idle_.find(sql); found != idle_.end()) {
    sqlite3_stmt* prepared = found->second.release();
    idle_.erase(found);
    return {*this, sql, prepared};
  }
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(connection_, sql.c_str(), static_cast<int>(sql.size() + 1),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) fail(code);
  return {*this, sql, prepared};
}

std::int64_t Database::number(const std::string& sql) {
  Statement asked = statement(sql);
  return asked.step() ? asked.integer(0) : 0;
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // What failed may have been undone by SQLite itself already.
  if (is_open_ && sqlite3_get_autocommit(database_.handle()) == 0) {
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  is_open_ = false;
}

}  // namespace lilt::studio
