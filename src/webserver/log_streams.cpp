#include "webserver/log_streams.h"

#include <tuple>

#include "sql/webserver.h"
#include "value/json.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace {

constexpr std::size_t kPiece = 500;                // lines that are read and sent at once
constexpr std::uint64_t kFullClient = 256 * 1024;  // bytes on the way after which a client is left to read first
constexpr Duration kLook = 500ms;
constexpr Duration kSettled = 30s;  // a transaction that wrote lines is over by then: its statements may take no longer

std::shared_ptr<const std::string> frame_of(const store::LogRow& row) {
    return http::to_text({.id = "progress", .data = to_json(log_on_wire(row))});
}

}  // namespace

LogStreams::LogStreams(pg::Pool& pool, pg::Signals& signals) : Service("log_streams", {.poll = 60s}), pool_(pool) {
    signals.subscribe(pg::kChangesChannel, [this](const auto&) {
        if (size_ > 0) waker().wake();
    });
}

LogStreams::~LogStreams() {
    stop();
}

void LogStreams::follow(store::LogSelection selection, std::int64_t after_seq, http::EventStream events) {
    ++size_;
    arriving_.with([&](auto& arriving) {
        arriving.push_back(
            {.selection = std::move(selection), .events = std::move(events), .floor = after_seq, .cursor = after_seq});
    });
    waker().wake();
}

Duration LogStreams::idle_pause() {
    return streams_.empty() ? Duration{60s} : kLook;
}

/// One question for all streams: is there anything new?
std::vector<LogStreams::Need> LogStreams::needs_of_streams() {
    std::vector<ExecutionId> ids;
    std::vector<std::int64_t> floors, cursors;
    for (const Stream& stream : streams_) {
        ids.push_back(stream.selection.execution_id);
        floors.push_back(stream.floor);
        cursors.push_back(stream.cursor);
    }
    std::vector<Need> needs;
    auto stream = streams_.begin();
    for (pg::Row row : pool_.run(sql::log_tails, ids, floors, cursors)) {
        const std::int64_t between = row.integer();
        needs.push_back({.late = static_cast<std::size_t>(between) > stream->recent.size(), .more = row.boolean()});
        ++stream;
    }
    return needs;
}

Turn LogStreams::turn(std::stop_token) {
    for (Stream& stream : arriving_.with([](auto& arriving) { return std::exchange(arriving, {}); })) {
        streams_.push_back(std::move(stream));
    }
    streams_.remove_if([](const Stream& stream) { return stream.events.closed(); });
    size_ = streams_.size();
    if (streams_.empty()) return Turn::Idle;

    const std::vector<Need> needs = needs_of_streams();
    // Streams that stand at the same line are given the same texts.
    std::map<std::tuple<ExecutionId, std::int64_t>, std::vector<Stream*>> groups;
    auto need = needs.begin();
    for (Stream& stream : streams_) {
        if (need->late) send_late(stream);
        if (need->more && stream.events.backlog() < kFullClient) {
            groups[{stream.selection.execution_id, stream.cursor}].push_back(&stream);
        }
        ++need;
    }
    bool more = false;
    for (auto& [at, group] : groups) more = send_more(std::move(group)) || more;
    const Timestamp settled = pool_.clock().now() - kSettled;
    for (Stream& stream : streams_) settle(stream, settled);
    return more ? Turn::Worked : Turn::Idle;
}

/// The next lines of streams that stand at the same one. Returns whether there are still more.
bool LogStreams::send_more(std::vector<Stream*> group) {
    store::LogSelection all;
    all.execution_id = group.front()->selection.execution_id;
    const std::int64_t from = group.front()->cursor;
    const auto rows = pool_.with_connection(
        [&](pg::Connection& connection) { return store::execution_logs(connection, all, from, kPiece); });
    for (const store::LogRow& row : rows) {
        const auto text = frame_of(row);
        for (Stream* stream : group) {
            send(*stream, row, text);
            stream->cursor = row.seq;
        }
    }
    return rows.size() == kPiece;
}

/// Lines whose transactions committed after those of higher numbers.
void LogStreams::send_late(Stream& stream) {
    store::LogSelection all;
    all.execution_id = stream.selection.execution_id;
    const auto rows = pool_.with_connection([&](pg::Connection& connection) {
        return store::execution_logs(connection, all, stream.floor, stream.recent.size() + kPiece);
    });
    for (const store::LogRow& row : rows) {
        if (row.seq > stream.cursor) break;
        if (!stream.recent.contains(row.seq)) send(stream, row, frame_of(row));
    }
}

void LogStreams::send(Stream& stream, const store::LogRow& row, const std::shared_ptr<const std::string>& text) {
    stream.recent.emplace(row.seq, row.at);
    if (stream.selection.matches(row)) stream.events.send(text);
}

/// What was written before `settled`, and all before it, has been committed or never will be.
void LogStreams::settle(Stream& stream, Timestamp settled) {
    auto& recent = stream.recent;
    while (!recent.empty() && recent.begin()->second <= settled) {
        stream.floor = recent.begin()->first;
        recent.erase(recent.begin());
    }
}

}  // namespace sluice::webserver
