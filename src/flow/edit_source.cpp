#include "flow/edit_source.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "flow/yaml_document.h"
#include "value/json.h"

namespace sluice::flow {
namespace edit_source {

/// The map that bears the id and a type: an id alone may be that of an input.
const Node* task_below(const Node& tree, std::string_view id) {
    if (tree.is_map() && tree.text_of("id") == id && !tree.text_of("type").empty()) return &tree;
    const auto first_in = [&](const auto& parts, auto node_of) -> const Node* {
        for (const auto& part : parts) {
            if (const Node* found = task_below(node_of(part), id)) return found;
        }
        return nullptr;
    };
    if (const Node* found = first_in(tree.items, [](const Node& one) -> const Node& { return one; })) return found;
    return first_in(tree.entries, [](const Node::Entry& one) -> const Node& { return one.value; });
}

std::size_t offset_of(std::string_view text, int line, int column) {
    std::size_t at = 0;
    for (int i = 1; i < line; ++i) at = text.find('\n', at) + 1;
    return at + static_cast<std::size_t>(column - 1);
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end;
}

/// Behind the brace that closes the one at `at`. Texts in quotes and comments may hold braces, and plain texts quotes.
std::size_t end_of_braces(std::string_view text, std::size_t at) {
    int depth = 0;
    char quote = 0;
    char before = 0;  // the last one that is no blank
    for (; at < text.size(); ++at) {
        const char c = text[at];
        const bool begins = before == '{' || before == '[' || before == ',' || before == ':';
        if (quote != 0) {
            const bool doubled = c == '\'' && quote == c && text.substr(at + 1, 1) == "'";
            if (doubled || (c == '\\' && quote == '"'))
                ++at;
            else if (c == quote)
                quote = 0;
        } else if (begins && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == '#' && (text[at - 1] == ' ' || text[at - 1] == '\n')) {
            at = end_of_line(text, at);
            continue;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at + 1;
        }
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') before = c;
    }
    return text.size();
}

/// Behind the last line that belongs to the block whose keys stand in `column`: what stands further left does not, and
/// what is empty, or a comment, belongs to what follows.
std::size_t end_of_block(std::string_view text, std::size_t at, int column) {
    std::size_t end = end_of_line(text, at);
    for (std::size_t begin = end + 1; begin < text.size();) {
        const std::size_t line_end = end_of_line(text, begin);
        const std::string_view line = text.substr(begin, line_end - begin);
        const std::size_t indent = line.find_first_not_of(" \t\r");
        const bool is_blank = indent == std::string_view::npos;
        if (!is_blank && indent + 1 < static_cast<std::size_t>(column) && line[indent] != '#') break;
        if (!is_blank && indent + 1 >= static_cast<std::size_t>(column)) end = line_end;
        begin = line_end + 1;
    }
    return end;
}

/// Whether YAML reads a text as this very text without quotes.
bool is_plain(const std::string& text) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (text.empty() || kLetters.find(text[0]) == std::string_view::npos) return false;
    if (text.find_first_not_of(std::string(kLetters) + "0123456789._-/") != std::string::npos) return false;
    return scalar_value(Node{.type = Node::Type::Scalar, .text = text, .entries = {}}).is_string();
}

/// JSON is YAML: the keys of the task stand on lines of their own, what is below them is as JSON writes it.
std::string written(const Value& task, int column) {
    std::string out;
    for (const auto& [key, value] : task.as_map()) {
        if (!out.empty()) out += "\n" + std::string(static_cast<std::size_t>(column - 1), ' ');
        const std::string* text = value.if_string();
        out += is_plain(key) ? key : to_json(Value(key));
        out += ": " + (text != nullptr && is_plain(*text) ? *text : to_json(value));
    }
    return out;
}

constexpr std::array kBranches{"tasks", "errors", "finally", "afterExecution"};

/// Puts the task in the place of the first one of its id, in the order in which task_below() looks. false: there is
/// none
bool put_task(Value& tree, std::string_view id, const Value& task) {
    if (tree.is_list()) {
        List& items = tree.mutable_list();
        return std::any_of(items.begin(), items.end(), [&](Value& one) { return put_task(one, id, task); });
    }
    if (!tree.is_map()) return false;
    if (tree.text("id") == id && !tree.text("type").empty()) {
        tree = task;
        return true;
    }
    Map& entries = tree.mutable_map();
    return std::any_of(entries.begin(), entries.end(), [&](auto& entry) { return put_task(entry.second, id, task); });
}

/// Whether nothing but the task differs in what YAML reads: an unusual text may be cut in the wrong place.
bool is_only_change(const Node& before, const std::string& after, std::string_view id, const Value& task) {
    Value wanted = to_value(before);
    const bool is_put = std::any_of(kBranches.begin(), kBranches.end(), [&](const char* branch) {
        Value* tasks = wanted.mutable_map().find(branch);
        return tasks != nullptr && put_task(*tasks, id, task);
    });
    const auto tree = parse_yaml(after);
    return is_put && tree && to_value(*tree) == wanted;
}

}  // namespace edit_source

Result<std::string> with_task(std::string_view source, std::string_view task_id, const Value& task) {
    using namespace edit_source;
    const auto tree = parse_yaml(source);
    if (!tree) return tl::unexpected(tree.error());
    const Node* found = nullptr;
    for (const char* branch : kBranches) {
        const Node* tasks = tree->find(branch);
        if (found == nullptr && tasks != nullptr) found = task_below(*tasks, task_id);
    }
    if (found == nullptr) return not_found("Not Found: the flow has no task {}", task_id);
    const std::size_t begin = offset_of(source, found->line, found->column);
    const bool in_braces = source[begin] == '{';
    const std::size_t end = in_braces ? end_of_braces(source, begin) : end_of_block(source, begin, found->column);
    std::string out = std::string(source.substr(0, begin)) +
                      (in_braces ? to_json(task) : written(task, found->column)) + std::string(source.substr(end));
    if (!is_only_change(*tree, out, task_id, task))
        return invalid("Illegal argument: the task {} can't be replaced in this text; store the whole flow", task_id);
    return out;
}

std::string flow_around(std::string_view part, std::string_view section) {
    std::string out = fmt::format("id: part\nnamespace: part\n{}:\n  -\n", section);
    while (!part.empty()) {
        const std::size_t end = edit_source::end_of_line(part, 0);
        out += std::string(kPartColumn - 1, ' ') + std::string(part.substr(0, end)) + "\n";
        part.remove_prefix(std::min(end + 1, part.size()));
    }
    if (section != "tasks") out += "tasks:\n  - {id: part, type: core.debug.Return}\n";
    return out;
}

}  // namespace sluice::flow
