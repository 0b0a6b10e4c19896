# The libraries of headers that WebAssembly code uses, under the names that they have elsewhere.
#
# They are this system's: their code is the same everywhere. Each is reached through a link in a
# folder of its own, because the system's other headers must not come before Emscripten's.

function(lilt_system_headers target folder header)
  find_path(LILT_${folder}_HEADERS ${folder}/${header} PATHS /usr/include /usr/local/include
            NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  if(NOT LILT_${folder}_HEADERS)
    message(FATAL_ERROR "${folder}/${header} is missing: install what HACKING.md names")
  endif()
  set(linked ${PROJECT_BINARY_DIR}/headers/${folder})
  file(MAKE_DIRECTORY ${linked})
  file(CREATE_LINK ${LILT_${folder}_HEADERS}/${folder} ${linked}/${folder} SYMBOLIC)
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} SYSTEM INTERFACE ${linked})
endfunction()

lilt_system_headers(nlohmann_json::nlohmann_json nlohmann json.hpp)
lilt_system_headers(PkgConfig::HWY hwy highway.h)
# One instruction set, 128-bit vectors: nothing is chosen when the program runs, which would take
# Highway's library.
target_compile_options(PkgConfig::HWY INTERFACE -msimd128)
target_compile_definitions(PkgConfig::HWY INTERFACE HWY_COMPILE_ONLY_STATIC)
