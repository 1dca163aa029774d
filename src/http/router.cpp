#include "http/router.h"

#include <map>

namespace sluice::http {
namespace {

constexpr std::string_view kDeep = "**";

std::vector<std::string_view> pieces_of(std::string_view pattern) {
    std::vector<std::string_view> pieces;
    if (pattern.starts_with('/')) pattern.remove_prefix(1);
    while (!pattern.empty()) {
        const auto end = pattern.find('/');
        pieces.push_back(pattern.substr(0, end));
        pattern = end == std::string_view::npos ? std::string_view{} : pattern.substr(end + 1);
    }
    return pieces;
}

bool is_variable(std::string_view piece) {
    return piece.size() > 2 && piece.front() == '{' && piece.back() == '}';
}

std::string joined(const std::vector<std::string>& segments, std::size_t from) {
    std::string out;
    for (std::size_t i = from; i < segments.size(); ++i) {
        if (i > from) out += '/';
        out += segments[i];
    }
    return out;
}

}  // namespace

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals{};
    std::unique_ptr<Node> variable{};
    std::unique_ptr<Node> deep{};  // everything below here
    std::map<Method, const Route*> routes{};
};

/// Walks down all nodes that a path can mean, the most literal first, until one has a route for the method.
struct Router::Search {
    Method method;
    const std::vector<std::string>& segments;
    std::vector<std::string> values{};
    RouteMatch found{};

    bool take(const Node& node) {
        auto at = node.routes.find(method);
        if (at == node.routes.end() && method == Method::Head) at = node.routes.find(Method::Get);
        if (at != node.routes.end()) {
            found = {.route = at->second, .values = values};
            return true;
        }
        for (const auto& [known, route] : node.routes) {
            if (std::find(found.allowed.begin(), found.allowed.end(), known) == found.allowed.end()) {
                found.allowed.push_back(known);
            }
        }
        return false;
    }

    bool walk(const Node& node, std::size_t depth) {
        if (depth == segments.size() && take(node)) return true;
        if (depth < segments.size()) {
            const std::string& segment = segments[depth];
            const auto literal = node.literals.find(segment);
            if (literal != node.literals.end() && walk(*literal->second, depth + 1)) return true;
            if (node.variable && !segment.empty()) {
                values.push_back(segment);
                if (walk(*node.variable, depth + 1)) return true;
                values.pop_back();
            }
        }
        if (!node.deep) return false;
        values.push_back(joined(segments, depth));
        if (take(*node.deep)) return true;
        values.pop_back();
        return false;
    }
};

Route::Route(Method method, std::string pattern, Handler handler)
    : method_(method), pattern_(std::move(pattern)), handler_(std::move(handler)) {}

Route& Route::run(Runs where) {
    ensure(where == Runs::Pooled || (!body_sink_ && !part_sink_), "{} streams its body and cannot run inline",
           pattern_);
    runs_ = where;
    return *this;
}

Route& Route::describe(std::string summary, std::vector<std::string> parameters) {
    summary_ = std::move(summary);
    query_parameters_ = std::move(parameters);
    return *this;
}

Route& Route::limit_body(std::uint64_t bytes) {
    body_limit_ = bytes;
    return *this;
}

Route& Route::stream_body(SinkFactory choose) {
    ensure(runs_ == Runs::Pooled, "{} runs inline and cannot stream its body", pattern_);
    body_sink_ = std::move(choose);
    return *this;
}

Route& Route::stream_parts(PartSinkFactory choose) {
    ensure(runs_ == Runs::Pooled, "{} runs inline and cannot stream its parts", pattern_);
    part_sink_ = std::move(choose);
    return *this;
}

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

Route& Router::add(Method method, std::string pattern, Handler handler) {
    ensure(pattern.starts_with('/'), "the pattern '{}' does not start with a slash", pattern);
    ensure(static_cast<bool>(handler), "the pattern {} has no handler", pattern);
    auto route = std::make_unique<Route>(method, std::move(pattern), std::move(handler));
    Node* node = root_.get();
    const auto go_down = [&node](std::unique_ptr<Node>& next) {
        if (!next) next = std::make_unique<Node>();
        node = next.get();
    };
    const auto pieces = pieces_of(route->pattern_);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::string_view piece = pieces[i];
        if (piece == kDeep) {
            ensure(i + 1 == pieces.size(), "{}: ** must stand at the end", route->pattern_);
            route->variables_.emplace_back(kDeep);
            go_down(node->deep);
        } else if (is_variable(piece)) {
            route->variables_.emplace_back(piece.substr(1, piece.size() - 2));
            go_down(node->variable);
        } else {
            ensure(!piece.empty() && piece.find_first_of("{}*") == std::string_view::npos,
                   "{}: '{}' is neither a literal segment nor a {{variable}}", route->pattern_, piece);
            go_down(node->literals[std::string(piece)]);
        }
    }
    const bool is_new = node->routes.emplace(method, route.get()).second;
    ensure(is_new, "{} {} was added twice", to_text(method), route->pattern_);
    return *routes_.emplace_back(std::move(route));
}

RouteMatch Router::match(Method method, const std::vector<std::string>& segments) const {
    Search search{.method = method, .segments = segments};
    search.walk(*root_, 0);
    return std::move(search.found);
}

std::vector<const Route*> Router::routes() const {
    std::vector<const Route*> out;
    for (const auto& route : routes_) out.push_back(route.get());
    return out;
}

}  // namespace sluice::http
