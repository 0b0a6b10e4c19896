// Families of tunes shared out to learn from, to validate on and to test with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "corpus/fingerprint.h"
#include "corpus/reading.h"

namespace lilt::corpus {

// The part each tune belongs to. Families stay together; they are taken in an order drawn from the
// seed, each to the part that is furthest behind its share and has room for it. Shares are relative
// to their sum.
[[nodiscard]] Result<std::vector<std::uint8_t>> split_families(const Families& families,
                                                               std::span<const double> shares,
                                                               std::uint64_t seed);

struct SplitOptions {
  std::vector<double> shares = {0.8, 0.1, 0.1};  // of train.abc, valid.abc and, if three, test.abc
  std::filesystem::path folder = ".";            // of those files
  std::uint64_t seed = 1;
  bool force = false;  // replaces files that are there already
};

struct SplitPart {
  std::filesystem::path file;
  std::size_t tunes = 0, families = 0;
};

struct SplitFigures {
  std::vector<SplitPart> parts;
  std::size_t tunes = 0;     // of all files
  std::size_t left_out = 0;  // of these, where the shares are less than 1 together
};

// Shares out the tunes of files to files of their own, which take their places when all is written.
// The shares are at most 1 together; tunes for which none of them is meant are left out. Reads the
// files three times; errors as find_families() has them, and ErrorCode::kOption for options that
// cannot be, a file of the collection that would be replaced, or any file without `force`.
// Throws EnvironmentError.
[[nodiscard]] Result<SplitFigures> split_files(const std::vector<std::string>& paths,
                                               const SplitOptions& options, const Watch& watch);

struct HoldOutOptions {
  std::filesystem::path folder;    // gets what is kept of each file, under the file's own name
  std::filesystem::path held_out;  // gets the others, to validate on
  double share = 0.1;              // of the first file's tunes
  std::size_t most = 200;          // held out; more would tell hardly more and take long
  std::uint64_t seed = 1;
};

struct HoldOutFigures {
  std::vector<std::filesystem::path> files;  // that were written, in the order of `paths`
  std::size_t kept = 0, held_out = 0;        // tunes
  std::size_t left_out = 0;  // the same melody again, or of a family that is held out
};

// Copies files of tunes for a run that learns from them, each melody once, and holds out whole
// families of the first file: no other file has a tune of theirs either. Of fewer than ten families
// none is held out, and there is no such file. The files take their places when all is written;
// their names must differ. Reads the files three times; errors as find_families() has them. Throws
// EnvironmentError.
[[nodiscard]] Result<HoldOutFigures> hold_out_files(const std::vector<std::string>& paths,
                                                    const HoldOutOptions& options,
                                                    const Watch& watch);

}  // namespace lilt::corpus
