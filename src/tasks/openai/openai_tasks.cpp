// openai.*: ChatCompletion, Responses, CreateImage; their outputs are the API's own.
#include <algorithm>

#include "expr/encoding.h"
#include "net/client.h"
#include "plugin/task_files.h"
#include "tasks/calls/deliver.h"
#include "tasks/catalog.h"
#include "value/json.h"

namespace sluice::tasks {
namespace openai {

using flow::Shape;

struct Properties {
    std::string api_key;
    std::string base_url = "https://api.openai.com/v1";
    std::int64_t client_timeout = 60;
    std::string model;
    Value messages;
    std::string prompt;
    std::optional<double> temperature, top_p, presence_penalty, frequency_penalty;
    std::optional<std::int64_t> n, max_tokens;
    Value stop;
    Value logit_bias;
    Value functions;
    std::string function_call;
    std::string user;
    Value json_response_schema;
    // of Responses
    Value input;
    std::string instructions;
    Value text;
    Value tools;
    Value tool_choice;
    Value reasoning;
    std::optional<bool> store, parallel_tool_calls;
    std::string previous_response_id;
    // of CreateImage
    std::string size = "LARGE";
    std::string quality;
    bool download = false;
};

template <class T>
void put(Map& map, const char* name, const std::optional<T>& value) {
    if (value) map.set(name, *value);
}
void put(Map& map, const char* name, const std::string& value) {
    if (!value.empty()) map.set(name, value);
}
void put(Map& map, const char* name, const Value& value) {
    if (!value.is_null()) map.set(name, value);
}

/// JSON that may be given as a text.
Result<Value> parsed(const Value& value, const char* property) {
    const std::string* text = value.if_string();
    if (text == nullptr) return value;
    auto read = parse_json(*text);
    if (!read) return invalid("property '{}': {}", property, read.error().message);
    return read;
}

Result<Value> ask(const Properties& want, const std::string& path, Map body, plugin::TaskContext& context) {
    std::string url = want.base_url;
    while (url.ends_with('/')) url.pop_back();
    ServiceCall call{"OpenAI", json_post(url + path, Value(std::move(body)))};
    call.request.headers.add("Authorization", "Bearer " + want.api_key);
    if (want.client_timeout < 1) return invalid("property 'clientTimeout': expected seconds above 0");
    call.request.options.deadline = std::chrono::seconds(want.client_timeout);
    call.request.options.idle_timeout = std::chrono::seconds(want.client_timeout);
    return deliver_for_json(call, context);
}

// ---- ChatCompletion

/// {name, description, parameters: [{name, description, type, enumValues, required}]} as the API has it.
Value tool_of(const Value& function) {
    Map properties;
    List needed;
    const Value parameters = function["parameters"];
    for (const Value& one : parameters.is_list() ? parameters.as_list() : List()) {
        Map property{{"type", one.text("type").empty() ? "string" : one.text("type")}};
        put(property, "description", one.text("description"));
        put(property, "enum", one["enumValues"]);
        if (one["required"].if_bool().value_or(false)) needed.emplace_back(one.text("name"));
        properties.set(one.text("name"), Value(std::move(property)));
    }
    Map declared{{"name", function.text("name")},
                 {"parameters", Value{{"type", "object"},
                                      {"properties", Value(std::move(properties))},
                                      {"required", Value(std::move(needed))}}}};
    put(declared, "description", function.text("description"));
    return Value{{"type", "function"}, {"function", Value(std::move(declared))}};
}

void add_functions(const Properties& want, Map& body) {
    if (!want.functions.is_list()) return;
    List tools;
    for (const Value& one : want.functions.as_list()) tools.push_back(tool_of(one));
    body.set("tools", Value(std::move(tools)));
    if (want.function_call.empty()) return;
    const bool is_word = want.function_call == "auto" || want.function_call == "none";
    body.set("tool_choice", is_word ? Value(want.function_call)
                                    : Value{{"type", "function"}, {"function", Value{{"name", want.function_call}}}});
}

Result<Map> chat_body(const Properties& want) {
    const auto given = parsed(want.messages, "messages");
    if (!given) return tl::unexpected(given.error());
    List messages = given->is_list() ? given->as_list() : List();
    if (!want.prompt.empty()) messages.push_back(Value{{"role", "user"}, {"content", want.prompt}});
    if (messages.empty()) return invalid("messages or prompt is needed");
    Map body{{"model", want.model}, {"messages", Value(std::move(messages))}};
    put(body, "temperature", want.temperature);
    put(body, "top_p", want.top_p);
    put(body, "n", want.n);
    put(body, "stop", want.stop);
    put(body, want.base_url.find("api.openai.com") != std::string::npos ? "max_completion_tokens" : "max_tokens",
        want.max_tokens);
    put(body, "presence_penalty", want.presence_penalty);
    put(body, "frequency_penalty", want.frequency_penalty);
    put(body, "logit_bias", want.logit_bias);
    put(body, "user", want.user);
    add_functions(want, body);
    if (want.json_response_schema.is_null()) return body;
    auto schema = parsed(want.json_response_schema, "jsonResponseSchema");
    if (!schema) return tl::unexpected(schema.error());
    body.set("response_format", Value{{"type", "json_schema"},
                                      {"json_schema", Value{{"name", "answer"}, {"schema", std::move(*schema)}}}});
    return body;
}

Result<Value> chat(const Properties& want, plugin::TaskContext& context) {
    auto body = chat_body(want);
    if (!body) return tl::unexpected(body.error());
    const auto answer = ask(want, "/chat/completions", std::move(*body), context);
    if (!answer) return answer;
    Map out;
    for (const char* name : {"id", "object", "model", "choices", "usage"}) put(out, name, (*answer)[name]);
    for (const char* name : {"prompt_tokens", "completion_tokens", "total_tokens"}) {
        if (const auto count = answer->get("usage", name)) {
            context.metric(std::string("usage.") + name, "counter",
                           static_cast<double>(count->if_integer().value_or(0)));
        }
    }
    return Value(std::move(out));
}

// ---- Responses

void add_output_item(const Value& item, std::string& text, List& sources) {
    const Value content = item["content"];
    for (const Value& part : content.is_list() ? content.as_list() : List()) {
        text += part.text("text");
        const Value notes = part["annotations"];
        for (const Value& note : notes.is_list() ? notes.as_list() : List()) {
            if (!note.text("url").empty()) sources.emplace_back(note.text("url"));
        }
    }
}

Result<Value> respond(const Properties& want, plugin::TaskContext& context) {
    Map body{{"model", want.model}, {"input", want.input}};
    put(body, "instructions", want.instructions);
    put(body, "text", want.text);
    put(body, "tools", want.tools);
    put(body, "tool_choice", want.tool_choice);
    put(body, "reasoning", want.reasoning);
    put(body, "store", want.store);
    put(body, "parallel_tool_calls", want.parallel_tool_calls);
    put(body, "previous_response_id", want.previous_response_id);
    put(body, "max_output_tokens", want.max_tokens);
    put(body, "temperature", want.temperature);
    put(body, "top_p", want.top_p);
    put(body, "user", want.user);
    const auto answer = ask(want, "/responses", std::move(body), context);
    if (!answer) return answer;
    std::string text;
    List sources;
    const Value items = (*answer)["output"];
    for (const Value& item : items.is_list() ? items.as_list() : List()) add_output_item(item, text, sources);
    return Value{{"responseId", answer->text("id")},
                 {"outputText", text},
                 {"sources", Value(std::move(sources))},
                 {"rawResponse", *answer}};
}

// ---- CreateImage

Result<std::string> stored_image(const Value& image, std::size_t number, plugin::TaskContext& context) {
    std::string bytes;
    if (!image.text("b64_json").empty()) {
        auto plain = expr::from_base64(image.text("b64_json"));
        if (!plain) return refuse(ErrorCode::Unavailable, "OpenAI answered with an image that is no base64");
        bytes = std::move(*plain);
    } else {
        net::Request request;
        request.url = image.text("url");
        auto response = deliver({"OpenAI", std::move(request)}, context);
        if (!response) return tl::unexpected(response.error());
        bytes = std::move(response->body);
    }
    return plugin::store_text(context, bytes, fmt::format("image-{}.png", number));
}

Result<Value> create_image(const Properties& want, plugin::TaskContext& context) {
    const std::string side = want.size == "SMALL" ? "256" : want.size == "MEDIUM" ? "512" : "1024";
    Map body{{"prompt", want.prompt}, {"size", side + "x" + side}};
    put(body, "model", want.model);
    put(body, "n", want.n);
    put(body, "quality", want.quality);
    put(body, "user", want.user);
    const auto answer = ask(want, "/images/generations", std::move(body), context);
    if (!answer) return answer;
    List images;
    const Value data = (*answer)["data"];
    for (const Value& image : data.is_list() ? data.as_list() : List()) {
        if (!want.download && !image.text("url").empty()) {
            images.emplace_back(image.text("url"));
            continue;
        }
        auto address = stored_image(image, images.size(), context);
        if (!address) return tl::unexpected(address.error());
        images.emplace_back(*address);
    }
    return Value{{"images", Value(std::move(images))}};
}

plugin::TaskTypeMaker<Properties> declared(std::string_view name, plugin::TaskTypeMaker<Properties>::Run run) {
    plugin::TaskTypeMaker<Properties> type(name, std::move(run));
    type.description("A service that is busy or away is tried again, up to five times.")
        .property("apiKey", &Properties::api_key, "Key", plugin::required)
        .property("baseUrl", &Properties::base_url, "Of OpenAI, or of a server with its API")
        .property("clientTimeout", &Properties::client_timeout, "Seconds until there must be an answer")
        .property("user", &Properties::user, "Name of whoever asks, for OpenAI");
    return type;
}

plugin::TaskType chat_type() {
    const flow::Property message{.shape = Shape::Any};
    return declared("openai.ChatCompletion", chat)
        .title("Goes on with a chat, by OpenAI's API.")
        .property("model", &Properties::model, "Which model", plugin::required)
        .property("messages", &Properties::messages, "What was said so far: {role, content}")
        .shape(Shape::ListOrText)
        .items(message)
        .property("prompt", &Properties::prompt, "One more message of the user")
        .property("temperature", &Properties::temperature, "How much chance there is")
        .property("topP", &Properties::top_p, "Only the likeliest, up to this sum")
        .property("n", &Properties::n, "How many answers")
        .property("stop", &Properties::stop, "Texts at which an answer ends")
        .property("maxTokens", &Properties::max_tokens, "Longest answer")
        .property("presencePenalty", &Properties::presence_penalty, "Against subjects that were there")
        .property("frequencyPenalty", &Properties::frequency_penalty, "Against words that were there")
        .property("logitBias", &Properties::logit_bias, "Likelihood by token")
        .property("functions", &Properties::functions, "Functions that the model may ask for")
        .property("functionCall", &Properties::function_call, "auto, none, or the name of a function")
        .property("jsonResponseSchema", &Properties::json_response_schema, "JSON schema of the answer")
        .shape(Shape::MapOrText)
        .output("id", "Of the answer", Shape::Text)
        .output("object", "Kind of the answer", Shape::Text)
        .output("model", "Which model it was", Shape::Text)
        .output("choices", "The answers: choices[0].message.content", Shape::List)
        .output("usage", "Tokens that were used", Shape::Map)
        .example("Ask", R"(id: ask_openai
namespace: company.team
tasks:
  - id: ask
    type: io.kestra.plugin.openai.ChatCompletion
    apiKey: "{{ secret('OPENAI_KEY') }}"
    model: gpt-4o-mini
    prompt: What is a workflow, in one sentence?
  - id: tell
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.ask.choices[0].message.content }}"
)");
}

plugin::TaskType responses_type() {
    return declared("openai.Responses", respond)
        .title("Asks a model by OpenAI's Responses API.")
        .property("model", &Properties::model, "Which model", plugin::required)
        .property("input", &Properties::input, "A text, or a list of messages", plugin::required)
        .property("instructions", &Properties::instructions, "What the model should know")
        .property("text", &Properties::text, "Form of the answer: {format}")
        .property("tools", &Properties::tools, "OpenAI's own tools, such as {type: web_search}")
        .property("toolChoice", &Properties::tool_choice, "Which tool it must use")
        .property("reasoning", &Properties::reasoning, "How it thinks: {effort}")
        .property("store", &Properties::store, "Whether OpenAI keeps it")
        .property("parallelToolCalls", &Properties::parallel_tool_calls, "Several tools at once")
        .property("previousResponseId", &Properties::previous_response_id, "The answer that this goes on from")
        .property("maxOutputTokens", &Properties::max_tokens, "Longest answer")
        .property("temperature", &Properties::temperature, "How much chance there is")
        .property("topP", &Properties::top_p, "Only the likeliest, up to this sum")
        .output("responseId", "Of the answer", Shape::Text)
        .output("outputText", "The answer", Shape::Text)
        .output("sources", "Addresses that it names", Shape::List)
        .output("rawResponse", "All of the answer", Shape::Map)
        .example("Ask with a search", R"(id: search_openai
namespace: company.team
tasks:
  - id: ask
    type: io.kestra.plugin.openai.Responses
    apiKey: "{{ secret('OPENAI_KEY') }}"
    model: gpt-4.1-mini
    input: What happened today in the world of databases?
    tools:
      - type: web_search
)");
}

plugin::TaskType image_type() {
    return declared("openai.CreateImage", create_image)
        .title("Makes images of a text, by OpenAI's API.")
        .property("prompt", &Properties::prompt, "What they show", plugin::required)
        .property("model", &Properties::model, "Which model; default: the API's")
        .property("n", &Properties::n, "How many")
        .property("size", &Properties::size, "256, 512 or 1024 on a side")
        .values({"SMALL", "MEDIUM", "LARGE"})
        .property("quality", &Properties::quality, "As the API names it")
        .property("download", &Properties::download, "Put them into the internal storage")
        .output("images", "Their addresses", Shape::List)
        .example("A picture", R"(id: picture
namespace: company.team
tasks:
  - id: draw
    type: io.kestra.plugin.openai.CreateImage
    apiKey: "{{ secret('OPENAI_KEY') }}"
    prompt: A sluice in the mountains
    download: true
)");
}

}  // namespace openai

void add_openai_types(plugin::TaskCatalog& catalog) {
    using namespace openai;
    catalog.add(chat_type());
    catalog.add(responses_type());
    catalog.add(image_type());
}

}  // namespace sluice::tasks
