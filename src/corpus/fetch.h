// Getting a collection from where it is published, or from a mirror.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "corpus/collections.h"

namespace lilt::corpus {

struct FetchOptions {
  std::filesystem::path output;  // the one file of tunes
  std::string from;              // "": where it is published; else a folder or the URL of one
  bool check = true;             // refuse files that are not the ones recorded here
};

// Told now and then: the file, and the bytes of the collection that are there. False stops.
using FetchProgress = std::function<bool(std::string_view file, std::uint64_t bytes)>;

struct Fetched {
  bool complete = false;     // false: stopped by the observer
  bool was_there = false;    // nothing had to be fetched
  std::uint64_t reused = 0;  // bytes that an earlier run had fetched
  std::uint64_t tunes = 0;
};

// Fetches the files that are not there yet into the folder OUTPUT.files (a file in progress is
// NAME.part and is gone on with), checks each, writes all of them one after another to `output`,
// and removes the folder. Throws EnvironmentError when a place cannot be reached or written.
[[nodiscard]] Result<Fetched> fetch_collection(const Collection& collection,
                                               const FetchOptions& options,
                                               const FetchProgress& progress);

// Writes what whoever has a copy should know to a file beside `output`, tunes.terms.txt for
// tunes.abc, and returns its path. Throws EnvironmentError.
std::filesystem::path write_terms(const Collection& collection,
                                  const std::filesystem::path& output);

}  // namespace lilt::corpus
