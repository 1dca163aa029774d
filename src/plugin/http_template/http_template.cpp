#include "plugin/http_template/http_template.h"

#include <algorithm>

#include "base/nearest.h"
#include "expr/references.h"
#include "expr/template.h"
#include "plugin/external/manifest.h"

namespace sluice::plugin {
namespace {

using flow::Node;

class TemplateReader {
  public:
    TemplateReader(Node document, const std::filesystem::path& file) : document_(std::move(document)), file_(file) {}

    Result<HttpTemplate> read() {
        if (auto loaded = load_icon(document_, file_.parent_path()); !loaded) {
            wrong(document_, "icon", loaded.error().message);
            std::erase_if(document_.entries, [](const auto& entry) { return entry.key == "icon"; });
        }
        static const std::vector<std::string> kOwn{"request", "paging", "failWhen", "errorMessage"};
        flow::ExternalType type = flow::read_external_type(document_, file_.string(), kOwn);
        errors_ = std::move(type.errors);
        out_.info = std::move(type.info);
        if (document_.is_map()) {
            read_request();
            read_paging();
            out_.fail_when = text_of("failWhen", document_, "failWhen", kAnswered).value_or(out_.fail_when);
            out_.error_message = text_of("errorMessage", document_, "errorMessage", kAnswered).value_or("");
            read_outputs();
        }
        if (!errors_.empty()) return tl::unexpected(mistakes_of(file_, std::move(errors_)));
        keep_document();
        return std::move(out_);
    }

  private:
    /// What the texts of a part may name besides what every task sees.
    enum Seen { kAsked, kAnswered };

    void wrong(const Node& at, const std::string& path, std::string message) {
        errors_.push_back(
            {ErrorCode::Invalid, std::move(message), Place{file_.string(), at.line, at.column, path}, {}, ""});
    }

    void check_keys(const Node& map, const std::string& path, const std::vector<std::string>& known) {
        for (const auto& entry : map.entries) {
            if (std::ranges::find(known, entry.key) != known.end()) continue;
            Node at;
            at.line = entry.line;
            at.column = entry.column;
            wrong(at, path + "." + entry.key, "unknown key" + did_you_mean(entry.key, known));
        }
    }

    /// An expression that can't be read, or names a property that is not declared, is told with its place.
    void check_text(const Node& node, const std::string& path, Seen seen) {
        if (!expr::has_expression(node.text)) return;
        const auto tell = [&](const Error& found) {
            errors_.push_back({ErrorCode::Invalid,
                               found.message,
                               flow::place_in_file(node, found.place, file_.string(), path),
                               {},
                               found.kind});
        };
        const auto parsed = expr::parse(node.text);
        if (!parsed) return tell(parsed.error());
        for (const Error& unknown : expr::unknown_names(**parsed)) tell(unknown);
        const expr::References used = expr::references(**parsed);
        if (const auto root = used.roots.find("properties"); root != used.roots.end()) {
            for (const auto& [name, place] : root->second.places) {
                if (name.empty() || out_.info.property(name) != nullptr) continue;
                std::vector<std::string> names;
                for (const flow::Property& one : out_.info.properties) names.push_back(one.name);
                tell({ErrorCode::Invalid,
                      fmt::format("there is no property '{}'{}", name, did_you_mean(name, names)),
                      place,
                      {},
                      ""});
            }
        }
        if (seen == kAsked && used.roots.contains("response")) {
            tell({ErrorCode::Invalid, "there is no response yet when the request is made", {}, {}, ""});
        }
    }

    void check_tree(const Node& node, const std::string& path, Seen seen) {
        if (node.is_scalar()) check_text(node, path, seen);
        for (std::size_t i = 0; i < node.items.size(); ++i)
            check_tree(node.items[i], fmt::format("{}[{}]", path, i), seen);
        for (const auto& entry : node.entries) check_tree(entry.value, path + "." + entry.key, seen);
    }

    std::optional<std::string> text_of(const char* key, const Node& map, const std::string& path, Seen seen) {
        const Node* found = map.find(key);
        if (found == nullptr) return {};
        if (!found->is_scalar()) {
            wrong(*found, path, "expected a text");
            return {};
        }
        check_text(*found, path, seen);
        return found->text;
    }

    Map map_of(const char* key, const Node& map, const std::string& path) {
        const Node* found = map.find(key);
        if (found == nullptr) return {};
        if (!found->is_map()) {
            wrong(*found, path, "expected a map");
            return {};
        }
        check_tree(*found, path, kAsked);
        return flow::to_value(*found).as_map();
    }

    void read_request() {
        const Node* request = document_.find("request");
        if (request == nullptr || !request->is_map()) {
            return wrong(request != nullptr ? *request : document_, "request", "expected {method: …, uri: …}");
        }
        check_keys(*request, "request",
                   {"method", "uri", "headers", "query", "body", "contentType", "auth", "timeout"});
        out_.method = text_of("method", *request, "request.method", kAsked).value_or(out_.method);
        out_.uri = text_of("uri", *request, "request.uri", kAsked).value_or("");
        if (out_.uri.empty()) wrong(*request, "request.uri", "an address is needed");
        out_.headers = map_of("headers", *request, "request.headers");
        out_.query = map_of("query", *request, "request.query");
        out_.content_type = text_of("contentType", *request, "request.contentType", kAsked).value_or("");
        out_.timeout = text_of("timeout", *request, "request.timeout", kAsked).value_or(out_.timeout);
        if (const Node* body = request->find("body")) {
            check_tree(*body, "request.body", kAsked);
            out_.body = body->is_scalar() ? Value(body->text) : flow::to_value(*body);
        }
        read_auth(*request);
    }

    void read_auth(const Node& request) {
        out_.auth = map_of("auth", request, "request.auth");
        if (out_.auth.empty()) return;
        const Node& auth = *request.find("auth");
        check_keys(auth, "request.auth", {"type", "username", "password", "token"});
        const std::string_view type = auth.text_of("type");
        if (type != "BASIC" && type != "BEARER") {
            wrong(auth, "request.auth.type", fmt::format("expected BASIC or BEARER, found '{}'", type));
        }
    }

    void read_paging() {
        const Node* paging = document_.find("paging");
        if (paging == nullptr) return;
        check_keys(*paging, "paging", {"next", "items", "mostPages"});
        out_.next = text_of("next", *paging, "paging.next", kAnswered).value_or("");
        out_.items = text_of("items", *paging, "paging.items", kAnswered).value_or("");
        if (out_.next.empty())
            wrong(*paging, "paging.next", "an expression is needed that gives the next page's address");
        const Node* most = paging->find("mostPages");
        if (most == nullptr) return;
        const auto number = flow::scalar_value(*most).if_integer();
        if (number && *number > 0)
            out_.most_pages = *number;
        else
            wrong(*most, "paging.mostPages", "expected a whole number above 0");
    }

    void read_outputs() {
        const Node* outputs = document_.find("outputs");
        if (outputs == nullptr || !outputs->is_map()) return;
        for (const auto& entry : outputs->entries) {
            const std::string path = "outputs." + entry.key;
            const Node* value = entry.value.is_scalar() ? &entry.value : entry.value.find("value");
            if (value == nullptr || !value->is_scalar()) {
                wrong(entry.value, path + ".value", "an expression over the response is needed");
                continue;
            }
            check_text(*value, path, kAnswered);
            out_.outputs[entry.key] = value->text;
        }
    }

    /// Other processes learn the type, not how it is called.
    void keep_document() {
        Map document = flow::to_value(document_).as_map();
        for (const char* own : {"request", "paging", "failWhen", "errorMessage"}) document.erase(own);
        Map outputs;
        for (const flow::Output& output : out_.info.outputs)
            outputs.set(output.name, Value{{"description", output.description}});
        document.set("outputs", Value(std::move(outputs)));
        out_.document = Value(std::move(document));
    }

    Node document_;
    const std::filesystem::path file_;
    HttpTemplate out_{};
    std::vector<Error> errors_{};
};

}  // namespace

Result<HttpTemplate> read_http_template(const std::string& text, const std::filesystem::path& file) {
    auto document = flow::parse_yaml(text);
    if (document) return TemplateReader(std::move(*document), file).read();
    Error error = document.error();
    error.place.file = file.string();
    return tl::unexpected(mistakes_of(file, {std::move(error)}));
}

}  // namespace sluice::plugin
