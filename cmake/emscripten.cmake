# Emscripten's own toolchain file, wherever Emscripten is: em-config knows.

if(NOT LILT_EMSCRIPTEN_ROOT)
  execute_process(COMMAND em-config EMSCRIPTEN_ROOT OUTPUT_VARIABLE LILT_EMSCRIPTEN_ROOT
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(NOT LILT_EMSCRIPTEN_ROOT)
  message(FATAL_ERROR "Emscripten is missing: install the package emscripten")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES LILT_EMSCRIPTEN_ROOT)
include(${LILT_EMSCRIPTEN_ROOT}/cmake/Modules/Platform/Emscripten.cmake)
