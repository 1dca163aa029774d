# The web page: npm builds ui/ into build/<preset>/page, which is compiled into the binary.
# Without npm (or with -DSLUICE_PAGE=OFF) the binary serves the API, and a page that says that the page is missing.
option(SLUICE_PAGE "Build the web page and compile it in" ON)

find_program(SLUICE_NPM npm DOC "npm, which builds the web page")
find_program(SLUICE_NODE node NAMES node nodejs DOC "Node, which builds the web page")
mark_as_advanced(SLUICE_NPM SLUICE_NODE)

# sluice_add_page(target): compiles the page into `target`; sluice::page::embedded_files() of "embedded/page.h" lists
# its files by their path below /ui/. Beside each text file that shrinks lies `<file>.gz`, and where Node can, `<file>.br`.
function(sluice_add_page target)
    set(folder "${CMAKE_BINARY_DIR}/page")
    set(stamp "${CMAKE_BINARY_DIR}/page.stamp")
    set(missing "")
    if(NOT SLUICE_PAGE)
        set(missing "this build was configured with -DSLUICE_PAGE=OFF")
    elseif(NOT SLUICE_NPM OR NOT SLUICE_NODE)
        set(missing "npm was not found when this build was configured; install the packages nodejs and npm, and configure again")
        message(WARNING "The web page is left out: ${missing}")
    endif()
    if(missing)
        file(WRITE "${CMAKE_BINARY_DIR}/page_missing.txt" "${missing}")
        add_custom_command(
            OUTPUT ${stamp}
            COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DREASON=${CMAKE_BINARY_DIR}/page_missing.txt
                    -P ${CMAKE_SOURCE_DIR}/cmake/write_missing_page.cmake
            COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
            DEPENDS ${CMAKE_BINARY_DIR}/page_missing.txt ${CMAKE_SOURCE_DIR}/cmake/write_missing_page.cmake
            COMMENT "Leaving the web page out"
            VERBATIM)
    else()
        sluice_build_page(${folder} ${stamp})
    endif()
    sluice_embed_files(${target} page ${folder} DEPENDS ${stamp})
endfunction()

# npm ci only when the lock changed, npm run build when a source did. It works in a copy of the build folder's own,
# so that presets don't share node_modules and the source tree stays clean.
function(sluice_build_page folder stamp)
    set(ui "${CMAKE_SOURCE_DIR}/ui")
    set(work "${CMAKE_BINARY_DIR}/page_work")
    set(installed "${work}/installed.stamp")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${ui}/src/*" "${ui}/public/*")
    list(FILTER sources EXCLUDE REGEX "\\.test\\.ts$|/src/testing/")
    list(APPEND sources "${ui}/index.html" "${ui}/vite.config.ts" "${ui}/tsconfig.json" "${ui}/scripts/compress.mjs")
    add_custom_command(
        OUTPUT ${installed}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${work}
        COMMAND ${CMAKE_COMMAND} -E copy ${ui}/package.json ${ui}/package-lock.json ${ui}/.npmrc ${work}
        COMMAND ${CMAKE_COMMAND} -E chdir ${work} ${SLUICE_NPM} ci --no-audit --no-fund --loglevel=error
        COMMAND ${CMAKE_COMMAND} -E touch ${installed}
        DEPENDS ${ui}/package.json ${ui}/package-lock.json ${ui}/.npmrc
        COMMENT "Installing what the web page is built with"
        VERBATIM)
    add_custom_command(
        OUTPUT ${stamp}
        COMMAND ${CMAKE_COMMAND} -E rm -rf ${work}/src ${work}/public ${work}/scripts ${folder}
        COMMAND ${CMAKE_COMMAND} -E copy_directory ${ui}/src ${work}/src
        COMMAND ${CMAKE_COMMAND} -E copy_directory ${ui}/public ${work}/public
        COMMAND ${CMAKE_COMMAND} -E copy_directory ${ui}/scripts ${work}/scripts
        COMMAND ${CMAKE_COMMAND} -E copy ${ui}/index.html ${ui}/vite.config.ts ${ui}/tsconfig.json ${work}
        COMMAND ${CMAKE_COMMAND} -E chdir ${work} ${CMAKE_COMMAND} -E env SLUICE_UI_OUT=${folder} ${SLUICE_NPM} run --silent build
        COMMAND ${SLUICE_NODE} ${work}/scripts/compress.mjs ${folder}
        COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS ${installed} ${sources}
        COMMENT "Building the web page"
        VERBATIM)
endfunction()
