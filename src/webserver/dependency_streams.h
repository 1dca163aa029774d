#pragma once
#include <deque>
#include <list>
#include <map>

#include "base/guarded.h"
#include "base/service.h"
#include "http/responder.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// Sends the states of an execution and of those that are related to it: what started it and what it started, by a task
/// or by a Flow trigger. A stream ends when all of them are over.
/// Threads  follow(): any
class DependencyStreams : public Service {
  public:
    explicit DependencyStreams(pg::Pool& pool);
    ~DependencyStreams() override;

    struct Wish {
        ExecutionId id{};
        bool upwards = true;       // with the one that started it
        bool all = false;          // and what is related to those
        access::Identity asker{};  // sees those of his namespaces
        access::Capability what{};
    };
    void follow(Wish wish, http::EventStream events);

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override;
    void recover() override { pool_.drop_idle(); }
    void finish() override { streams_.clear(); }

  private:
    struct Stream {
        Wish wish{};
        http::EventStream events;
        std::map<std::string, std::string> told{};  // states by execution
    };
    bool tell(Stream& stream);

    pg::Pool& pool_;
    Guarded<std::deque<Stream>> arriving_{};
    std::list<Stream> streams_{};  // of the service's own thread
    std::atomic<std::size_t> size_{0};
};

}  // namespace sluice::webserver
