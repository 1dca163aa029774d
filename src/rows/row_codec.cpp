#include "rows/row_codec.h"

#include "expr/failure.h"
#include "expr/ion_text.h"
#include "rows/unbounded_session.h"
#include "value/json.h"

namespace sluice::rows {
namespace {

/// {"a": … and [… are more likely JSON, whose parser is the faster one; {a: … is Ion only.
bool may_be_json(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] != '{') return true;
    const std::size_t second = line.find_first_not_of(" \t\r", first + 1);
    return second == std::string_view::npos || line[second] == '"' || line[second] == '}';
}

}  // namespace

struct RowCodec::State {
    UnboundedSession unbounded{};
};

RowCodec::RowCodec() : state_(std::make_unique<State>()) {}
RowCodec::~RowCodec() = default;
RowCodec::RowCodec(RowCodec&&) noexcept = default;
RowCodec& RowCodec::operator=(RowCodec&&) noexcept = default;

Result<Value> RowCodec::read(std::string_view line) {
    if (may_be_json(line)) {
        if (auto json = parse_json(line)) return json;
    }
    try {
        List values = expr::values_from_ion(line, false, state_->unbounded.session());
        if (values.size() == 1) return std::move(values.front());
        return invalid("expected one row in a line, found {}", values.size());
    } catch (const expr::Failure& wrong) {
        return invalid("expected a row of Ion or JSON: {}", wrong.text());
    }
}

std::string RowCodec::text_of(const Value& row) {
    return expr::ion_of(row, state_->unbounded.session());
}

}  // namespace sluice::rows
