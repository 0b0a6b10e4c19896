# The pages of the manual and what shells complete with, from the program's own options: made in the
# build tree by a program beside lilt, and installed.

add_executable(write_manual src/manual_main.cc)
target_link_libraries(write_manual PRIVATE lilt_cli)
target_compile_definitions(write_manual PRIVATE LILT_VERSION="${PROJECT_VERSION}")
string(TIMESTAMP manual_day "%Y-%m-%d" UTC) # or the day that SOURCE_DATE_EPOCH names
set(manual ${PROJECT_BINARY_DIR}/manual)
add_custom_command(
  OUTPUT ${manual}/bash/lilt
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
  COMMAND write_manual ${manual} ${manual_day}
  COMMAND gzip -9nr ${manual}/man1
  DEPENDS write_manual
  VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual}/bash/lilt)
