#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "flow/external_type.h"
#include "plugin/task_type.h"

namespace sluice::plugin {

/// A REST call as a type of task: what a file NAME.http.yaml says. Its texts are templates over `properties`, and, once
/// there is an answer, over `response` (code, headers by their names in lower case, body).
struct HttpTemplate {
    flow::TypeInfo info{};
    Value document{};  // what other processes are told

    std::string method = "GET";
    std::string uri{};
    Map headers{};
    Map query{};
    Value body{};  // a text is sent as it is, anything else as JSON
    std::string content_type{};
    std::string timeout = "PT1M";
    Map auth{};  // type BASIC or BEARER, username, password, token

    std::string next{};   // the address of the next page; empty text: there is none
    std::string items{};  // what a page adds to `items`
    std::int64_t most_pages = 100;

    std::string fail_when = "{{ response.code >= 400 }}";
    std::string error_message{};
    std::map<std::string, std::string> outputs{};
};

/// Errors  Invalid with one detail for each mistake, each with its place
Result<HttpTemplate> read_http_template(const std::string& text, const std::filesystem::path& file);

/// Sends the request, page after page. Returns the outputs.
/// Errors  Expression; Unavailable: fail_when; as net::Client
Result<Value> run_http_template(const HttpTemplate& call, const Value& properties, TaskContext& context);

}  // namespace sluice::plugin
