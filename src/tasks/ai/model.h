#pragma once
#include "plugin/task_type.h"
#include "tasks/ai/chat.h"

namespace sluice::tasks {

/// What tasks that ask a model take; each declares those that it reads.
struct ModelProperties {
    Value provider;
    Value configuration;
    std::string prompt;
    std::string system_message;
    Value messages;
    Value tools;
    Value content_retrievers;
    Value memory;
    std::optional<std::int64_t> max_tool_calls;
    std::vector<std::string> output_files;
    std::string schema_name;
    std::vector<std::string> json_fields;
    std::vector<std::string> classes;
};

/// Declares provider and configuration.
void declare_model(plugin::TaskTypeMaker<ModelProperties>& type);
/// And what all such tasks put out of an answer.
void declare_usage(plugin::TaskTypeMaker<ModelProperties>& type);

/// Asks the model that `provider` names, as `configuration` says.
///
/// chat    its messages; settings are added
/// Errors  Invalid: an unknown provider, a setting; as deliver()
Result<ChatAnswer> ask_model(const ModelProperties& want, ChatRequest chat, plugin::TaskContext& context);

/// {tokenUsage, finishReason}
Map usage_outputs(const ChatAnswer& answer);

/// The JSON of an answer, without the code fence that models like to put around it.
/// Errors  Unavailable: it is none
Result<Value> json_of_answer(const ChatAnswer& answer);

}  // namespace sluice::tasks
