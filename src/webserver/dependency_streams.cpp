#include "webserver/dependency_streams.h"

#include "sql/webserver.h"
#include "value/json.h"

namespace sluice::webserver {
namespace {
// Which executions are related is known by looking only, so no signal tells of a change.
constexpr Duration kLookAgain = 500ms;
constexpr std::int64_t kMostRelated = 2'000;
}  // namespace

DependencyStreams::DependencyStreams(pg::Pool& pool) : Service("dependency_streams", {.poll = 60s}), pool_(pool) {}

DependencyStreams::~DependencyStreams() {
    stop();
}

void DependencyStreams::follow(Wish wish, http::EventStream events) {
    ++size_;
    arriving_.with([&](auto& arriving) { arriving.push_back({std::move(wish), std::move(events)}); });
    waker().wake();
}

Duration DependencyStreams::idle_pause() {
    return size_ == 0 ? Duration{60s} : kLookAgain;
}

Turn DependencyStreams::turn(std::stop_token) {
    for (Stream& one : arriving_.with([](auto& arriving) { return std::exchange(arriving, {}); }))
        streams_.push_back(std::move(one));
    std::erase_if(streams_, [this](Stream& stream) {
        const bool over = stream.events.closed() || !tell(stream);
        if (over) --size_;
        return over;
    });
    return Turn::Idle;
}

/// Sends what has changed. false: all are over
bool DependencyStreams::tell(Stream& stream) {
    const DependencyStreams::Wish& wish = stream.wish;
    bool all_over = true;
    for (pg::Row row : pool_.run(sql::related_executions, wish.id, wish.upwards, wish.all, kMostRelated)) {
        const std::string id = row.text();
        const std::string name_space = row.text();
        const std::string flow = row.text();
        const std::string word = row.text();
        if (!wish.asker.grants->allow(wish.what, name_space)) continue;
        const bool over = is_over(state_of(word).value_or(State::Created));
        all_over = all_over && over;
        if (std::exchange(stream.told[id], word) == word) continue;
        stream.events.send({.id = over ? "end" : "progress",
                            .data = to_json(Value{{"executionId", id},
                                                  {"tenantId", "main"},
                                                  {"namespace", name_space},
                                                  {"flowId", flow},
                                                  {"state", Value{{"current", word}}}})});
    }
    if (!all_over) return true;
    stream.events.send({.id = "end-all", .data = to_json(Value{{"executionId", wish.id.text()}})});
    stream.events.end();
    return false;
}

}  // namespace sluice::webserver
