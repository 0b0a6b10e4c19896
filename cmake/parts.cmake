# lilt_part(NAME [DEPENDS part…] [LIBRARIES target…] [NATIVE file…]): the library lilt_NAME from
# src/NAME, without the NATIVE files (no .cc) where there are no files, threads and programs: in
# WebAssembly. And its tests, the *_test.cc beside the code. Every DEPENDS is an arrow;
# tests/check_arrows.sh fails on an
# include that no arrow, followed as far as it goes, allows.

add_library(lilt_options INTERFACE)
target_include_directories(lilt_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(
  lilt_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                         -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(lilt_options INTERFACE -Wno-restrict)  # false alarms of gcc 12, bug 105651
endif()
# Highway compiles its code once per instruction set; this one adds little to its neighbours.
target_compile_definitions(lilt_options INTERFACE HWY_DISABLED_TARGETS=HWY_SSSE3)
if(LILT_SANITIZE)
  target_compile_options(lilt_options INTERFACE -fsanitize=${LILT_SANITIZE}
                                                -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
  target_link_options(lilt_options INTERFACE -fsanitize=${LILT_SANITIZE})
endif()

file(WRITE ${PROJECT_BINARY_DIR}/arrows.txt "")

function(lilt_part name)
  cmake_parse_arguments(PART "" "" "DEPENDS;LIBRARIES;NATIVE" ${ARGN})
  string(REPLACE ";" " " arrows "${PART_DEPENDS}")
  file(APPEND ${PROJECT_BINARY_DIR}/arrows.txt "${name}: ${arrows}\n")

  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  if(EMSCRIPTEN)
    list(TRANSFORM PART_NATIVE PREPEND ${PROJECT_SOURCE_DIR}/src/${name}/)
    list(TRANSFORM PART_NATIVE APPEND .cc)
    list(REMOVE_ITEM sources ${PART_NATIVE})
  endif()

  add_library(lilt_${name} STATIC ${sources})
  list(TRANSFORM PART_DEPENDS PREPEND lilt_)
  target_link_libraries(lilt_${name} PUBLIC lilt_options ${PART_DEPENDS} ${PART_LIBRARIES})
  if(NOT EMSCRIPTEN) # for Python, a shared library; what is hidden costs no more there than in a program
    set_target_properties(lilt_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET
                                                  hidden VISIBILITY_INLINES_HIDDEN ON)
  endif()
  set_property(GLOBAL APPEND PROPERTY LILT_PARTS ${name})
  set_property(GLOBAL PROPERTY LILT_TESTS_OF_${name} "${tests}")
endfunction()

# lilt_together(PART FILE FILE…): compiles these files of a part, without their .cc, as one: headers
# that take seconds are then read once. Their unnamed namespaces become one, too, so that a file may
# lean on another by mistake: with LILT_UNITY=OFF each is compiled alone, as the checks do.
function(lilt_together part first)
  if(NOT LILT_UNITY)
    return()
  endif()
  set(files ${first} ${ARGN})
  list(TRANSFORM files PREPEND ${PROJECT_SOURCE_DIR}/src/${part}/)
  list(TRANSFORM files APPEND .cc)
  set_target_properties(lilt_${part} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  set_source_files_properties(${files} PROPERTIES UNITY_GROUP ${first})
endfunction()
