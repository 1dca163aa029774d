#include "expr/builtin.h"

#include <unordered_map>

#include "base/nearest.h"
#include "expr/builtin_tables.h"
#include "expr/evaluator.h"
#include "expr/operators.h"
#include "expr/text_forms.h"

namespace sluice::expr {
namespace {

/// "format='iso', timeZone" as {"format", "timeZone"}
std::vector<std::string_view> names_in(std::string_view parameters) {
    std::vector<std::string_view> names;
    bool quoted = false;
    std::size_t from = 0;
    for (std::size_t at = 0; at <= parameters.size() && !parameters.empty(); ++at) {
        const char c = at < parameters.size() ? parameters[at] : ',';
        if (c == '\'') quoted = !quoted;
        if (c != ',' || quoted) continue;
        std::string_view name = parameters.substr(from, at - from);
        name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
        names.push_back(name.substr(0, name.find('=')));
        from = at + 1;
    }
    return names;
}

std::vector<Builtin> all_builtins() {
    std::vector<Builtin> all;
    const auto add = [&](BuiltinKind kind, std::span<const BuiltinRow> rows) {
        for (const BuiltinRow& row : rows) {
            const bool takes_any = row.parameters == kAnyArguments;
            all.push_back(
                {&row, kind, takes_any ? std::vector<std::string_view>{} : names_in(row.parameters), takes_any});
        }
    };
    for (const auto rows : filter_tables()) add(BuiltinKind::Filter, rows);
    for (const auto rows : function_tables()) add(BuiltinKind::Function, rows);
    add(BuiltinKind::Test, kTests);
    return all;
}

using NameIndex = std::unordered_map<std::string_view, const Builtin*>;

NameIndex names_of(BuiltinKind kind) {
    NameIndex index;
    for (const Builtin& builtin : builtins()) {
        if (builtin.kind == kind) index.emplace(builtin.row->name, &builtin);
    }
    return index;
}

}  // namespace

const std::vector<Builtin>& builtins() {
    static const std::vector<Builtin> all = all_builtins();
    return all;
}

const Builtin* find_builtin(BuiltinKind kind, std::string_view name) {
    static const NameIndex filters = names_of(BuiltinKind::Filter);
    static const NameIndex functions = names_of(BuiltinKind::Function);
    static const NameIndex tests = names_of(BuiltinKind::Test);
    const NameIndex& index = kind == BuiltinKind::Filter ? filters : kind == BuiltinKind::Function ? functions : tests;
    const auto found = index.find(name);
    return found != index.end() ? found->second : nullptr;
}

std::string_view to_text(BuiltinKind kind) {
    switch (kind) {
        case BuiltinKind::Filter:
            return "filter";
        case BuiltinKind::Function:
            return "function";
        case BuiltinKind::Test:
            return "test";
    }
    return {};
}

std::string unknown_name(BuiltinKind kind, std::string_view name) {
    std::vector<std::string> known;
    for (const Builtin& builtin : builtins()) {
        if (builtin.kind == kind) known.emplace_back(builtin.row->name);
    }
    return fmt::format("there is no {} '{}'{}", to_text(kind), name, did_you_mean(name, known));
}

Session& Call::session() {
    return evaluator_.session();
}

const Value& Call::operator[](std::size_t index) const {
    static const Value absent;
    return has(index) ? values_[index] : absent;
}

void Call::set(std::size_t index, Value value) {
    if (values_.size() <= index) values_.resize(builtin_.takes_any ? index + 1 : builtin_.parameters.size());
    values_[index] = std::move(value);
    if (!builtin_.takes_any) given_ |= std::uint64_t{1} << index;
}

void Call::add_positional(Value value) {
    const std::size_t index = positional_++;
    const bool ignores_all = builtin_.parameters.empty() && !builtin_.takes_any;
    if (ignores_all) return;
    if (!builtin_.takes_any && index >= builtin_.parameters.size()) {
        throw bad_argument("{} '{}': the argument at position {} is not allowed. Only {} argument(s) are allowed.",
                           to_text(builtin_.kind), name(), index + 1, builtin_.parameters.size());
    }
    set(index, std::move(value));
}

void Call::add_named(std::string_view name_of_argument, Value value) {
    if (builtin_.parameters.empty()) return;
    for (std::size_t i = 0; i < builtin_.parameters.size(); ++i) {
        if (builtin_.parameters[i] == name_of_argument) return set(i, std::move(value));
    }
    throw bad_argument("{} '{}' has no argument '{}'; it takes ({})", to_text(builtin_.kind), name(), name_of_argument,
                       builtin_.row->parameters);
}

std::string Call::label(std::size_t index) const {
    return fmt::format("{} '{}': the argument '{}'", to_text(builtin_.kind), name(), builtin_.parameters[index]);
}

void Call::refuse(std::size_t index, std::string_view expected) const {
    throw bad_argument("{} must be {}, not {}", label(index), expected, type_name((*this)[index]));
}

void Call::refuse_input(std::string_view expected) const {
    throw type_error("{} '{}' expects {}, not {}", to_text(builtin_.kind), name(), expected, type_name(input_));
}

const Value& Call::required(std::size_t index) const {
    if (!has(index)) throw bad_argument("{} is missing", label(index));
    if (values_[index].is_null()) throw bad_argument("{} is null", label(index));
    return values_[index];
}

const std::string& Call::text(std::size_t index) const {
    const std::string* text = if_text(required(index));
    if (text == nullptr) refuse(index, "a text");
    return *text;
}

std::string Call::text_or(std::size_t index, std::string_view otherwise) const {
    return (*this)[index].is_null() ? std::string(otherwise) : text(index);
}

std::int64_t Call::long_integer(std::size_t index) const {
    const Value& value = required(index);
    if (value.kind() == Kind::Int) {
        refuse(index, "a 64-bit integer, such as a literal or the result of arithmetic (x + 0)");
    }
    if (value.kind() != Kind::Long) refuse(index, "an integer");
    return value.as_integer();
}

std::int64_t Call::integer_or(std::size_t index, std::int64_t otherwise) const {
    const Value& value = (*this)[index];
    if (value.is_null()) return otherwise;
    if (!is_any_number(value)) refuse(index, "a number");
    return cut_to_integer(value);
}

bool Call::flag_or(std::size_t index, bool otherwise) const {
    const Value& value = (*this)[index];
    if (value.is_null()) return otherwise;
    if (!value.is_bool()) refuse(index, "true or false");
    return value.as_bool();
}

const std::string& Call::text_input() const {
    const std::string* text = if_text(input_);
    if (text == nullptr) refuse_input("a text");
    return *text;
}

const List& Call::list_input() const {
    const List* items = input_.if_list();
    if (items == nullptr) refuse_input("a list");
    return *items;
}

}  // namespace sluice::expr
