// Collections that Lilt knows where to get.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lilt::corpus {

struct CollectionFile {
  std::string_view name;
  std::uint64_t bytes;
  std::string_view sha256;  // "": not known; then the size is all that can be checked
};

struct Collection {
  std::string_view name;  // as on the command line
  std::string_view title;
  std::string_view version;  // the commit or release that `url` names
  std::string_view url;      // of the folder that has the files, with a / at its end
  std::string_view folder;   // of the files within a copy of the whole repository
  std::string_view page;     // for people
  std::string_view terms;    // in short
  std::string_view notice;   // what whoever has a copy should know
  std::uint64_t tunes;
  std::span<const CollectionFile> files;

  [[nodiscard]] std::uint64_t bytes() const;
};

[[nodiscard]] std::span<const Collection> collections();
[[nodiscard]] const Collection* find_collection(std::string_view name);

}  // namespace lilt::corpus
