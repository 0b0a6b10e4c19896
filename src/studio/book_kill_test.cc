// Programs that save tunes are killed at random moments: what was answered is there.
//
// 12 kills; with LILT_THOROUGH=1 200.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <thread>

#include "base/random.h"
#include "studio/book.h"
#include "temporary_folder.h"

namespace lilt::studio {
namespace {

constexpr int kWriters = 2;

// What a writer has been told of a tune. Revision 0: it was taken out.
struct Answered {
  std::int64_t revision = 0;
  std::string title;
};
using Answers = std::map<std::int64_t, Answered>;

TuneContent content_of(const std::string& title, Random& random) {
  // Some are long, so that what is saved is moved into the book's file now and then.
  return {"X:1\nT:" + title + "\nK:D\nDEFA d4|]\n",
          static_cast<int>(random.below(6)),
          {"t" + std::to_string(random.below(5))},
          std::string(random.below(4) == 0 ? 15'000 : 10, 'n'),
          ""};
}

// Saves for ever, and writes a line for each answer.
[[noreturn]] void save_for_ever(const std::filesystem::path& path, int answers,
                                std::uint64_t seed) {
  Random random(seed, RandomStream::kSample);
  Book book = *Book::open(path);
  std::map<std::int64_t, std::int64_t> mine;  // revisions
  const auto answer = [&](std::int64_t id, std::int64_t revision, const std::string& title) {
    const std::string line =
        std::to_string(id) + " " + std::to_string(revision) + " " + title + "\n";
    if (::write(answers, line.data(), line.size()) < 0) ::_exit(3);
  };
  for (int i = 0;; ++i) {
    const std::string title = "t" + std::to_string(seed) + "-" + std::to_string(i);
    const std::uint64_t what = mine.size() < 3 ? 0 : random.below(5);
    if (what < 2) {
      const KeptTune tune = *book.add(content_of(title, random));
      answer(tune.id, mine[tune.id] = 1, title);
      continue;
    }
    auto at = mine.begin();
    std::advance(at, random.below(mine.size()));
    const auto [id, revision] = *at;
    if (what == 2) {
      static_cast<void>(book.remove(id, revision));
      mine.erase(at);
      answer(id, 0, "-");
    } else {
      const Saving saving = *book.update(id, revision, content_of(title, random));
      if (saving.outcome != Saved::kDone) ::_exit(4);
      answer(id, at->second = saving.tune->revision, title);
    }
  }
}

// What a killed writer's last lines tell; one that was cut off was no answer.
void read_answers(int from, Answers& answers) {
  std::string text;
  char buffer[4096];
  for (ssize_t size; (size = ::read(from, buffer, sizeof buffer)) > 0;) text.append(buffer, size);
  text.resize(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  std::istringstream lines(text);
  std::int64_t id = 0;
  for (Answered a; lines >> id >> a.revision >> a.title;) answers[id] = a;
}

struct Writer {
  pid_t pid = 0;
  int answers = 0;
};

Writer start(const std::filesystem::path& path, std::uint64_t seed) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  Writer writer{::fork(), ends[0]};
  if (writer.pid == 0) {
    ::close(ends[0]);
    save_for_ever(path, ends[1], seed);
  }
  ::close(ends[1]);
  return writer;
}

void kill_and_read(const Writer& writer, Answers& answers) {
  ::kill(writer.pid, SIGKILL);
  int status = 0;
  ::waitpid(writer.pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself, with " << WEXITSTATUS(status);
  read_answers(writer.answers, answers);
  ::close(writer.answers);
}

// Each writer may have saved one thing more, whose answer it did not live to give; from now on that
// counts as answered.
void compare(Book& book, Answers& answers) {
  int further = 0;
  for (auto& [id, answered] : answers) {
    const std::optional<KeptTune> tune = book.find(id);
    const Answered now{tune ? tune->revision : 0, tune ? tune->title : "-"};
    if (now.revision == answered.revision) {
      EXPECT_EQ(now.title, answered.title) << id;
      continue;
    }
    EXPECT_NE(answered.revision, 0) << id << " was taken out and is there";
    EXPECT_TRUE(!tune || now.revision > answered.revision) << id;
    answered = now;
    ++further;
  }
  EXPECT_LE(further, kWriters);
}

TEST(BookKill, LosesNothingThatWasAnswered) {
  const support::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "tunes.db";
  const int kills = std::getenv("LILT_THOROUGH") != nullptr ? 200 : 12;
  Random random(11, RandomStream::kShuffle);
  static_cast<void>(*Book::open(path));
  Answers answers;
  for (int round = 0; round < kills; ++round) {
    Writer writers[kWriters];
    for (int i = 0; i < kWriters; ++i) {
      writers[i] = start(path, static_cast<std::uint64_t>(round * kWriters + i + 1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(5'000 + random.below(150'000)));
    for (const Writer& writer : writers) kill_and_read(writer, answers);
    Book book = *Book::open(path);
    compare(book, answers);
    ASSERT_EQ(book.check(), "ok");
  }
  EXPECT_GT(answers.size(), static_cast<std::size_t>(kills));
  std::printf("%d kills, %zu tunes\n", kills, answers.size());
}

}  // namespace
}  // namespace lilt::studio
