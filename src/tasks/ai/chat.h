#pragma once
#include "net/message.h"
#include "plugin/task_context.h"
#include "value/value.h"

namespace sluice::tasks {

enum class ChatRole { System, User, Model };

struct ChatMessage {
    ChatRole role = ChatRole::User;
    std::string text{};
};

/// What a model is asked, whoever runs it.
struct ChatRequest {
    std::vector<ChatMessage> messages{};
    std::optional<double> temperature{}, top_p{};
    std::optional<std::int64_t> top_k{}, seed{}, max_tokens{};
    bool wants_json = false;
    Value json_schema{};  // of the answer; null: any JSON
};

struct ChatAnswer {
    std::string text{};
    std::string finish_reason{};  // STOP, LENGTH, TOOL_EXECUTION, CONTENT_FILTER or OTHER
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
};

/// How a kind of API is spoken to.
struct ChatApi {
    net::Request (*request)(const std::string& base_url, const std::string& key, const std::string& model,
                            const ChatRequest& chat);
    Result<ChatAnswer> (*answer)(const Value& body);
};
extern const ChatApi kOpenAiApi, kAnthropicApi, kGeminiApi, kOllamaApi;

/// The texts of messages of one role, joined by blank lines.
std::string texts_of(const ChatRequest& chat, ChatRole role);

}  // namespace sluice::tasks
