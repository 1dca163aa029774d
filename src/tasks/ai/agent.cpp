#include "tasks/ai/model.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace ai_agent_task {

using flow::Shape;

bool is_given(const Value& value) {
    return value.is_list() ? !value.as_list().empty() : !value.is_null();
}

/// What would make an agent more than a model: told before anything is asked, instead of answers without it.
Result<void> check_supported(const ModelProperties& want) {
    for (const auto& [value, name] :
         {std::pair{&want.tools, "tools"}, {&want.content_retrievers, "contentRetrievers"}}) {
        if (is_given(*value)) {
            return invalid(
                "property '{}': not supported here; fetch what the model should know in a task before this one "
                "(io.kestra.plugin.core.http.Request), and put it into the prompt",
                name);
        }
    }
    if (!want.output_files.empty()) {
        return invalid("property 'outputFiles': not supported here, because no tool could write files");
    }
    return {};
}

Result<Value> run(const ModelProperties& want, plugin::TaskContext& context) {
    if (auto fits = check_supported(want); !fits) return tl::unexpected(fits.error());
    if (is_given(want.memory))
        context.log(LogLevel::Warn, "property 'memory' has no effect: each run is a chat of its own");
    ChatRequest chat;
    if (!want.system_message.empty()) chat.messages.push_back({ChatRole::System, want.system_message});
    chat.messages.push_back({ChatRole::User, want.prompt});
    const auto started = std::chrono::steady_clock::now();
    const auto answer = ask_model(want, std::move(chat), context);
    if (!answer) return tl::unexpected(answer.error());
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    Map out = usage_outputs(*answer);
    out.set("textOutput", answer->text);
    const auto format = want.configuration.get("responseFormat", "type");
    if (format && *format == Value("JSON")) {
        auto json = json_of_answer(*answer);
        if (!json) return json;
        out.set("jsonOutput", std::move(*json));
    }
    out.set("toolExecutions", Value(List()));
    out.set("requestDuration", static_cast<std::int64_t>(took.count()));
    return Value(std::move(out));
}

}  // namespace ai_agent_task

plugin::TaskType ai_agent() {
    using namespace ai_agent_task;
    using Properties = ModelProperties;
    plugin::TaskTypeMaker<Properties> type("ai.agent.AIAgent", run);
    declare_model(type);
    declare_usage(type);
    return type.title("Lets a model do what a prompt says.")
        .description("Without tools and retrievers: an agent that names some is told so, and asks nothing.")
        .property("prompt", &Properties::prompt, "What to do", plugin::required)
        .property("systemMessage", &Properties::system_message, "Who the model is, and what it should know")
        .property("tools", &Properties::tools, "Not supported")
        .property("contentRetrievers", &Properties::content_retrievers, "Not supported")
        .property("memory", &Properties::memory, "Has no effect")
        .property("maxSequentialToolsInvocations", &Properties::max_tool_calls, "Has no effect")
        .property("outputFiles", &Properties::output_files, "Not supported")
        .output("textOutput", "The answer", Shape::Text)
        .output("jsonOutput", "The answer as JSON, where configuration.responseFormat asks for it", Shape::Any)
        .output("toolExecutions", "Empty: there are no tools", Shape::List)
        .output("requestDuration", "Milliseconds until the answer", Shape::Integer)
        .example("Summarize", R"(id: summarize
namespace: company.team
inputs:
  - id: text
    type: STRING
tasks:
  - id: agent
    type: io.kestra.plugin.ai.agent.AIAgent
    provider:
      type: io.kestra.plugin.ai.provider.GoogleGemini
      apiKey: "{{ secret('GEMINI_KEY') }}"
      modelName: gemini-2.5-flash
    systemMessage: You summarize texts in three sentences.
    prompt: "{{ inputs.text }}"
    configuration:
      temperature: 0.2
)");
}

}  // namespace sluice::tasks
