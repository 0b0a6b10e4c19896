// Programs that outlive the one that started them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace lilt::studio {

// A process, told from all that had or will have its number. Linux only.
struct ProcessId {
  std::int64_t number = 0;
  std::uint64_t start = 0;  // in ticks of the clock since the machine was started
  std::string boot;         // when that was

  bool operator==(const ProcessId&) const = default;
};

struct Launch {
  std::filesystem::path program;
  std::vector<std::string> arguments;  // without the program's name
  std::filesystem::path folder;        // where it works
  std::filesystem::path output;        // get what it writes to standard output
  std::filesystem::path messages;      // and standard error
  int niceness = 10;
};

// The file of the program that runs.
[[nodiscard]] std::filesystem::path this_program();

// Starts a program in a session of its own, without input and without any file that is open here:
// neither the end of this process nor of its terminal ends it. `record` is called before the
// program runs, and if it throws, the program never does: what it writes down is there however this
// process ends. Throws EnvironmentError.
ProcessId launch(const Launch& launch, const std::function<void(const ProcessId&)>& record);

// Whether it still runs. One that has ended is waited for, if it was started here.
[[nodiscard]] bool is_running(const ProcessId& process);

// Whether the machine has not been started again since it began.
[[nodiscard]] bool is_of_this_boot(const ProcessId& process);

// Sends a signal; nothing where it has ended.
void send_signal(const ProcessId& process, int signal);

}  // namespace lilt::studio
