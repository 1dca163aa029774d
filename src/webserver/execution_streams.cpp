#include "webserver/execution_streams.h"

#include "sql/webserver.h"
#include "store/executions.h"
#include "value/json.h"
#include "webserver/execution_view.h"
#include "webserver/followers.h"

namespace sluice::webserver {
namespace {

constexpr Duration kLook = 500ms;    // claims of workers are not signalled
constexpr Duration kPatience = 10s;  // for an execution that does not exist yet
constexpr int kShare = 10;           // rendering one execution takes at most this part of the time, 1/n

void send_to(std::vector<http::EventStream>& streams, const std::shared_ptr<const std::string>& text) {
    for (const http::EventStream& stream : streams) stream.send(text);
}

}  // namespace

ExecutionStreams::ExecutionStreams(Api& api, pg::Signals& signals)
    : Service("execution_streams", {.poll = 60s}), api_(api) {
    signals.subscribe(pg::kChangesChannel, [this](const auto&) {
        if (size_ > 0) waker().wake();
    });
}

ExecutionStreams::~ExecutionStreams() {
    stop();
}

void ExecutionStreams::follow(const ExecutionId& id, http::Responder responder) {
    ++size_;
    arriving_.with([&](auto& arriving) { arriving.push_back({.id = id, .responder = std::move(responder)}); });
    waker().wake();
}

Duration ExecutionStreams::idle_pause() {
    return topics_.empty() && waiting_.empty() ? Duration{60s} : kLook;
}

void ExecutionStreams::recover() {
    api_.services.pool.drop_idle();
}

void ExecutionStreams::finish() {
    waiting_.clear();
    topics_.clear();
}

/// A text for each execution that is followed and exists, which differs when there is something new to tell.
std::map<ExecutionId, std::string> ExecutionStreams::present_stamps() {
    std::set<ExecutionId> ids;
    for (const auto& [id, topic] : topics_) ids.insert(id);
    for (const Arriving& one : waiting_) ids.insert(one.id);
    std::map<ExecutionId, std::string> stamps;
    if (ids.empty()) return stamps;
    for (pg::Row row :
         api_.services.pool.run(sql::execution_stamps, std::vector<ExecutionId>(ids.begin(), ids.end()))) {
        ExecutionId id{row.text()};
        stamps.emplace(std::move(id), row.text());
    }
    return stamps;
}

/// Those whose execution exists become streams; the others wait, for a while.
void ExecutionStreams::take_in(const std::map<ExecutionId, std::string>& stamps) {
    std::deque<Arriving> waiting;
    for (Arriving& one : std::exchange(waiting_, {})) {
        if (one.responder.client_gone()) continue;
        if (stamps.contains(one.id)) {
            const http::EventStream stream = one.responder.events();
            stream.send({.id = "start", .data = to_json(Value{{"id", one.id.text()}})});
            topics_[one.id].fresh.push_back(stream);
        } else if (Clock::now() - one.since >= kPatience) {
            one.responder.send(not_found("Not Found: execution {} does not exist", one.id));
        } else {
            waiting.push_back(std::move(one));
        }
    }
    waiting_ = std::move(waiting);
}

Turn ExecutionStreams::turn(std::stop_token) {
    for (Arriving& one : arriving_.with([](auto& arriving) { return std::exchange(arriving, {}); })) {
        waiting_.push_back(std::move(one));
    }
    const auto stamps = present_stamps();
    take_in(stamps);
    std::size_t size = waiting_.size();
    for (auto topic = topics_.begin(); topic != topics_.end();) {
        std::erase_if(topic->second.streams, [](const http::EventStream& stream) { return stream.closed(); });
        const auto stamp = stamps.find(topic->first);
        // One that was deleted meanwhile is over without a last state.
        const bool goes_on = stamp != stamps.end() && told(topic->first, topic->second, stamp->second);
        size += goes_on ? topic->second.streams.size() : 0;
        topic = goes_on ? std::next(topic) : topics_.erase(topic);
    }
    size_ = size;
    return Turn::Idle;
}

/// As tell(). One that can't be shown ends for its followers, and is in nobody else's way.
bool ExecutionStreams::told(const ExecutionId& id, Topic& topic, const std::string& stamp) {
    try {
        return tell(id, topic, stamp);
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& bug) {
        log_.error("execution.not_shown", {{"execution_id", id}, {"reason", std::string_view(bug.what())}});
        return false;
    }
}

/// Sends what is new. false: nobody follows it any more, or it is over
bool ExecutionStreams::tell(const ExecutionId& id, Topic& topic, const std::string& stamp) {
    const bool changed = stamp != topic.stamp && Clock::now() >= topic.next_at;
    if (!changed && topic.fresh.empty()) return !topic.streams.empty();

    const auto begin = Clock::now();
    const auto execution = api_.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id); });
    if (!execution) return false;
    const bool ended = is_ended(*execution);
    const auto text =
        http::to_text({.id = ended ? "end" : "progress", .data = to_json(execution_with_runs(api_, *execution))});
    topic.next_at = begin + (Clock::now() - begin) * kShare;
    topic.stamp = stamp;
    std::move(topic.fresh.begin(), topic.fresh.end(), std::back_inserter(topic.streams));
    topic.fresh.clear();
    send_to(topic.streams, text);
    if (!ended) return !topic.streams.empty();
    for (const http::EventStream& stream : topic.streams) stream.end();
    return false;
}

}  // namespace sluice::webserver
