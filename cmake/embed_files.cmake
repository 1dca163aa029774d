# sluice_embed_files(target namespace folder [DEPENDS ...]): every file below `folder` is compiled into
# `target` by the assembler's .incbin (a megabyte of script costs no compile time) and listed, with its
# path relative to the folder, by sluice::<namespace>::embedded_files() of "embedded/<namespace>.h".
function(sluice_embed_files target namespace folder)
    cmake_parse_arguments(ARG "" "STAMP" "DEPENDS" ${ARGN})
    set(header "${CMAKE_BINARY_DIR}/generated/embedded/${namespace}.h")
    set(source "${CMAKE_BINARY_DIR}/generated/embedded/${namespace}.cpp")
    add_custom_command(
        OUTPUT ${header} ${source}
        COMMAND ${CMAKE_COMMAND} -DNAMESPACE=${namespace} -DFOLDER=${folder} -DHEADER=${header} -DSOURCE=${source}
                -P ${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake
        DEPENDS ${ARG_DEPENDS} ${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake
        COMMENT "Embedding ${folder}"
        VERBATIM)
    target_sources(${target} PRIVATE ${header} ${source})
endfunction()
