// The one exception type: the environment failed (disk full, file missing, no permission).
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace lilt {

class EnvironmentError : public std::runtime_error {
 public:
  // `subject` is the path or program; `message` says what failed and what to do about it.
  EnvironmentError(std::string subject, const std::string& message)
      : std::runtime_error(subject + ": " + message), subject_(std::move(subject)) {}

  [[nodiscard]] const std::string& subject() const { return subject_; }

 private:
  std::string subject_;
};

}  // namespace lilt
