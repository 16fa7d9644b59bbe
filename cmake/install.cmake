# What `cmake --install` puts where. Each directory installs what it makes; here is what belongs to none of them.
#
#   Runtime      libcsnet.so.*                          Command   bin/csnet, man pages, completion, csnet-recover.service
#   Development  headers, libraries, CMake, pkg-config  Python    the packages csnet and csnet_lab
#   Data         the schema of the network file         Ansible   the collection csnet.network
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/csnet)
configure_package_config_file(cmake/csnetConfig.cmake.in ${PROJECT_BINARY_DIR}/cmake/csnetConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
# Each minor version has an ABI of its own: libcsnet's soname says the same.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/csnetConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/csnetConfig.cmake ${PROJECT_BINARY_DIR}/cmake/csnetConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT Development)
# Two files: a program that links the shared library needs no libnm-dev.
foreach(suffix shared static)
  install(EXPORT csnet_${suffix} DESTINATION ${package_dir} NAMESPACE csnet:: FILE csnet_${suffix}.cmake
    COMPONENT Development)
endforeach()

# The file finds its prefix from where it stands, so that the prefix can be moved, or named by --prefix.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH prefix_from_pkgconfig /prefix/${pkgconfig_dir} /prefix)
string(REGEX REPLACE "/$" "" prefix_from_pkgconfig "${prefix_from_pkgconfig}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pkgconfig_prefix ${CMAKE_INSTALL_PREFIX})
else()
  set(pkgconfig_prefix "\${pcfiledir}/${prefix_from_pkgconfig}")
endif()
foreach(kind LIBDIR INCLUDEDIR)
  set(pkgconfig_${kind} ${CMAKE_INSTALL_${kind}})
  if(NOT IS_ABSOLUTE "${pkgconfig_${kind}}")
    set(pkgconfig_${kind} "\${prefix}/${pkgconfig_${kind}}")
  endif()
endforeach()
# Not Requires.private: libnm's include paths would come with it, and csnet's headers need none of them.
set(pkgconfig_private ${LIBNM_LIBRARIES} ${YAML_LIBRARIES})
list(TRANSFORM pkgconfig_private PREPEND -l)
list(JOIN pkgconfig_private " " pkgconfig_private)
configure_file(cmake/csnet.pc.in ${PROJECT_BINARY_DIR}/cmake/csnet.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cmake/csnet.pc DESTINATION ${pkgconfig_dir} COMPONENT Development)

set(schema ${PROJECT_SOURCE_DIR}/python/csnet/network-file.schema.json)
install(FILES ${schema} DESTINATION ${CMAKE_INSTALL_DATADIR}/csnet COMPONENT Data OPTIONAL)
# Ansible looks in /usr/share/ansible/collections by itself, elsewhere when it is told.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/python/ansible_collections DESTINATION ${CMAKE_INSTALL_DATADIR}/ansible/collections
  COMPONENT Ansible OPTIONAL PATTERN __pycache__ EXCLUDE)

# systemd looks there for the prefixes /usr and /usr/local. The link enables the unit, so that nobody has to remember it
# before the power fails. Made when it is installed: only then is the prefix known.
install(CODE "
  set(csnet_command \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/csnet\")
  set(made \"${PROJECT_BINARY_DIR}/cmake/csnet-recover\")
  configure_file(\"${PROJECT_SOURCE_DIR}/cmake/csnet-recover.service.in\" \"\${made}/csnet-recover.service\" @ONLY)
  file(MAKE_DIRECTORY \"\${made}/wants\")
  file(CREATE_LINK ../csnet-recover.service \"\${made}/wants/csnet-recover.service\" SYMBOLIC)
  set(units \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")
  file(INSTALL \"\${made}/csnet-recover.service\" DESTINATION \"\${units}\")
  file(INSTALL \"\${made}/wants/csnet-recover.service\" DESTINATION \"\${units}/multi-user.target.wants\")
" COMPONENT Command)
