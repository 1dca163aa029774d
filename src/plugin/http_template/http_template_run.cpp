#include "base/utf8.h"
#include "net/client.h"
#include "plugin/http_template/http_template.h"
#include "value/json.h"
#include "value/truthiness.h"

namespace sluice::plugin {
namespace {

constexpr std::size_t kShownBodyBytes = 1000;
constexpr std::uint64_t kLongestBodyBytes = 64 * 1024 * 1024;

bool is_json(const net::Response& response) {
    const auto type = response.headers.find("Content-Type").value_or("");
    return type.find("json") != std::string::npos;
}

Value response_value(const net::Response& response) {
    Map headers;
    for (const auto& [name, value] : response.headers) {
        std::string lower = name;
        for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (!headers.contains(lower)) headers.set(lower, value);
    }
    Value body(repaired_utf8(response.body));
    if (is_json(response)) {
        if (auto parsed = parse_json(response.body)) body = std::move(*parsed);
    }
    return Value{{"code", Value(static_cast<std::int32_t>(response.code))},
                 {"headers", Value(std::move(headers))},
                 {"body", std::move(body)}};
}

/// One run: its request, page after page.
class Call {
  public:
    Call(const HttpTemplate& what, const Value& properties, TaskContext& context)
        : what_(what), context_(context), names_{{"properties", properties}} {}

    Result<Value> run() {
        auto request = first_request();
        if (!request) return tl::unexpected(request.error());
        for (std::int64_t page = 1;; ++page) {
            if (auto sent = send(*request); !sent) return tl::unexpected(sent.error());
            if (auto taken = take_items(); !taken) return tl::unexpected(taken.error());
            if (what_.next.empty()) break;
            const auto next = context_.render(what_.next, names_);
            if (!next) return tl::unexpected(next.error());
            if (next->empty()) break;
            if (page >= what_.most_pages) {
                context_.log(LogLevel::Warn, fmt::format("There are more than {} pages: the rest was left out", page));
                break;
            }
            request->url = *next;
        }
        names_.set("items", Value(std::move(items_)));
        return outputs();
    }

  private:
    Result<net::Request> first_request() {
        net::Request out;
        const auto method = context_.render(what_.method, names_);
        if (!method) return tl::unexpected(method.error());
        const auto uri = context_.render(what_.uri, names_);
        if (!uri) return tl::unexpected(uri.error());
        const auto query = pairs_of(what_.query);
        if (!query) return tl::unexpected(query.error());
        const auto headers = pairs_of(what_.headers);
        if (!headers) return tl::unexpected(headers.error());
        out.method = *method;
        out.url = net::with_query(*uri, *query);
        for (const auto& [name, value] : *headers) out.headers.add(name, value);
        if (auto set = set_body(out); !set) return tl::unexpected(set.error());
        if (auto set = set_options(out); !set) return tl::unexpected(set.error());
        return out;
    }

    Result<net::Pairs> pairs_of(const Map& map) {
        net::Pairs out;
        const auto rendered = context_.render_tree(Value(map), names_);
        if (!rendered) return tl::unexpected(rendered.error());
        for (const auto& [name, value] : rendered->as_map()) {
            // What an optional property left empty is not sent.
            if (!value.is_null() && value != Value("")) out.emplace_back(name, text_of(value));
        }
        return out;
    }

    Result<void> set_body(net::Request& out) {
        if (what_.body.is_null()) return {};
        const auto body =
            what_.body.is_string() ? context_.render_typed(what_.body.as_string(), names_) : typed_tree(what_.body);
        if (!body) return tl::unexpected(body.error());
        const auto type = context_.render(what_.content_type, names_);
        if (!type) return tl::unexpected(type.error());
        out.body = text_of(*body);
        const char* usual = body->is_string() ? "text/plain; charset=utf-8" : "application/json";
        if (!out.headers.find("Content-Type")) out.headers.add("Content-Type", type->empty() ? usual : *type);
        return {};
    }

    /// A text that is one expression keeps its value's type; what is null is left out.
    Result<Value> typed_tree(const Value& tree) {
        if (const std::string* text = tree.if_string()) return context_.render_typed(*text, names_);
        if (const Map* map = tree.if_map()) {
            Map out;
            for (const auto& [name, value] : *map) {
                auto rendered = typed_tree(value);
                if (!rendered) return rendered;
                if (!rendered->is_null()) out.set(name, std::move(*rendered));
            }
            return Value(std::move(out));
        }
        if (const List* list = tree.if_list()) {
            List out;
            for (const Value& value : *list) {
                auto rendered = typed_tree(value);
                if (!rendered) return rendered;
                out.push_back(std::move(*rendered));
            }
            return Value(std::move(out));
        }
        return tree;
    }

    Result<void> set_options(net::Request& out) {
        const auto timeout = context_.render(what_.timeout, names_);
        if (!timeout) return tl::unexpected(timeout.error());
        const auto deadline = parse_duration(*timeout);
        if (!deadline) return tl::unexpected(deadline.error());
        out.options.deadline = *deadline;
        out.options.longest_body_bytes = kLongestBodyBytes;
        const auto auth = context_.render_tree(Value(what_.auth), names_);
        if (!auth) return tl::unexpected(auth.error());
        for (const char* name : {"password", "token"}) context_.hide(auth->text(name));
        if (auth->text("type") == "BASIC")
            out.options.auth = net::BasicAuth{auth->text("username"), auth->text("password")};
        if (auth->text("type") == "BEARER") out.options.auth = net::BearerAuth{auth->text("token")};
        return {};
    }

    Result<void> send(const net::Request& request) {
        const auto response = context_.http().send(request, context_.stop_token());
        if (!response) return tl::unexpected(response.error());
        names_.set("response", response_value(*response));
        const auto failed = context_.render(what_.fail_when, names_);
        if (!failed) return tl::unexpected(failed.error());
        if (!is_truthy(*failed)) return {};
        if (!what_.error_message.empty()) {
            const auto message = context_.render(what_.error_message, names_);
            if (message && !message->empty()) return refuse(ErrorCode::Unavailable, "{}", *message);
        }
        const std::string_view body = utf8_prefix(response->body, kShownBodyBytes);
        return refuse(ErrorCode::Unavailable, "Request '{} {}' failed with status {}{}{}", request.method, request.url,
                      response->code, body.empty() ? "" : ": ", repaired_utf8(std::string(body)));
    }

    Result<void> take_items() {
        if (what_.items.empty()) return {};
        const auto items = context_.render_typed(what_.items, names_);
        if (!items) return tl::unexpected(items.error());
        if (!items->is_list())
            return invalid("paging.items: expected a list, found '{}'", text_of(*items).substr(0, 200));
        items_.insert(items_.end(), items->as_list().begin(), items->as_list().end());
        return {};
    }

    Result<Value> outputs() {
        Map out;
        for (const auto& [name, expression] : what_.outputs) {
            auto value = context_.render_typed(expression, names_);
            if (!value) {
                Error error = value.error();
                error.message = fmt::format("the output '{}': {}", name, error.message);
                return tl::unexpected(std::move(error));
            }
            out.set(name, std::move(*value));
        }
        return Value(std::move(out));
    }

    const HttpTemplate& what_;
    TaskContext& context_;
    Map names_;
    List items_{};
};

}  // namespace

Result<Value> run_http_template(const HttpTemplate& call, const Value& properties, TaskContext& context) {
    return Call(call, properties, context).run();
}

}  // namespace sluice::plugin
