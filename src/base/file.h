// Files as bytes. The only part of `base` that touches the file system; it is left out of the
// WebAssembly build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lilt {

// The bytes of a whole file: mapped into memory, or read when it cannot be (a pipe, a device).
class FileBytes {
 public:
  // Throws EnvironmentError when the file is missing, unreadable or a folder.
  explicit FileBytes(const std::filesystem::path& path);
  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&& other) noexcept;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes();

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

 private:
  std::span<const std::byte> bytes_;
  std::vector<std::byte> read_;  // empty when mapped
};

// Calls `take` with the bytes of a file, one block after another; an empty path is standard input.
// The block is valid during the call. Throws EnvironmentError as FileBytes does.
void read_blocks(const std::filesystem::path& path,
                 const std::function<void(std::string_view)>& take);

// Where what is to become `path` is written first.
[[nodiscard]] std::filesystem::path partial_path(const std::filesystem::path& path);

// Replaces `path` by the concatenated chunks, or leaves it as it was: the bytes go to a temporary
// name beside it, are flushed to the disk, and take its place by one rename. Creates the folder.
// Throws EnvironmentError.
void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::span<const std::byte>> chunks);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

// A file that is written piece by piece and takes its place at the end: what was written goes to
// PATH.part, and to nowhere if commit() is not reached. Throws EnvironmentError.
class FileWriter {
 public:
  explicit FileWriter(const std::filesystem::path& path);  // creates the folder
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter();

  void write(std::string_view text);
  // Flushes to the disk and renames.
  void commit();

 private:
  void flush();

  std::filesystem::path path_, temporary_;
  std::string buffer_;
  int descriptor_;
};

// Writes a file that is not there, whole or not at all, and leaves one that is there as it is: of
// several programs that do so at once, one has its way. Creates the folder. Throws
// EnvironmentError.
void write_file_once(const std::filesystem::path& path, std::string_view text);

// A file that is written piece by piece and takes its place at the end; if commit() is not reached,
// what was written stays in PATH.part, to go on from. Every piece is with the system when write()
// returns, so that killing the program loses none. Two programs that write the same bytes to the
// same file do each other no harm. Throws EnvironmentError.
class ResumedWriter {
 public:
  // Goes on behind the first `offset` bytes of PATH.part; what else it has is written over. Creates
  // the folder.
  ResumedWriter(const std::filesystem::path& path, std::uint64_t offset);
  ResumedWriter(const ResumedWriter&) = delete;
  ResumedWriter& operator=(const ResumedWriter&) = delete;
  ~ResumedWriter();

  void write(std::string_view text);
  // Flushes to the disk and renames.
  void commit();

 private:
  std::filesystem::path path_, temporary_;
  std::uint64_t size_;
  int descriptor_ = -1;
};

// Reads a file, or standard input for "-", piece by piece.
class FileReader {
 public:
  // Throws EnvironmentError when the file is missing, unreadable or a folder.
  explicit FileReader(const std::filesystem::path& path);
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  ~FileReader();

  // Fills at most the whole buffer; 0 bytes at the end of the file.
  [[nodiscard]] std::size_t read(std::span<char> buffer);
  // Bytes in the file; 0 when that is not known (a pipe).
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  std::filesystem::path path_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace lilt
