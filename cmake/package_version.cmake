# Read by CPack when it runs. The version is the program's own; SLUICE_PACKAGE_VERSION gives another (tests of upgrades do).
execute_process(COMMAND ${CPACK_SLUICE_BINARY} --version OUTPUT_VARIABLE told OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "sluice " "" version "${told}")
if(DEFINED ENV{SLUICE_PACKAGE_VERSION})
    set(version "$ENV{SLUICE_PACKAGE_VERSION}")
endif()
# git's dashes would be Debian's revision: 0.1.0-12-gabc becomes 0.1.0+12.gabc, which is newer than 0.1.0.
string(REGEX REPLACE "-" "." version "${version}")
string(REGEX REPLACE "^([0-9]+\\.[0-9]+\\.[0-9]+)\\." "\\1+" version "${version}")
set(CPACK_PACKAGE_VERSION "${version}")
set(CPACK_DEBIAN_PACKAGE_VERSION "${version}")
set(CPACK_DEBIAN_DBG_PACKAGE_DEPENDS "sluice (= ${version})")
