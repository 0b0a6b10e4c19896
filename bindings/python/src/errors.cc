#include "errors.h"

#include <nanobind/stl/string.h>

#include "base/environment_error.h"

namespace lilt::python {
namespace {

namespace nb = nanobind;

void raise(const Error& error, const char* text) {
  const bool is_request = error.code == ErrorCode::kOption;
  const nb::object kind =
      nb::module_::import_("lilt._errors").attr(is_request ? "RequestError" : "InputError");
  nb::object line = nb::none();
  if (error.place.line) line = nb::cast(*error.place.line);
  const nb::object exception = kind(text, error.place.field, line);
  PyErr_SetObject(kind.ptr(), exception.ptr());
}

void raise(const EnvironmentError& error) {
  const nb::object exception = nb::handle(PyExc_OSError)(error.what());
  exception.attr("filename") = error.subject();
  PyErr_SetObject(PyExc_OSError, exception.ptr());
}

void translate(const std::exception_ptr& thrown, void* /*unused*/) {
  try {
    std::rethrow_exception(thrown);
  } catch (const BadInput& e) {
    raise(e.error(), e.what());
  } catch (const EnvironmentError& e) {
    raise(e);
  }
}

}  // namespace

void require(const Status& status) {
  if (!status) throw BadInput(status.error());
}

void translate_errors() { nb::register_exception_translator(translate); }

}  // namespace lilt::python
