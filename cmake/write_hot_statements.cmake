# Statements whose comment names the index that they use, as one SQL function: doctor asks the database how it would run
# them today.
set(rows "")
foreach(file ${FILES})
    file(READ ${file} text)
    if(NOT text MATCHES "\n-- plan: [^\n]*_(idx|pkey|key)")
        continue()
    endif()
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCH "\n-- plan: ([^\n]*)" ignored "${text}")
    set(plan "${CMAKE_MATCH_1}")
    string(REGEX REPLACE "^(--[^\n]*\n)+" "" text "${text}")
    string(APPEND rows "    ('${name}', $plan$${plan}$plan$, $statement$${text}$statement$),\n")
endforeach()
string(REGEX REPLACE ",\n$" "\n" rows "${rows}")
file(WRITE ${OUTPUT} "-- Made of sql/statements by cmake/write_hot_statements.cmake.
create or replace function sluice.hot_statements() returns table (name text, plan text, statement text)
language sql immutable as $hot$
    values
${rows}$hot$;
comment on function sluice.hot_statements() is
    'Statements of the servers that must not read whole tables: what doctor asks the plans of.';
")
