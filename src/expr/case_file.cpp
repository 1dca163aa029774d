#include "expr/case_file.h"

#include "expr/case_environment.h"
#include "expr/dates.h"
#include "expr/failure.h"
#include "expr/render.h"
#include "value/extension.h"
#include "value/json.h"
#include "value/temporal.h"

namespace sluice::expr {
namespace {

std::int64_t integer_of(const Value& value) {
    return value.is_string() ? std::stoll(value.as_string()) : static_cast<std::int64_t>(value.as_double());
}

/// An ISO duration of hours, minutes and seconds
Value duration_of(const std::string& text) {
    const auto duration = parse_duration(text);
    return duration ? make_value<TimeAmount>(*duration) : Value();
}

Value context_value(const Value& value);

Value list_of(const Value& items, ListFlavour flavour) {
    List out;
    for (const Value& item : items.as_list()) out.push_back(context_value(item));
    return Value(std::move(out), flavour);
}

/// The value that {"$type": content} stands for; nothing for an ordinary object.
std::optional<Value> wrapped_value(const std::string& type, const Value& content) {
    if (type == "$set") return list_of(content, ListFlavour::Set);
    if (type == "$array") return list_of(content, ListFlavour::Array);
    if (type == "$long") return Value(integer_of(content));
    if (type == "$float")
        return Value(static_cast<float>(content.is_string() ? std::stod(content.as_string()) : content.as_double()));
    const std::string* text = content.if_string();
    if (text == nullptr) return {};
    if (type == "$zoned") {
        const ZonedDateTime zoned = parse_iso_zoned(*text);
        return make_value<ZonedDateTime>(zoned.wall(), zoned.offset(), zoned.region());
    }
    if (type == "$instant") return make_value<Instant>(parse_iso_zoned(*text).moment());
    if (type == "$date") return make_value<LocalDate>(parse_iso_day(*text));
    if (type == "$datetime") return make_value<LocalDateTime>(parse_iso_wall(*text));
    if (type == "$time") return make_value<LocalTime>(parse_iso_time(*text));
    if (type == "$duration") return duration_of(*text);
    if (type == "$bigdecimal") return make_value<BigDecimal>(Decimal::parse(*text).value_or(Decimal()));
    if (type == "$uri") return make_value<Uri>(*text);
    if (type == "$enum") return make_value<EnumConstant>(*text);
    return {};
}

Value context_value(const Value& value) {
    if (value.is_list()) return list_of(value, ListFlavour::List);
    const Map* map = value.if_map();
    if (map == nullptr) return value;
    if (map->size() == 1) {
        if (auto wrapped = wrapped_value(map->front().first, map->front().second)) return *wrapped;
    }
    Map out;
    for (const auto& [key, item] : *map) out.set(key, context_value(item));
    return Value(std::move(out));
}

/// As JSON, where 1 and 1.0 differ, and dates are texts
std::string comparable(const Value& value) {
    return to_json(value);
}

Result<Value> outcome_of(const Value& one_case, const HolidayLookup& holidays) {
    CaseEnvironment environment(one_case["env"], one_case["recursive"].if_bool().value_or(false), holidays);
    const Value context = one_case["context"].is_map() ? context_value(one_case["context"]) : Value(Map());
    if (one_case.text("mode") == "tree") return render_tree(one_case["template"], context, environment);
    const auto parsed = parse(one_case.text("template"));
    if (!parsed) return tl::unexpected(parsed.error());
    if (one_case.text("mode") == "typed") return render_typed(**parsed, context, environment);
    return render(**parsed, context, environment).map([](std::string text) { return Value(std::move(text)); });
}

/// What is wrong with the outcome; empty when it is as expected.
std::string complaint(const Value& one_case, const Result<Value>& outcome) {
    const std::string wanted_error = one_case.text("error");
    if (!outcome) {
        const bool fits = !wanted_error.empty() && outcome.error().kind.find(wanted_error) != std::string::npos;
        return fits ? "" : fmt::format("failed with {}: {}", outcome.error().kind, outcome.error().text());
    }
    const std::string given = comparable(*outcome);
    if (!wanted_error.empty()) return fmt::format("gave {} instead of {}", given, wanted_error);
    const std::string wanted = comparable(one_case["expect"]);
    return given == wanted ? "" : fmt::format("gave {} instead of {}", given, wanted);
}

}  // namespace

Result<CaseReport> run_cases(std::string_view json_text, std::ostream* failures, const HolidayLookup& holidays) {
    const auto cases = parse_json(json_text);
    if (!cases) return tl::unexpected(cases.error());
    if (!cases->is_list()) return invalid("a file of cases is a JSON array");
    CaseReport report;
    for (const Value& one_case : cases->as_list()) {
        const std::string problem = complaint(one_case, outcome_of(one_case, holidays));
        if (problem.empty()) {
            ++report.passed;
            continue;
        }
        report.failed.push_back(one_case.text("id"));
        if (failures != nullptr) {
            *failures << one_case.text("id") << "  " << to_json(one_case["template"]) << "  " << problem << "\n";
        }
    }
    return report;
}

}  // namespace sluice::expr
