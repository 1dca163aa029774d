// Blueprints: flows to begin with, ours and the examples of all types.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "webserver/api.h"
#include "webserver/blueprints.h"
#include "webserver/flow_graph.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace blueprint_routes {

const Logger kLog("webserver");

struct Blueprint {
    std::string id{};
    std::string title{};
    std::string description{};
    std::vector<std::string> tags{};
    std::string yaml{};
    std::vector<std::string> types{};
};

/// "log" of core.log.Log
std::string tag_of(const flow::TypeInfo& type) {
    const std::string_view name = type.short_name();
    const std::string_view group = name.substr(0, std::min(name.rfind('.'), name.size()));
    return std::string(group.substr(group.rfind('.') + 1));
}

void collect_types(const Value& tree, std::set<std::string>& out) {
    if (tree.is_list()) {
        for (const Value& one : tree.as_list()) collect_types(one, out);
    }
    if (!tree.is_map()) return;
    if (const std::string type = tree.text("type"); type.find('.') != std::string::npos) out.insert(type);
    for (const auto& [key, value] : tree.as_map()) collect_types(value, out);
}

/// Empty: it is a part of a flow only
std::optional<Blueprint> blueprint_of(const store::Flows& flows, std::string_view yaml) {
    const flow::ParsedFlow parsed = flows.parse(yaml);
    if (!parsed.ok()) return {};
    std::set<std::string> types;
    collect_types(parsed.definition, types);
    Blueprint one;
    one.yaml = yaml;
    one.types.assign(types.begin(), types.end());
    return one;
}

std::vector<Blueprint> blueprints(const store::Flows& flows) {
    std::vector<Blueprint> out;
    for (const BlueprintText& text : blueprint_texts()) {
        auto one = blueprint_of(flows, text.yaml);
        if (!one) {  // the installation's own defaults may not fit it
            kLog.warn("blueprint.left_out", {{"blueprint", text.id}});
            continue;
        }
        one->id = text.id;
        one->title = text.title;
        one->description = text.description;
        one->tags.assign(text.tags.begin(), text.tags.end());
        out.push_back(std::move(*one));
    }
    for (const auto& type : flows.catalog().types()) {
        if (type->internal || type->deprecated) continue;
        std::size_t number = 0;
        for (const flow::Example& example : type->examples) {
            auto one = blueprint_of(flows, example.yaml);
            if (!one) continue;
            one->id = fmt::format("{}-{}", type->short_name(), ++number);
            one->title = example.title.empty() ? type->title : example.title;
            one->description = type->title;
            one->tags = {tag_of(*type)};
            out.push_back(std::move(*one));
        }
    }
    return out;
}

Value on_wire(const Blueprint& one) {
    List types;
    for (const std::string& type : one.types) types.emplace_back(type);
    List tags;
    for (const std::string& tag : one.tags) tags.emplace_back(tag);
    Map out;
    out.set("id", one.id);
    out.set("title", one.title);
    out.set("description", one.description);
    out.set("tags", Value(std::move(tags)));
    out.set("includedTasks", Value(std::move(types)));
    return Value(std::move(out));
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// `tags`: at least one of them; empty: any
bool fits(const Blueprint& one, const std::vector<store::Filter>& filters, const std::vector<std::string>& tags) {
    const auto has = [&](const std::string& tag) {
        return std::find(one.tags.begin(), one.tags.end(), tag) != one.tags.end();
    };
    if (!tags.empty() && std::none_of(tags.begin(), tags.end(), has)) return false;
    const std::string text = lower(one.title + "\n" + one.id + "\n" + one.yaml);
    return std::all_of(filters.begin(), filters.end(), [&](const store::Filter& filter) {
        return text.find(lower(filter.values.front())) != std::string::npos;
    });
}

Result<http::Response> graph_of(Api& api, const Blueprint& one) {
    const flow::ParsedFlow parsed = api.services.flows.parse(one.yaml);
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    const auto graph = flow_graph_on_wire(*parsed.flow, {});
    if (!graph) return tl::unexpected(graph.error());
    return http::Response::json(*graph);
}

/// Parsed when they are first asked for: that takes longer than all else of a start together.
class Blueprints {
  public:
    explicit Blueprints(const store::Flows& flows) : flows_(flows) {}

    Result<http::Response> search(Api& api, const http::Request& request) const {
        const auto wanted = search_of(request, api.services.pool.clock().now());
        if (!wanted) return tl::unexpected(wanted.error());
        for (const store::Filter& filter : wanted->filters) {
            if (filter.field != "q") return store::unknown_filter(filter);
        }
        const std::vector<std::string> tags = list_parameter(request, "tags");
        List results;
        std::size_t total = 0;
        for (const Blueprint& one : all()) {
            if (!fits(one, wanted->filters, tags)) continue;
            if (total++ >= wanted->offset && results.size() < wanted->size) results.push_back(on_wire(one));
        }
        return paged(std::move(results), {static_cast<std::int64_t>(total), false});
    }

    http::Response tags() const {
        std::map<std::string, std::int64_t> counts;
        for (const Blueprint& one : all()) {
            for (const std::string& tag : one.tags) ++counts[tag];
        }
        List out;
        for (const auto& [tag, count] : counts) out.push_back(Value{{"id", tag}, {"name", tag}, {"count", count}});
        return http::Response::json(Value(std::move(out)));
    }

    Result<const Blueprint*> find(const http::Request& request) const {
        const auto id = request.parameter("id");
        const auto found = std::find_if(all().begin(), all().end(), [&](const Blueprint& one) { return one.id == id; });
        if (found == all().end()) return not_found("Not Found: there is no blueprint {}", id);
        return &*found;
    }

  private:
    const std::vector<Blueprint>& all() const {
        std::call_once(made_, [this] { all_ = blueprints(flows_); });
        return all_;
    }

    const store::Flows& flows_;
    mutable std::once_flag made_{};
    mutable std::vector<Blueprint> all_{};
};

}  // namespace blueprint_routes

void add_blueprint_routes(http::Router& router, Api& api) {
    using namespace blueprint_routes;
    using http::Method;
    using http::Request;
    const auto blueprints = std::make_shared<const Blueprints>(api.services.flows);
    const auto get = [&](const std::string& pattern, auto handler, const RouteDoc& doc) {
        route(router, Method::Get, pattern, std::move(handler), doc);
    };
    const auto of_one = [blueprints](auto answer) {
        return [blueprints, answer](const Request& r) -> Result<http::Response> {
            const auto one = blueprints->find(r);
            if (!one) return tl::unexpected(one.error());
            return answer(**one);
        };
    };
    const auto source =
        of_one([](const Blueprint& one) { return http::Response::bytes(one.yaml, "application/yaml"); });
    const auto graph = of_one([&api](const Blueprint& one) { return graph_of(api, one); });
    const auto shown = of_one([](const Blueprint& one) { return http::Response::json(on_wire(one)); });
    // Before 1.0 there were those of flows only, and their address did not say so.
    const std::string oldest = "/blueprints/community";
    for (const std::string& root : {oldest + "/flow", oldest}) {
        get(root, [&api, blueprints](const Request& r) { return blueprints->search(api, r); },
            {"Flows to begin with", {"q", "tags", "page", "size"}});
        get(root + "/tags", [blueprints](const Request&) { return blueprints->tags(); }, {"Tags of blueprints"});
        get(root + "/{id}", shown, {"A blueprint"});
        get(root + "/{id}/graph", graph, {"The graph of a blueprint's flow"});
    }
    get(oldest + "/flow/{id}/source", source, {"The source of a blueprint: YAML"});
    get(oldest + "/{id}/flow", source, {"The source of a blueprint: YAML"});
    for (const char* list : {"/dashboard", "/app"}) {
        get(oldest + list, [](const Request&) { return paged({}, {0, false}); }, {"There are none of this kind"});
        get(oldest + list + "/tags", [](const Request&) { return http::Response::json(Value(List())); },
            {"There are none of this kind"});
    }
}

}  // namespace sluice::webserver
