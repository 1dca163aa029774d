#include "webserver/search_request.h"

#include "value/json.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace {

using store::Filter;
using store::Operation;

constexpr std::size_t kLargestPage = 10'000;

/// What a flat parameter means, in the words of the bracket form.
struct FlatParameter {
    std::string_view name;
    std::string_view field;
    Operation operation;
};
constexpr FlatParameter kFlat[] = {
    {"q", "q", Operation::Equals},
    {"scope", "scope", Operation::Equals},
    {"namespace", "namespace", Operation::Prefix},
    {"flowId", "flowId", Operation::Equals},
    {"startDate", "startDate", Operation::GreaterThanOrEqualTo},
    {"endDate", "endDate", Operation::LessThanOrEqualTo},
    {"timeRange", "timeRange", Operation::Equals},
    {"state", "state", Operation::In},
    {"labels", "labels", Operation::Equals},
    {"triggerExecutionId", "triggerExecutionId", Operation::Equals},
    {"childFilter", "childFilter", Operation::Equals},
    {"minLevel", "level", Operation::Equals},
    {"triggerId", "triggerId", Operation::Equals},
    {"executionId", "executionId", Operation::Equals},
    {"workerId", "workerId", Operation::Equals},
    {"taskId", "taskId", Operation::Equals},
    {"taskRunId", "taskRunId", Operation::Equals},
    {"kind", "kind", Operation::In},
};

std::vector<std::string> divided(std::string_view value) {
    if (value.starts_with('[') && value.ends_with(']')) value = value.substr(1, value.size() - 2);
    std::vector<std::string> out;
    std::size_t from = 0;
    while (from <= value.size()) {
        const std::size_t end = std::min(value.find(',', from), value.size());
        std::string_view one = value.substr(from, end - from);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (!one.empty()) out.emplace_back(one);
        from = end + 1;
    }
    return out;
}

/// Values of the same field, operation and key belong together: any of them will do.
void put(std::vector<Filter>& filters, std::string field, Operation operation, std::string key,
         std::string_view value) {
    const bool many =
        operation == Operation::In || operation == Operation::NotIn || field == "state" || field == "scope";
    std::vector<std::string> values = many ? divided(value) : std::vector{std::string(value)};
    for (Filter& filter : filters) {
        // Labels without a key must all be there.
        if (filter.field != field || filter.operation != operation || filter.key != key) continue;
        if (field == "labels" && key.empty() && operation == Operation::Equals) continue;
        filter.values.insert(filter.values.end(), values.begin(), values.end());
        return;
    }
    filters.push_back({std::move(field), operation, std::move(key), std::move(values)});
}

/// `filters[field][OPERATION]` or `filters[field][OPERATION][key]`
Result<void> put_bracket(std::vector<Filter>& filters, const std::string& name, const std::string& value) {
    const auto malformed = [&] {
        return refuse(ErrorCode::BadRequest,
                      "Invalid query filters: '{}' is not of the form filters[field][OPERATION] or "
                      "filters[field][OPERATION][key]",
                      name);
    };
    std::vector<std::string> parts;
    std::size_t at = std::string_view("filters").size();
    while (at < name.size()) {
        if (name[at] != '[') return malformed();
        // A label's key may have brackets of its own: the last part goes to the end.
        const std::size_t end = parts.size() == 2 ? name.size() - 1 : name.find(']', at);
        if (end == std::string::npos || name[end] != ']') return malformed();
        parts.push_back(name.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    if (parts.size() < 2) return malformed();
    const auto operation = store::operation_of(parts[1]);
    if (!operation) {
        return refuse(ErrorCode::BadRequest, "Invalid query filters: there is no operation '{}' (in '{}')", parts[1],
                      name);
    }
    put(filters, parts[0], *operation, parts.size() == 3 ? parts[2] : "", value);
    return {};
}

/// "flowId" of FLOW_ID; what is in other letters is such a word already.
std::string field_of_word(const std::string& word) {
    if (word == "QUERY") return "q";
    if (word == "MIN_LEVEL") return "level";
    if (std::any_of(word.begin(), word.end(), [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }))
        return word;
    std::string out;
    bool upper = false;
    for (const char c : word) {
        if (c != '_') out += upper ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        upper = c == '_';
    }
    return out;
}

std::string text_of_value(const Value& value) {
    return value.is_string() ? value.as_string() : to_json(value);
}

/// One of the JSON form, or a group of them.
Result<void> put_json(std::vector<Filter>& filters, const Value& one, int depth) {
    constexpr int kDeepest = 10;
    const auto refused = [](std::string_view why) {
        return refuse(ErrorCode::BadRequest,
                      "Invalid query filters: {}; expected {{\"field\", \"operation\", \"value\"}}", why);
    };
    if (!one.is_map() || depth > kDeepest) return refused(one.is_map() ? "too deep" : "a filter is an object");
    if (const auto children = one.get("children")) {
        if (one.text("logical") == "or")
            return refused("a group of \"or\" is not supported: give IN several values of one field");
        if (!children->is_list()) return refused("'children' is a list");
        for (const Value& child : children->as_list()) {
            if (auto done = put_json(filters, child, depth + 1); !done) return done;
        }
        return {};
    }
    const std::string word = one.text("operation");
    const auto operation = store::operation_of(word);
    if (one.text("field").empty()) return refused("a filter names a field");
    if (!operation) return refused(fmt::format("there is no operation '{}'", word));
    const std::string field = field_of_word(one.text("field"));
    const Value value = one["value"];
    if (value.is_map()) {
        for (const auto& [key, entry] : value.as_map()) put(filters, field, *operation, key, text_of_value(entry));
    } else if (value.is_list()) {
        if (value.as_list().empty()) return refused(fmt::format("{} has no value", field));
        for (const Value& entry : value.as_list()) put(filters, field, *operation, "", text_of_value(entry));
    } else {
        put(filters, field, *operation, "", text_of_value(value));
    }
    return {};
}

std::string date_text(std::string_view found) {
    std::string text(found);
    // A literal + of an offset arrives as a blank; seconds and the offset may be missing.
    if (const auto blank = text.find(' '); blank != std::string::npos && blank > 10) text[blank] = '+';
    const auto at = text.find('T');
    if (at == std::string::npos) return text + "T00:00:00Z";
    if (text.find_first_of("Z+-", at) == std::string::npos) text += 'Z';
    return text;
}

Result<Timestamp> instant_of(const std::string& field, const std::string& value) {
    auto date = parse_iso(date_text(value));
    if (date) return *date;
    return invalid("Invalid format: '{}' must be a date such as 2026-01-31T10:00:00Z, found '{}'", field, value);
}

/// Dates become instants, a time range the beginning that it means; the two exclude each other.
Result<void> settle_times(std::vector<Filter>& filters, Timestamp now) {
    std::optional<Timestamp> from, until;
    bool ranged = false;
    for (Filter& filter : filters) {
        if (filter.field == "timeRange") {
            if (filter.operation != Operation::Equals) return store::unfit_operation(filter);
            const auto range = parse_duration(filter.values.back());
            if (!range) return invalid("Invalid format: timeRange: {}", range.error().message);
            filter = {"startDate", Operation::GreaterThanOrEqualTo, "", {to_iso(now - *range)}};
            ranged = true;
            continue;
        }
        if (filter.field != "startDate" && filter.field != "endDate" && filter.field != "updated") continue;
        for (std::string& value : filter.values) {
            const auto at = instant_of(filter.field, value);
            if (!at) return tl::unexpected(at.error());
            value = to_iso(*at);
            if (filter.field == "startDate" && filter.operation == Operation::GreaterThanOrEqualTo) from = *at;
            if (filter.field == "endDate" && filter.operation == Operation::LessThanOrEqualTo) until = *at;
        }
    }
    if (ranged && from) return invalid("Illegal argument: timeRange and startDate exclude each other");
    if (from && until && *from > *until) return invalid("Illegal argument: startDate must be before endDate");
    return {};
}

/// Words of which there is a fixed set are checked here, so that a misspelt one is told and not just matches nothing.
Result<void> check_states(const std::vector<Filter>& filters) {
    for (const Filter& filter : filters) {
        if (filter.field != "state" && filter.field != "taskState") continue;
        for (const std::string& value : filter.values) {
            // Words of other versions are known, and match nothing.
            if (state_of(value) || value == "SUBMITTED" || value == "RESUBMITTED") continue;
            return invalid("Illegal argument: there is no state '{}'", value);
        }
    }
    return {};
}

Result<std::size_t> count_parameter(const http::Request& request, const char* name, std::int64_t otherwise,
                                    std::int64_t most) {
    const auto given = integer_parameter(request, name);
    if (!given) return invalid("Illegal argument: {}", given.error().message);
    const std::int64_t number = given->value_or(otherwise);
    if (number < 1) return invalid("Illegal argument: {} must be greater than or equal to 1", name);
    if (number > most) return invalid("Illegal argument: {} must be at most {}", name, most);
    return static_cast<std::size_t>(number);
}

Result<std::vector<store::SortKey>> sort_of(const http::Request& request) {
    std::vector<store::SortKey> out;
    for (const std::string_view text : request.query.all("sort")) {
        if (text.empty()) continue;
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos || colon == 0 || text.find(':', colon + 1) != std::string_view::npos) {
            return invalid("Invalid sort parameter: expected field:asc or field:desc, found '{}'", text);
        }
        out.push_back({std::string(text.substr(0, colon)), text.substr(colon + 1) != "asc"});
    }
    return out;
}

Result<store::Total> total_of(const http::Request& request) {
    const std::string text = text_parameter(request, "total");
    if (text.empty() || text == "exact" || text == "estimate") return store::Total::Exact;
    if (text == "none") return store::Total::None;
    if (text == "complete") return store::Total::Complete;
    return refuse(ErrorCode::BadRequest, "Bad Request: 'total' must be none, estimate, exact or complete, found '{}'",
                  text);
}

}  // namespace

Error search_error(const pg::StatementError& refused) {
    constexpr std::string_view kBadPattern = "2201B";
    if (refused.sqlstate() != kBadPattern) throw refused;
    return {ErrorCode::BadRequest, fmt::format("Invalid query filters: {}", refused.what()), {}, {}, ""};
}

Error search_error(const pg::DatabaseError& failed) {
    constexpr std::string_view kCancelled = "57014";
    if (failed.sqlstate() != kCancelled) throw failed;
    return {ErrorCode::Invalid,
            "Illegal argument: this search takes too long; narrow it, for example by startDate",
            {},
            {},
            ""};
}

Filter equal_to(std::string field, std::string value) {
    return {std::move(field), Operation::Equals, "", {std::move(value)}};
}

namespace {
Result<std::vector<Filter>> settled(std::vector<Filter> filters, Timestamp now) {
    if (auto done = settle_times(filters, now); !done) return tl::unexpected(done.error());
    if (auto done = check_states(filters); !done) return tl::unexpected(done.error());
    return filters;
}
}  // namespace

Result<std::vector<Filter>> filters_in_json(const Value& list, Timestamp now) {
    std::vector<Filter> filters;
    if (!list.is_list() && !list.is_null())
        return refuse(ErrorCode::BadRequest, "Invalid query filters: 'filters' is a list");
    for (const Value& one : list.is_list() ? list.as_list() : List()) {
        if (auto done = put_json(filters, one, 0); !done) return tl::unexpected(done.error());
    }
    return settled(std::move(filters), now);
}

Result<std::vector<Filter>> filters_of(const http::Request& request, Timestamp now) {
    std::vector<Filter> filters;
    for (const auto& [name, value] : request.query) {
        if (name.starts_with("filters[")) {
            if (auto done = put_bracket(filters, name, value); !done) return tl::unexpected(done.error());
            continue;
        }
        for (const FlatParameter& flat : kFlat) {
            if (flat.name != name || value.empty()) continue;
            if (name == "labels" && value.find(':') == std::string::npos) {
                return invalid("Illegal argument: a label must be key:value, found '{}'", value);
            }
            put(filters, std::string(flat.field), flat.operation, "", value);
        }
    }
    auto out = settled(std::move(filters), now);
    if (out) narrow(request, *out);
    return out;
}

Result<store::Search> search_of(const http::Request& request, Timestamp now) {
    store::Search search;
    const auto page = count_parameter(request, "page", 1, 1'000'000'000);
    if (!page) return tl::unexpected(page.error());
    const auto size = count_parameter(request, "size", 10, kLargestPage);
    if (!size) return tl::unexpected(size.error());
    search.size = *size;
    search.offset = (*page - 1) * *size;
    search.cursor = text_parameter(request, "cursor");
    auto sort = sort_of(request);
    if (!sort) return tl::unexpected(sort.error());
    search.sort = std::move(*sort);
    const auto total = total_of(request);
    if (!total) return tl::unexpected(total.error());
    search.total = *total;
    auto filters = filters_of(request, now);
    if (!filters) return tl::unexpected(filters.error());
    search.filters = std::move(*filters);
    return search;
}

http::Response paged(List results, const store::Query::Count& total, const std::string& next_cursor,
                     const std::optional<Timestamp>& searched_from) {
    Map out;
    out.set("results", Value(std::move(results)));
    out.set("total", total.rows);
    if (!next_cursor.empty()) out.set("nextCursor", next_cursor);
    if (searched_from) out.set("searchedFrom", to_iso(*searched_from));
    auto response = http::Response::json(Value(std::move(out)));
    if (total.estimated) response.set("X-Total-Estimated", "true");
    return response;
}

}  // namespace sluice::webserver
