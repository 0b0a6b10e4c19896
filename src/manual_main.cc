// Writes the pages of the manual and what shells complete command lines with: at build time.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <string>

#include "base/file.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "manual/command.h"

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  lilt::write_file_atomically(path, text);
}

void write_all(const std::filesystem::path& folder, const std::string& day) {
  using namespace lilt;
  std::function<int()> chosen;
  const manual::Command program = cli::described(*cli::all_commands(chosen));
  for (const manual::Command* command : manual::all_of(program)) {
    write(folder / "man1" / (manual::page_name(*command) + ".1"),
          manual::man_page(*command, LILT_VERSION, day));
  }
  write(folder / "bash" / "lilt", manual::bash_completion(program));
  write(folder / "zsh" / "_lilt", manual::zsh_completion(program));
  write(folder / "fish" / "lilt.fish", manual::fish_completion(program));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: write_manual FOLDER DAY\n", stderr);
    return 2;
  }
  try {
    write_all(argv[1], argv[2]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "write_manual: %s\n", e.what());
    return 1;
  }
  return 0;
}
