#pragma once
#include "flow/type_info.h"
#include "flow/yaml_document.h"

namespace sluice::flow {

/// What reading a type of a plugin found. Without errors it may be used.
struct ExternalType {
    TypeInfo info{};
    std::vector<Error> errors{};  // each with its place
};

/// A type that a plugin's manifest or an HTTP template declares: name, title, properties and outputs as JSON schema,
/// examples, icon. `also` are keys that the caller reads itself.
ExternalType read_external_type(const Node& declared, const std::string& file,
                                const std::vector<std::string>& also = {});

/// The same from what was published of it, see store/plugin_types.h.
ExternalType read_external_type(const Value& document);

/// A rendered value as its property declares it: the text "5" as 5 where a whole number is wanted, the JSON text of a
/// list as that list.
/// Errors  Invalid: "property 'retries': expected a whole number, found 'x'"
Result<Value> fitting_value(const Property& property, const Value& rendered, const std::string& path);

/// All declared properties, with defaults where none is given.
/// Errors  Invalid, as above, or a required one is missing
Result<Value> fitting_properties(const std::vector<Property>& declared, const Value& rendered,
                                 const std::string& path = "");

}  // namespace sluice::flow
