#include "studio/process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include "base/descriptor.h"
#include "base/environment_error.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* what, int error = errno) {
  throw EnvironmentError(path.string(), std::string(what) + std::strerror(error));
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string boot_of_this_machine() {
  std::string boot = text_of("/proc/sys/kernel/random/boot_id");
  boot.erase(boot.find_last_not_of('\n') + 1);
  return boot;
}

// What /proc/NUMBER/stat tells (proc(5)).
struct ProcessStat {
  char state = ' ';  // 'Z': it has ended, and waits to be waited for
  std::uint64_t start = 0;
};

std::optional<ProcessStat> stat_of(std::int64_t number) {
  const std::string text = text_of(fs::path("/proc") / std::to_string(number) / "stat");
  // The name of the program, in brackets, may hold anything.
  std::size_t at = text.rfind(") ");
  if (at == std::string::npos) return std::nullopt;
  at += 2;
  ProcessStat stat{.state = text[at]};
  constexpr int kFieldsToStart = 22 - 3;
  for (int i = 0; i < kFieldsToStart && at != std::string::npos; ++i) {
    at = text.find(' ', at);
    if (at != std::string::npos) ++at;
  }
  if (at == std::string::npos) return std::nullopt;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), stat.start);
  if (error != std::errc()) return std::nullopt;
  return stat;
}

// What the child needs, made before it is: between fork() and exec() only system calls are allowed.
struct Start {
  std::string file, folder;
  std::vector<std::string> words;
  std::vector<char*> argv;
  int niceness;
};

Start prepare(const Launch& launch) {
  Start start{.file = launch.program.string(),
              .folder = launch.folder.string(),
              .words = {launch.program.filename().string()},
              .argv = {},
              .niceness = launch.niceness};
  start.words.insert(start.words.end(), launch.arguments.begin(), launch.arguments.end());
  for (std::string& word : start.words) start.argv.push_back(word.data());
  start.argv.push_back(nullptr);
  return start;
}

// In the child, before the program. Signals that are held back or ignored here are not there.
bool settle(const Start& start, int output, int messages) {
  ::setsid();
  ::setpriority(PRIO_PROCESS, 0, start.niceness);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
         ::dup2(messages, STDERR_FILENO) >= 0 && ::chdir(start.folder.c_str()) == 0;
}

// In the child: waits for the word to go, and becomes the program. `trouble` is told what went
// wrong.
[[noreturn]] void become(const Start& start, int output, int messages, int word, int trouble) {
  char go = 0;
  if (settle(start, output, messages) && ::read(word, &go, 1) == 1) {
    constexpr int kTrouble = 3;  // the first one behind the standard streams; all others close
    if (::dup2(trouble, kTrouble) == kTrouble && ::fcntl(kTrouble, F_SETFD, FD_CLOEXEC) == 0 &&
        ::close_range(kTrouble + 1, ~0U, 0) == 0) {
      ::execv(start.file.c_str(), start.argv.data());
    }
    trouble = kTrouble;
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(trouble, &error, sizeof error);
  ::_exit(127);
}

int open_for_writing(const fs::path& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(path, "cannot be written: ");
  return file;
}

// Two ends of a pipe.
struct Pipe {
  Descriptor out, in;

  static Pipe make(const fs::path& program) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(program, "cannot be started: ");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
  }
};

void wait_for(pid_t child) {
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

fs::path this_program() {
  const fs::path self = "/proc/self/exe";
  std::error_code none;
  const fs::path file = fs::read_symlink(self, none);
  return fs::exists(file, none) ? file : self;  // a newer build may have taken its place
}

ProcessId launch(const Launch& launch, const std::function<void(const ProcessId&)>& record) {
  const Start start = prepare(launch);
  const Descriptor output(open_for_writing(launch.output));
  const Descriptor messages(open_for_writing(launch.messages));
  Pipe word = Pipe::make(launch.program), trouble = Pipe::make(launch.program);
  const pid_t child = ::fork();
  if (child < 0) fail(launch.program, "cannot be started: ");
  if (child == 0) {
    ::close(word.in.get());  // or it would wait for itself
    become(start, output.get(), messages.get(), word.out.get(), trouble.in.get());
  }
  trouble.in.close();
  ProcessId process{.number = child, .start = 0, .boot = boot_of_this_machine()};
  try {
    const std::optional<ProcessStat> stat = stat_of(child);
    if (!stat) fail("/proc", "cannot be read: ");
    process.start = stat->start;
    record(process);
  } catch (...) {
    word.in.close();  // the child ends
    wait_for(child);
    throw;
  }
  [[maybe_unused]] const ssize_t told = ::write(word.in.get(), "!", 1);
  int error = 0;
  if (::read(trouble.out.get(), &error, sizeof error) == sizeof error) {
    wait_for(child);
    fail(launch.program, "cannot be started: ", error);
  }
  return process;
}

bool is_running(const ProcessId& process) {
  const std::optional<ProcessStat> stat = stat_of(process.number);
  if (!stat || stat->start != process.start || !is_of_this_boot(process)) return false;
  if (stat->state != 'Z' && stat->state != 'X') return true;
  ::waitpid(static_cast<pid_t>(process.number), nullptr, WNOHANG);
  return false;
}

bool is_of_this_boot(const ProcessId& process) { return boot_of_this_machine() == process.boot; }

void send_signal(const ProcessId& process, int signal) {
  // The descriptor is of one process for ever: looked at after it is there, it cannot be of
  // another.
  const auto number = static_cast<pid_t>(process.number);
  const Descriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, number, 0)));
  if (!is_running(process)) return;
  if (descriptor.get() >= 0) {
    ::syscall(SYS_pidfd_send_signal, descriptor.get(), signal, nullptr, 0);
  } else {
    ::kill(number, signal);  // a system without them
  }
}

}  // namespace lilt::studio
