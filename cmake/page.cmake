# The page of `lilt studio`: the files of web/, compressed, as arrays in one .cc.
#
#   include(cmake/page.cmake)                                    in CMakeLists.txt
#   cmake -DFOLDER=web -DOUTPUT=page.cc -P cmake/page.cmake      when a file has changed

set(page_endings html css js svg json)

if(NOT CMAKE_SCRIPT_MODE_FILE)
  # lilt_page(PART): gives the part the files, those that are there when CMake runs.
  function(lilt_page part)
    set(folder ${PROJECT_SOURCE_DIR}/web)
    set(page ${PROJECT_BINARY_DIR}/page.cc)
    list(TRANSFORM page_endings PREPEND ${folder}/*. OUTPUT_VARIABLE patterns)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${patterns})
    add_custom_command(
      OUTPUT ${page}
      COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DOUTPUT=${page} -P
              ${PROJECT_SOURCE_DIR}/cmake/page.cmake
      DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/page.cmake
      VERBATIM)
    target_sources(lilt_${part} PRIVATE ${page})
  endfunction()
  return()
endif()

set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_json "application/json")

list(TRANSFORM page_endings PREPEND ${FOLDER}/*. OUTPUT_VARIABLE patterns)
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${patterns})
list(SORT files)
set(arrays "")
set(table "")
set(number 0)
foreach(file ${files})
  set(packed ${OUTPUT}.gz)
  # Without a time, so that the same files make the same program (file(ARCHIVE_CREATE) writes one).
  execute_process(COMMAND gzip -9nc ${FOLDER}/${file} OUTPUT_FILE ${packed}
                  COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${packed} bytes HEX)
  file(REMOVE ${packed})
  file(SHA256 ${FOLDER}/${file} tag)
  string(SUBSTRING ${tag} 0 16 tag)
  string(LENGTH "${bytes}" size)
  math(EXPR size "${size} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  get_filename_component(ending ${file} LAST_EXT)
  string(SUBSTRING ${ending} 1 -1 ending)
  string(APPEND arrays "const unsigned char kFile${number}[] = {${bytes}};\n")
  string(APPEND table "    {\"/${file}\", \"${type_${ending}}\",\n"
                      "     {reinterpret_cast<const char*>(kFile${number}), ${size}}, \"${tag}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(
  WRITE ${OUTPUT}
  "// Made by cmake/page.cmake from the files of web/.
#include <span>

#include \"studio/page_files.h\"

namespace lilt::studio {
namespace {

${arrays}
const PageFile kFiles[] = {
${table}};

}  // namespace

std::span<const PageFile> page_files();
std::span<const PageFile> page_files() { return kFiles; }

}  // namespace lilt::studio
")
