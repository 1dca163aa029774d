#include "webserver/flow_changes.h"

namespace sluice::webserver {

flow::ParsedFlow parse_text(Api& api, std::string_view source, const std::string& file, int first_line) {
    store::Flows& flows = api.services.flows;
    if (!flows.is_fresh())
        api.services.pool.with_connection([&](pg::Connection& connection) { flows.refresh(connection); });
    return flows.parse(source, file, first_line);
}

std::string in_namespace(std::string_view source, const std::string& name_space) {
    constexpr std::string_view kKey = "namespace:";
    std::string out;
    while (!source.empty()) {
        const std::size_t end = std::min(source.find('\n'), source.size() - 1) + 1;
        const std::string_view line = source.substr(0, end);
        if (line.starts_with(kKey))
            out += fmt::format("{} {}\n", kKey, name_space);
        else
            out += line;
        source.remove_prefix(end);
    }
    return out;
}

FlowChange removing_flow(std::string user) {
    return [user = std::move(user)](pg::Transaction& tx, const flow::FlowId& id) {
        return store::delete_flow(tx, id, user);
    };
}

FlowChange switching_flow(Api& api, std::string user, bool disabled) {
    return [&api, user = std::move(user), disabled](pg::Transaction& tx, const flow::FlowId& id) -> Result<void> {
        store::lock_flow(tx, id);  // or a save meanwhile would be overwritten by the text that it replaced
        const auto row = store::latest_flow(tx.connection(), id);
        if (!row || row->deleted) return not_found("Not Found: flow {} does not exist", id.text());
        if (row->disabled == disabled) return {};
        const std::string source = flow::with_disabled(row->source, disabled);
        api.services.flows.refresh(tx.connection());
        const auto parsed = api.services.flows.parse(source);
        if (!parsed.ok()) return tl::unexpected(parsed.error());
        const auto saved = store::save_flow(tx, parsed, source, store::Save::Update, user, api.services.instance);
        if (!saved) return tl::unexpected(saved.error());
        return {};
    };
}

}  // namespace sluice::webserver
