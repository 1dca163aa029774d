#pragma once
#include <span>
#include <string_view>

namespace sluice::pg {

/// A file of sql/migrations, sql/views or sql/functions, compiled in.
struct SchemaFile {
    std::string_view name;  // "migrations/0001_expand_first.sql"
    std::string_view text;
};

/// In the order of their names.
std::span<const SchemaFile> schema_files();

}  // namespace sluice::pg
