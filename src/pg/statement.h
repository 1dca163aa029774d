#pragma once

namespace sluice::pg {

/// One statement of sql/statements: its file's name, and its text. A connection prepares it at its first use.
struct Statement {
    const char* name;
    const char* text;
};

}  // namespace sluice::pg
