#include "expr/builtin_tables.h"
#include "expr/ion_text.h"
#include "expr/jq/jq.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/yaml_text.h"

namespace sluice::expr {
namespace {

Value to_json_text(Call& call) {
    std::string out;
    append_json(out, call.input(), call.session());
    return Value(std::move(out));
}

Value to_ion(Call& call) {
    return Value(ion_of(call.input(), call.session()));
}

Value to_yaml(Call& call) {
    return call.input().is_null() ? Value("null") : Value(yaml_of(call.input(), call.session()));
}

Value jq_outputs(Call& call) {
    const std::string& program = call.text(0);
    return Value(jq::run(program, call.input(), call.session()));
}

constexpr BuiltinRow kFiltersData[] = {
    {"toJson", "", to_json_text, "The value as JSON", Accepts::Null},
    {"json", "", to_json_text, "The old name of toJson", Accepts::Null},
    {"toIon", "", to_ion, "The value as Ion", Accepts::Null},
    {"yaml", "", to_yaml, "The value as YAML", Accepts::Null},
    {"jq", "expression", jq_outputs, "The list of all values that a jq program makes of the input"},
};

}  // namespace

const std::span<const BuiltinRow> kDataFilters = kFiltersData;

}  // namespace sluice::expr
