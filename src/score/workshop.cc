#include "score/workshop.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/descriptor.h"
#include "base/environment_error.h"
#include "base/file.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostMessages = std::size_t{1} << 16;
constexpr std::size_t kLastWords = 200;
constexpr std::size_t kProbe = std::size_t{1} << 16;
constexpr const char* kOtherFolder = "TMPDIR may name another folder for temporary files";
constexpr int kTick = 100;                              // milliseconds between two looks
constexpr rlim_t kLargestFile = rlim_t{4'000'000'000};  // no file of ours comes near
constexpr const char* kUsualPath = "/usr/local/bin:/usr/bin:/bin";

std::string search_path() {
  const char* path = std::getenv("PATH");
  return path != nullptr && *path != '\0' ? path : kUsualPath;
}

// Where PATH has a program. Folders that are not absolute are left out: it runs in another one.
std::optional<std::string> find_program(std::string_view name) {
  const std::string path = search_path();
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const std::string file = path.substr(at, end - at) + "/" + std::string(name);
    at = end + 1;
    struct stat status {};
    if (file[0] == '/' && ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return std::nullopt;
}

[[noreturn]] void fail_to_start(const std::string& program, int error) {
  throw EnvironmentError(program, std::string("cannot be started: ") + std::strerror(error));
}

// All that the child needs, made before it is: between vfork() and exec() only system calls are
// allowed.
struct Start {
  std::string file;
  std::string folder;
  std::vector<std::string> words;        // the program's name and its arguments
  std::vector<std::string> environment;  // NAME=value
  std::vector<char*> argv, envp;

  void finish() {
    for (std::string& word : words) argv.push_back(word.data());
    for (std::string& variable : environment) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
  }
};

// In the child. Returns only if the program could not be started, with errno set.
void become(const Start& start, int output, pid_t parent) {
  ::setpgid(0, 0);
#ifdef __linux__
  // Where Lilt is killed without a chance to tidy up, its programs end as well.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
#else
  (void)parent;
#endif
  const rlimit no_core{0, 0}, largest_file{kLargestFile, kLargestFile};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::setrlimit(RLIMIT_FSIZE, &largest_file);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 ||
      ::dup2(output, STDERR_FILENO) < 0 || ::chdir(start.folder.c_str()) != 0) {
    return;
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(start.file.c_str(), start.argv.data(), start.envp.data());
}

// No signal is taken while this lives: until it is another program, a child has the parent's memory
// and must not change it as a handler does.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

// Makes a child that becomes the program; what keeps it from that, it writes to `trouble`. As
// vfork(): the pages of a program whose threads are at work need not be copied, nor faulted on
// afterwards.
pid_t start_child(const Start& start, int output, int trouble) {
  const SignalsHeld held;
  const pid_t parent = ::getpid();
  const pid_t child = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (child != 0) return child;
  become(start, output, parent);
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(trouble, &error, sizeof error);
  ::_exit(127);
}

// A program that runs, and is dead when this goes out of scope.
class Child {
 public:
  explicit Child(const Start& start) : name_(start.words[0]) {
    std::array<int, 2> output{}, trouble{};
    if (::pipe2(output.data(), O_CLOEXEC) != 0) fail_to_start(name_, errno);
    output_.emplace(output[0]);
    Descriptor child_output(output[1]);
    if (::pipe2(trouble.data(), O_CLOEXEC) != 0) fail_to_start(name_, errno);
    const Descriptor trouble_heard(trouble[0]);
    Descriptor trouble_told(trouble[1]);
    pid_ = start_child(start, child_output.get(), trouble_told.get());
    if (pid_ < 0) fail_to_start(name_, errno);
    ::setpgid(pid_, pid_);
    trouble_told.close();
    int error = 0;
    if (::read(trouble_heard.get(), &error, sizeof error) == sizeof error) {
      wait();
      fail_to_start(name_, error);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { kill(); }

  // Reads what it writes, waiting for it at most so many milliseconds; false once there is no more.
  bool listen(std::string& messages, int patience) {
    pollfd waiting{output_->get(), POLLIN, 0};
    if (::poll(&waiting, 1, patience) <= 0) return patience > 0;
    std::array<char, 4096> block;
    const ssize_t got = ::read(output_->get(), block.data(), block.size());
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    messages.append(block.data(),
                    std::min(static_cast<std::size_t>(got), kMostMessages - messages.size()));
    return got > 0;
  }

  // Whether it has ended, and then how: as waitpid() tells it.
  std::optional<int> ended() {
    if (pid_ < 0) return status_;
    const pid_t done = ::waitpid(pid_, &status_, WNOHANG);
    if (done != pid_) return std::nullopt;
    ::kill(-pid_, SIGKILL);  // what it may have left running
    pid_ = -1;
    return status_;
  }

 private:
  void kill() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    wait();
  }

  void wait() {
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }

  std::string name_;
  std::optional<Descriptor> output_;
  pid_t pid_ = -1;
  int status_ = 0;
};

Start prepare(const Program& program, const std::vector<std::string>& arguments,
              const fs::path& folder) {
  const std::optional<std::string> file = find_program(program.name);
  if (!file) require_programs(std::span(&program, 1));
  Start start;
  start.file = *file;
  start.folder = folder.string();
  start.words = {std::string(program.name)};
  start.words.insert(start.words.end(), arguments.begin(), arguments.end());
  start.environment = {"PATH=" + search_path(), "HOME=" + folder.string(),
                       "TMPDIR=" + folder.string(), "LC_ALL=C.UTF-8"};
  start.finish();
  return start;
}

// Programs that find no space for what they write may end as if they had written it. Then there is
// none for this either.
void check_space(const fs::path& folder) {
  const fs::path probe = folder / "space";
  std::ofstream file(probe, std::ios::binary);
  file << std::string(kProbe, '.');
  file.close();
  if (!file) {
    throw EnvironmentError(folder.string(), std::string("cannot be written: ") +
                                                std::strerror(errno) + "; " + kOtherFolder);
  }
  std::error_code ignored;
  fs::remove(probe, ignored);
}

std::string last_words(std::string messages) {
  messages.erase(messages.find_last_not_of(" \r\n\t") + 1);
  if (messages.size() > kLastWords) messages.erase(0, messages.size() - kLastWords);
  return messages;
}

}  // namespace

std::string how_to_install(std::string_view packages) {
  return std::string("on Debian and Ubuntu: ") + (::geteuid() == 0 ? "" : "sudo ") +
         "apt-get install " + std::string(packages);
}

void require_programs(std::span<const Program> programs) {
  std::string names, packages;
  for (const Program& program : programs) {
    if (find_program(program.name)) continue;
    names.append(names.empty() ? "" : ", ").append(program.name);
    packages.append(packages.empty() ? "" : " ").append(program.package);
  }
  if (!names.empty()) throw EnvironmentError(names, "not found; " + how_to_install(packages));
}

Workshop::Workshop(std::function<bool()> go_on) : go_on_(std::move(go_on)) {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  std::string name = ((error ? fs::path("/tmp") : base) / "lilt-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw EnvironmentError(
        name, std::string("cannot be created: ") + std::strerror(errno) + "; " + kOtherFolder);
  }
  folder_ = name;
}

Workshop::~Workshop() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Workshop::write(const std::string& name, std::string_view text) const {
  std::ofstream file(folder_ / name, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (!file) {
    throw EnvironmentError(
        (folder_ / name).string(),
        std::string("cannot be written: ") + std::strerror(errno) + "; " + kOtherFolder);
  }
}

std::string Workshop::read(const std::string& name) const {
  return std::string(FileBytes(folder_ / name).text());
}

Outcome Workshop::run(const Program& program, const std::vector<std::string>& arguments,
                      std::chrono::milliseconds limit) const {
  const std::string name(program.name);
  const auto deadline = Clock::now() + limit;
  Child child(prepare(program, arguments, folder_));
  Outcome outcome;
  for (bool talks = true;;) {
    if (talks) {
      talks = child.listen(outcome.messages, kTick);
    } else {
      ::usleep(1000);
    }
    if (const std::optional<int> status = child.ended()) {
      while (talks && child.listen(outcome.messages, 0)) {
      }
      if (WIFSIGNALED(*status)) {
        throw EnvironmentError(name, "ended by signal " + std::to_string(WTERMSIG(*status)) + " (" +
                                         ::strsignal(WTERMSIG(*status)) + ")");
      }
      outcome.code = WEXITSTATUS(*status);
      check_space(folder_);
      return outcome;
    }
    if (go_on_ && !go_on_()) throw EnvironmentError("interrupted", name + " was stopped");
    if (Clock::now() > deadline) {
      throw EnvironmentError(
          name,
          "stopped after " +
              std::to_string(std::chrono::duration_cast<std::chrono::seconds>(limit).count()) +
              " s without an end; try fewer tunes at a time");
    }
  }
}

void fail(const Program& program, const Outcome& outcome) {
  const std::string words = last_words(outcome.messages);
  throw EnvironmentError(std::string(program.name),
                         "failed with exit code " + std::to_string(outcome.code) +
                             (words.empty() ? "" : "; its last words: " + words));
}

}  // namespace lilt::score
