#include "store/filter.h"

#include <array>

#include "flow/flow.h"
#include "value/json.h"

namespace sluice::store {
namespace {

struct OperationName {
    Operation operation;
    std::string_view text;
};
constexpr std::array<OperationName, 13> kOperations{{
    {Operation::Equals, "EQUALS"},
    {Operation::NotEquals, "NOT_EQUALS"},
    {Operation::GreaterThan, "GREATER_THAN"},
    {Operation::GreaterThanOrEqualTo, "GREATER_THAN_OR_EQUAL_TO"},
    {Operation::LessThan, "LESS_THAN"},
    {Operation::LessThanOrEqualTo, "LESS_THAN_OR_EQUAL_TO"},
    {Operation::In, "IN"},
    {Operation::NotIn, "NOT_IN"},
    {Operation::StartsWith, "STARTS_WITH"},
    {Operation::EndsWith, "ENDS_WITH"},
    {Operation::Contains, "CONTAINS"},
    {Operation::Regex, "REGEX"},
    {Operation::Prefix, "PREFIX"},
}};

/// May stand in SQL as it is: what ids of inputs and outputs are made of.
bool is_simple_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.';
    });
}

std::vector<std::string> patterns(const Filter& filter, std::string_view before, std::string_view after) {
    std::vector<std::string> out;
    for (const std::string& value : filter.values)
        out.push_back(fmt::format("{}{}{}", before, escaped_like(value), after));
    return out;
}

Result<void> apply_word(Query& query, const Filter& filter, std::string_view column) {
    switch (filter.operation) {
        case Operation::Equals:
        case Operation::In:
            query.where(fmt::format("{} = any ($?::text[])", column), filter.values);
            return {};
        case Operation::NotEquals:
        case Operation::NotIn:
            query.where(fmt::format("coalesce({}, '') <> all ($?::text[])", column), filter.values);
            return {};
        default:
            return unfit_operation(filter);
    }
}

Result<void> apply_text(Query& query, const Filter& filter, std::string_view column) {
    switch (filter.operation) {
        case Operation::Contains:
            query.where(fmt::format("{} ilike any ($?::text[])", column), patterns(filter, "%", "%"));
            return {};
        case Operation::StartsWith:
            query.where(fmt::format("{} like any ($?::text[])", column), patterns(filter, "", "%"));
            return {};
        case Operation::EndsWith:
            query.where(fmt::format("{} like any ($?::text[])", column), patterns(filter, "%", ""));
            return {};
        case Operation::Regex:
            query.where(fmt::format("{} ~ any ($?::text[])", column), filter.values);
            return {};
        case Operation::Prefix:
            query.where(fmt::format("{0} = any ($?::text[]) or {0} like any ($?::text[])", column), filter.values,
                        patterns(filter, "", ".%"));
            return {};
        default:
            return apply_word(query, filter, column);
    }
}

std::string_view comparison_of(Operation operation) {
    switch (operation) {
        case Operation::Equals:
            return "=";
        case Operation::NotEquals:
            return "<>";
        case Operation::GreaterThan:
            return ">";
        case Operation::GreaterThanOrEqualTo:
            return ">=";
        case Operation::LessThan:
            return "<";
        case Operation::LessThanOrEqualTo:
            return "<=";
        default:
            return "";
    }
}

Result<void> apply_time(Query& query, const Filter& filter, std::string_view column) {
    const std::string_view comparison = comparison_of(filter.operation);
    if (comparison.empty()) return unfit_operation(filter);
    for (const std::string& value : filter.values) {
        query.where(fmt::format("{} {} $?::timestamptz", column, comparison), value);
    }
    return {};
}

/// `labels[EQUALS][team]=data`; without a key the value is key:value (a bare key: it has that label).
Result<void> apply_labels(Query& query, const Filter& filter, std::string_view column) {
    std::vector<flow::Label> wanted;
    std::vector<std::string> documents, keys;
    for (const std::string& value : filter.values) {
        const std::size_t colon = value.find(':');
        if (!filter.key.empty())
            wanted.push_back({filter.key, value});
        else if (colon != std::string::npos)
            wanted.push_back({value.substr(0, colon), value.substr(colon + 1)});
        else
            keys.push_back(value);
    }
    for (const auto& [key, value] : wanted) documents.push_back(to_json(Value{{key, value}}));
    constexpr std::string_view kHas =
        "exists (select from unnest($?::jsonb[]) as d where {0} @> d) or {0} ?| $?::text[]";
    const bool negated = filter.operation == Operation::NotEquals || filter.operation == Operation::NotIn;
    switch (filter.operation) {
        case Operation::Equals:
        case Operation::In:
            if (keys.empty()) {  // as the index on labels wants it
                query.where(fmt::format("{} <> '{{}}'", column));
                query.where_any(fmt::format("{} @> $?::jsonb", column), documents);
                return {};
            }
            [[fallthrough]];
        case Operation::NotEquals:
        case Operation::NotIn: {
            const std::string has = fmt::format(fmt::runtime(kHas), column);
            query.where(negated ? "not (" + has + ")" : has, documents, keys);
            return {};
        }
        case Operation::Contains:
            for (const auto& [key, value] : wanted) {
                query.where(fmt::format("{} ->> $? ilike $?", column), key, "%" + escaped_like(value) + "%");
            }
            if (!keys.empty()) query.where(fmt::format("{} ?& $?::text[]", column), keys);
            return {};
        default:
            return unfit_operation(filter);
    }
}

/// What sluice.entries_of has of an entry; empty: a value is too long for it.
std::vector<std::string> indexed_entries(const Filter& filter) {
    constexpr std::size_t kLongest = 200;  // a character may have several bytes: some are left out that are there
    std::vector<std::string> out;
    for (const std::string& value : filter.values) {
        if (value.size() > kLongest) return {};
        out.push_back(filter.key + "=" + value);
    }
    return out;
}

/// `inputs[EQUALS][region]=north`
Result<void> apply_entry(Query& query, const Filter& filter, std::string_view column, bool indexed) {
    if (filter.key.empty()) {
        return refuse(ErrorCode::BadRequest, "Invalid query filters: '{0}' needs a name: filters[{0}][{1}][name]=value",
                      filter.field, to_text(filter.operation));
    }
    if (!is_simple_name(filter.key)) {
        return refuse(ErrorCode::BadRequest, "Invalid query filters: '{}' is no name in '{}'", filter.key,
                      filter.field);
    }
    if (indexed && (filter.operation == Operation::Equals || filter.operation == Operation::In)) {
        if (const auto entries = indexed_entries(filter); !entries.empty())
            query.where(fmt::format("{0} is not null and sluice.entries_of({0}) && $?::text[]", column), entries);
    }
    return apply_text(query, filter, fmt::format("({} ->> '{}')", column, filter.key));
}

}  // namespace

std::string_view to_text(Operation operation) {
    return kOperations[static_cast<std::size_t>(operation)].text;
}

std::optional<Operation> operation_of(std::string_view text) {
    for (const OperationName& name : kOperations) {
        if (name.text == text) return name.operation;
    }
    return {};
}

tl::unexpected<Error> unknown_filter(const Filter& filter) {
    return refuse(ErrorCode::BadRequest, "Invalid query filters: there is no field '{}' to filter by here",
                  filter.field);
}

tl::unexpected<Error> unfit_operation(const Filter& filter) {
    return refuse(ErrorCode::BadRequest, "Invalid query filters: field '{}' can't be compared by {}", filter.field,
                  to_text(filter.operation));
}

std::string escaped_like(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::vector<std::string> patterns_of_words(std::string_view words) {
    std::vector<std::string> patterns;
    std::size_t from = 0;
    while (from < words.size()) {
        const std::size_t end = std::min(words.find_first_of(" \t\n", from), words.size());
        const std::string_view word = words.substr(from, end - from);
        if (!word.empty() && word != "*") patterns.push_back("%" + escaped_like(word) + "%");
        from = end + 1;
    }
    return patterns;
}

void apply_words(Query& query, std::string_view text_expression, std::string_view words, bool negated) {
    const std::vector<std::string> patterns = patterns_of_words(words);
    if (patterns.empty()) return;
    query.where(fmt::format("{}({}) ilike all ($?::text[])", negated ? "not " : "", text_expression), patterns);
}

Result<void> apply(Query& query, const Filter& filter, std::span<const Field> fields) {
    for (const Field& field : fields) {
        if (field.name != filter.field) continue;
        switch (field.kind) {
            case Field::Kind::Text:
                return apply_text(query, filter, field.column);
            case Field::Kind::Word:
                return apply_word(query, filter, field.column);
            case Field::Kind::Time:
                return apply_time(query, filter, field.column);
            case Field::Kind::Labels:
                return apply_labels(query, filter, field.column);
            case Field::Kind::Map:
                return apply_entry(query, filter, field.column, false);
            case Field::Kind::IndexedMap:
                return apply_entry(query, filter, field.column, true);
        }
    }
    return unknown_filter(filter);
}

}  // namespace sluice::store
