# What `cmake --install` installs: the program, its manual and completions, one library of the parts
# that need no other program, its headers for C and C++, the model, and what find_package(lilt) and
# pkg-config look for.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(installed_parts base abc model infer likeness compose score c)

add_library(liblilt STATIC)
set_target_properties(liblilt PROPERTIES OUTPUT_NAME lilt EXPORT_NAME lilt LINKER_LANGUAGE CXX)
foreach(part ${installed_parts})
  target_sources(liblilt PRIVATE $<TARGET_OBJECTS:lilt_${part}>)
  install(DIRECTORY src/${part}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lilt/${part}
          FILES_MATCHING PATTERN "*.h"
          # What only Lilt's own sources include.
          PATTERN "*_json.h" EXCLUDE PATTERN "*-inl.h" EXCLUDE)
endforeach()
target_link_libraries(liblilt INTERFACE PkgConfig::HWY Threads::Threads)
target_compile_features(liblilt INTERFACE cxx_std_20)
target_include_directories(
  liblilt INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
                    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/lilt>)

install(TARGETS lilt RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_BINARY_DIR}/manual/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${PROJECT_BINARY_DIR}/manual/bash/lilt
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${PROJECT_BINARY_DIR}/manual/zsh/_lilt
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${PROJECT_BINARY_DIR}/manual/fish/lilt.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(TARGETS liblilt EXPORT lilt ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES include/lilt/lilt.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lilt)
install(FILES models/folk.safetensors models/README.md
        DESTINATION ${CMAKE_INSTALL_DATADIR}/lilt/models)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright) # Debian's name for it

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/lilt)
install(EXPORT lilt NAMESPACE lilt:: FILE lilt-targets.cmake DESTINATION ${package})
set(model_file ${CMAKE_INSTALL_DATADIR}/lilt/models/folk.safetensors)
configure_package_config_file(
  cmake/lilt-config.cmake.in ${PROJECT_BINARY_DIR}/lilt-config.cmake INSTALL_DESTINATION ${package}
  PATH_VARS model_file)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lilt-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lilt-config.cmake ${PROJECT_BINARY_DIR}/lilt-config-version.cmake
        DESTINATION ${package})

# From where lilt.pc lies to the prefix, so that the copy can be moved.
file(RELATIVE_PATH pc_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/lilt.pc.in ${PROJECT_BINARY_DIR}/lilt.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lilt.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
