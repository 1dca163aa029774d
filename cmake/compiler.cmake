# How every target is compiled: one place, so that no file is built differently by accident.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(SLUICE_WERROR "Warnings are errors" OFF)
set(SLUICE_SANITIZE "" CACHE STRING "Value of -fsanitize, for example address,undefined or thread")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED ENV{SLUICE_NO_CCACHE})
    # A precompiled header is named by its content, so that ccache may trust it.
    set(SLUICE_CCACHE_SLOPPINESS "pch_defines,time_macros,include_file_mtime,include_file_ctime")
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=${SLUICE_CCACHE_SLOPPINESS};CCACHE_BASEDIR=${CMAKE_SOURCE_DIR};CCACHE_NOHASHDIR=1;${CCACHE_PROGRAM}")
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
    add_link_options(-fuse-ld=mold)
endif()

# Eight files as one: a whole build takes a third of the time, a change of one file longer. So names in anonymous
# namespaces must differ within a module; a file of which there are many alike (a task type, the routes of a resource)
# has a named one instead.
option(SLUICE_UNITY "Compile files of a module together" OFF)

if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    # A sanitizer build is compiled once and run for seconds, so that it is the compiler that must be quick; -g1 keeps stack
    # traces and halves the link.
    if(SLUICE_SANITIZE)
        set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1 -fno-omit-frame-pointer")
    else()
        set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -fno-omit-frame-pointer")
    endif()
else()
    set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
endif()

if(SLUICE_SANITIZE)
    add_compile_options(-fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all)
    if(SLUICE_SANITIZE MATCHES "undefined")
        # These cost more time to compile than all others together; a null pointer is found by AddressSanitizer, too.
        add_compile_options(-fno-sanitize=null,alignment,vptr,object-size)
    endif()
    add_link_options(-fsanitize=${SLUICE_SANITIZE})
endif()

function(sluice_compiler_options target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local> -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
        -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wunused -Wno-missing-field-initializers)
    if(SLUICE_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # False positives of g++ 12 in inlined std::string and std::vector code, and two more with sanitizers on. For it
        # the sources of a unity build are headers.
        target_compile_options(${target} PRIVATE -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds
            -Wno-dangling-pointer $<$<BOOL:${SLUICE_SANITIZE}>:-Wno-maybe-uninitialized;-Wno-restrict>
            $<$<BOOL:${SLUICE_UNITY}>:-Wno-subobject-linkage>)
    else()
        # With its time in it a precompiled header differs from build to build, and ccache never knows what was made with it.
        target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
endfunction()
