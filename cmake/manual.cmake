# The pages of the manual and what shells complete with, from the program's own options: made in the
# build tree by a program beside lilt, packed and installed.
#
#   include(cmake/manual.cmake)                            in CMakeLists.txt
#   cmake -DFOLDER=manual/man1 -P cmake/manual.cmake       packs the pages

if(CMAKE_SCRIPT_MODE_FILE)
  file(GLOB pages ${FOLDER}/*.1)
  foreach(page ${pages})
    # Without a time, so that the same pages make the same files.
    file(ARCHIVE_CREATE OUTPUT ${page}.gz PATHS ${page} FORMAT raw COMPRESSION GZip
         COMPRESSION_LEVEL 9 MTIME 0)
    file(REMOVE ${page})
  endforeach()
  return()
endif()

add_executable(write_manual src/manual_main.cc)
target_link_libraries(write_manual PRIVATE lilt_cli)
target_compile_definitions(write_manual PRIVATE LILT_VERSION="${PROJECT_VERSION}")
string(TIMESTAMP manual_day "%Y-%m-%d" UTC) # or the day that SOURCE_DATE_EPOCH names
set(manual ${PROJECT_BINARY_DIR}/manual)
add_custom_command(
  OUTPUT ${manual}/bash/lilt
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
  COMMAND write_manual ${manual} ${manual_day}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${manual}/man1 -P ${PROJECT_SOURCE_DIR}/cmake/manual.cmake
  DEPENDS write_manual cmake/manual.cmake
  VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual}/bash/lilt)
