#pragma once
#include "net/message.h"
#include "plugin/task_type.h"
#include "tasks/settings.h"

namespace sluice::tasks {

/// What tasks that send one HTTP request take. Options may stand in `options`, or, in older flows, beside it.
struct HttpProperties {
    std::string uri;
    std::string method = "GET";
    Value params;
    std::optional<std::string> body;
    Value form_data;
    std::string content_type;
    Value headers;
    Value options;
    Value ssl_options;
    bool allow_failed = false;
    // of Request
    bool encrypt_body = false;
    // of Download
    bool fail_on_empty_response = true;
    std::optional<std::string> save_as;
    // of Trigger
    std::string interval = "PT60S";
    std::string response_condition = "{{ response.statusCode < 400 }}";
    // of SseRequest
    std::int64_t max_events = 0;
    std::optional<Duration> max_duration;
    std::string stop_when;
    std::string fetch_type = "STORE";
};

/// The entries of `options`.
std::vector<flow::Property> http_option_fields();

/// Declares those of them that all such tasks have.
void declare_http(plugin::TaskTypeMaker<HttpProperties>& type);

/// What to do with the answer.
struct AnswerRules {
    bool allow_failed = false;
    std::vector<std::int64_t> allowed_codes{};  // empty: below 400
    std::string default_charset = "UTF-8";
    std::int64_t longest_body_bytes = 10 * 1024 * 1024;
    bool logs_request_headers = false, logs_request_body = false;
    bool logs_response_headers = false, logs_response_body = false;

    /// Source  flows.md §4.4: codes below 400 always do
    bool accept(int code) const;
};

struct HttpCall {
    net::Request request{};
    AnswerRules rules{};
};

/// The request that the properties describe. Files of the internal storage are read while it is sent.
/// Errors  Invalid: an option that can't be read; NotFound: no such file
Result<HttpCall> http_call(const HttpProperties& want, const Settings& settings, plugin::TaskContext& context);

/// {body} or, when it is to be encrypted, {encryptedBody}.
/// Errors  Invalid: there is no key
Result<Value> body_output(const HttpProperties& want, const Settings& settings, std::string body);

/// "Request 'GET http://…' failed with status 404: <the beginning of the body>"
Error http_failure(const net::Request& request, int code, std::string_view body);

/// Names as received, each with its values: the output `headers`.
Value headers_output(const net::Headers& headers);

/// Options::logs, before and after.
void log_request(const HttpCall& call, plugin::TaskContext& context);
void log_response(const HttpCall& call, const net::Response& response, plugin::TaskContext& context);

}  // namespace sluice::tasks
