// Names of files, made from titles that strangers wrote.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace lilt::score {

// The longest name, in bytes, without number and ending: far below what any file system takes.
inline constexpr std::size_t kLongestName = 100;

// A name without ending that every file system and shell takes as a plain name: UTF-8 stays; space
// and what separates paths or means something to a system becomes "_"; what does not print is left
// out; neither "." nor "-" stands first, nor "." last; no name that Windows keeps for itself.
// "tune" where nothing is left.
[[nodiscard]] std::string safe_file_name(std::string_view title);

// Gives each of many titles a name of its own: one that is taken gets "-2", "-3" and so on. Names
// that differ in the case of ASCII letters alone count as the same.
class FileNames {
 public:
  [[nodiscard]] std::string next(std::string_view title);

 private:
  std::set<std::string> taken_;
  std::map<std::string, std::size_t> last_number_;  // by name
};

}  // namespace lilt::score
