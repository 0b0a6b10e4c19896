// One program at a time in a folder. Like base/file.h, left out of the WebAssembly build.
#pragma once

#include <filesystem>
#include <optional>

namespace lilt {

// Holds a folder for as long as it lives; the system lets go of it when the program ends, however
// it ends. The lock is on the folder itself (flock), so no file is left behind and renaming what is
// in the folder changes nothing.
class FolderLock {
 public:
  // None if another FolderLock, of this program or another one, holds the folder. Where the file
  // system knows no locks, as some on networks, everyone gets one. Creates the folder. Throws
  // EnvironmentError.
  [[nodiscard]] static std::optional<FolderLock> try_lock(const std::filesystem::path& folder);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace lilt
