// The parts of the extension module, each of which adds its functions and classes.
#pragma once

#include <nanobind/nanobind.h>

namespace lilt::python {

void add_fields(nanobind::module_& m);
void add_tunes(nanobind::module_& m);
void add_composing(nanobind::module_& m);
void add_training(nanobind::module_& m);
void add_measuring(nanobind::module_& m);

}  // namespace lilt::python
