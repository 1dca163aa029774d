#include "cli/kestra_source.h"
#include "http/uri.h"
#include "net/client.h"
#include "value/json.h"

namespace sluice::cli {
namespace kestra_api_source {

constexpr std::size_t kPage = 100;
constexpr std::uint64_t kLongestAnswer = 1ULL << 30;

std::optional<Timestamp> time_in(const Value& map, const char* key) {
    const auto at = parse_iso(map.text(key));
    return at ? std::optional(*at) : std::nullopt;
}

class ApiSource : public KestraSource {
  public:
    explicit ApiSource(KestraAddress address) : address_(std::move(address)) {
        while (address_.url.ends_with('/')) address_.url.pop_back();
    }

    Result<std::vector<KestraFlow>> flows() override {
        const auto rows = all_of("/flows/search", "sort=namespace:asc&sort=id:asc");
        if (!rows) return tl::unexpected(rows.error());
        std::vector<KestraFlow> out;
        for (const Value& row : *rows) {
            const std::string name_space = row.text("namespace"), id = row.text("id");
            if (!is_wanted(name_space)) continue;
            const std::string path = "/flows/" + http::percent_encode(name_space) + "/" + http::percent_encode(id);
            const auto flow = json(path + "?source=true");
            if (!flow) return tl::unexpected(flow.error());
            if (flow->text("source").empty())
                return invalid("{}: the answer has no source; is this a Kestra server of 0.13 or later?", path);
            out.push_back({name_space + "." + id, flow->text("source")});
        }
        return out;
    }

    Result<std::vector<std::string>> files(const std::string& name_space) override {
        const auto found = json("/namespaces/" + http::percent_encode(name_space) + "/files/search?q=");
        if (!found) return missing_is_none<std::vector<std::string>>(found.error());
        std::vector<std::string> out;
        if (!found->is_list()) return out;
        for (const Value& one : found->as_list()) {
            std::string path = one.if_string() != nullptr ? *one.if_string() : "";
            path.erase(0, path.find_first_not_of('/'));
            if (!path.empty()) out.push_back(std::move(path));
        }
        return out;
    }

    Result<std::string> file(const std::string& name_space, const std::string& path) override {
        return text("/namespaces/" + http::percent_encode(name_space) +
                    "/files?path=" + http::percent_encode("/" + path));
    }

    Result<std::vector<KestraKey>> keys(const std::string& name_space) override {
        const std::string root = "/namespaces/" + http::percent_encode(name_space) + "/kv";
        const auto listed = json(root);
        if (!listed) return missing_is_none<std::vector<KestraKey>>(listed.error());
        std::vector<KestraKey> out;
        if (!listed->is_list()) return out;
        for (const Value& entry : listed->as_list()) {
            KestraKey one;
            one.key = entry.text("key");
            const auto value = json(root + "/" + http::percent_encode(one.key));
            if (!value && value.error().code == ErrorCode::Gone) continue;  // it has expired
            if (!value) return tl::unexpected(value.error());
            one.kind = value->text("type");
            one.value = (*value)["value"];
            one.description = entry.text("description");
            one.expires_at = time_in(entry, "expirationDate");
            out.push_back(std::move(one));
        }
        return out;
    }

    Result<std::vector<KestraTrigger>> triggers() override {
        const auto rows = all_of("/triggers/search", "sort=namespace:asc&sort=flowId:asc&sort=triggerId:asc");
        if (!rows) return tl::unexpected(rows.error());
        std::vector<KestraTrigger> out;
        for (const Value& row : *rows) {
            KestraTrigger one = kestra_trigger(row);
            if (is_wanted(one.name_space)) out.push_back(std::move(one));
        }
        return out;
    }

  private:
    bool is_wanted(const std::string& name_space) const {
        const std::string& only = address_.name_space;
        return only.empty() || name_space == only || name_space.starts_with(only + ".");
    }

    /// A namespace without files or keys is not there, to some versions.
    template <class T>
    static Result<T> missing_is_none(const Error& error) {
        if (error.code == ErrorCode::NotFound) return T{};
        return tl::unexpected(error);
    }

    Result<std::vector<Value>> all_of(const std::string& path, const std::string& query) {
        std::vector<Value> out;
        for (std::size_t page = 1;; ++page) {
            const auto answer = json(fmt::format("{}?{}&size={}&page={}", path, query, kPage, page));
            if (!answer) return tl::unexpected(answer.error());
            const Value results = (*answer)["results"];
            if (!results.is_list()) return invalid("{}: expected a list of results, found something else", path);
            for (const Value& row : results.as_list()) out.push_back(row);
            if (results.as_list().size() >= kPage) continue;
            const auto total = (*answer)["total"].if_integer();
            if (total && out.size() < static_cast<std::size_t>(*total))
                return refuse(ErrorCode::Unavailable, "{}: the server gave {} of {} rows", path, out.size(), *total);
            return out;
        }
    }

    Result<Value> json(const std::string& path) {
        const auto answer = text(path);
        if (!answer) return tl::unexpected(answer.error());
        auto parsed = parse_json(*answer);
        if (!parsed) return invalid("{}: the answer is no JSON: {}", address_.url + path, parsed.error().message);
        return parsed;
    }

    Result<std::string> text(const std::string& path) {
        auto answer = get("/api/v1/" + (has_tenant_ ? address_.tenant + path : path.substr(1)));
        if (answer || answer.error().code != ErrorCode::NotFound || known_ || !has_tenant_) {
            known_ = known_ || answer.has_value();
            return answer;
        }
        has_tenant_ = false;  // a version that knows of no tenants
        return text(path);
    }

    Result<std::string> get(const std::string& path) {
        net::Request request;
        request.url = address_.url + path;
        request.options.deadline = 180s;
        request.options.longest_body_bytes = kLongestAnswer;
        if (!address_.token.empty())
            request.headers.add("Authorization", "Bearer " + address_.token);
        else if (!address_.user.empty())
            request.options.auth = net::BasicAuth{address_.user, address_.password};
        const auto answer = client_.send(request, {});
        if (!answer) return tl::unexpected(answer.error());
        if (answer->code < 300) return answer->body;
        const ErrorCode code = answer->code == 404                          ? ErrorCode::NotFound
                               : answer->code == 410                        ? ErrorCode::Gone
                               : answer->code == 401 || answer->code == 403 ? ErrorCode::Unauthorized
                                                                            : ErrorCode::Unavailable;
        const auto body = parse_json(answer->body);
        return refuse(code, "GET {}: the server answered {}{}{}", path, answer->code,
                      body && body->is_map() ? ": " + body->text("message") : "",
                      code == ErrorCode::Unauthorized
                          ? "; give credentials by KESTRA_USER and KESTRA_PASSWORD, or KESTRA_TOKEN"
                          : "");
    }

    KestraAddress address_;
    net::Client client_{};
    bool has_tenant_ = true;
    bool known_ = false;  // whether the server's paths have a tenant
};

}  // namespace kestra_api_source

KestraTrigger kestra_trigger(const Value& row) {
    const Value state = row["triggerContext"].is_map() ? row["triggerContext"]
                        : row["state"].is_map()        ? row["state"]
                                                       : row;
    KestraTrigger out;
    out.name_space = state.text("namespace");
    out.flow_id = state.text("flowId");
    out.trigger_id = state.text("triggerId");
    out.disabled = state["disabled"].if_bool().value_or(false);
    out.next_at = kestra_api_source::time_in(state, "nextExecutionDate");
    if (!out.next_at) out.next_at = kestra_api_source::time_in(state, "nextEvaluationDate");
    out.last_at = kestra_api_source::time_in(state, "date");
    if (!out.last_at) out.last_at = kestra_api_source::time_in(state, "lastTriggeredDate");
    out.has_backfill = state["backfill"].is_map();
    out.execution_id = state.text("executionId");
    return out;
}

std::unique_ptr<KestraSource> kestra_api(KestraAddress address) {
    return std::make_unique<kestra_api_source::ApiSource>(std::move(address));
}

}  // namespace sluice::cli
