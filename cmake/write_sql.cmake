set(declarations "")
set(definitions "")
foreach(file ${FILES})
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} text)
    # The comment block at the top explains the statement to people; the server needs not parse it.
    string(REGEX REPLACE "^(--[^\n]*\n)+" "" text "${text}")
    string(APPEND declarations "extern const pg::Statement ${name};\n")
    string(APPEND definitions "const pg::Statement ${name}{\"${name}\", R\"sql(${text})sql\"};\n")
endforeach()
file(WRITE ${HEADER} "#pragma once
// Made of sql/statements/${MODULE}/*.sql by cmake/write_sql.cmake.
#include \"pg/statement.h\"

namespace sluice::${MODULE}::sql {
${declarations}}  // namespace sluice::${MODULE}::sql
")
file(WRITE ${SOURCE} "#include \"sql/${MODULE}.h\"

namespace sluice::${MODULE}::sql {
${definitions}}  // namespace sluice::${MODULE}::sql
")
