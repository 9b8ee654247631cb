# What `cmake --install` installs: the tools, the C files that go beside an object and
# the CMake package. Libraries and headers of the compiler stay free to change.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(NNCC_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/nncc)
set(NNCC_INSTALL_RUNTIMEDIR ${CMAKE_INSTALL_DATADIR}/nncc/runtime)

# The shared MLIR library lies where the loader does not look by itself.
set_target_properties(nncc nncc-run PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS nncc nncc-run EXPORT nnccTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT nnccTargets NAMESPACE nncc:: DESTINATION ${NNCC_INSTALL_CMAKEDIR})
install(DIRECTORY runtime/ DESTINATION ${NNCC_INSTALL_RUNTIMEDIR} FILES_MATCHING PATTERN *.h PATTERN *.c)
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DATADIR}/nncc)
configure_package_config_file(cmake/nnccConfig.cmake.in ${PROJECT_BINARY_DIR}/nnccConfig.cmake
  INSTALL_DESTINATION ${NNCC_INSTALL_CMAKEDIR} PATH_VARS NNCC_INSTALL_RUNTIMEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nnccConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nnccConfig.cmake ${PROJECT_BINARY_DIR}/nnccConfigVersion.cmake
  cmake/NnccAddModel.cmake DESTINATION ${NNCC_INSTALL_CMAKEDIR})
