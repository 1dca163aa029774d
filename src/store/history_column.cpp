#include "store/history_column.h"

#include "base/error.h"

namespace sluice::store {
namespace {

using Entry = engine::History::Entry;

/// What history_of makes of the columns alone.
engine::History usual(const HistoryColumns& c) {
    std::vector<Entry> entries{{State::Created, c.created_at}};
    if (c.started_at) entries.push_back({State::Running, *c.started_at});
    if (c.ended_at) entries.push_back({c.state, *c.ended_at});
    return engine::History(std::move(entries));
}

std::string text_of(const engine::History& history) {
    std::string out;
    for (const Entry& entry : history.entries()) {
        if (!out.empty()) out += ' ';
        out += to_text(entry.state);
        out += ' ';
        out += to_iso(entry.at);
    }
    return out;
}

engine::History parsed(std::string_view text) {
    std::vector<Entry> entries;
    while (!text.empty()) {
        const std::size_t first = text.find(' ');
        ensure(first != std::string_view::npos, "a history ends in the middle: '{}'", text);
        const std::size_t second = std::min(text.find(' ', first + 1), text.size());
        const auto state = state_of(text.substr(0, first));
        const auto at = parse_iso(text.substr(first + 1, second - first - 1));
        ensure(state.has_value() && at.has_value(), "a history holds '{}'", text.substr(0, second));
        entries.push_back({*state, *at});
        text.remove_prefix(std::min(second + 1, text.size()));
    }
    return engine::History(std::move(entries));
}

}  // namespace

HistoryColumns columns_of(const engine::History& history, bool pause_ends) {
    HistoryColumns out;
    out.state = history.state();
    out.created_at = history.created_at();
    out.started_at = history.first(State::Running);
    if (is_over(out.state) || (pause_ends && out.state == State::Paused)) out.ended_at = history.since();
    if (!(usual(out) == history)) out.text = text_of(history);
    return out;
}

engine::History history_of(const HistoryColumns& columns) {
    return columns.text ? parsed(*columns.text) : usual(columns);
}

}  // namespace sluice::store
