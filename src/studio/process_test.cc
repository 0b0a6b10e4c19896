#include "studio/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt::studio {
namespace {

using support::read_text;

void nothing(const ProcessId&) {}

class ProcessTest : public testing::Test {
 protected:
  [[nodiscard]] Launch shell(const std::string& script) const {
    return {.program = "/bin/sh",
            .arguments = {"-c", script},
            .folder = folder_.path(),
            .output = folder_.path() / "out",
            .messages = folder_.path() / "err"};
  }

  static void wait_for(const ProcessId& process) {
    for (int i = 0; i < 1000 && is_running(process); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_FALSE(is_running(process));
  }

  support::TemporaryFolder folder_;
};

TEST_F(ProcessTest, RunsInItsFolderInASessionOfItsOwn) {
  const ProcessId process =
      launch(shell("pwd; cut -d ' ' -f 1,6 /proc/$$/stat; nice; echo trouble >&2"), nothing);
  wait_for(process);
  const std::string number = std::to_string(process.number);
  EXPECT_EQ(read_text(folder_.path() / "out"), std::filesystem::canonical(folder_.path()).string() +
                                                   "\n" + number + " " + number + "\n10\n");
  EXPECT_EQ(read_text(folder_.path() / "err"), "trouble\n");
}

TEST_F(ProcessTest, HasNothingThatIsOpenHere) {
  const int inherited = ::dup(STDERR_FILENO);
  wait_for(launch(shell("ls /proc/self/fd | tr '\\n' ' '"), nothing));
  ::close(inherited);
  EXPECT_EQ(read_text(folder_.path() / "out"), "0 1 2 3 ");  // 3 is what ls reads
}

TEST_F(ProcessTest, HearsSignalsThatAreIgnoredOrHeldBackHere) {
  const auto before = ::signal(SIGINT, SIG_IGN);
  sigset_t held, old;
  ::sigemptyset(&held);
  ::sigaddset(&held, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &held, &old);
  const ProcessId process = launch(shell("exec sleep 100"), nothing);
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
  ::signal(SIGINT, before);
  EXPECT_TRUE(is_running(process));
  send_signal(process, SIGINT);
  wait_for(process);
}

TEST_F(ProcessTest, IsWrittenDownBeforeItRuns) {
  const std::string there = (folder_.path() / "there").string();
  const ProcessId process =
      launch(shell("test -e " + there + " && echo yes"), [&](const ProcessId& id) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        EXPECT_TRUE(is_running(id));
        folder_.write("there", "");
      });
  wait_for(process);
  EXPECT_EQ(read_text(folder_.path() / "out"), "yes\n");
}

TEST_F(ProcessTest, DoesNotRunWhereItCannotBeWrittenDown) {
  ProcessId process;
  const auto fail = [&](const ProcessId& id) {
    process = id;
    throw std::runtime_error("full");
  };
  EXPECT_THROW(launch(shell("echo ran"), fail), std::runtime_error);
  EXPECT_FALSE(is_running(process));
  EXPECT_EQ(read_text(folder_.path() / "out"), "");
}

TEST_F(ProcessTest, AnotherOfTheSameNumberIsNotTaken) {
  const ProcessId process = launch(shell("exec sleep 100"), nothing);
  ProcessId earlier = process, before = process;
  earlier.start -= 1;
  before.boot = "another";
  EXPECT_FALSE(is_running(earlier));
  EXPECT_FALSE(is_running(before));
  send_signal(earlier, SIGKILL);
  send_signal(before, SIGKILL);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(is_running(process));
  send_signal(process, SIGKILL);
  wait_for(process);
  send_signal(process, SIGKILL);
}

TEST_F(ProcessTest, SaysWhatCannotBeStarted) {
  Launch missing = shell("");
  missing.program = folder_.path() / "missing";
  try {
    launch(missing, nothing);
    FAIL() << "expected an error";
  } catch (const EnvironmentError& e) {
    EXPECT_EQ(std::string(e.what()),
              missing.program.string() + ": cannot be started: No such file or directory");
  }
}

}  // namespace
}  // namespace lilt::studio
