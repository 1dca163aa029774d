#include "store/namespace_defaults.h"

#include "flow/namespace_settings.h"
#include "sql/store.h"
#include "store/json_column.h"
#include "store/secrets.h"

namespace sluice::store {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kTrusted{10};  // without having been told of a change

std::shared_ptr<const NamespaceDefaults::Known> NamespaceDefaults::known() const {
    return known_.with([](const auto& known) { return known; });
}

/// Two threads may read at the same time: what was asked for earlier gives way.
void NamespaceDefaults::keep(Known fresh) {
    fresh.until = steady_clock::now() + kTrusted;
    known_.with([&](auto& known) {
        if (fresh.doubts >= known->doubts) known = std::make_shared<const Known>(std::move(fresh));
    });
}

bool NamespaceDefaults::is_fresh() const {
    const auto now = known();
    return now->doubts == doubts_ && steady_clock::now() < now->until;
}

void NamespaceDefaults::refresh(pg::Connection& connection) {
    if (is_fresh()) return;
    const std::int64_t doubts = doubts_;
    const auto before = known();
    const pg::Rows stamp = connection.run(sql::plugin_defaults_stamp);
    Known fresh{.doubts = doubts, .stamp = pg::Row(stamp[0]).text()};
    if (before->doubts >= 0 && fresh.stamp == before->stamp) {
        fresh.by_namespace = before->by_namespace;
        return keep(std::move(fresh));
    }
    for (pg::Row row : connection.run(sql::namespace_plugin_defaults)) {
        Entry& one = fresh.by_namespace[row.text()];
        one.defaults = flow::plugin_defaults_of(value_of_column(row.maybe_text()));
        one.stamp = to_iso(row.timestamp());
    }
    keep(std::move(fresh));
}

std::vector<const NamespaceDefaults::Entry*> NamespaceDefaults::entries_for(const Known& known,
                                                                            const std::string& name_space) const {
    std::vector<const Entry*> out;
    if (known.by_namespace.empty()) return out;
    for (const std::string& name : with_those_above(name_space)) {
        if (const auto found = known.by_namespace.find(name); found != known.by_namespace.end())
            out.push_back(&found->second);
    }
    return out;
}

std::vector<flow::PluginDefault> NamespaceDefaults::of(const std::string& name_space) const {
    const auto all = known();
    std::vector<flow::PluginDefault> out;
    for (const Entry* one : entries_for(*all, name_space))
        out.insert(out.end(), one->defaults.begin(), one->defaults.end());
    return out;
}

std::string NamespaceDefaults::stamp_of(const std::string& name_space) const {
    const auto all = known();
    std::string out;
    for (const Entry* one : entries_for(*all, name_space)) out += "/" + one->stamp;
    return out;
}

}  // namespace sluice::store
