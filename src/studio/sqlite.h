// SQLite (libsqlite3) as values and exceptions: a connection and its prepared statements.
//
// Whatever goes wrong with the file throws EnvironmentError with its path: a full disk, a lock that
// another program does not let go of, damage. Statements are written by us, and what they are about
// is bound to them, never put into their text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace lilt::studio {

enum class Access : std::uint8_t {
  kRead,   // the file must be there; it is not written to
  kWrite,  // it is made where it is not there
};

class Database;

// A prepared statement while it is used: made by Database::statement(), which gets it back.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // The next parameter. Texts must be valid until the last step().
  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind_bytes(std::string_view bytes);
  Statement& bind_null();
  Statement& bind(const std::optional<std::int64_t>& value);

  // Goes on to the next row; false: there is none.
  bool step();
  // To the end, of a statement that has no rows.
  void run();

  // Of the row; what is not there, or of another type than it should be, is 0, "" or nothing. The
  // bytes are valid until the next step().
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const;
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }

 private:
  friend class Database;
  Statement(Database& database, std::string sql, sqlite3_stmt* prepared)
      : database_(&database), sql_(std::move(sql)), prepared_(prepared) {}

  void check(int code) const;

  Database* database_;
  std::string sql_;
  sqlite3_stmt* prepared_;
  int bound_ = 0;
};

inline constexpr int kDamaged = 11;  // SQLITE_CORRUPT

class Database {
 public:
  // Opens the file, or makes it. Throws EnvironmentError.
  Database(const std::filesystem::path& path, Access access);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] sqlite3* handle() const { return connection_; }

  // How long it is waited for another program's lock: ten seconds unless told otherwise.
  void set_patience(int milliseconds);
  // Runs statements that have no parameters; rows are left out.
  void run(const char* sql);
  // A statement to bind and step, prepared when it is first asked for.
  [[nodiscard]] Statement statement(const std::string& sql);
  // The number that a statement gives.
  [[nodiscard]] std::int64_t number(const std::string& sql);

  // Throws what this code of SQLite means; kDamaged: the file holds what no program of ours wrote.
  [[noreturn]] void fail(int code) const;

 private:
  friend class Statement;
  struct Closer {
    void operator()(sqlite3_stmt* prepared) const;
  };

  std::filesystem::path path_;
  sqlite3* connection_ = nullptr;
  std::multimap<std::string, std::unique_ptr<sqlite3_stmt, Closer>> idle_;  // by their SQL
};

// All or nothing: what is done until commit() is undone if that is not reached. Other programs that
// want to write wait.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // On the disk when it returns.
  void commit();

 private:
  Database& database_;
  bool is_open_ = true;
};

}  // namespace lilt::studio
