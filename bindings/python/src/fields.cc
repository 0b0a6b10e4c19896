// What can be asked for, as Python's keyword arguments.

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <concepts>
#include <string>
#include <vector>

#include "base/field.h"
#include "compose/request.h"
#include "parts.h"
#include "train/options.h"

namespace lilt::python {
namespace {

namespace nb = nanobind;

struct FieldFacts {
  std::string name, type, help, bounds, usual;
};

template <class T>
std::string type_of() {
  if constexpr (std::same_as<T, bool>) {
    return "bool";
  } else if constexpr (std::integral<T>) {
    return "int";
  } else if constexpr (std::floating_point<T>) {
    return "float";
  } else if constexpr (Named<T>) {
    std::string names;
    for (const std::string_view name : names_of(T{})) {
      names += (names.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    }
    return "Literal[" + names + "]";
  } else if constexpr (kIsOptional<T>) {
    return type_of<typename T::value_type>();
  } else if constexpr (kIsVector<T>) {
    return "Sequence[" + type_of<typename T::value_type>() + "]";
  } else {
    return "str";
  }
}

template <class Struct>
std::vector<FieldFacts> facts_of() {
  std::vector<FieldFacts> facts;
  const Struct usual;
  visit_fields(usual, [&]<class T>(const Field& field, const T& value) {
    facts.push_back({std::string(field.name), type_of<T>(), std::string(field.help),
                     bounds_text(field), value_text(value)});
  });
  return facts;
}

}  // namespace

void add_fields(nb::module_& m) {
  nb::class_<FieldFacts>(m, "Field", "A field of a request or of the options of a training run.")
      .def_ro("name", &FieldFacts::name)
      .def_ro("type", &FieldFacts::type, "A type, as Python writes it.")
      .def_ro("help", &FieldFacts::help)
      .def_ro("bounds", &FieldFacts::bounds, "Such as \"of 1 to 16\", or \"\".")
      .def_ro("usual", &FieldFacts::usual, "What it is unless told otherwise; \"\": nothing.");
  m.def("request_fields", &facts_of<compose::Request>, "What can be asked for in composing.");
  m.def("training_fields", &facts_of<train::Options>, "What can be told to a training run.");
}

}  // namespace lilt::python
