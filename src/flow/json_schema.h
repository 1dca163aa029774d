#pragma once
#include "flow/catalog.h"
#include "value/value.h"

namespace sluice::flow {

/// What a JSON schema describes.
enum class SchemaOf { Flow, Task, Trigger, PluginDefault };

/// A JSON schema (draft-07) made from the catalogue: every type is a definition told apart by the `const` of its
/// `type`. Beside the standard words there are $dynamic (expressions allowed), $required, $deprecated and $examples.
Value json_schema(const Catalog& catalog, SchemaOf what);

/// One type for its page: {"properties": …, "outputs": …, "definitions": {}}. `all`: with what every task or trigger
/// has.
Value type_schema(const TypeInfo& type, bool all);

}  // namespace sluice::flow
