execute_process(COMMAND git -C ${SOURCE_DIR} describe --tags --match "v*" --dirty
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse --short=10 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
execute_process(COMMAND git -C ${SOURCE_DIR} log -1 --format=%cI
    OUTPUT_VARIABLE commit_date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(failed OR NOT described)
    execute_process(COMMAND git -C ${SOURCE_DIR} rev-list --count HEAD
        OUTPUT_VARIABLE count OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(described "0.1.0-${count}-g${commit}")
else()
    string(SUBSTRING "${described}" 1 -1 described)
endif()
set(text "#pragma once
// Written by cmake/write_version.cmake.
#define SLUICE_VERSION \"${described}\"
#define SLUICE_COMMIT \"${commit}\"
#define SLUICE_COMMIT_DATE \"${commit_date}\"
")
set(old "")
if(EXISTS ${OUTPUT})
    file(READ ${OUTPUT} old)
endif()
if(NOT text STREQUAL old)
    file(WRITE ${OUTPUT} "${text}")
endif()
