#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sluice::databases {

// SQL text by PostgreSQL's rules for strings ('', E'', U&''), quoted names, $tag$ strings and comments that nest. What
// SQLite and DuckDB have of them is the same, but that SQLite's comments do not nest.

/// One statement of a script, and where it begins in it.
struct ScriptPart {
    std::string_view text{};
    std::size_t offset = 0;
};

/// The statements between the semicolons, without those that have nothing but blanks and comments. The body of a
/// function (BEGIN ATOMIC … END) or of a trigger belongs to its statement.
std::vector<ScriptPart> split_statements(std::string_view script);

/// A statement with placeholders of its database ($1) instead of what the author wrote.
struct BoundText {
    std::string text{};
    std::vector<std::string> names{};                           // of the placeholders, in order; "" for a ?
    std::vector<std::pair<std::size_t, std::size_t>> shifts{};  // from there in `text` on: where it is in the source

    /// Where a byte of `text` stands in the source
    std::size_t source_offset(std::size_t at) const;
};

/// `:name` becomes `<mark>n`, the same n for the same name. Only names that are known, so that a[1:n] stays what it is;
/// a cast (::) is none.
BoundText bind_names(std::string_view sql, char mark, const std::function<bool(std::string_view)>& is_known);

/// Each `?` becomes `<mark>n`; `??` stands for the operator `?`.
BoundText bind_question_marks(std::string_view sql, char mark);

/// Line and column of a byte, both from 1; columns count characters.
Place place_in(std::string_view sql, std::size_t offset);

}  // namespace sluice::databases
