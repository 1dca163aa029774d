#include "webserver/file_preview.h"

#include "access/passwords.h"
#include "base/utf8.h"
#include "expr/failure.h"
#include "expr/ion_text.h"
#include "expr/session.h"
#include "value/json.h"

namespace sluice::webserver {
namespace {

constexpr std::size_t kMostBytes = 2 * 1024 * 1024;
constexpr std::size_t kMostPicture = 10 * 1024 * 1024;
constexpr std::int64_t kMostRows = 5000;

struct Beginning {
    std::string text{};
    bool truncated = false;
};

Result<Beginning> read(const storage::Storage& storage, const storage::Uri& uri, std::size_t most) {
    auto reader = storage.open(uri);
    if (!reader) return tl::unexpected(reader.error());
    Beginning out;
    out.text.resize(std::min<std::uint64_t>((*reader)->size_bytes(), most));
    out.text.resize((*reader)->read(out.text));
    out.truncated = (*reader)->size_bytes() > out.text.size();
    return out;
}

std::string extension_of(const storage::Uri& uri) {
    const std::string name = uri.name();
    const auto dot = name.rfind('.');
    std::string extension = dot == std::string::npos ? "" : name.substr(dot + 1);
    for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return extension;
}

Result<List> ion_values(std::string_view line, expr::Session& session) {
    try {
        return expr::values_from_ion(line, false, session);
    } catch (const expr::Failure& wrong) {
        return invalid("Illegal argument: the file is not Ion: {}", wrong.text());
    }
}

/// Lines that are JSON or Ion values, one each; a line that breaks off is left out.
Result<List> line_rows(const Beginning& file, std::size_t most, bool ion, expr::Environment& environment) {
    List rows;
    std::size_t from = 0;
    expr::Session session(environment, expr::Limits{});
    while (from < file.text.size() && rows.size() < most) {
        const auto end = file.text.find('\n', from);
        if (end == std::string::npos && file.truncated) break;
        const std::string_view line =
            std::string_view(file.text).substr(from, end == std::string::npos ? std::string::npos : end - from);
        from = end == std::string::npos ? file.text.size() : end + 1;
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        if (!ion) {
            auto value = parse_json(line);
            if (!value)
                return invalid("Illegal argument: line {} is not JSON: {}", rows.size() + 1, value.error().message);
            rows.push_back(std::move(*value));
            continue;
        }
        auto values = ion_values(line, session);
        if (!values) return values;
        for (Value& value : *values) rows.push_back(std::move(value));
    }
    return rows;
}

Value made(const std::string& extension, const char* type, Value content, std::int64_t rows, bool truncated) {
    return Value{{"extension", extension},
                 {"type", type},
                 {"content", std::move(content)},
                 {"maxLine", rows},
                 {"truncated", truncated}};
}

/// The first lines, at most.
Value as_text(const std::string& extension, Beginning file, std::int64_t max_rows) {
    std::size_t end = 0;
    std::int64_t lines = 0;
    while (lines < max_rows && end < file.text.size()) {
        end = std::min(file.text.find('\n', end), file.text.size() - 1) + 1;
        ++lines;
    }
    const bool cut = end < file.text.size();
    file.text.resize(end);
    return made(extension, extension == "md" ? "MARKDOWN" : "TEXT", repaired_utf8(file.text), max_rows,
                cut || file.truncated);
}

bool is_picture(const std::string& extension) {
    for (const char* known : {"png", "jpg", "jpeg", "gif", "svg", "webp"}) {
        if (extension == known) return true;
    }
    return false;
}

}  // namespace

List csv_rows(std::string_view text, std::size_t most, bool complete) {
    std::vector<std::string> header;
    std::vector<std::string> cells(1);
    List rows;
    bool quoted = false;
    const auto end_row = [&] {
        if (cells.size() == 1 && cells[0].empty()) return;
        if (header.empty())
            header = cells;
        else {
            Map row;
            for (std::size_t i = 0; i < cells.size(); ++i)
                row.set(i < header.size() ? header[i] : fmt::format("column {}", i + 1), cells[i]);
            rows.push_back(Value(std::move(row)));
        }
        cells.assign(1, "");
    };
    for (std::size_t i = 0; i < text.size() && rows.size() < most; ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"')
                cells.back() += c;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                cells.back() += text[++i];
            else
                quoted = false;
        } else if (c == '"')
            quoted = true;
        else if (c == ',')
            cells.emplace_back();
        else if (c == '\n')
            end_row();
        else if (c != '\r')
            cells.back() += c;
    }
    if (complete && rows.size() < most) end_row();
    return rows;
}

Result<Value> preview_of(const storage::Storage& storage, const storage::Uri& uri, std::int64_t max_rows,
                         expr::Environment& environment) {
    max_rows = std::clamp<std::int64_t>(max_rows, 1, kMostRows);
    const auto most = static_cast<std::size_t>(max_rows);
    const std::string extension = extension_of(uri);
    const bool binary = is_picture(extension) || extension == "pdf";
    auto file = read(storage, uri, binary ? kMostPicture : kMostBytes);
    if (!file) return tl::unexpected(file.error());
    if (binary) {
        if (file->truncated) return invalid("Illegal argument: the file is too large to be shown; download it");
        return made(extension, extension == "pdf" ? "PDF" : "IMAGE", access::to_base64(file->text), max_rows, false);
    }
    if (extension == "csv") {
        List rows = csv_rows(file->text, most + 1, !file->truncated);
        const bool more = rows.size() > most;
        if (more) rows.resize(most);
        return made(extension, "LIST", Value(std::move(rows)), max_rows, more || file->truncated);
    }
    if (extension == "ion" || extension == "jsonl") {
        auto rows = line_rows(*file, most + 1, extension == "ion", environment);
        if (!rows) return tl::unexpected(rows.error());
        const bool more = rows->size() > most;
        if (more) rows->resize(most);
        return made(extension, "LIST", Value(std::move(*rows)), max_rows, more || file->truncated);
    }
    return as_text(extension, std::move(*file), max_rows);
}

}  // namespace sluice::webserver
