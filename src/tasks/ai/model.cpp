#include "tasks/ai/model.h"

#include <chrono>

#include "plugin/fields.h"
#include "tasks/calls/deliver.h"
#include "tasks/catalog.h"
#include "value/json.h"

namespace sluice::tasks {
namespace ai_model {

using flow::Shape;

struct Provider {
    const char* name;  // of its type: "OpenAI"
    const char* title;
    const char* base_url;  // "": it must be given
    const ChatApi& api;
    bool needs_key;
};

const std::vector<Provider>& providers() {
    static const std::vector<Provider> all{
        {"OpenAI", "OpenAI, and servers with its API", "https://api.openai.com/v1", kOpenAiApi, true},
        {"GoogleGemini", "Google Gemini", "https://generativelanguage.googleapis.com/v1beta", kGeminiApi, true},
        {"Anthropic", "Anthropic", "https://api.anthropic.com/v1", kAnthropicApi, true},
        {"MistralAI", "Mistral AI", "https://api.mistral.ai/v1", kOpenAiApi, true},
        {"Ollama", "Ollama", "http://localhost:11434", kOllamaApi, false},
        {"DeepSeek", "DeepSeek", "https://api.deepseek.com/v1", kOpenAiApi, true},
        {"OpenRouter", "OpenRouter", "https://openrouter.ai/api/v1", kOpenAiApi, true},
        {"HuggingFace", "Hugging Face", "https://router.huggingface.co/v1", kOpenAiApi, true},
        {"LocalAI", "LocalAI", "", kOpenAiApi, false},
    };
    return all;
}

constexpr std::string_view kPrefix = "io.kestra.plugin.ai.provider.";

Result<const Provider*> provider_of(const Value& provider) {
    const std::string type = provider.text("type");
    for (const Provider& one : providers()) {
        if (type == std::string(kPrefix) + one.name) return &one;
    }
    return invalid("property 'provider': '{}' is no provider of models here", type);
}

struct Settings {
    bool logs_requests = false, logs_responses = false;
    std::optional<Duration> timeout{};
};

Result<Settings> apply_configuration(const Value& configuration, ChatRequest& chat) {
    Settings out;
    std::string format;
    Value schema;
    std::string description;
    plugin::Fields fields(configuration, "configuration");
    fields.take("temperature", chat.temperature).take("topP", chat.top_p).take("topK", chat.top_k);
    fields.take("seed", chat.seed).take("maxToken", chat.max_tokens).take("maxTokens", chat.max_tokens);
    fields.take("logRequests", out.logs_requests).take("logResponses", out.logs_responses);
    fields.take("timeout", out.timeout);
    plugin::Fields response(configuration["responseFormat"], "configuration.responseFormat");
    response.take("type", format).take("jsonSchema", schema);
    for (const plugin::Fields* one : {&fields, &response}) {
        if (const auto read = one->done(); !read) return tl::unexpected(read.error());
    }
    if (format == "JSON") chat.wants_json = true;
    if (!schema.is_null()) {
        chat.wants_json = true;
        chat.json_schema = std::move(schema);
    }
    if (const std::string* text = chat.json_schema.if_string()) {
        auto parsed = parse_json(*text);
        if (!parsed) return invalid("property 'configuration.responseFormat.jsonSchema': {}", parsed.error().message);
        chat.json_schema = std::move(*parsed);
    }
    return out;
}

flow::TypeInfo type_of(const Provider& provider) {
    flow::TypeInfo out;
    out.name = std::string(kPrefix) + provider.name;
    out.category = flow::Category::Other;
    out.title = fmt::format("Models of {}.", provider.title);
    const std::string base = *provider.base_url != '\0' ? fmt::format("Default: {}", provider.base_url) : "Its address";
    out.properties = {
        {.name = "apiKey", .shape = Shape::Text, .description = "Key", .required = provider.needs_key},
        {.name = "modelName", .shape = Shape::Text, .description = "Which model", .required = true},
        {.name = "baseUrl",
         .shape = Shape::Text,
         .description = base,
         .required = *provider.base_url == '\0',
         .aliases = {"endpoint"}},
    };
    return out;
}

}  // namespace ai_model

void declare_model(plugin::TaskTypeMaker<ModelProperties>& type) {
    using flow::Shape;
    const std::vector<flow::Property> format{
        {.name = "type", .shape = Shape::Enum, .description = "Text, or JSON", .values = {"TEXT", "JSON"}},
        {.name = "jsonSchema", .shape = Shape::MapOrText, .description = "JSON schema of the answer"},
        {.name = "jsonSchemaDescription", .shape = Shape::Text, .description = "Has no effect"}};
    type.property("provider", &ModelProperties::provider, "Who runs the model, and which", plugin::required)
        .typed(flow::Category::Other)
        .property("configuration", &ModelProperties::configuration, "Settings of the model")
        .fields(
            {{.name = "temperature", .shape = Shape::Number, .description = "How much chance there is"},
             {.name = "topP", .shape = Shape::Number, .description = "Only the likeliest, up to this sum"},
             {.name = "topK", .shape = Shape::Integer, .description = "Only so many of the likeliest"},
             {.name = "seed", .shape = Shape::Integer, .description = "The same seed, the same chance"},
             {.name = "maxToken", .shape = Shape::Integer, .description = "Longest answer", .aliases = {"maxTokens"}},
             {.name = "timeout", .shape = Shape::Duration, .description = "Longest wait for an answer"},
             {.name = "logRequests", .shape = Shape::Boolean, .description = "Log what is asked"},
             {.name = "logResponses", .shape = Shape::Boolean, .description = "Log what is answered"},
             {.name = "returnThinking", .shape = Shape::Boolean, .description = "Has no effect"},
             {.name = "thinkingEnabled", .shape = Shape::Boolean, .description = "Has no effect"},
             {.name = "thinkingBudgetTokens", .shape = Shape::Integer, .description = "Has no effect"},
             {.name = "responseFormat",
              .shape = Shape::Object,
              .description = "Form of the answer",
              .fields = format}});
}

void declare_usage(plugin::TaskTypeMaker<ModelProperties>& type) {
    using flow::Shape;
    type.output("tokenUsage", "inputTokenCount, outputTokenCount, totalTokenCount", Shape::Map)
        .output("finishReason", "STOP, LENGTH, CONTENT_FILTER or OTHER", Shape::Text);
}

Result<ChatAnswer> ask_model(const ModelProperties& want, ChatRequest chat, plugin::TaskContext& context) {
    const auto provider = ai_model::provider_of(want.provider);
    if (!provider) return tl::unexpected(provider.error());
    const auto settings = ai_model::apply_configuration(want.configuration, chat);
    if (!settings) return tl::unexpected(settings.error());
    const auto model = needed_text(want.provider, "modelName");
    if (!model) return tl::unexpected(model.error());
    std::string base = want.provider.text("baseUrl");
    if (base.empty()) base = (*provider)->base_url;
    ServiceCall call{(*provider)->title, (*provider)->api.request(base, want.provider.text("apiKey"), *model, chat)};
    call.request.options.deadline = settings->timeout;
    if (settings->logs_requests) {
        context.log(LogLevel::Info, texts_of(chat, ChatRole::System) + "\n" + texts_of(chat, ChatRole::User));
    }
    const auto body = deliver_for_json(call, context);
    if (!body) return tl::unexpected(body.error());
    auto answer = (*provider)->api.answer(*body);
    if (!answer) return answer;
    if (settings->logs_responses) context.log(LogLevel::Info, answer->text);
    const Value tags{{"provider", (*provider)->name}, {"model", *model}};
    context.metric("input.token.count", "counter", static_cast<double>(answer->input_tokens), tags);
    context.metric("output.token.count", "counter", static_cast<double>(answer->output_tokens), tags);
    return answer;
}

Map usage_outputs(const ChatAnswer& answer) {
    return Map{{"tokenUsage", Value{{"inputTokenCount", answer.input_tokens},
                                    {"outputTokenCount", answer.output_tokens},
                                    {"totalTokenCount", answer.input_tokens + answer.output_tokens}}},
               {"finishReason", answer.finish_reason}};
}

Result<Value> json_of_answer(const ChatAnswer& answer) {
    std::string text = answer.text;
    if (const auto fence = text.find("```"); fence != std::string::npos) {
        const auto from = text.find('\n', fence);
        const auto end = text.rfind("```");
        if (from != std::string::npos && end > from) text = text.substr(from + 1, end - from - 1);
    }
    auto parsed = parse_json(text);
    if (parsed) return parsed;
    return refuse(ErrorCode::Unavailable, "the model was asked for JSON and answered: {}", answer.text.substr(0, 500));
}

void add_ai_providers(plugin::TaskCatalog& catalog) {
    for (const ai_model::Provider& one : ai_model::providers()) catalog.add_type(ai_model::type_of(one));
}

}  // namespace sluice::tasks
