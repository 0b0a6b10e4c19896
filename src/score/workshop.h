// Where other programs work: a folder of their own that is gone afterwards. Like base/file.h this
// is not for WebAssembly.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lilt::score {

struct Program {
  std::string_view name;
  std::string_view package;  // of Debian, which brings it
};

inline constexpr Program kAbcm2ps{"abcm2ps", "abcm2ps"};
inline constexpr Program kRsvgConvert{"rsvg-convert", "librsvg2-bin fonts-liberation"};
inline constexpr Program kFluidsynth{"fluidsynth", "fluidsynth"};
inline constexpr Program kSndfileConvert{"sndfile-convert", "sndfile-programs"};

// Throws EnvironmentError that names all of the programs that are not there, and what to do.
void require_programs(std::span<const Program> programs);

// How such a message ends: "on Debian and Ubuntu: apt-get install abcm2ps".
[[nodiscard]] std::string how_to_install(std::string_view packages);

// What a program said, and how it ended.
struct Outcome {
  int code = 0;          // its exit code
  std::string messages;  // the beginning of what it wrote to standard output and standard error
};

class Workshop {
 public:
  // `go_on` is called some ten times a second while a program runs; false stops it. None: always.
  explicit Workshop(std::function<bool()> go_on = {});
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  // A file of that name in the folder.
  void write(const std::string& name, std::string_view text) const;
  [[nodiscard]] std::string read(const std::string& name) const;

  // Runs a program in the folder, which is its HOME too, without a shell, with no input, with none
  // of the environment but PATH. Throws EnvironmentError when the program is missing, is ended by a
  // signal, takes longer than `limit`, is stopped by `go_on`, or leaves a full disk; it is dead by
  // then, and so is what it started. An exit code is for the caller to judge.
  Outcome run(const Program& program, const std::vector<std::string>& arguments,
              std::chrono::milliseconds limit) const;

 private:
  std::filesystem::path folder_;
  std::function<bool()> go_on_;
};

// What to throw when a program has not made what it should have: with its last words.
[[noreturn]] void fail(const Program& program, const Outcome& outcome);

}  // namespace lilt::score
