#pragma once
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "flow/type_info.h"
#include "plugin/convert.h"
#include "plugin/task_context.h"

namespace sluice::plugin {

/// A type of task: what it is called, what it takes and gives, and what it does.
struct TaskType {
    flow::TypeInfo info{};
    /// Gets the properties as they were rendered. The value is the task's outputs; null: none.
    std::function<Result<Value>(const Value& rendered, TaskContext& context)> run{};
    std::vector<std::string> raw{};  // properties that the task renders itself
};

enum class Need { Optional, Required };
inline constexpr Need required = Need::Required;

/// Declares a type whose properties are the members of `P`: a default is an initialiser there, and nowhere else.
template <class P>
class TaskTypeMaker {
  public:
    using Run = std::function<Result<Value>(const P&, TaskContext&)>;

    TaskTypeMaker(std::string_view short_name, Run run) : run_(std::move(run)) {
        type_.info.name = std::string(flow::kTypePrefix) + std::string(short_name);
        type_.info.category = flow::Category::Task;
        type_.info.runs = flow::Runs::OnWorker;
    }

    TaskTypeMaker& title(std::string text) {
        type_.info.title = std::move(text);
        return *this;
    }
    TaskTypeMaker& description(std::string markdown) {
        type_.info.description = std::move(markdown);
        return *this;
    }
    /// `yaml` is a whole flow.
    TaskTypeMaker& example(std::string title, std::string yaml) {
        type_.info.examples.push_back({std::move(title), std::move(yaml)});
        return *this;
    }
    /// Runs in the executor's transaction: no I/O.
    TaskTypeMaker& light() {
        type_.info.runs = flow::Runs::Light;
        return *this;
    }
    /// Runs there too, and changes the execution.
    TaskTypeMaker& updating() {
        type_.info.runs = flow::Runs::Updating;
        return *this;
    }
    TaskTypeMaker& alias(std::string full_name) {
        type_.info.aliases.push_back(std::move(full_name));
        return *this;
    }
    /// A trigger: its outputs are the variables of the execution that it starts; null: it starts none.
    TaskTypeMaker& polling() {
        type_.info.category = flow::Category::Trigger;
        type_.info.polls = true;
        return *this;
    }
    /// Made by the parser, not to be written by users.
    TaskTypeMaker& internal() {
        type_.info.internal = true;
        return *this;
    }
    TaskTypeMaker& deprecated() {
        type_.info.deprecated = true;
        return *this;
    }

    /// `member` is one of `P`, or of a struct that several types share as a base.
    template <class T, class Owner>
    TaskTypeMaker& property(std::string name, T Owner::*member, std::string description, Need need = Need::Optional) {
        static_assert(std::is_base_of_v<Owner, P>);
        static const P defaults{};
        flow::Property declared;
        declared.name = name;
        declared.shape = shape_of(defaults.*member);
        declared.description = std::move(description);
        declared.required = need == Need::Required;
        if (!declared.required) declared.default_text = default_of(defaults.*member);
        if (declared.shape == flow::Shape::Enum) declared.values = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR"};
        type_.info.properties.push_back(std::move(declared));
        setters_.emplace_back(std::move(name), [member](P& properties, const Value& value) {
            return convert(value, properties.*member);
        });
        return *this;
    }

    /// Properties that the task reads itself, or not at all: `all`, if there is one, gets everything, rendered.
    TaskTypeMaker& properties(const std::vector<flow::Property>& more, Value P::*all) {
        type_.info.properties.insert(type_.info.properties.end(), more.begin(), more.end());
        if (all != nullptr) all_ = all;
        return *this;
    }

    // These refine the property that was declared last.
    TaskTypeMaker& values(std::vector<std::string> words) {
        last().shape = flow::Shape::Enum;
        last().values = std::move(words);
        return *this;
    }
    TaskTypeMaker& shape(flow::Shape shape) {
        last().shape = shape;
        return *this;
    }
    TaskTypeMaker& fields(std::vector<flow::Property> fields) {
        last().shape = flow::Shape::Object;
        last().fields = std::move(fields);
        return *this;
    }
    /// An object whose `type` names a type of this category.
    TaskTypeMaker& typed(flow::Category category) {
        last().shape = flow::Shape::Typed;
        last().category = category;
        return *this;
    }
    TaskTypeMaker& items(flow::Property item) {
        last().items = {std::move(item)};
        return *this;
    }
    TaskTypeMaker& literal() {
        last().literal = true;
        return *this;
    }
    TaskTypeMaker& also_called(std::string old_name) {
        last().aliases.push_back(std::move(old_name));
        return *this;
    }
    /// A credential: what it holds stays out of logs, also when it did not come from secret().
    TaskTypeMaker& secret() {
        last().secret = true;
        return *this;
    }
    TaskTypeMaker& outdated() {
        last().deprecated = true;
        return *this;
    }
    /// It is given to the task as it stands in the flow, not rendered.
    TaskTypeMaker& unrendered() {
        type_.raw.push_back(last().name);
        return *this;
    }

    TaskTypeMaker& output(std::string name, std::string description, flow::Shape shape = flow::Shape::Any) {
        type_.info.outputs.push_back({std::move(name), std::move(description), shape});
        return *this;
    }

    operator TaskType() const {  // NOLINT(google-explicit-constructor): the end of the chain
        TaskType type = type_;
        type.run = [run = run_, setters = setters_, all = all_](const Value& rendered,
                                                                TaskContext& context) -> Result<Value> {
            P properties{};
            if (all != nullptr) properties.*all = rendered;
            for (const auto& [name, set] : setters) {
                const auto value = rendered.get(name);
                if (!value || value->is_null()) continue;
                if (auto done = set(properties, *value); !done) {
                    Error error = done.error();
                    error.message = fmt::format("property '{}': {}", name, error.message);
                    return tl::unexpected(std::move(error));
                }
            }
            return run(properties, context);
        };
        return type;
    }

  private:
    flow::Property& last() { return type_.info.properties.back(); }

    Run run_;
    TaskType type_{};
    Value P::*all_ = nullptr;
    std::vector<std::pair<std::string, std::function<Result<void>(P&, const Value&)>>> setters_{};
};

template <class P>
TaskTypeMaker<P> task_type(std::string_view short_name, typename TaskTypeMaker<P>::Run run) {
    return TaskTypeMaker<P>(short_name, std::move(run));
}

}  // namespace sluice::plugin
