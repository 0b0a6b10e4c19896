// A part of many tunes: a file that is written once, whatever happens meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "cli/shard.h"
#include "compose/piece.h"
#include "compose/request.h"

namespace lilt::cli {

// All that decides which tunes the parts together have.
struct WholeRequest {
  compose::Request request;
  std::string model, like;  // SHA-256 of the files; of `like` "" where there is none
};

// The file of a part in its folder: tunes-003-of-100.abc. One after another, these files are the
// file of all tunes, byte for byte.
class TunePart {
 public:
  // Creates the folder, with a record of what its parts are parts of (parts.json), or finds one
  // there; an error where that is something else. Finds the tunes of this part that were composed
  // before. Throws EnvironmentError.
  [[nodiscard]] static Result<TunePart> find(const std::filesystem::path& folder,
                                             const Shard& shard, const WholeRequest& whole);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const Shard& shard() const { return shard_; }
  // Whether the file is there, and so is whole.
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  // How many tunes it is to have, and has already.
  [[nodiscard]] std::size_t tunes() const { return tunes_; }
  [[nodiscard]] std::size_t written() const { return written_; }
  // The request for the tunes that it has not.
  [[nodiscard]] compose::Request rest(const compose::Request& whole) const;

  // Goes on behind what is there. Throws EnvironmentError.
  [[nodiscard]] ResumedWriter open() const;
  // What the file has of a piece.
  [[nodiscard]] std::string_view text_of(const compose::Piece& piece) const;

  // How many of the parts are whole.
  [[nodiscard]] std::size_t whole_parts() const;

 private:
  TunePart(std::filesystem::path path, const Shard& shard)
      : path_(std::move(path)), shard_(shard) {}

  std::filesystem::path path_;
  Shard shard_;
  std::size_t first_ = 1, tunes_ = 0, written_ = 0;
  std::uint64_t bytes_ = 0;      // of the tunes that are written
  std::size_t last_of_all_ = 0;  // number of the last tune of the last part
  bool is_whole_ = false;
};

// The parts that a folder is to have, in their order; nothing where it has no record of parts. An
// error names the parts that are not there.
[[nodiscard]] Result<std::vector<std::filesystem::path>> parts_in(
    const std::filesystem::path& folder);

}  // namespace lilt::cli
