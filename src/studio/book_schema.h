// The tables of a tune book: docs/book-format.md.
#pragma once

#include "base/result.h"
#include "studio/sqlite.h"

namespace lilt::studio {

// The version of the tables that this program writes: user_version in the file.
inline constexpr std::int64_t kBookVersion = 1;

// Makes the tables of a new book, brings those of an older one up to date, and sees to it that what
// is saved is on the disk. Errors, of ErrorCode::kFormat: a file that is no book, or one of a newer
// version; it stays as it is. Throws EnvironmentError.
[[nodiscard]] Status prepare_book(Database& database, Access access);

}  // namespace lilt::studio
