#include "tasks/core/storage/row_names.h"

namespace sluice::tasks {

Map names_of(const Value& row) {
    return row.is_map() ? row.as_map() : Map{{"value", row}};
}

}  // namespace sluice::tasks
