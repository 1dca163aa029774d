#include "server/plugin_exchange.h"

#include <algorithm>

#include "store/plugin_types.h"
#include "value/json.h"

namespace sluice::server {

PluginExchange::PluginExchange(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership,
                               plugin::TaskCatalog& catalog, const std::vector<plugin::FoundType>& own, bool publishes)
    : Service("plugins", {.poll = 10s}),
      pool_(pool),
      signals_(signals),
      membership_(membership),
      catalog_(catalog),
      own_(own),
      publishes_(publishes) {}

bool PluginExchange::learn(pg::Connection& connection) {
    const auto known = known_.with([](const auto& hashes) { return hashes; });
    bool learnt = false;
    for (const store::PluginType& one : store::unknown_plugin_types(connection, known)) {
        known_.with([&](auto& hashes) { hashes[one.type] = one.hash; });
        const bool is_own = std::ranges::any_of(own_, [&](const auto& own) { return own.type.info.name == one.type; });
        if (is_own) continue;
        const auto document = parse_json(one.document);
        flow::ExternalType read = document ? flow::read_external_type(*document) : flow::ExternalType{};
        const auto added = !document              ? Result<void>(tl::unexpected(document.error()))
                           : !read.errors.empty() ? Result<void>(tl::unexpected(read.errors.front()))
                                                  : catalog_.learn(std::move(read.info));
        learnt = learnt || added.has_value();
        if (!added) log_.warn("plugin.not_learnt", {{"type", one.type}, {"reason", added.error().text()}});
    }
    return learnt;
}

void PluginExchange::publish() {
    if (!publishes_ || own_.empty() || !membership_.is_alive() || membership_.id() == published_as_) return;
    const ServiceId me = membership_.id();
    std::vector<store::PluginType> types;
    for (const plugin::FoundType& one : own_) types.push_back({one.type.info.name, one.hash, one.document});
    const auto replaced =
        pool_.in_transaction([&](pg::Transaction& tx) { return store::publish_plugin_types(tx, me, types); });
    published_as_ = me;
    log_.info("plugins.published", {{"count", types.size()}});
    for (const std::string& type : replaced) log_.warn("plugin.replaced", {{"type", type}});
    signals_.notify(pg::kServicesChannel);
}

Turn PluginExchange::turn(std::stop_token) {
    publish();
    pool_.with_connection([&](pg::Connection& connection) { learn(connection); });
    return Turn::Idle;
}

}  // namespace sluice::server
