// Result<T>: a value, or the Error that explains why there is none.
#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "base/error.h"

namespace lilt {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : outcome_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return outcome_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return held(std::get_if<0>(&outcome_)); }
  [[nodiscard]] const T& value() const& { return held(std::get_if<0>(&outcome_)); }
  [[nodiscard]] T&& value() && { return std::move(held(std::get_if<0>(&outcome_))); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const { return held(std::get_if<1>(&outcome_)); }

 private:
  template <class Held>
  static Held& held(Held* outcome) {
    assert(outcome != nullptr);
    return *outcome;
  }

  std::variant<T, Error> outcome_;
};

// A result without a value: success, or an Error.
using Status = Result<std::monostate>;
inline Status success() { return Status(std::monostate{}); }

}  // namespace lilt
