#include <cstddef>
#include <cstdint>

#include "rows/csv.h"
#include "rows/json_rows.h"
#include "rows/row_codec.h"
#include "rows/xml_rows.h"
#include "rows/yaml_rows.h"
#include "storage/memory_storage.h"
#include "value/json.h"

// Any bytes as a data file in each of the forms that are read: rows, or a mistake with a sentence. What is written of
// rows reads as the same.

namespace {

using namespace sluice;
using namespace sluice::rows;

const std::string kAddress = "kestra:///fuzz";

/// All that `next` gives, to the end or to a mistake. How many there were.
template <class Next, class Look>
std::size_t read_all(const Next& next, const Look& look) {
    for (std::size_t rows = 0;; ++rows) {
        const auto row = next();
        if (!row) ensure(!row.error().message.empty(), "refused without a reason");
        if (!row || !*row) return rows;
        look(**row);
    }
}

void check_row(RowCodec& codec, const Value& row) {
    const std::string line = codec.text_of(row);
    ensure(line.find('\n') == std::string::npos, "a row with a line break: {}", line);
    const auto again = codec.read(line);
    ensure(again.has_value(), "what was written can't be read: {}", line);
    ensure(codec.text_of(*again) == line, "{} is read as another row: {}", line, codec.text_of(*again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    RowCodec codec;
    const auto check = [&](const Value& row) { check_row(codec, row); };
    if (const auto row = codec.read(text)) check(*row);
    if (const auto value = parse_json(text)) {
        const std::string written = to_json(*value);
        const auto again = parse_json(written);
        ensure(again && to_json(*again) == written, "JSON that was written is read as another value: {}", written);
    }
    storage::MemoryStorage files;
    ensure(files.put(storage::Uri::parse(kAddress).value(), text).has_value(), "the file can't be put");
    for (const auto form : {JsonRows::Form::Values, JsonRows::Form::ListOrValues}) {
        JsonRows rows(TextSource::open(files, kAddress).value(), form);
        read_all([&] { return rows.next(); }, check);
    }
    for (const CsvFormat& format : {CsvFormat{}, CsvFormat{.separator = ";", .quote = "'"}}) {
        CsvReader reader(TextSource::open(files, kAddress).value(), format);
        const std::size_t records = read_all([&] { return reader.next(); }, [](const auto&) {});
        ensure(records <= size + 1, "{} records of {} bytes", records, size);
    }
    for (const char* path : {"", "/catalog/book"}) {
        if (auto rows = XmlRows::open(files, kAddress, path, {"author"}, "UTF-8"))
            read_all([&] { return rows->next(); }, check);
    }
    if (const auto rows = rows_of_yaml(text)) {
        for (const Value& row : *rows) check(row);
    }
    return 0;
}
