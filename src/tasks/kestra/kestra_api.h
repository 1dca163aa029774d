#pragma once
#include "net/message.h"
#include "plugin/task_type.h"

namespace sluice::tasks {

/// What tasks that call the API of a server take; each declares those that it reads.
struct KestraProperties {
    std::string kestra_url;
    Value auth;
    std::string tenant_id = "main";
    std::string execution_id;
    std::string name_space;
    std::vector<std::string> namespaces;
    std::string flow_id;
    std::vector<std::string> states;
    std::string start_date;
    std::string end_date;
    std::string time_range;
    std::map<std::string, std::string> labels;
    std::vector<std::string> label_list;
    std::vector<std::string> flow_scopes;
    std::string trigger_execution_id;
    std::string child_filter;
    std::optional<std::int64_t> page;
    std::int64_t size = 100;
    std::string fetch_type = "STORE";
    std::optional<std::string> expression;
    std::map<std::string, std::string> inputs;
    bool delete_logs = true, delete_metrics = true, delete_storage = true;
    bool propagate_kill = true;
    std::vector<std::string> task_ids;
    std::string level = "INFO";
    std::string prefix;
    bool existing_only = false;
    std::string trigger;
    bool enabled = false;
    Value ids;
};

/// The API of a server: this one unless kestraUrl says another.
class KestraApi {
  public:
    /// Errors  Invalid: no address, or credentials that don't fit together
    static Result<KestraApi> of(const KestraProperties& want, plugin::TaskContext& context);

    /// `path` below the tenant: "/executions/search". Errors  what the server answered; Unauthorized: with what to do
    Result<net::Response> send(const std::string& method, const std::string& path, const net::Pairs& query = {},
                               net::Body body = {}, const std::string& content_type = "application/json");
    Result<Value> json(const std::string& method, const std::string& path, const net::Pairs& query = {},
                       net::Body body = {});

    /// Pages of a search, until they are over or `take` has had enough. Returns how many there are in all.
    Result<std::int64_t> search(const std::string& path, const net::Pairs& query, const KestraProperties& want,
                                const std::function<void(const Value& row)>& take);

  private:
    KestraApi(std::string base, net::Auth auth, plugin::TaskContext& context)
        : base_(std::move(base)), auth_(std::move(auth)), context_(&context) {}

    std::string base_;
    net::Auth auth_;
    plugin::TaskContext* context_;
};

/// Declares kestraUrl, auth and tenantId.
void declare_api(plugin::TaskTypeMaker<KestraProperties>& type);

/// "filters[field][EQUALS]", unless there is no value.
void add_filter(net::Pairs& query, const std::string& field, const std::string& operation, const std::string& value);

/// Text as a part of a path.
std::string in_path(std::string_view text);

}  // namespace sluice::tasks
