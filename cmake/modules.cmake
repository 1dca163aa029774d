# A module may include what it USES, and what that uses. Arrows only point up the page.
# tests/structure holds every #include in src/ against this table.

# sluice_module(name USES modules... LINKS libraries...)
function(sluice_module name)
    cmake_parse_arguments(ARG "" "" "USES;LINKS" ${ARGN})
    set(target sluice_${name})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
    list(REMOVE_ITEM sources "${CMAKE_SOURCE_DIR}/src/cli/main.cpp")
    if(NOT sources)
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    else()
        add_library(${target} STATIC ${sources})
        sluice_compiler_options(${target})
        set_target_properties(${target} PROPERTIES UNITY_BUILD ${SLUICE_UNITY} UNITY_BUILD_BATCH_SIZE 8)
        set(scope PUBLIC)
    endif()
    target_include_directories(${target} ${scope} "${CMAKE_SOURCE_DIR}/src" "${CMAKE_BINARY_DIR}/generated")
    foreach(used ${ARG_USES})
        target_link_libraries(${target} ${scope} sluice_${used})
    endforeach()
    foreach(library ${ARG_LINKS})
        target_link_libraries(${target} ${scope} ${library})
    endforeach()
    if(sources AND NOT name STREQUAL "base")
        target_precompile_headers(${target} REUSE_FROM sluice_base)
    elseif(name STREQUAL "base")
        target_precompile_headers(${target} PRIVATE "${CMAKE_SOURCE_DIR}/src/base/precompiled.h")
    endif()
    sluice_embed_sql(${name})
endfunction()

sluice_module(base                                       # Result, ids, time, log, the loop of a service
    LINKS dep_fmt dep_expected dep_spdlog Threads::Threads)
sluice_module(value       USES base                      # the dynamic value, JSON in and out
    LINKS dep_json)
sluice_module(expr        USES value                     # the expression language: parse, evaluate, filters
    LINKS dep_pcre2 dep_date dep_openssl dep_yaml)
sluice_module(flow        USES expr                      # YAML to checked flows; errors with line and column
    LINKS dep_yaml)
sluice_module(schedule    USES flow                      # cron, dates, conditions: when is the next one due?
    LINKS dep_date)
sluice_module(engine      USES flow)                     # executions, events, step(): what happens next
# ---- from value to engine: no I/O, no clock, no SQL ----
sluice_module(net         USES value                     # outgoing HTTP
    LINKS dep_curl)
sluice_module(process     USES base)                     # child processes: groups, limits, output, kill
sluice_module(storage     USES base                      # the files of executions
    LINKS dep_pcre2)
sluice_module(rows        USES expr storage              # the rows of data files: Ion, JSON, CSV, YAML, XML, Excel; streaming
    LINKS dep_yaml dep_xml dep_xlsxwriter)
sluice_module(databases   USES expr                      # databases that tasks talk to: PostgreSQL, SQLite, DuckDB
    LINKS dep_pq dep_sqlite ${CMAKE_DL_LIBS})
sluice_module(object_store USES net storage              # Amazon S3 and what speaks like it; the storage on it
    LINKS dep_openssl dep_pugixml)
sluice_module(remote      USES net                       # files on other machines (SFTP, FTP) and commands by SSH
    LINKS dep_ssh)
sluice_module(http        USES value                     # incoming HTTP; the only folder with a Pistache name in it
    LINKS dep_pistache dep_beast dep_zlib dep_openssl)
sluice_module(pg          USES base                      # connections, statements, LISTEN, locks, migrations
    LINKS dep_pqxx dep_pq)
sluice_module(pg_storage  USES pg storage)               # the files of executions in PostgreSQL
sluice_module(queue       USES pg engine)                # events, jobs, claims, timers: put, take, finish, park
sluice_module(store       USES pg engine schedule)       # flows, executions, triggers, logs, kv: a file per table
sluice_module(cluster     USES pg)                       # heartbeats, who is alive, who leads
sluice_module(access      USES pg                        # who may do what: users, roles, tokens, sessions; the audit
    LINKS dep_openssl)
sluice_module(oidc        USES access net                # log-in by an OpenID provider
    LINKS dep_openssl)
sluice_module(plugin      USES flow net process storage) # what a task type is: schema, context, result
sluice_module(tasks       USES plugin rows databases object_store remote  # the built-in task types, one file each, and catalog.cpp
    LINKS dep_archive dep_zlib)
sluice_module(executor    USES queue store plugin)       # takes events, calls step(), writes what follows
sluice_module(worker      USES queue store cluster plugin  # takes jobs, runs tasks, reports results
    LINKS dep_zlib)
sluice_module(scheduler   USES queue store cluster)      # the one leader: turns due triggers into executions
sluice_module(maintenance USES queue store cluster access storage) # in every process: reaps the dead, retention, partitions
sluice_module(webserver   USES http queue store cluster access oidc storage # a file per REST resource: parse, call one thing, render
    LINKS dep_archive)
sluice_module(server      USES webserver executor worker scheduler maintenance tasks object_store pg_storage  # roles and their wiring
    LINKS dep_systemd)
sluice_module(cli         USES server                    # main() and the commands
    LINKS dep_cxxopts)

sluice_embed_schema(sluice_pg)
add_dependencies(sluice_base sluice_version)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees overlapping copies in std::string's operator+ here, and there are none (its bug 105651).
    set_source_files_properties(
        "${CMAKE_SOURCE_DIR}/src/tasks/scripts/python_environment.cpp"
        "${CMAKE_SOURCE_DIR}/src/webserver/stats_routes.cpp"
        PROPERTIES COMPILE_OPTIONS "-Wno-restrict")
endif()
