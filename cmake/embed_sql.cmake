# sql/statements/<module>/<name>.sql becomes the constant sluice::<module>::sql::<name>, declared in
# "sql/<module>.h". The text is compiled in; the leading comment stays in the file.
function(sluice_embed_sql module)
    file(GLOB files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/sql/statements/${module}/*.sql")
    if(NOT files)
        return()
    endif()
    set(header "${CMAKE_BINARY_DIR}/generated/sql/${module}.h")
    set(source "${CMAKE_BINARY_DIR}/generated/sql/${module}.cpp")
    add_custom_command(
        OUTPUT ${header} ${source}
        COMMAND ${CMAKE_COMMAND} -DMODULE=${module} -DHEADER=${header} -DSOURCE=${source}
                "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/write_sql.cmake
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/write_sql.cmake
        COMMENT "Embedding the SQL of ${module}"
        VERBATIM)
    target_sources(sluice_${module} PRIVATE ${header} ${source})
endfunction()

# Migrations, views and functions: one list of (name, text) in the order of their names.
function(sluice_embed_schema target)
    file(GLOB files CONFIGURE_DEPENDS
        "${CMAKE_SOURCE_DIR}/sql/migrations/*.sql" "${CMAKE_SOURCE_DIR}/sql/views/*.sql"
        "${CMAKE_SOURCE_DIR}/sql/functions/*.sql")
    file(GLOB_RECURSE statements CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/sql/statements/*.sql")
    set(hot "${CMAKE_BINARY_DIR}/generated/sql/hot_statements.sql")
    set(source "${CMAKE_BINARY_DIR}/generated/sql/schema.cpp")
    add_custom_command(
        OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} "-DFILES=${statements}" -DOUTPUT=${hot}
                -P ${CMAKE_SOURCE_DIR}/cmake/write_hot_statements.cmake
        COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} "-DFILES=${files}" -DROOT=${CMAKE_SOURCE_DIR}/sql -DHOT=${hot}
                -P ${CMAKE_SOURCE_DIR}/cmake/write_schema.cmake
        DEPENDS ${files} ${statements} ${CMAKE_SOURCE_DIR}/cmake/write_schema.cmake
                ${CMAKE_SOURCE_DIR}/cmake/write_hot_statements.cmake
        COMMENT "Embedding the schema"
        VERBATIM)
    target_sources(${target} PRIVATE ${source})
endfunction()
