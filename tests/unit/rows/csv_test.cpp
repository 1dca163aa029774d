#include "rows/csv.h"

#include "storage/memory_storage.h"
#include "support/test.h"

namespace sluice::rows {
namespace {

constexpr const char* kFile = "kestra:///a.csv";

/// All records: fields between |, records in [ ]; or the error.
std::string read(const std::string& bytes, const CsvFormat& format = {}, const std::string& charset = "UTF-8") {
    storage::MemoryStorage files;
    test::ok(files.put(test::ok(storage::Uri::parse(kFile)), bytes));
    auto source = TextSource::open(files, kFile, charset);
    if (!source) return source.error().message;
    CsvReader reader(std::move(*source), format);
    std::string out;
    while (true) {
        const auto record = reader.next();
        if (!record) return record.error().message;
        if (!*record) return out;
        std::string fields;
        for (const std::string& field : **record) fields += (&field == (*record)->data() ? "" : "|") + field;
        out += "[" + fields + "]";
    }
}

}  // namespace

TEST_CASE("records are read as RFC 4180 has them") {
    CHECK(read("a,b\n1,2\n") == "[a|b][1|2]");
    CHECK(read("a,b\r\n1,2\r3,4") == "[a|b][1|2][3|4]");
    CHECK(read("\"a,1\",\"x\"\"y\",\"two\nlines\"\n") == "[a,1|x\"y|two\nlines]");
    CHECK(read("a,,\n\n,\n") == "[a||][][|]");
    CHECK(read("a \"quoted\" word,\"\"\n") == "[a \"quoted\" word|]");
    CHECK(read("\"a\"b,c") == "[ab|c]");
    CHECK(read("") == "");
    CHECK(read("\xEF\xBB\xBF"
               "a") == "[a]");
    CHECK(read("a;'b;c'", {.separator = ";", .quote = "'"}) == "[a|b;c]");
    CHECK(read("a¦b§c", {.separator = "¦", .quote = "§"}) == "[a|b§c]");
}

TEST_CASE("other charsets are converted, and what is none is refused") {
    CHECK(read("caf\xE9,\xFC", {}, "ISO-8859-1") == "[café|ü]");
    CHECK(read(std::string("a\0,\0b\0", 6), {}, "UTF-16LE") == "[a|b]");
    CHECK(test::contains(read("caf\xE9,aaaa"), "is no UTF-8 text"));
    CHECK(test::contains(read("a", {}, "NONE-1"), "no known charset"));
}

TEST_CASE("a quoted field that is not closed is told with its line") {
    CHECK(read("a\nb,\"c\nd\n") == "line 2: a quoted field is not closed before the end of the file");
}

TEST_CASE("fields and quotes that lie across what is read at once stay whole") {
    const std::string field(262'143, 'x');  // a piece has 256 KiB
    CHECK(read("\"" + field + "\"\"y\",z\n") == "[" + field + "\"y|z]");
    CHECK(read(field + "\r\nb") == "[" + field + "][b]");
    CHECK(read(std::string(262'141, 'x') + "é,b") == "[" + std::string(262'141, 'x') + "é|b]");
    CHECK(read(field + ",b") == "[" + field + "|b]");
}

TEST_CASE("fields are quoted where they must be") {
    const auto written = [](std::string_view field, const CsvFormat& format = {}) {
        std::string out;
        append_csv_field(out, field, format);
        return out;
    };
    CHECK(written("plain text") == "plain text");
    CHECK(written("a,b") == "\"a,b\"");
    CHECK(written("say \"x\"\"") == "\"say \"\"x\"\"\"\"\"");
    CHECK(written("two\nlines") == "\"two\nlines\"");
    CHECK(written("x", {.quote_all = true}) == "\"x\"");
    CHECK(test::contains(test::failure(check(CsvFormat{.separator = ",,"})).message, "expected one character"));
    CHECK(test::contains(test::failure(check(CsvFormat{.separator = "'", .quote = "'"})).message, "both are"));
}

}  // namespace sluice::rows
