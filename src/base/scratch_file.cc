#include "base/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "base/environment_error.h"

namespace lilt {
namespace {

[[noreturn]] void fail(const std::filesystem::path& folder, const std::string& what, int error) {
  throw EnvironmentError(folder.string(),
                         "a temporary file " + what + " in it: " + std::strerror(error) +
                             "; free some space, or name another folder in TMPDIR");
}

std::filesystem::path scratch_folder() {
  const char* named = std::getenv("TMPDIR");
  if (named != nullptr && *named != '\0') return named;
  std::error_code none;
  return std::filesystem::is_directory("/var/tmp", none) ? "/var/tmp" : "/tmp";
}

int open_unnamed(const std::filesystem::path& folder) {
  std::string name = (folder / "lilt-XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) fail(folder, "cannot be created", errno);
  ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

ScratchFile::ScratchFile() : folder_(scratch_folder()), descriptor_(open_unnamed(folder_)) {}

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : folder_(std::move(other.folder_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      written_(std::exchange(other.written_, 0)),
      waiting_(std::move(other.waiting_)) {}

ScratchFile& ScratchFile::operator=(ScratchFile&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(written_, other.written_);
  std::swap(waiting_, other.waiting_);
  return *this;
}

ScratchFile::~ScratchFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t ScratchFile::append(std::span<const std::byte> bytes) {
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  const std::uint64_t offset = size();
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  if (waiting_.size() >= kBlock) flush();
  return offset;
}

void ScratchFile::flush() {
  std::span<const std::byte> left = waiting_;
  while (!left.empty()) {
    const ssize_t put = ::write(descriptor_, left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail(folder_, "cannot be written", errno);
    left = left.subspan(static_cast<std::size_t>(put));
  }
  written_ += waiting_.size();
  waiting_.clear();
}

void ScratchFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  assert(offset + bytes.size() <= size());
  while (!bytes.empty() && offset < written_) {
    const std::size_t most = std::min<std::uint64_t>(bytes.size(), written_ - offset);
    const ssize_t got = ::pread(descriptor_, bytes.data(), most, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(folder_, "cannot be read", got < 0 ? errno : EIO);
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  if (bytes.empty()) return;
  std::memcpy(bytes.data(), waiting_.data() + (offset - written_), bytes.size());
}

}  // namespace lilt
