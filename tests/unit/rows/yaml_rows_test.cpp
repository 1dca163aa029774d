#include "rows/yaml_rows.h"

#include "support/test.h"

namespace sluice::rows {

TEST_CASE(
    "YAML of many documents is rows; what stands behind a document's end is a mistake, not a document without end") {
    CHECK(test::ok(rows_of_yaml("---\n---\na: 1\n---\n[1]\n")).size() == 3);
    CHECK(test::failure(rows_of_yaml("{a: 1}, 3]")).message.find("line 1, column 7") != std::string::npos);
}

}  // namespace sluice::rows
