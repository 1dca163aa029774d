#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sluice::flow {

/// What a property may hold. Everything that is not literal may also be an expression.
enum class Shape {
    Any,   // kept as YAML reads it
    Text,  // any scalar, by its source text
    Integer,
    Number,
    Boolean,
    Duration,    // PT10S, or a number of seconds
    DateTime,    // ISO-8601 with offset
    Enum,        // one of `values`
    List,        // of `items`
    Map,         // free keys; values are `items` where given
    Object,      // of `fields`
    Typed,       // an object whose `type` names a type of the category `category`
    Tasks,       // a list of tasks: a branch of a flowable task
    TaskCases,   // a map of lists of tasks: Switch.cases
    DagTasks,    // a list of {task, dependsOn}
    Task,        // one task
    Inputs,      // a list of inputs, as at the top of a flow
    Labels,      // a map, or a list of {key, value}
    TextOrList,  // a text or a list of texts
    ListOrText,  // a list, or the JSON text of one
    MapOrText,   // a map, or the JSON text of one
};

/// What kind of thing a type is.
enum class Category { Task, Trigger, Condition, TaskRunner, Other };

/// Who runs a task of this type.
enum class Runs {
    OnWorker,  // a job: it does I/O or takes time
    Light,     // in the executor's own transaction: no I/O
    Flowable,  // it controls other tasks
    Child,     // it starts executions
    Updating,  // it changes the execution, in the executor's transaction
};

struct Property {
    std::string name{};
    Shape shape = Shape::Any;
    std::string description{};
    bool required = false;
    bool literal = false;  // no expression allowed
    bool deprecated = false;
    bool secret = false;                  // a credential: what it holds stays out of logs
    std::string default_text{};           // for documentation and the editor; the code that reads it knows it too
    std::vector<std::string> values{};    // of an Enum
    std::vector<std::string> aliases{};   // older names that are still accepted
    std::vector<Property> fields{};       // of an Object
    std::vector<Property> items{};        // none or one: of a List or Map
    Category category = Category::Other;  // of a Typed
};

struct Output {
    std::string name{};
    std::string description{};
    Shape shape = Shape::Any;
};

struct Example {
    std::string title{};
    std::string yaml{};  // a whole flow
};

/// A type that can stand behind `type:` in a flow: its contract as data. Validation, JSON schema, documentation and
/// the table of support are made from it.
struct TypeInfo {
    std::string name{};  // in full: io.kestra.plugin.core.log.Log
    Category category = Category::Task;
    Runs runs = Runs::OnWorker;
    std::string title{};
    std::string description{};
    bool deprecated = false;
    std::string notice{};                // what whoever writes a flow with it should know: "has no effect here …"
    bool polls = false;                  // a trigger that workers evaluate
    bool external = false;               // of a plugin: only workers that have it run it
    bool internal = false;               // made by the parser itself, not to be written by users
    std::vector<std::string> aliases{};  // older full names
    std::vector<Property> properties{};
    std::vector<Output> outputs{};
    std::vector<Example> examples{};
    std::string icon{};  // SVG

    const Property* property(std::string_view name_or_alias) const;
    /// "core.log.Log"
    std::string_view short_name() const;
};

inline constexpr std::string_view kTypePrefix = "io.kestra.plugin.";

/// The properties that every task has (id, type, retry, timeout …), and every trigger.
const std::vector<Property>& task_base_properties();
const std::vector<Property>& trigger_base_properties();
const Property* find_property(const std::vector<Property>& properties, std::string_view name_or_alias);

/// The properties of a flow and of its inputs, outputs, retries …: for the schema and for strict reading.
const std::vector<Property>& flow_properties();
const std::vector<Property>& input_properties();
const std::vector<Property>& retry_properties();

}  // namespace sluice::flow
