#include "expr/builtin_tables.h"
#include "expr/date_call.h"
#include "expr/ion_text.h"
#include "expr/operators.h"
#include "expr/session.h"
#include "expr/yaml_text.h"
#include "value/json.h"

namespace sluice::expr {
namespace {

Value now(Call& call) {
    const DateFormatting how = date_formatting(call, 0);
    return formatted_date({to_moment(call.session().environment().now()), how.zone}, how);
}

/// Whether null was given, which is answered with null; a missing argument is an error.
bool is_given_null(Call& call) {
    if (!call.has(0)) call.required(0);
    return call[0].is_null();
}

Value from_json(Call& call) {
    if (is_given_null(call)) return {};
    const auto parsed = parse_first_json(call.text(0));
    if (!parsed) throw failure(FailureKind::JsonParseError, "{}", parsed.error().text());
    return *parsed;
}

Value from_yaml(Call& call) {
    return value_from_yaml(call.text(0), call.session());
}

Value from_ion(Call& call) {
    if (is_given_null(call)) return {};
    const bool all_rows = call.flag_or(1, false);
    List values = values_from_ion(call.text(0), !all_rows, call.session());
    if (all_rows) return Value(std::move(values));
    if (values.empty()) throw failure(FailureKind::IonParseError, "the Ion text is empty");
    return values.front();
}

constexpr BuiltinRow kFunctionsData[] = {
    {"now", "format='iso', timeZone, existingFormat, locale='en_US'", now, "The present time as text, in this format"},
    {"fromJson", "json", from_json, "The value of a JSON text"},
    {"json", "json", from_json, "The old name of fromJson"},
    {"yaml", "yaml", from_yaml, "The value of a YAML text"},
    {"fromIon", "ion, allRows=false", from_ion, "The first value of an Ion text, or the list of all"},
};

}  // namespace

const std::span<const BuiltinRow> kDataFunctions = kFunctionsData;

}  // namespace sluice::expr
