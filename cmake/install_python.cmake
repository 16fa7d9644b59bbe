# The Python packages and the command. Included by bindings, which knows the interpreter and the files.
set(CSNET_PYTHON_DIR "" CACHE STRING
  "Where Python packages go, under the prefix or absolute; empty: where a Python of that prefix looks")

# Decided when it is installed: only then is the prefix known, as --prefix may name any.
install(CODE "
  set(csnet_python_dir \"${CSNET_PYTHON_DIR}\")
  if(csnet_python_dir STREQUAL \"\")
    execute_process(
      COMMAND \"${Python3_EXECUTABLE}\" \"${PROJECT_SOURCE_DIR}/cmake/python_dir.py\" \"\${CMAKE_INSTALL_PREFIX}\"
      OUTPUT_VARIABLE csnet_python_dir OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  endif()" ALL_COMPONENTS)
set(site "\${csnet_python_dir}")  # for the install script, not for here

if(NOT CSNET_PYTHON_STATIC)
  # From lib/python3.x/site-packages/csnet, or wherever the option says, to libcsnet.
  if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CSNET_PYTHON_DIR}")
    set(rpath ${CMAKE_INSTALL_FULL_LIBDIR})
  elseif(CSNET_PYTHON_DIR STREQUAL "")
    set(rpath $ORIGIN/../../../../${CMAKE_INSTALL_LIBDIR})
  else()
    file(RELATIVE_PATH rpath /prefix/${CSNET_PYTHON_DIR}/csnet /prefix/${CMAKE_INSTALL_LIBDIR})
    set(rpath $ORIGIN/${rpath})
  endif()
  set_target_properties(_csnet PROPERTIES INSTALL_RPATH ${rpath})
endif()
install(TARGETS _csnet LIBRARY DESTINATION ${site}/csnet COMPONENT Python)
if(TARGET csnet_xstate)
  install(TARGETS csnet_xstate LIBRARY DESTINATION ${site}/csnet_lab COMPONENT Python)
endif()

# The files themselves: what stands in the build tree are links. csnet_lab's scripts are run, so they keep their mode.
foreach(python_file IN LISTS python_files)
  cmake_path(GET python_file PARENT_PATH python_folder)
  # The collection is Ansible's, see cmake/install.cmake; csnet_lab.tree knows the source tree.
  if(NOT python_file MATCHES "^ansible_collections|^csnet_lab/tree\\.py$")
    set(kind FILES)
    if(python_file MATCHES "\\.sh$")
      set(kind PROGRAMS)
    endif()
    install(${kind} ${python_sources}/${python_file} DESTINATION ${site}/${python_folder} COMPONENT Python)
  endif()
endforeach()

# bin/csnet finds its packages from where it stands. It ignores PYTHONPATH and what lies in the user's home: it runs as
# root, and must be what is in this prefix.
install(CODE "
  file(RELATIVE_PATH csnet_from_bin /prefix/${CMAKE_INSTALL_BINDIR} \"/prefix/\${csnet_python_dir}\")
  if(IS_ABSOLUTE \"\${csnet_python_dir}\")
    set(csnet_from_bin \"\${csnet_python_dir}\")
  endif()
  set(csnet_interpreter \"${Python3_EXECUTABLE}\")
  configure_file(\"${PROJECT_SOURCE_DIR}/cmake/csnet.py.in\" \"${PROJECT_BINARY_DIR}/cmake/csnet\" @ONLY)
  file(INSTALL \"${PROJECT_BINARY_DIR}/cmake/csnet\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\"
    TYPE PROGRAM)" COMPONENT Command)

set(completion ${PROJECT_SOURCE_DIR}/cmake/completion)
install(FILES ${completion}/csnet.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME csnet
  COMPONENT Command)
install(FILES ${completion}/csnet.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _csnet
  COMPONENT Command)

# A sanitized module cannot be loaded by an interpreter that is not.
if(NOT CSNET_SANITIZE)
  file(GLOB cli_sources CONFIGURE_DEPENDS ${python_sources}/csnet/cli/*.py)
  set(man_pages ${PROJECT_BINARY_DIR}/man)
  add_custom_command(OUTPUT ${man_pages}/csnet.1
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${man_pages}
    COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${python_package} PYTHONDONTWRITEBYTECODE=1
      ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/reference.py man ${man_pages}
    DEPENDS _csnet ${cli_sources} ${PROJECT_SOURCE_DIR}/cmake/reference.py
    COMMENT "Man pages" VERBATIM)
  add_custom_target(man_pages ALL DEPENDS ${man_pages}/csnet.1)
  install(DIRECTORY ${man_pages}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT Command)
endif()
