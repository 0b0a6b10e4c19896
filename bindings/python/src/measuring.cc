// How well models predict tunes, and how composed tunes compare with real ones.

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "errors.h"
#include "eval/comparison_report.h"
#include "eval/prediction_report.h"
#include "parts.h"
#include "waiting.h"

namespace lilt::python {
namespace {

namespace nb = nanobind;
using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string predict(const eval::PredictionOptions& options) {
  return interruptibly([&](const std::stop_token& stop) {
    const auto go_on = [&stop](double) { return !stop.stop_requested(); };
    return dumped(eval::to_json(value_of(eval::predict(options, go_on))));
  });
}

std::string compare(const eval::ComparisonFiles& files) {
  return interruptibly([&](const std::stop_token& stop) {
    const auto go_on = [&stop](const corpus::Progress&) { return !stop.stop_requested(); };
    return dumped(eval::to_json(value_of(eval::compare_files(files, go_on))));
  });
}

}  // namespace

void add_measuring(nb::module_& m) {
  using Files = std::vector<std::string>;
  nb::class_<eval::PredictionOptions>(m, "Prediction")
      .def(
          "__init__",
          [](eval::PredictionOptions* self, Files models, Files tunes, std::size_t threads) {
            new (self) eval::PredictionOptions{
                .models = std::move(models), .tunes = std::move(tunes), .threads = threads};
          },
          nb::arg("models"), nb::arg("tunes"), nb::arg("threads"))
      .def_rw("dialect", &eval::PredictionOptions::dialect)
      .def_rw("eight_bit", &eval::PredictionOptions::eight_bit)
      .def_rw("unplanned", &eval::PredictionOptions::unplanned);
  m.def("predict", &predict, nb::arg("options"));
  nb::class_<eval::ComparisonFiles>(m, "Comparison")
      .def(nb::init<Files, Files, Files>(), nb::arg("composed"), nb::arg("against"),
           nb::arg("held_out"));
  m.def("compare", &compare, nb::arg("files"));
}

}  // namespace lilt::python
