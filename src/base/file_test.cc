#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/environment_error.h"
#include "temporary_folder.h"

namespace lilt {
namespace {

namespace fs = std::filesystem;
using support::read_text;
using support::TemporaryFolder;

// What the EnvironmentError thrown by `act` says, or nothing; `subject` is the path it names.
template <class Act>
std::string failure(const Act& act, fs::path* subject = nullptr) {
  try {
    act();
  } catch (const EnvironmentError& error) {
    if (subject != nullptr) *subject = error.subject();
    return error.what();
  }
  return "";
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

// While it lives, no file can grow beyond so many bytes, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(FileBytes, HoldsAllBytes) {
  const TemporaryFolder folder;
  for (const std::size_t size : {std::size_t{1}, std::size_t{4096}, std::size_t{1'000'003}}) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * i >> 3);
    const FileBytes file(folder.write("file", text));
    EXPECT_TRUE(file.text() == text) << size;
    EXPECT_EQ(file.bytes().size(), size);
  }
}

TEST(ReadBlocks, GivesAllBytesInOrder) {
  const TemporaryFolder folder;
  std::string text(1'000'003, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * i >> 3);
  std::string read;
  read_blocks(folder.write("file", text), [&](std::string_view block) { read += block; });
  EXPECT_TRUE(read == text);
  read_blocks(folder.write("empty", ""), [](std::string_view) { ADD_FAILURE(); });
}

TEST(ReadBlocks, FailsOnWhatIsNoFile) {
  const TemporaryFolder folder;
  const auto take = [](std::string_view) {};
  EXPECT_TRUE(contains(failure([&] { read_blocks(folder.path() / "no", take); }), "be opened"));
  EXPECT_TRUE(contains(failure([&] { read_blocks(folder.path(), take); }), "found a folder"));
}

TEST(FileBytes, ReadsAnEmptyFileAsNoBytes) {
  const TemporaryFolder folder;
  EXPECT_TRUE(FileBytes(folder.write("empty", "")).bytes().empty());
}

TEST(FileBytes, ReadsAPipe) {
  const TemporaryFolder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string text(300'000, 'a');
  for (std::size_t i = 0; i < text.size(); i += 7) text[i] = static_cast<char>('b' + i % 23);
  std::jthread writer([&] { std::ofstream(pipe, std::ios::binary) << text; });
  EXPECT_TRUE(FileBytes(pipe).text() == text);
}

TEST(FileBytes, MovesWithoutCopying) {
  const TemporaryFolder folder;
  FileBytes first(folder.write("first", "one"));
  const void* data = first.bytes().data();
  FileBytes second(std::move(first));
  EXPECT_EQ(second.bytes().data(), data);
  EXPECT_TRUE(first.bytes().empty());  // NOLINT: what a move leaves behind
  FileBytes third(folder.write("third", "three"));
  third = std::move(second);
  EXPECT_EQ(third.text(), "one");
  EXPECT_EQ(third.bytes().data(), data);
}

TEST(FileBytes, NamesAMissingFile) {
  const TemporaryFolder folder;
  fs::path subject;
  const std::string what = failure([&] { FileBytes(folder.path() / "none"); }, &subject);
  EXPECT_TRUE(contains(what, "No such file")) << what;
  EXPECT_EQ(subject, folder.path() / "none");
}

TEST(FileBytes, NamesAFolder) {
  const TemporaryFolder folder;
  const std::string what = failure([&] { FileBytes(folder.path()); });
  EXPECT_TRUE(contains(what, "expected a file, found a folder")) << what;
}

TEST(WriteFileAtomically, CreatesFoldersAndLeavesOnlyTheFile) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a" / "b" / "file";
  write_file_atomically(path, "text");
  EXPECT_EQ(read_text(path), "text");
  EXPECT_EQ(entries(path.parent_path()), 1U);
}

TEST(WriteFileAtomically, WritesTheChunksOneAfterAnother) {
  const TemporaryFolder folder;
  const std::string first = "one ", second, third(100'000, 'x');
  const std::array chunks = {std::as_bytes(std::span(first)), std::as_bytes(std::span(second)),
                             std::as_bytes(std::span(third))};
  write_file_atomically(folder.path() / "file", chunks);
  EXPECT_TRUE(read_text(folder.path() / "file") == first + third);
}

TEST(WriteFileAtomically, ReplacesALongerFileWhoseReadersKeepTheOldBytes) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("file", "the old text");
  const FileBytes old(path);
  write_file_atomically(path, "new");
  EXPECT_EQ(read_text(path), "new");
  EXPECT_EQ(old.text(), "the old text");
  write_file_atomically(path, "");
  EXPECT_EQ(read_text(path), "");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(WriteFileAtomically, OverwritesWhatAKilledRunLeftBehind) {
  const TemporaryFolder folder;
  folder.write("file.part", "half of a much longer fi");
  write_file_atomically(folder.path() / "file", "whole");
  EXPECT_EQ(read_text(folder.path() / "file"), "whole");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(WriteFileAtomically, KeepsTheOldFileWhenThereIsNoRoom) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("file", "the old text");
  std::string what;
  fs::path subject;
  {
    const FileSizeLimit limit(10'000);
    what = failure([&] { write_file_atomically(path, std::string(50'000, 'x')); }, &subject);
  }
  EXPECT_TRUE(contains(what, "cannot be written")) << what;
  EXPECT_EQ(subject, path);
  EXPECT_EQ(read_text(path), "the old text");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(WriteFileAtomically, FailsWhereAFileStandsInTheWay) {
  const TemporaryFolder folder;
  const fs::path file = folder.write("file", "keep me");
  for (const fs::path& path : {file / "x", file / "deeper" / "x"}) {
    const std::string what = failure([&] { write_file_atomically(path, "text"); });
    EXPECT_TRUE(contains(what, "cannot be created")) << what;
  }
  EXPECT_EQ(read_text(file), "keep me");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(WriteFileAtomically, FailsToReplaceAFolder) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "taken");
  const std::string what = failure([&] { write_file_atomically(folder.path() / "taken", "text"); });
  EXPECT_TRUE(contains(what, "cannot be replaced")) << what;
  EXPECT_TRUE(fs::is_directory(folder.path() / "taken"));
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(WriteFileAtomically, WritesToTheCurrentFolderWithoutNamingIt) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  const std::string what = failure([] { write_file_atomically("bare", "text"); });
  fs::current_path(before);
  EXPECT_EQ(what, "");
  EXPECT_EQ(read_text(folder.path() / "bare"), "text");
}

TEST(FileWriter, TakesItsPlaceAtTheEndOrNotAtAll) {
  const support::TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "deep" / "file.txt";
  const std::string line(100, 'x');
  {
    FileWriter writer(path);
    for (int i = 0; i < 5000; ++i) writer.write(line);
    EXPECT_FALSE(std::filesystem::exists(path));
    writer.commit();
  }
  EXPECT_EQ(std::filesystem::file_size(path), 500'000U);
  {
    FileWriter writer(path);
    writer.write("something else");
  }
  EXPECT_EQ(std::filesystem::file_size(path), 500'000U);
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
  EXPECT_THROW(FileWriter(folder.path()), EnvironmentError);
}

TEST(FileReader, ReadsPieces) {
  const support::TemporaryFolder folder;
  FileReader reader(folder.write("file.txt", "abcde"));
  EXPECT_EQ(reader.size(), 5U);
  std::array<char, 3> buffer;
  EXPECT_EQ(reader.read(buffer), 3U);
  EXPECT_EQ(reader.read(buffer), 2U);
  EXPECT_EQ(buffer[1], 'e');
  EXPECT_EQ(reader.read(buffer), 0U);
  EXPECT_THROW(FileReader{folder.path()}, EnvironmentError);
  EXPECT_THROW(FileReader{folder.path() / "missing"}, EnvironmentError);
}

TEST(WriteFileOnce, LeavesWhatIsThere) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "deep" / "a";
  write_file_once(path, "one");
  write_file_once(path, "two");
  EXPECT_EQ(read_text(path), "one");
  EXPECT_EQ(entries(path.parent_path()), 1U);
}

TEST(WriteFileOnce, OneOfSeveralHasItsWay) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a";
  std::vector<std::jthread> writers;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    writers.emplace_back([&path, letter] {
      const std::string text(10000, letter);
      write_file_once(path, text);
      const std::string found = read_text(path);
      EXPECT_EQ(found, std::string(10000, found.at(0)));
    });
  }
  writers.clear();
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(ResumedWriter, GoesOnBehindWhatIsThere) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a";
  {
    ResumedWriter writer(path, 0);
    writer.write("one two thr");
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(read_text(partial_path(path)), "one two thr");
  ResumedWriter writer(path, 4);
  writer.write("2");
  EXPECT_EQ(read_text(partial_path(path)), "one 2wo thr");
  writer.write(" 3");
  writer.commit();
  EXPECT_EQ(read_text(path), "one 2 3");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(ResumedWriter, TwoThatWriteTheSameDoEachOtherNoHarm) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a";
  ResumedWriter one(path, 0);
  one.write("abcdef");
  ResumedWriter other(path, 3);
  one.write("gh");
  other.write("def");
  one.commit();
  EXPECT_EQ(read_text(path), "abcdefgh");
  other.write("gh");
  EXPECT_EQ(read_text(path), "abcdefgh");
  other.commit();
  EXPECT_EQ(read_text(path), "abcdefgh");
}

TEST(ResumedWriter, LeavesNoHoles) {
  const TemporaryFolder folder;
  EXPECT_TRUE(contains(failure([&] { ResumedWriter(folder.path() / "a", 3); }), "try again"));
}

}  // namespace
}  // namespace lilt
