#include "webserver/flow_graph.h"

#include <algorithm>

namespace sluice::webserver {
namespace flow_graph {

constexpr std::size_t kMostDepth = 20;  // of subflows in each other: one may start itself

/// How one gets to a node.
struct Way {
    const char* relation = "SEQUENTIAL";
    std::string value{};  // of a CHOICE
};

/// Where a path ends: the next node is joined to each.
struct End {
    std::string uid{};
    Way way{};
};
using Ends = std::vector<End>;

std::string node_type(const char* name) {
    return std::string("io.kestra.core.models.hierarchies.") + name;
}

bool starts_flow(const flow::Task& task) {
    return task.info != nullptr && task.info->runs == flow::Runs::Child;
}

/// Its parts are our own doing: people wrote one task.
bool is_drawn_with_children(const flow::Task& task) {
    return task.is_flowable() && !task.is("core.flow.ForEachItem");
}

/// What the page shows of a task; its properties are in the flow.
Value task_on_wire(const flow::Task& task) {
    Map out;
    out.set("id", task.id);
    out.set("type", task.info != nullptr ? task.info->name : task.type);
    if (!task.description.empty()) out.set("description", task.description);
    if (task.disabled) out.set("disabled", true);
    if (!task.run_if.empty()) out.set("runIf", task.run_if);
    for (const char* name : {"namespace", "flowId", "condition", "value", "values", "duration"}) {
        if (const auto value = task.properties.get(name); value && !value->is_null()) out.set(name, *value);
    }
    out.set("line", task.line);
    return Value(std::move(out));
}

class Drawing {
  public:
    explicit Drawing(const GraphRequest& request) : request_(request) {}

    Result<Value> of(const flow::Flow& flow) {
        const std::string start = node("root/start", "GraphClusterRoot", {}, {});
        draw_triggers(flow, start);
        if (auto done = draw_root(flow, start); !done) return tl::unexpected(done.error());
        return Value{{"nodes", Value(std::move(nodes_))},
                     {"edges", Value(std::move(edges_))},
                     {"clusters", Value(std::move(clusters_))},
                     {"flowables", Value(std::move(flowables_))}};
    }

  private:
    /// Where in the drawing a list of tasks stands.
    struct Place {
        std::string path{};                // of the task, or "root"
        std::string cluster{};             // uid; empty: none
        const char* branch = nullptr;      // ERROR, FINALLY, AFTER_EXECUTION
        std::vector<std::string> above{};  // uids of the clusters around it
        std::size_t subflows = 0;
        const std::map<std::string, Value>* runs = nullptr;  // of the execution that its tasks belong to
    };

    std::string node(std::string uid, const char* type, const Place& place, Map more) {
        Map out;
        out.set("uid", uid);
        out.set("type", node_type(type));
        out.set("error", place.branch != nullptr && std::string_view(place.branch) == "ERROR");
        if (place.branch != nullptr) out.set("branchType", place.branch);
        for (const auto& [key, value] : more) out.set(key, value);
        nodes_.push_back(Value(std::move(out)));
        if (!place.cluster.empty()) members_[place.cluster].push_back(uid);
        return uid;
    }

    void join(const Ends& ends, const std::string& target) {
        for (const End& end : ends) {
            Map relation;
            relation.set("relationType", end.way.relation);
            if (!end.way.value.empty()) relation.set("value", end.way.value);
            edges_.push_back(Value{{"source", end.uid}, {"target", target}, {"relation", Value(std::move(relation))}});
        }
    }

    void draw_triggers(const flow::Flow& flow, const std::string& start) {
        if (flow.triggers.empty()) return;
        const Place place{.path = "Triggers", .cluster = "cluster_Triggers"};
        for (const flow::Trigger& trigger : flow.triggers) {
            Map declaration;
            declaration.set("id", trigger.id);
            declaration.set("type", trigger.info != nullptr ? trigger.info->name : trigger.type);
            if (!trigger.description.empty()) declaration.set("description", trigger.description);
            if (trigger.disabled) declaration.set("disabled", true);
            if (const std::string cron = trigger.properties.text("cron"); !cron.empty()) declaration.set("cron", cron);
            Map more;
            more.set("triggerDeclaration", Value(std::move(declaration)));
            if (const auto state = request_.triggers.find(trigger.id); state != request_.triggers.end())
                more.set("trigger", state->second);
            join({{node("Triggers." + trigger.id, "GraphTrigger", place, std::move(more)), {}}}, start);
        }
        cluster(place, Value(), "", "", {});
    }

    Result<void> draw_root(const flow::Flow& flow, const std::string& start) {
        const Place main{.path = "root", .runs = &request_.task_runs};
        auto ends = sequence(flow.tasks(), main, {{start, {}}});
        if (!ends) return tl::unexpected(ends.error());
        auto joined = after(*ends, flow.errors(), flow.finally_tasks(), main, start);
        if (!joined) return tl::unexpected(joined.error());
        const std::string end = node("root/end", "GraphClusterEnd", {}, {});
        join(*joined, end);
        if (flow.after_execution().empty()) return {};
        Place later = main;
        later.branch = "AFTER_EXECUTION";
        const std::string begin = node("root/afterExecution", "GraphClusterAfterExecution", later, {});
        join({{end, {"AFTER_EXECUTION", ""}}}, begin);
        auto drawn = sequence(flow.after_execution(), later, {{begin, {}}});
        if (!drawn) return tl::unexpected(drawn.error());
        return {};
    }

    /// The branches "errors" and "finally" of a flow or a flowable task.
    Result<Ends> after(Ends ends, const flow::Tasks& errors, const flow::Tasks& finally_tasks, const Place& place,
                       const std::string& from) {
        if (!errors.empty()) {
            Place there = place;
            there.branch = "ERROR";
            auto drawn = sequence(errors, there, {{from, {"ERROR", ""}}});
            if (!drawn) return drawn;
            ends.insert(ends.end(), drawn->begin(), drawn->end());
        }
        if (finally_tasks.empty()) return ends;
        Place there = place;
        there.branch = "FINALLY";
        const std::string begin = node(place.path + "/finally", "GraphClusterFinally", there, {});
        for (End& end : ends) end.way = {"FINALLY", ""};
        join(ends, begin);
        return sequence(finally_tasks, there, {{begin, {}}});
    }

    Result<Ends> sequence(const flow::Tasks& tasks, const Place& place, Ends ends) {
        for (const flow::Task& task : tasks) {
            auto next = draw(task, place, ends);
            if (!next) return next;
            ends = std::move(*next);
        }
        return ends;
    }

    Result<Ends> draw(const flow::Task& task, const Place& place, const Ends& from) {
        const std::string uid = place.path + "." + task.id;
        if (is_drawn_with_children(task)) return draw_flowable(task, uid, place, from);
        if (starts_flow(task) && request_.expanded.contains(uid)) return draw_subflow(task, uid, place, from);
        join(from, task_node(task, uid, place));
        return Ends{{uid, {}}};
    }

    static const Value* run_of(const flow::Task& task, const Place& place) {
        if (place.runs == nullptr) return nullptr;
        const auto run = place.runs->find(task.id);
        return run != place.runs->end() ? &run->second : nullptr;
    }

    std::string task_node(const flow::Task& task, const std::string& uid, const Place& place) {
        Map more;
        more.set("task", task_on_wire(task));
        if (const Value* run = run_of(task, place)) more.set("taskRun", *run);
        return node(uid, starts_flow(task) ? "SubflowGraphTask" : "GraphTask", place, std::move(more));
    }

    Place inside(const Place& place, const std::string& uid) {
        Place out = place;
        out.path = uid;
        out.cluster = "cluster_" + uid;
        out.branch = nullptr;
        if (!place.cluster.empty()) out.above.insert(out.above.begin(), place.cluster);
        return out;
    }

    void cluster(const Place& place, Value task, const std::string& start, const std::string& end,
                 const char* relation) {
        List above;
        for (const std::string& uid : place.above) above.emplace_back(uid);
        List members;
        for (const std::string& uid : members_[place.cluster]) members.emplace_back(uid);
        Map own;
        own.set("uid", place.cluster);
        own.set("type", node_type("GraphCluster"));
        if (relation != nullptr) own.set("relationType", relation);
        if (!task.is_null()) own.set("taskNode", Value{{"uid", place.path}, {"task", std::move(task)}});
        clusters_.push_back(Value{{"cluster", Value(std::move(own))},
                                  {"nodes", Value(std::move(members))},
                                  {"parents", Value(std::move(above))},
                                  {"start", start},
                                  {"end", end}});
    }

    Result<Ends> draw_flowable(const flow::Task& task, const std::string& uid, const Place& place, const Ends& from) {
        flowables_.emplace_back(uid);
        const Place in = inside(place, uid);
        const std::string start = node(uid + "/start", "GraphClusterRoot", in, {});
        join(from, start);
        join({{start, {}}}, task_node(task, uid, in));
        auto ends = children(task, in, uid);
        if (!ends) return ends;
        const flow::Branch* errors = task.branch("errors");
        const flow::Branch* last = task.branch("finally");
        auto all = after(std::move(*ends), errors != nullptr ? errors->tasks : flow::Tasks(),
                         last != nullptr ? last->tasks : flow::Tasks(), in, uid);
        if (!all) return all;
        const std::string end = node(uid + "/end", "GraphClusterEnd", in, {});
        join(*all, end);
        cluster(in, task_on_wire(task), start, end, relation_of(task));
        return Ends{{end, {}}};
    }

    static const char* relation_of(const flow::Task& task) {
        if (task.is("core.flow.ForEach") || task.is("core.flow.EachSequential") || task.is("core.flow.EachParallel") ||
            task.is("core.flow.LoopUntil"))
            return "DYNAMIC";
        if (task.is("core.flow.Parallel") || task.is("core.flow.Dag")) return "PARALLEL";
        if (task.is("core.flow.If") || task.is("core.flow.Switch")) return "CHOICE";
        return "SEQUENTIAL";
    }

    Result<Ends> children(const flow::Task& task, const Place& place, const std::string& uid) {
        const std::string_view relation = relation_of(task);
        if (relation == "CHOICE") return choices(task, place, uid);
        const flow::Branch* branch = task.branch("tasks");
        if (branch == nullptr || branch->tasks.empty()) return Ends{{uid, {}}};
        if (task.is("core.flow.Dag")) return dag(task, branch->tasks, place, uid);
        if (relation == "PARALLEL" || task.is("core.flow.EachParallel")) {
            Ends ends;
            for (const flow::Task& child : branch->tasks) {
                auto drawn = draw(child, place, {{uid, {"PARALLEL", ""}}});
                if (!drawn) return drawn;
                ends.insert(ends.end(), drawn->begin(), drawn->end());
            }
            return ends;
        }
        return sequence(branch->tasks, place, {{uid, {relation == "DYNAMIC" ? "DYNAMIC" : "SEQUENTIAL", ""}}});
    }

    /// "true" of "then", "eu" of "cases.eu"
    static std::string choice_of(const std::string& branch) {
        if (branch == "then") return "true";
        if (branch == "else") return "false";
        return branch.starts_with("cases.") ? branch.substr(6) : branch;
    }

    Result<Ends> choices(const flow::Task& task, const Place& place, const std::string& uid) {
        Ends ends;
        bool otherwise = false;
        for (const flow::Branch& branch : task.branches) {
            if (branch.name == "errors" || branch.name == "finally") continue;
            otherwise = otherwise || branch.name == "else" || branch.name == "defaults";
            auto drawn = sequence(branch.tasks, place, {{uid, {"CHOICE", choice_of(branch.name)}}});
            if (!drawn) return drawn;
            ends.insert(ends.end(), drawn->begin(), drawn->end());
        }
        if (!otherwise) ends.push_back({uid, {"CHOICE", task.is("core.flow.If") ? "false" : "defaults"}});
        return ends;
    }

    bool has_start(const flow::Task& task, const Place& place) const {
        return is_drawn_with_children(task) ||
               (starts_flow(task) && request_.expanded.contains(place.path + "." + task.id));
    }

    /// Which tasks nobody waits for is known when all are drawn, and a task may depend on one that stands below it.
    Result<Ends> dag(const flow::Task& task, const flow::Tasks& tasks, const Place& place, const std::string& uid) {
        std::map<std::string, Ends> ends_of;
        std::map<std::string, std::string> begin_of;
        std::set<std::string> waited_for;
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const bool first = i >= task.depends_on.size() || task.depends_on[i].empty();
            auto drawn = draw(tasks[i], place, first ? Ends{{uid, {"PARALLEL", ""}}} : Ends{});
            if (!drawn) return drawn;
            ends_of[tasks[i].id] = std::move(*drawn);
            begin_of[tasks[i].id] = place.path + "." + tasks[i].id + (has_start(tasks[i], place) ? "/start" : "");
        }
        for (std::size_t i = 0; i < std::min(tasks.size(), task.depends_on.size()); ++i) {
            for (const std::string& needed : task.depends_on[i]) {
                waited_for.insert(needed);
                join(ends_of[needed], begin_of[tasks[i].id]);
            }
        }
        Ends out;
        for (const flow::Task& child : tasks) {
            if (waited_for.contains(child.id)) continue;
            out.insert(out.end(), ends_of[child.id].begin(), ends_of[child.id].end());
        }
        return out;
    }

    /// What it has started, or else what it would start now.
    Result<GraphRequest::Child> child_of(const flow::Task& task, const Place& place) {
        if (const Value* run = run_of(task, place); run != nullptr && request_.child_of) {
            auto child = request_.child_of(*run);
            if (!child) return tl::unexpected(child.error());
            if (*child) return std::move(**child);
        }
        const flow::FlowId id{task.properties.text("namespace"), task.properties.text("flowId")};
        if (id.text().find("{{") != std::string::npos) {
            return invalid("Illegal argument: the task {} starts the flow {}, which is known only when it runs",
                           task.id, id.text());
        }
        auto flow = request_.flow_of(id);
        if (!flow) return tl::unexpected(flow.error());
        return GraphRequest::Child{std::move(*flow), {}};
    }

    Result<Ends> draw_subflow(const flow::Task& task, const std::string& uid, const Place& place, const Ends& from) {
        if (place.subflows == kMostDepth)
            return invalid("Illegal argument: {} is the {}th subflow in each other", uid, kMostDepth);
        const auto child = child_of(task, place);
        if (!child) return tl::unexpected(child.error());
        const flow::FlowPtr& flow = child->flow;
        Place in = inside(place, uid);
        ++in.subflows;
        const std::string start = node(uid + "/start", "GraphClusterRoot", in, {});
        join(from, start);
        join({{start, {}}}, task_node(task, uid, in));
        in.runs = &child->task_runs;
        auto ends = sequence(flow->tasks(), in, {{uid, {}}});
        if (!ends) return ends;
        auto all = after(std::move(*ends), flow->errors(), flow->finally_tasks(), in, uid);
        if (!all) return all;
        const std::string end = node(uid + "/end", "GraphClusterEnd", in, {});
        join(*all, end);
        cluster(in, task_on_wire(task), start, end, "SEQUENTIAL");
        return Ends{{end, {}}};
    }

    const GraphRequest& request_;
    List nodes_{};
    List edges_{};
    List clusters_{};
    List flowables_{};
    std::map<std::string, std::vector<std::string>> members_{};
};

}  // namespace flow_graph

Result<Value> flow_graph_on_wire(const flow::Flow& flow, const GraphRequest& request) {
    return flow_graph::Drawing(request).of(flow);
}

}  // namespace sluice::webserver
