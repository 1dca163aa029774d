#include "tasks/core/storage/ion_items.h"

#include "value/json.h"

namespace sluice::tasks {

Result<Value> row_of(const std::string& line, plugin::TaskContext& context) {
    if (auto json = parse_json(line)) return json;
    return context.render_typed("{{ fromIon(row) }}", Map{{"row", line}});
}

Map names_of(const Value& row) {
    return row.is_map() ? row.as_map() : Map{{"value", row}};
}

}  // namespace sluice::tasks
