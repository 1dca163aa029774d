# Debian packages, by CPack: `cmake --build --preset release --target packages` writes them to build/release/packages.
# sluice: binary with the page, units, manual page, completions. sluice-dbg: the symbols, for gdb and perf.
find_program(SLUICE_OBJCOPY objcopy DOC "objcopy, which takes the symbols out of the binary")
set(package "${CMAKE_BINARY_DIR}/package")

# Stripped it is a quarter of the size; gdb finds the symbols of sluice-dbg by the name of their file.
add_custom_command(
    OUTPUT ${package}/sluice ${package}/sluice.debug
    COMMAND ${CMAKE_COMMAND} -E make_directory ${package}
    COMMAND ${SLUICE_OBJCOPY} --only-keep-debug --compress-debug-sections $<TARGET_FILE:sluice> ${package}/sluice.debug
    COMMAND ${SLUICE_OBJCOPY} --strip-unneeded --add-gnu-debuglink=${package}/sluice.debug $<TARGET_FILE:sluice> ${package}/sluice
    DEPENDS sluice
    COMMENT "Taking the symbols out of the binary"
    VERBATIM)

# sluice_package_text(file arguments...): what the program prints
function(sluice_package_text file)
    list(JOIN ARGN " " arguments)
    add_custom_command(
        OUTPUT ${package}/${file}
        COMMAND sh -c "${package}/sluice ${arguments} > ${package}/${file}"
        DEPENDS ${package}/sluice
        VERBATIM)
endfunction()
sluice_package_text(sluice.bash completion bash)
sluice_package_text(_sluice completion zsh)
sluice_package_text(sluice.fish completion fish)
sluice_package_text(sluice.1 man)
add_custom_command(
    OUTPUT ${package}/sluice.1.gz
    COMMAND sh -c "gzip -9n < ${package}/sluice.1 > ${package}/sluice.1.gz"
    DEPENDS ${package}/sluice.1
    VERBATIM)

set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(systemd "${CMAKE_SOURCE_DIR}/packaging/systemd")
set(units usr/lib/systemd/system)
install(PROGRAMS ${package}/sluice DESTINATION usr/bin COMPONENT server)
install(FILES ${systemd}/sluice.service ${systemd}/sluice@.service DESTINATION ${units} COMPONENT server)
install(FILES ${systemd}/sluice@worker.service.d/tasks.conf DESTINATION ${units}/sluice@worker.service.d COMPONENT server)
install(FILES ${systemd}/sluice.sysusers DESTINATION usr/lib/sysusers.d RENAME sluice.conf COMPONENT server)
install(FILES ${systemd}/sluice.tmpfiles DESTINATION usr/lib/tmpfiles.d RENAME sluice.conf COMPONENT server)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/debian/sluice.yaml DESTINATION etc/sluice COMPONENT server)
install(FILES ${package}/sluice.1.gz DESTINATION usr/share/man/man1 COMPONENT server)
install(FILES ${package}/sluice.bash DESTINATION usr/share/bash-completion/completions RENAME sluice COMPONENT server)
install(FILES ${package}/_sluice DESTINATION usr/share/zsh/vendor-completions COMPONENT server)
install(FILES ${package}/sluice.fish DESTINATION usr/share/fish/vendor_completions.d COMPONENT server)
install(FILES ${CMAKE_SOURCE_DIR}/conf/sluice.yaml ${CMAKE_SOURCE_DIR}/packaging/README.md ${CMAKE_SOURCE_DIR}/packaging/operations.md ${CMAKE_SOURCE_DIR}/packaging/postgresql.md ${CMAKE_SOURCE_DIR}/packaging/SECURITY.md
    DESTINATION usr/share/doc/sluice COMPONENT server)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION usr/share/doc/sluice RENAME copyright COMPONENT server)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/packaging/observability DESTINATION usr/share/doc/sluice COMPONENT server)
install(FILES ${package}/sluice.debug DESTINATION usr/lib/debug/usr/bin COMPONENT dbg)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sluice)
set(CPACK_PACKAGE_VENDOR Sluice)
set(CPACK_PACKAGE_CONTACT "Sluice <sluice@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/packages")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_SOURCE_DIR}/cmake/package_version.cmake")
set(CPACK_SLUICE_BINARY "${package}/sluice")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL server dbg)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENT_SERVER_DESCRIPTION "workflow orchestration and scheduling on PostgreSQL
 Runs flows, which are YAML documents, on a cluster of identical processes that
 need nothing but a PostgreSQL database. The web page is part of the program.")
set(CPACK_COMPONENT_DBG_DESCRIPTION "symbols of sluice
 What gdb and perf need to name the functions of the program.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_SERVER_PACKAGE_NAME sluice)
set(CPACK_DEBIAN_SERVER_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers, ca-certificates, tzdata, bubblewrap")
set(CPACK_DEBIAN_SERVER_PACKAGE_RECOMMENDS "python3, git, openssh-client, postgresql-client")
set(CPACK_DEBIAN_SERVER_PACKAGE_SUGGESTS "podman, pgbouncer, postgresql")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(debian "${CMAKE_SOURCE_DIR}/packaging/debian")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA
    "${debian}/conffiles;${debian}/postinst;${debian}/prerm;${debian}/postrm")
set(CPACK_DEBIAN_DBG_PACKAGE_NAME sluice-dbg)
set(CPACK_DEBIAN_DBG_PACKAGE_SECTION debug)
include(CPack)

# CPACK_DEBIAN_..., and SLUICE_PACKAGE_VERSION of the environment, are read when it runs: see package_version.cmake.
add_custom_target(packages
    COMMAND ${CMAKE_CPACK_COMMAND} --config ${CMAKE_BINARY_DIR}/CPackConfig.cmake
    DEPENDS ${package}/sluice ${package}/sluice.debug ${package}/sluice.bash ${package}/_sluice ${package}/sluice.fish
            ${package}/sluice.1.gz
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
    COMMENT "Writing Debian packages"
    VERBATIM)
