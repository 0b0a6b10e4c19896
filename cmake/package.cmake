# A Debian package of what cmake --install installs: `cmake --workflow --preset package`, or
# cmake/package.sh, which installs what that needs. Packed on the system that it is for.

set(LILT_MAINTAINER "The Lilt authors <lilt@example.org>" CACHE STRING "Who answers for a package")

# lilt_package_of(NAME LIBRARY): the Debian package that has this library, which is opened when it
# is needed, so that nothing in the program names it; nothing where there is none.
function(lilt_package_of result library)
  execute_process(COMMAND dpkg-query -S "*/${library}" OUTPUT_VARIABLE found ERROR_QUIET)
  string(REGEX MATCH "^[^:\n]+" package "${found}")
  set(${result} "${package}" PARENT_SCOPE)
endfunction()

# The programs that render, as cmake/setup.sh has them.
set(recommended abcm2ps librsvg2-bin fonts-liberation fluidsynth timgm6mb-soundfont sndfile-programs)
set(suggested xdg-utils libhwy-dev) # opens the studio's page; to build against the library
foreach(library libcurl.so.4 libcairo.so.2)
  lilt_package_of(package ${library})
  list(APPEND recommended ${package})
endforeach()
foreach(library libdnnl.so.2 libdnnl.so.3) # for lilt bench alone
  lilt_package_of(package ${library})
  list(APPEND suggested ${package})
endforeach()
list(JOIN recommended ", " CPACK_DEBIAN_PACKAGE_RECOMMENDS)
list(JOIN suggested ", " CPACK_DEBIAN_PACKAGE_SUGGESTS)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lilt)
set(CPACK_PACKAGE_CONTACT ${LILT_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "learns folk music in ABC notation and composes new tunes")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Lilt learns a style of folk music from tunes in ABC notation with a neural
network, and composes new ones: every tune correct notation, in the key,
metre and form that is asked for, to be read, played and heard.
.
This package has the program, its model, and the library for C and C++.")
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
                                                GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# What Debian wants to find beside the documents.
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC) # or when SOURCE_DATE_EPOCH says
file(WRITE ${PROJECT_BINARY_DIR}/changelog
     "lilt (${PROJECT_VERSION}) unstable; urgency=medium

  * CHANGELOG.md tells what is new.

 -- ${LILT_MAINTAINER}  ${now}
")
execute_process(COMMAND gzip -9nkf ${PROJECT_BINARY_DIR}/changelog COMMAND_ERROR_IS_FATAL ANY)
install(FILES ${PROJECT_BINARY_DIR}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Packing builds nothing: what is to be packed has been built.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
include(CPack)
