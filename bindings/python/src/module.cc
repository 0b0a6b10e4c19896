// The extension module lilt._core: the library as it is, for the modules in Python beside it, which
// have what people see.

#include "errors.h"
#include "parts.h"

NB_MODULE(_core, m) {
  m.def("version", [] { return LILT_VERSION; });
  lilt::python::translate_errors();
  lilt::python::add_fields(m);
  lilt::python::add_tunes(m);
  lilt::python::add_composing(m);
  lilt::python::add_training(m);
  lilt::python::add_measuring(m);
}
