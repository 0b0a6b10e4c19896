// Errors of the library as exceptions of Python.
#pragma once

#include <nanobind/nanobind.h>

#include <exception>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/result.h"

namespace lilt::python {

// Bad input on its way to Python, where it becomes lilt.InputError or lilt.RequestError.
class BadInput : public std::exception {
 public:
  explicit BadInput(Error error) : error_(std::move(error)), text_(error_.to_string()) {}

  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  Error error_;
  std::string text_;
};

// The value. Throws BadInput.
template <class T>
[[nodiscard]] T value_of(Result<T> result) {
  if (!result) throw BadInput(result.error());
  return *std::move(result);
}
void require(const Status& status);

// From here on BadInput and EnvironmentError arrive in Python as what they are there.
void translate_errors();

}  // namespace lilt::python
