#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <string>
#include <utility>

#include "base/environment_error.h"

namespace lilt {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what, int error) {
  std::string message = what + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) message += "; free some space and try again";
  if (error == EACCES || error == EPERM || error == EROFS) message += "; check its permissions";
  throw EnvironmentError(path.string(), message);
}

// Closes a descriptor when it goes out of scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close_now(); }

  [[nodiscard]] int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  int close_now() { return number_ < 0 ? 0 : ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

std::vector<std::byte> read_to_end(const std::filesystem::path& path, int descriptor) {
  std::vector<std::byte> bytes;
  constexpr std::size_t kStep = std::size_t{1} << 16;
  for (;;) {
    const std::size_t had = bytes.size();
    bytes.resize(had + kStep);
    const ssize_t got = ::read(descriptor, bytes.data() + had, kStep);
    if (got < 0 && errno != EINTR) fail(path, "cannot be read", errno);
    bytes.resize(had + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got == 0) return bytes;
  }
}

void write_all(const std::filesystem::path& path, int descriptor,
               std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail(path, "cannot be written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

void create_folder_of(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(folder_of(path), error);
  if (error) fail(folder_of(path), "cannot be created", error.value());
}

// Makes a rename durable. Not every file system can flush a folder; then there is nothing to do.
void flush_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

}  // namespace

FileBytes::FileBytes(const std::filesystem::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) fail(path, "cannot be opened", errno);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) fail(path, "cannot be examined", errno);
  if (S_ISDIR(status.st_mode)) {
    throw EnvironmentError(path.string(), "expected a file, found a folder");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (S_ISREG(status.st_mode) && size > 0) {
    void* mapped =
        ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor.get(), 0);
    if (mapped != MAP_FAILED) {
      bytes_ = {static_cast<const std::byte*>(mapped), size};
      return;
    }
  }
  read_ = read_to_end(path, descriptor.get());
  bytes_ = read_;
}

FileBytes::FileBytes(FileBytes&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), read_(std::move(other.read_)) {}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(read_, other.read_);
  return *this;
}

FileBytes::~FileBytes() {
  if (read_.empty() && !bytes_.empty()) {
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
}

void read_blocks(const std::filesystem::path& path,
                 const std::function<void(std::string_view)>& take) {
  const bool is_file = !path.empty();
  const std::filesystem::path name = is_file ? path : "standard input";
  const Descriptor file(is_file ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : -1);
  if (is_file && file.get() < 0) fail(name, "cannot be opened", errno);
  const int descriptor = is_file ? file.get() : STDIN_FILENO;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail(name, "cannot be examined", errno);
  if (S_ISDIR(status.st_mode)) {
    throw EnvironmentError(name.string(), "expected a file, found a folder");
  }
  std::vector<char> block(std::size_t{1} << 17);
  for (;;) {
    const ssize_t got = ::read(descriptor, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(name, "cannot be read", errno);
    if (got == 0) return;
    take({block.data(), static_cast<std::size_t>(got)});
  }
}

std::filesystem::path partial_path(const std::filesystem::path& path) {
  return path.string() + ".part";
}

void write_file_atomically(const std::filesystem::path& path,
                           std::span<const std::span<const std::byte>> chunks) {
  create_folder_of(path);
  const std::filesystem::path temporary = partial_path(path);
  Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (descriptor.get() < 0) fail(temporary, "cannot be created", errno);
  try {
    for (const std::span<const std::byte> chunk : chunks) write_all(path, descriptor.get(), chunk);
    if (::fsync(descriptor.get()) != 0) fail(path, "cannot be flushed to the disk", errno);
    if (descriptor.close_now() != 0) fail(path, "cannot be closed", errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail(path, "cannot be replaced", errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  flush_folder(folder_of(path));
}

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
  const std::span<const std::byte> chunk = std::as_bytes(std::span(text));
  write_file_atomically(path, std::span(&chunk, 1));
}

FileWriter::FileWriter(const std::filesystem::path& path)
    : path_(path), temporary_(partial_path(path)) {
  create_folder_of(path);
  if (std::filesystem::is_directory(path)) fail(path, "cannot be replaced", EISDIR);
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(temporary_, "cannot be created", errno);
}

FileWriter::~FileWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void FileWriter::write(std::string_view text) {
  constexpr std::size_t kBuffer = std::size_t{1} << 16;
  buffer_ += text;
  if (buffer_.size() >= kBuffer) flush();
}

void FileWriter::flush() {
  write_all(path_, descriptor_, std::as_bytes(std::span(buffer_)));
  buffer_.clear();
}

void FileWriter::commit() {
  flush();
  if (::fsync(descriptor_) != 0) fail(path_, "cannot be flushed to the disk", errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    const int error = errno;
    ::unlink(temporary_.c_str());
    fail(path_, "cannot be closed", error);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary_.c_str());
    fail(path_, "cannot be replaced", error);
  }
  flush_folder(folder_of(path_));
}

void write_file_once(const std::filesystem::path& path, std::string_view text) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return;
  create_folder_of(path);
  const std::filesystem::path temporary =
      path.string() + "." + std::to_string(std::random_device{}()) + ".part";
  Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (descriptor.get() < 0) fail(temporary, "cannot be created", errno);
  try {
    write_all(path, descriptor.get(), std::as_bytes(std::span(text)));
    if (::fsync(descriptor.get()) != 0) fail(path, "cannot be flushed to the disk", errno);
    if (descriptor.close_now() != 0) fail(path, "cannot be closed", errno);
    // Not every file system knows links.
    if (::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST &&
        ::rename(temporary.c_str(), path.c_str()) != 0) {
      fail(path, "cannot be created", errno);
    }
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  ::unlink(temporary.c_str());
  flush_folder(folder_of(path));
}

ResumedWriter::ResumedWriter(const std::filesystem::path& path, std::uint64_t offset)
    : path_(path), temporary_(partial_path(path)), size_(offset) {
  create_folder_of(path);
  Descriptor descriptor(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (descriptor.get() < 0) fail(temporary_, "cannot be created", errno);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) fail(temporary_, "cannot be examined", errno);
  if (static_cast<std::uint64_t>(status.st_size) < offset) {
    throw EnvironmentError(temporary_.string(), "was taken away by another program; try again");
  }
  if (::lseek(descriptor.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    fail(temporary_, "cannot be written", errno);
  }
  descriptor_ = descriptor.release();
}

ResumedWriter::~ResumedWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ResumedWriter::write(std::string_view text) {
  write_all(path_, descriptor_, std::as_bytes(std::span(text)));
  size_ += text.size();
}

void ResumedWriter::commit() {
  if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) {
    fail(path_, "cannot be written", errno);
  }
  if (::fsync(descriptor_) != 0) fail(path_, "cannot be flushed to the disk", errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) fail(path_, "cannot be closed", errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    // Another program, which has written the same, was faster.
    if (error != ENOENT || !std::filesystem::exists(path_))
      fail(path_, "cannot be replaced", error);
  }
  flush_folder(folder_of(path_));
}

FileReader::FileReader(const std::filesystem::path& path)
    : path_(path == "-" ? "standard input" : path),
      descriptor_(path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) fail(path_, "cannot be opened", errno);
  struct stat status {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (known && S_ISDIR(status.st_mode)) {
    ::close(descriptor_);
    throw EnvironmentError(path_.string(), "expected a file, found a folder");
  }
  if (known && S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
}

FileReader::~FileReader() { ::close(descriptor_); }

std::size_t FileReader::read(std::span<char> buffer) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(path_, "cannot be read", errno);
  }
}

}  // namespace lilt
