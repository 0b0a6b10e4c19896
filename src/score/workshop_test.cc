#include "score/workshop.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/environment_error.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr Program kShell{"sh", "dash"};
constexpr milliseconds kLong{20'000};

// What run() complains about.
std::string complaint(const Workshop& workshop, const Program& program,
                      const std::vector<std::string>& arguments, milliseconds limit = kLong) {
  try {
    static_cast<void>(workshop.run(program, arguments, limit));
  } catch (const EnvironmentError& error) {
    return error.what();
  }
  return {};
}

TEST(Workshop, GivesExitCodesAndWhatWasSaid) {
  const Workshop workshop;
  const Outcome outcome = workshop.run(kShell, {"-c", "echo out; echo err >&2; exit 3"}, kLong);
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.messages, "out\nerr\n");
  EXPECT_EQ(workshop.run({"true", ""}, {}, kLong).code, 0);
}

TEST(Workshop, PassesArgumentsAsTheyAre) {
  const Workshop workshop;
  const std::string odd = "$(id) `id` \"'; rm -rf * \\ \n\t é";
  EXPECT_EQ(workshop.run({"printf", ""}, {"%s|%s", odd, ""}, kLong).messages, odd + "|");
}

// A limit of the size of files stands for the full disk.
TEST(Workshop, TellsOfAFullDiskWhateverTheProgramTells) {
  const Workshop workshop;
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  const rlimit tiny{4096, usual.rlim_max};
  ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tiny), 0);
  const std::string said = complaint(workshop, {"true", ""}, {});
  ::setrlimit(RLIMIT_FSIZE, &usual);
  ::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(said.find(workshop.folder().string() + ": cannot be written: "), 0U) << said;
}

TEST(Workshop, IsAFolderOfItsOwnThatGoesAway) {
  fs::path folder;
  {
    const Workshop workshop;
    folder = workshop.folder();
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
    workshop.write("a.txt", "text");
    EXPECT_EQ(workshop.read("a.txt"), "text");
    EXPECT_EQ(workshop.run(kShell, {"-c", "pwd; cat a.txt; mkdir -p b/c"}, kLong).messages,
              folder.string() + "\ntext");
  }
  EXPECT_FALSE(fs::exists(folder));
}

TEST(Workshop, GivesNoInputAndNoEnvironment) {
  ::setenv("LILT_TEST_SECRET", "x", 1);
  const Workshop workshop;
  EXPECT_EQ(workshop.run({"cat", ""}, {}, kLong).messages, "");
  const std::string variables = workshop.run({"env", ""}, {}, kLong).messages;
  EXPECT_EQ(variables.find("LILT_TEST_SECRET"), std::string::npos);
  EXPECT_NE(variables.find("HOME=" + workshop.folder().string()), std::string::npos);
}

TEST(Workshop, NamesAMissingProgramAndItsPackage) {
  const Workshop workshop;
  const std::string text = complaint(workshop, {"lilt-no-such-program", "some-package"}, {});
  EXPECT_NE(text.find("lilt-no-such-program: not found"), std::string::npos) << text;
  EXPECT_NE(text.find("apt-get install some-package"), std::string::npos) << text;
  constexpr std::array<Program, 3> kThree = {{{"lilt-a", "pa"}, {"sh", "dash"}, {"lilt-b", "pb"}}};
  try {
    require_programs(kThree);
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_EQ(error.subject(), "lilt-a, lilt-b");
    EXPECT_NE(std::string(error.what()).find("install pa pb"), std::string::npos);
  }
  EXPECT_NO_THROW(require_programs(std::span(&kShell, 1)));
}

TEST(Workshop, EndsWhatTakesTooLong) {
  const Workshop workshop;
  const auto start = Clock::now();
  EXPECT_NE(complaint(workshop, {"sleep", ""}, {"60"}, milliseconds(150)).find("without an end"),
            std::string::npos);
  // One that says nothing more is no different.
  EXPECT_NE(complaint(workshop, kShell, {"-c", "exec >&- 2>&-; sleep 60"}, milliseconds(150)), "");
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(10));
}

TEST(Workshop, StopsWhenToldTo) {
  int looks = 0;
  const Workshop workshop([&] { return ++looks < 3; });
  const auto start = Clock::now();
  EXPECT_NE(complaint(workshop, {"sleep", ""}, {"60"}).find("interrupted"), std::string::npos);
  EXPECT_EQ(looks, 3);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(10));
}

// A dead program keeps its number until someone waits for it, which for orphans no one may.
bool is_running(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  if (stat >> number >> name >> state) return state != "Z";
  return ::kill(pid, 0) == 0;
}

TEST(Workshop, LeavesNothingRunning) {
  const Workshop workshop;
  for (const char* script : {"sleep 60 & echo $! >pid; exit 0", "sleep 60 & echo $! >pid; wait"}) {
    complaint(workshop, kShell, {"-c", script}, milliseconds(500));
    const pid_t pid = std::atoi(workshop.read("pid").c_str());
    ASSERT_GT(pid, 0);
    for (int i = 0; i < 500 && is_running(pid); ++i) std::this_thread::sleep_for(milliseconds(10));
    EXPECT_FALSE(is_running(pid));
  }
}

TEST(Workshop, TellsOfSignals) {
  const Workshop workshop;
  EXPECT_NE(complaint(workshop, kShell, {"-c", "kill -SEGV $$"}).find("ended by signal 11"),
            std::string::npos);
}

TEST(Workshop, TakesAnyAmountOfTalk) {
  const Workshop workshop;
  const Outcome outcome = workshop.run(kShell, {"-c", "head -c 5000000 /dev/zero; exit 1"}, kLong);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_LE(outcome.messages.size(), std::size_t{1} << 16);
}

TEST(Workshop, FailsWithTheLastWords) {
  try {
    fail({"engrave", ""}, {2, "first\nlast\n"});
  } catch (const EnvironmentError& error) {
    EXPECT_STREQ(error.what(), "engrave: failed with exit code 2; its last words: first\nlast");
  }
}

}  // namespace
}  // namespace lilt::score
