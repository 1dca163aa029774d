#pragma once
#include "flow/type_info.h"
#include "flow/yaml_document.h"

namespace sluice::flow {

/// Reads the part of JSON schema that properties are made of: type, enum, format, items, properties, required,
/// additionalProperties, default, description, writeOnly, deprecated. Anything else would be a promise that nobody
/// keeps, and is a mistake.
class JsonSchemaReader {
  public:
    JsonSchemaReader(std::string file, std::vector<Error>& errors) : file_(std::move(file)), errors_(errors) {}

    /// The properties of a schema whose type is object.
    std::vector<Property> properties_of(const Node& schema, const std::string& path);
    Property property_of(const std::string& name, const Node& schema, const std::string& path);

    void error(const Node& at, const std::string& path, std::string message);

  private:
    void read_type(const Node& schema, const std::string& path, Property& out);
    void read_object(const Node& schema, const std::string& path, Property& out);
    void read_notes(const Node& schema, Property& out);

    std::string file_;
    std::vector<Error>& errors_;
};

}  // namespace sluice::flow
