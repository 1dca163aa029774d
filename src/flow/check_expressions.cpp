// Expressions are parsed when the flow is: a mistake is told before anything runs.
#include "expr/references.h"
#include "expr/template.h"
#include "flow/reading.h"

namespace sluice::flow {
namespace {

Place place_in(const Reading& reading, const Node& scalar, const Place& inside, const std::string& path) {
    return place_in_file(scalar, inside, reading.options.file, path);
}

}  // namespace

Place place_in_file(const Node& scalar, const Place& inside, const std::string& file, const std::string& path) {
    Place out{file, scalar.line, scalar.column, path};
    if (inside.line <= 0) return out;
    switch (scalar.style) {
        case Node::Style::Plain:
            if (inside.line == 1) out.column += std::max(0, inside.column - 1);
            break;
        case Node::Style::Quoted:
            if (inside.line == 1) out.column += std::max(1, inside.column);
            break;
        case Node::Style::Block:
            out.line += inside.line;
            out.column = scalar.block_indent + std::max(1, inside.column);
            break;
    }
    return out;
}

void check_expression(Reading& reading, const Node& scalar, const std::string& path) {
    if (!scalar.is_scalar() || !expr::has_expression(scalar.text)) return;
    const auto parsed = expr::parse(scalar.text);
    const auto tell = [&](const Error& found) {
        reading.errors.push_back(
            Error{ErrorCode::Invalid, found.message, place_in(reading, scalar, found.place, path), {}, found.kind});
    };
    if (!parsed) return tell(parsed.error());
    for (const Error& unknown : expr::unknown_names(**parsed)) tell(unknown);
    const expr::References found = expr::references(**parsed);
    if (const auto outputs = found.roots.find("outputs"); outputs != found.roots.end()) {
        for (const auto& [task, place] : outputs->second.places) {
            if (!task.empty()) reading.output_uses.emplace_back(task, place_in(reading, scalar, place, path));
        }
    }
    reading.reads_all_outputs = reading.reads_all_outputs || scalar.text.find("outputs") != std::string::npos;
}

}  // namespace sluice::flow
