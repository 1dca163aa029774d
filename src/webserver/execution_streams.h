#pragma once
#include <deque>
#include <map>

#include "base/guarded.h"
#include "base/service.h"
#include "http/responder.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// Sends executions to those who follow them: at once, after every change, and when all is over.
///
/// One question for all executions that are followed tells which have changed; each of those is read and rendered once,
/// whatever the number of its followers. What changes faster than it can be rendered is sent in its latest state.
/// Threads  follow(): any
class ExecutionStreams : public Service {
  public:
    ExecutionStreams(Api& api, pg::Signals& signals);
    ~ExecutionStreams() override;

    /// Answers with a stream. An execution that does not exist yet is waited for, then it is 404.
    void follow(const ExecutionId& id, http::Responder responder);
    std::size_t size() const { return size_; }

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override;
    void recover() override;
    void finish() override;

  private:
    using Clock = std::chrono::steady_clock;
    struct Arriving {
        ExecutionId id{};
        http::Responder responder;
        Clock::time_point since = Clock::now();
    };
    struct Topic {
        std::vector<http::EventStream> streams{};
        std::vector<http::EventStream> fresh{};  // have got nothing yet
        std::string stamp{};                     // of what was sent last
        Clock::time_point next_at{};             // not before: it costs much to render
    };

    void take_in(const std::map<ExecutionId, std::string>& stamps);
    std::map<ExecutionId, std::string> present_stamps();
    bool told(const ExecutionId& id, Topic& topic, const std::string& stamp);
    bool tell(const ExecutionId& id, Topic& topic, const std::string& stamp);

    Api& api_;
    Guarded<std::deque<Arriving>> arriving_{};
    // Of the service's own thread:
    std::deque<Arriving> waiting_{};
    std::map<ExecutionId, Topic> topics_{};
    std::atomic<std::size_t> size_{0};
};

}  // namespace sluice::webserver
