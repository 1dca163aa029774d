# The version is git's: v1.2.3 on a tag, 0.1.0-<commits>-g<hash> before the first one.
# It is written at each build, and only when it changed, so that one file is compiled again and not all.
set(SLUICE_VERSION_HEADER "${CMAKE_BINARY_DIR}/generated/version/version.h")
add_custom_target(sluice_version
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DOUTPUT=${SLUICE_VERSION_HEADER}
            -P ${CMAKE_SOURCE_DIR}/cmake/write_version.cmake
    BYPRODUCTS ${SLUICE_VERSION_HEADER}
    COMMENT "Asking git for the version")
