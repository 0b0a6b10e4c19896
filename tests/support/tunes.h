// Files of tunes, for tests.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace lilt::support {

// The tunes of a file, each from its X: line to the next one; none where there is no file.
inline std::vector<std::string> tunes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  std::vector<std::string> tunes;
  for (std::size_t at = text.find("X:"); at < text.size();) {
    const std::size_t next = text.find("\nX:", at);
    tunes.push_back(text.substr(at, next == std::string::npos ? next : next + 1 - at));
    at = next == std::string::npos ? next : next + 1;
  }
  return tunes;
}

// Jigs of two lines, all different.
inline std::string jigs(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string a = {"DEFGABc"[i % 7], "DEFGABc"[i / 7 % 7], "DEFGABc"[(i * i + 3) % 7]};
    text += "X:" + std::to_string(i + 1) + "\nT:Tune " + std::to_string(i + 1) +
            "\nR:jig\nM:6/8\nL:1/8\nK:D\n|:DFA " + a + "|GBd AFD|" + a + " dBG|EFE D3:|\n\n";
  }
  return text;
}

}  // namespace lilt::support
