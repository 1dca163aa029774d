#include "tasks/ai/chat.h"

#include "tasks/calls/deliver.h"
#include "value/json.h"

namespace sluice::tasks {
namespace ai_chat {

constexpr std::int64_t kAnthropicTokens = 4096;  // that API wants a limit

std::string without_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

template <class T>
void put(Map& map, const char* name, const std::optional<T>& value) {
    if (value) map.set(name, *value);
}

std::string finish_of(const std::string& word) {
    for (const char* one : {"stop", "STOP", "end_turn", "stop_sequence"}) {
        if (word == one) return "STOP";
    }
    for (const char* one : {"length", "MAX_TOKENS", "max_tokens"}) {
        if (word == one) return "LENGTH";
    }
    for (const char* one : {"tool_calls", "tool_use", "function_call"}) {
        if (word == one) return "TOOL_EXECUTION";
    }
    return word == "content_filter" || word == "SAFETY" ? "CONTENT_FILTER" : "OTHER";
}

tl::unexpected<Error> strange(const Value& body) {
    return refuse(ErrorCode::Unavailable, "the model's answer has no text: {}", to_json(body).substr(0, 500));
}

std::int64_t number(const std::optional<Value>& value) {
    return value ? value->if_integer().value_or(0) : 0;
}

List messages_of(const ChatRequest& chat, bool with_system) {
    List out;
    for (const ChatMessage& one : chat.messages) {
        if (one.role == ChatRole::System && !with_system) continue;
        const char* role = one.role == ChatRole::System ? "system" : one.role == ChatRole::User ? "user" : "assistant";
        out.push_back(Value{{"role", role}, {"content", one.text}});
    }
    return out;
}

/// For models whose API has no setting for it.
std::string asks_for_json(const ChatRequest& chat) {
    if (!chat.wants_json) return "";
    const std::string schema =
        chat.json_schema.is_null() ? "" : " It must follow this JSON schema: " + to_json(chat.json_schema);
    return "\n\nAnswer with one JSON value and nothing else: no explanation, no code fence." + schema;
}

// ---- OpenAI, and all that copied its API

net::Request openai_request(const std::string& base_url, const std::string& key, const std::string& model,
                            const ChatRequest& chat) {
    Map body{{"model", model}, {"messages", Value(messages_of(chat, true))}};
    put(body, "temperature", chat.temperature);
    put(body, "top_p", chat.top_p);
    put(body, "seed", chat.seed);
    // Newer models of OpenAI refuse the old name; servers that copied the API may not know the new one.
    const bool is_openai = base_url.find("api.openai.com") != std::string::npos;
    put(body, is_openai ? "max_completion_tokens" : "max_tokens", chat.max_tokens);
    if (chat.wants_json && chat.json_schema.is_null()) body.set("response_format", Value{{"type", "json_object"}});
    if (!chat.json_schema.is_null()) {
        body.set("response_format", Value{{"type", "json_schema"},
                                          {"json_schema", Value{{"name", "answer"}, {"schema", chat.json_schema}}}});
    }
    net::Request out = json_post(without_slash(base_url) + "/chat/completions", Value(std::move(body)));
    if (!key.empty()) out.headers.add("Authorization", "Bearer " + key);
    return out;
}

Result<ChatAnswer> openai_answer(const Value& body) {
    const Value choices = body["choices"];
    if (!choices.is_list() || choices.as_list().empty()) return strange(body);
    const Value& choice = choices.as_list().front();
    const auto text = choice.get("message", "content");
    if (!text || !text->is_string()) return strange(body);
    return ChatAnswer{text->as_string(), finish_of(choice.text("finish_reason")),
                      number(body.get("usage", "prompt_tokens")), number(body.get("usage", "completion_tokens"))};
}

// ---- Anthropic

net::Request anthropic_request(const std::string& base_url, const std::string& key, const std::string& model,
                               const ChatRequest& chat) {
    Map body{{"model", model},
             {"max_tokens", chat.max_tokens.value_or(kAnthropicTokens)},
             {"messages", Value(messages_of(chat, false))}};
    const std::string system = texts_of(chat, ChatRole::System) + asks_for_json(chat);
    if (!system.empty()) body.set("system", system);
    put(body, "temperature", chat.temperature);
    put(body, "top_p", chat.top_p);
    put(body, "top_k", chat.top_k);
    net::Request out = json_post(without_slash(base_url) + "/messages", Value(std::move(body)));
    out.headers.add("x-api-key", key);
    out.headers.add("anthropic-version", "2023-06-01");
    return out;
}

Result<ChatAnswer> anthropic_answer(const Value& body) {
    const Value content = body["content"];
    if (!content.is_list()) return strange(body);
    ChatAnswer out{"", finish_of(body.text("stop_reason")), number(body.get("usage", "input_tokens")),
                   number(body.get("usage", "output_tokens"))};
    for (const Value& part : content.as_list()) {
        if (part.text("type") == "text") out.text += part.text("text");
    }
    return out;
}

// ---- Gemini

net::Request gemini_request(const std::string& base_url, const std::string& key, const std::string& model,
                            const ChatRequest& chat) {
    const auto parts = [](const std::string& text) { return Value(List{Value{{"text", text}}}); };
    List contents;
    for (const ChatMessage& one : chat.messages) {
        if (one.role == ChatRole::System) continue;
        contents.push_back(Value{{"role", one.role == ChatRole::User ? "user" : "model"}, {"parts", parts(one.text)}});
    }
    Map config;
    put(config, "temperature", chat.temperature);
    put(config, "topP", chat.top_p);
    put(config, "topK", chat.top_k);
    put(config, "seed", chat.seed);
    put(config, "maxOutputTokens", chat.max_tokens);
    if (chat.wants_json) config.set("responseMimeType", "application/json");
    if (!chat.json_schema.is_null()) config.set("responseJsonSchema", chat.json_schema);
    Map body{{"contents", Value(std::move(contents))}};
    const std::string system = texts_of(chat, ChatRole::System);
    if (!system.empty()) body.set("systemInstruction", Value{{"parts", parts(system)}});
    if (!config.empty()) body.set("generationConfig", Value(std::move(config)));
    net::Request out =
        json_post(fmt::format("{}/models/{}:generateContent", without_slash(base_url), model), Value(std::move(body)));
    out.headers.add("x-goog-api-key", key);
    return out;
}

Result<ChatAnswer> gemini_answer(const Value& body) {
    const Value candidates = body["candidates"];
    if (!candidates.is_list() || candidates.as_list().empty()) return strange(body);
    const Value& first = candidates.as_list().front();
    ChatAnswer out{"", finish_of(first.text("finishReason")), number(body.get("usageMetadata", "promptTokenCount")),
                   number(body.get("usageMetadata", "candidatesTokenCount"))};
    const auto parts = first.get("content", "parts");
    for (const Value& part : parts && parts->is_list() ? parts->as_list() : List()) {
        if (!part["thought"].if_bool().value_or(false)) out.text += part.text("text");
    }
    return out;
}

// ---- Ollama

net::Request ollama_request(const std::string& base_url, const std::string& key, const std::string& model,
                            const ChatRequest& chat) {
    Map options;
    put(options, "temperature", chat.temperature);
    put(options, "top_p", chat.top_p);
    put(options, "top_k", chat.top_k);
    put(options, "seed", chat.seed);
    put(options, "num_predict", chat.max_tokens);
    Map body{{"model", model}, {"messages", Value(messages_of(chat, true))}, {"stream", false}};
    if (chat.wants_json) body.set("format", chat.json_schema.is_null() ? Value("json") : chat.json_schema);
    if (!options.empty()) body.set("options", Value(std::move(options)));
    net::Request out = json_post(without_slash(base_url) + "/api/chat", Value(std::move(body)));
    if (!key.empty()) out.headers.add("Authorization", "Bearer " + key);
    return out;
}

Result<ChatAnswer> ollama_answer(const Value& body) {
    const auto text = body.get("message", "content");
    if (!text || !text->is_string()) return strange(body);
    return ChatAnswer{text->as_string(), finish_of(body.text("done_reason")), number(body.get("prompt_eval_count")),
                      number(body.get("eval_count"))};
}

}  // namespace ai_chat

std::string texts_of(const ChatRequest& chat, ChatRole role) {
    std::string out;
    for (const ChatMessage& one : chat.messages) {
        if (one.role == role) out += (out.empty() ? "" : "\n\n") + one.text;
    }
    return out;
}

const ChatApi kOpenAiApi{ai_chat::openai_request, ai_chat::openai_answer};
const ChatApi kAnthropicApi{ai_chat::anthropic_request, ai_chat::anthropic_answer};
const ChatApi kGeminiApi{ai_chat::gemini_request, ai_chat::gemini_answer};
const ChatApi kOllamaApi{ai_chat::ollama_request, ai_chat::ollama_answer};

}  // namespace sluice::tasks
