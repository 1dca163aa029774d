// ai.completion.*: ChatCompletion, JSONStructuredExtraction, Classification.
#include "tasks/ai/model.h"
#include "tasks/catalog.h"
#include "value/json.h"

namespace sluice::tasks {
namespace ai_completion {

using flow::Shape;
using Properties = ModelProperties;

Result<ChatMessage> message_of(const Value& message) {
    std::string role = message.text("type").empty() ? message.text("role") : message.text("type");
    for (char& c : role) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    ChatMessage out{ChatRole::User, plugin::text_of(message["content"])};
    if (role == "SYSTEM")
        out.role = ChatRole::System;
    else if (role == "AI" || role == "ASSISTANT" || role == "MODEL")
        out.role = ChatRole::Model;
    else if (role != "USER")
        return invalid("property 'messages': type '{}' is none of SYSTEM, AI, USER", role);
    return out;
}

Result<Value> chat(const Properties& want, plugin::TaskContext& context) {
    ChatRequest request;
    Value messages = want.messages;
    if (const std::string* text = messages.if_string()) {
        auto parsed = parse_json(*text);
        if (!parsed) return invalid("property 'messages': {}", parsed.error().message);
        messages = std::move(*parsed);
    }
    for (const Value& one : messages.is_list() ? messages.as_list() : List()) {
        auto message = message_of(one);
        if (!message) return tl::unexpected(message.error());
        request.messages.push_back(std::move(*message));
    }
    if (request.messages.empty()) return invalid("property 'messages': one message at least is needed");
    const auto answer = ask_model(want, std::move(request), context);
    if (!answer) return tl::unexpected(answer.error());
    Map out = usage_outputs(*answer);
    out.set("textOutput", answer->text);
    out.set("aiResponse", answer->text);
    const auto format = want.configuration.get("responseFormat", "type");
    if (format && *format == Value("JSON")) {
        auto json = json_of_answer(*answer);
        if (!json) return json;
        out.set("jsonOutput", std::move(*json));
    }
    return Value(std::move(out));
}

ChatRequest prompted(const Properties& want, const std::string& instruction) {
    ChatRequest out;
    const std::string system = want.system_message.empty() ? instruction : want.system_message + "\n\n" + instruction;
    out.messages = {{ChatRole::System, system}, {ChatRole::User, want.prompt}};
    return out;
}

Result<Value> extract(const Properties& want, plugin::TaskContext& context) {
    if (want.json_fields.empty()) return invalid("property 'jsonFields': one field at least is needed");
    Map properties;
    List names;
    for (const std::string& field : want.json_fields) {
        properties.set(field, Value{{"type", "string"}});
        names.emplace_back(field);
    }
    ChatRequest request = prompted(
        want, fmt::format("Extract the fields of '{}' from the text as a JSON object. What the text does not say is "
                          "an empty string.",
                          want.schema_name));
    request.wants_json = true;
    request.json_schema = Value{{"type", "object"},
                                {"properties", Value(std::move(properties))},
                                {"required", Value(std::move(names))},
                                {"additionalProperties", false}};
    const auto answer = ask_model(want, std::move(request), context);
    if (!answer) return tl::unexpected(answer.error());
    const auto json = json_of_answer(*answer);
    if (!json) return json;
    Map out = usage_outputs(*answer);
    out.set("schemaName", want.schema_name);
    out.set("extractedJson", to_json(*json));
    return Value(std::move(out));
}

Result<Value> classify(const Properties& want, plugin::TaskContext& context) {
    if (want.classes.empty()) return invalid("property 'classes': one class at least is needed");
    std::string all;
    for (const std::string& one : want.classes) all += (all.empty() ? "" : ", ") + one;
    const auto answer = ask_model(
        want, prompted(want, fmt::format("Answer with the one class that fits best, and nothing else: {}.", all)),
        context);
    if (!answer) return tl::unexpected(answer.error());
    std::string found = answer->text;
    while (!found.empty() && std::string_view(" \t\r\n.\"'").find(found.back()) != std::string_view::npos)
        found.pop_back();
    found.erase(0, std::min(found.find_first_not_of(" \t\r\n\"'"), found.size()));
    if (std::find(want.classes.begin(), want.classes.end(), found) == want.classes.end()) {
        return refuse(ErrorCode::Unavailable, "the model answered '{}', which is none of the classes {}",
                      answer->text.substr(0, 200), all);
    }
    Map out = usage_outputs(*answer);
    out.set("classification", found);
    return Value(std::move(out));
}

plugin::TaskTypeMaker<Properties> declared(std::string_view name, plugin::TaskTypeMaker<Properties>::Run run) {
    plugin::TaskTypeMaker<Properties> type(name, std::move(run));
    declare_model(type);
    declare_usage(type);
    return type;
}

plugin::TaskType chat_type() {
    const flow::Property message{
        .shape = Shape::Object,
        .fields = {{.name = "type", .shape = Shape::Text, .description = "SYSTEM, AI or USER", .aliases = {"role"}},
                   {.name = "content", .shape = Shape::Text, .description = "The text", .required = true}}};
    return declared("ai.completion.ChatCompletion", chat)
        .title("Goes on with a chat.")
        .description("A service that is busy or away is tried again, up to five times.")
        .alias("io.kestra.plugin.langchain4j.ChatCompletion")
        .property("messages", &Properties::messages, "What was said so far", plugin::required)
        .shape(Shape::ListOrText)
        .items(message)
        .property("tools", &Properties::tools, "Has no effect: tools are not supported")
        .output("textOutput", "The answer", Shape::Text)
        .output("aiResponse", "The same, by its older name", Shape::Text)
        .output("jsonOutput", "The answer as JSON, where configuration.responseFormat asks for it", Shape::Any)
        .example("Ask a model of one's own", R"(id: ask
namespace: company.team
tasks:
  - id: chat
    type: io.kestra.plugin.ai.completion.ChatCompletion
    provider:
      type: io.kestra.plugin.ai.provider.Ollama
      modelName: llama3
    messages:
      - type: SYSTEM
        content: You are brief.
      - type: USER
        content: What is a workflow?
)");
}

plugin::TaskType extraction_type() {
    return declared("ai.completion.JSONStructuredExtraction", extract)
        .title("Reads fields out of a text.")
        .property("prompt", &Properties::prompt, "The text", plugin::required)
        .property("schemaName", &Properties::schema_name, "What the fields are of", plugin::required)
        .property("jsonFields", &Properties::json_fields, "Names of the fields", plugin::required)
        .property("systemMessage", &Properties::system_message, "What the model should know")
        .output("schemaName", "As it was given", Shape::Text)
        .output("extractedJson", "The fields, as the text of a JSON object", Shape::Text)
        .example("A person", R"(id: read_person
namespace: company.team
tasks:
  - id: read
    type: io.kestra.plugin.ai.completion.JSONStructuredExtraction
    provider:
      type: io.kestra.plugin.ai.provider.OpenAI
      apiKey: "{{ secret('OPENAI_KEY') }}"
      modelName: gpt-4o-mini
    schemaName: Person
    jsonFields: [name, email]
    prompt: "I'm Ada, write to ada@example.com"
)");
}

plugin::TaskType classification_type() {
    return declared("ai.completion.Classification", classify)
        .title("Puts a text into one of some classes.")
        .property("prompt", &Properties::prompt, "The text", plugin::required)
        .property("classes", &Properties::classes, "The classes", plugin::required)
        .property("systemMessage", &Properties::system_message, "What the model should know")
        .output("classification", "The class", Shape::Text)
        .example("Sort mails", R"(id: sort_mail
namespace: company.team
tasks:
  - id: sort
    type: io.kestra.plugin.ai.completion.Classification
    provider:
      type: io.kestra.plugin.ai.provider.MistralAI
      apiKey: "{{ secret('MISTRAL_KEY') }}"
      modelName: mistral-small-latest
    classes: [question, complaint, praise]
    prompt: "Where is my parcel?"
)");
}

}  // namespace ai_completion

void add_ai_completion_types(plugin::TaskCatalog& catalog) {
    using namespace ai_completion;
    catalog.add(chat_type());
    catalog.add(extraction_type());
    catalog.add(classification_type());
}

}  // namespace sluice::tasks
