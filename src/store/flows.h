#pragma once
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>

#include "flow/parse_flow.h"
#include "pg/pg.h"
#include "store/namespace_defaults.h"

namespace sluice::store {

/// A revision as it is stored.
struct FlowRow {
    flow::FlowId id{};
    std::int64_t revision = 0;
    std::string source{};
    bool disabled = false;
    bool deleted = false;
    std::string problem{};  // why it can't be parsed any more
    Timestamp created_at{};
    Value definition{};
};

std::optional<FlowRow> latest_flow(pg::Connection& connection, const flow::FlowId& id);
std::optional<FlowRow> flow_revision(pg::Connection& connection, const flow::FlowId& id, std::int64_t revision);
std::vector<FlowRow> flow_revisions(pg::Connection& connection, const flow::FlowId& id);
/// Reads the columns of latest_flow.sql.
FlowRow flow_row_of(pg::Row& row);

struct LatestRevision {
    std::int64_t revision = 0;
    bool disabled = false;
    bool deleted = false;
};
std::map<flow::FlowId, LatestRevision> latest_revisions(pg::Transaction& tx, const std::set<flow::FlowId>& ids);

struct Instance;

enum class Save { Create, Update, Either };
struct SavedFlow {
    FlowRow row{};
    bool changed = false;  // false: the text was the present one already
};

/// Until the transaction ends nobody else makes a revision of this flow: what is read afterwards is the newest.
void lock_flow(pg::Transaction& tx, const flow::FlowId& id);

/// Stores a checked flow as its next revision, with its trigger rows and their first dates.
/// Errors  Invalid with property flow.id: Create and it exists ("Flow id already exists"); NotFound: Update and it does
///         not exist
Result<SavedFlow> save_flow(pg::Transaction& tx, const flow::ParsedFlow& parsed, const std::string& source, Save how,
                            const std::string& by, const Instance& instance);

/// A deletion is a revision too: executions still find the ones before.
/// Errors  NotFound
Result<void> delete_flow(pg::Transaction& tx, const flow::FlowId& id, const std::string& by);

/// Returns how many went; the newest one is not among them. Whether one is in use is the caller's to know.
std::size_t delete_revisions(pg::Transaction& tx, const flow::FlowId& id, const std::vector<std::int64_t>& revisions);

using FlowRevision = std::pair<flow::FlowId, std::int64_t>;

/// Parsed flows by revision, kept while they are used. A revision never changes; plugin defaults of its namespace do,
/// so it is kept for as long as they are the same. Threads  any
class Flows {
  public:
    /// `defaults`: plugin defaults of the instance, most important first
    Flows(const flow::Catalog& catalog, std::vector<flow::PluginDefault> defaults, std::size_t capacity = 2000);

    /// Asked when a stored flow can't be read: a type of a plugin may have become known. true: it is worth another try.
    /// Before any thread uses this.
    void set_learn(std::function<bool(pg::Connection&)> learn) { learn_ = std::move(learn); }

    /// Errors  NotFound ("Unable to find flow 'ns'.'id' with revision 'r'"); Invalid: it no longer parses
    Result<flow::FlowPtr> get(pg::Connection& connection, const flow::FlowId& id, std::int64_t revision);
    /// Reads those of them that are not known yet in one statement, so that get() finds them.
    void fetch(pg::Connection& connection, const std::set<FlowRevision>& wanted);
    /// The newest revision that is not deleted.
    Result<flow::FlowPtr> latest(pg::Connection& connection, const flow::FlowId& id);

    /// Looks after plugin defaults of namespaces that changed: before a text is parsed. Those above do it themselves.
    void refresh(pg::Connection& connection) { of_namespaces_.refresh(connection); }
    bool is_fresh() const { return of_namespaces_.is_fresh(); }
    void doubt_namespaces() { of_namespaces_.doubt(); }
    const std::vector<flow::PluginDefault>& instance_defaults() const { return defaults_; }

    flow::ParsedFlow parse(std::string_view source, const std::string& file = "", int first_line = 1) const;
    const flow::Catalog& catalog() const { return catalog_; }

  private:
    flow::ParseOptions options() const;
    std::string key_of(const flow::FlowId& id, std::int64_t revision) const;
    Result<flow::FlowPtr> parsed(pg::Connection& connection, const FlowRow& row);
    flow::FlowPtr cached(const std::string& key);
    void keep(const std::string& key, flow::FlowPtr flow);

    const flow::Catalog& catalog_;
    const std::vector<flow::PluginDefault> defaults_;
    NamespaceDefaults of_namespaces_{};
    const std::size_t capacity_;
    std::function<bool(pg::Connection&)> learn_{};
    std::mutex mutex_{};
    std::list<std::pair<std::string, flow::FlowPtr>> order_{};  // the last used first
    std::unordered_map<std::string, decltype(order_)::iterator> by_key_{};
};

}  // namespace sluice::store
