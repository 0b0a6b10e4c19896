// The models that there are to compose with, and who composes with them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "studio/composer.h"

namespace lilt::studio {

// May be used by several threads.
class Models {
 public:
  explicit Models(std::size_t threads) : threads_(threads) {}

  // Of that name from now on. The first one is what is taken where none is named.
  void add(const std::string& name, const std::filesystem::path& file);
  void remove(const std::string& name);
  // The first one first, the others by name.
  [[nodiscard]] std::vector<std::string> names() const;
  // The first one; "" where there is none.
  [[nodiscard]] std::string usual() const;
  // The file of one; nothing where there is none of that name.
  [[nodiscard]] std::optional<std::filesystem::path> find(const std::string& name) const;

  // Who composes with a model, "" for the first; it is read when it is first asked for, and those
  // that are not asked for longest are forgotten. Errors: no such model (field "model"), a file
  // that is none. Throws EnvironmentError when it cannot be read.
  [[nodiscard]] Result<std::shared_ptr<Composer>> composer(const std::string& name);

 private:
  struct Entry {
    std::filesystem::path file;
    std::shared_ptr<Composer> composer;
    std::uint64_t used = 0;
  };

  void forget_oldest();

  std::size_t threads_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
  std::string first_;
  std::uint64_t uses_ = 0;
};

}  // namespace lilt::studio
