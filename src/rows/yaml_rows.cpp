#include "rows/yaml_rows.h"

#include "expr/failure.h"
#include "expr/yaml_text.h"
#include "rows/unbounded_session.h"

namespace sluice::rows {

Result<List> rows_of_yaml(const std::string& text) {
    UnboundedSession unbounded;
    try {
        List out;
        for (Value& document : expr::values_from_yaml(text, unbounded.session())) {
            if (!document.is_list()) {
                out.push_back(std::move(document));
                continue;
            }
            for (Value& item : document.mutable_list()) out.push_back(std::move(item));
        }
        return out;
    } catch (const expr::Failure& wrong) {
        return invalid("{}", wrong.text());
    }
}

std::string yaml_item(const Value& row) {
    UnboundedSession unbounded;
    return expr::yaml_of(Value(List{row}), unbounded.session());
}

}  // namespace sluice::rows
