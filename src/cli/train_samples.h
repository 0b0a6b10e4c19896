// Tunes that a model composes while it learns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace lilt::cli {

// After each epoch of a run, as many tunes as wanted of the model as it is then, always of the same
// seeds, in out/logs/samples/epoch-N.abc. Neither they nor that they cannot be written change the
// run.
class TrainSamples {
 public:
  TrainSamples(std::filesystem::path out, std::size_t number)
      : out_(std::move(out)), number_(number) {}

  // `go_on` is asked between characters. What stands in the way is said once, by `report`.
  void write(std::uint64_t epoch, const std::function<bool()>& go_on,
             const std::function<void(const std::string&)>& report);

 private:
  std::filesystem::path out_;
  std::size_t number_;  // 0: none, as after what stood in the way
};

}  // namespace lilt::cli
