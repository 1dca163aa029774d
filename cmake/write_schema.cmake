set(entries "")
foreach(file ${FILES} ${HOT})
    file(RELATIVE_PATH name ${ROOT} ${file})
    if(file STREQUAL "${HOT}")
        set(name "views/hot_statements.sql")  # replaced at every migration, as they are
    endif()
    file(READ ${file} text)
    # A raw string literal may hold 64 KiB; longer files are several literals side by side.
    string(LENGTH "${text}" length)
    set(at 0)
    set(literals "")
    while(at LESS length)
        string(SUBSTRING "${text}" ${at} 12000 piece)
        string(APPEND literals "R\"sql(${piece})sql\"\n")
        math(EXPR at "${at} + 12000")
    endwhile()
    string(APPEND entries "    {\"${name}\", ${literals}},\n")
endforeach()
file(WRITE ${SOURCE} "// Made of sql/migrations, sql/views and sql/functions by cmake/write_schema.cmake.
#include \"pg/schema_files.h\"

namespace sluice::pg {
namespace {
const SchemaFile kFiles[] = {
${entries}};
}  // namespace
std::span<const SchemaFile> schema_files() { return kFiles; }
}  // namespace sluice::pg
")
