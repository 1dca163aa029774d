#pragma once
#include <memory>
#include <mutex>
#include <string>

#include "http/io/exchange.h"

namespace sluice::http {

/// Where the bytes of one streamed body go: a sink, or the parts of a form.
/// Threads  the pool's, one at a time
class BodyTarget {
  public:
    virtual ~BodyTarget() = default;
    virtual Result<void> write(std::string_view piece) = 0;
    /// Puts what came of it into the request.
    virtual Result<void> finish(Request& request) = 0;
};

/// Must the body of this request be streamed? Parts are only when it is a multipart form.
bool streams_body(const Route& route, const Request& request);

/// Carries a body from the loop to its target on the pool. It holds back at most a window of bytes, takes a thread only
/// while there is something to write, and destroys a target that was given up on the pool, too.
class Upload : public std::enable_shared_from_this<Upload> {
  public:
    Upload(std::shared_ptr<Exchange> exchange, std::unique_ptr<BodyTarget> target);

    // loop
    /// false: enough waits; the connection's upload_room() is called when there is room again
    bool push(std::string piece);
    /// All came: the target is finished and the handler called.
    void end();
    /// The client went away, or has its answer already.
    void abort();

  private:
    void schedule(std::unique_lock<std::mutex>& lock);
    void turn();
    bool write_some();
    bool finish();
    void tell_room();

    const std::shared_ptr<Exchange> exchange_;
    const std::size_t window_;
    std::unique_ptr<BodyTarget> target_;  // the pool's
    std::mutex mutex_{};
    std::string waiting_{};
    bool scheduled_ = false;
    bool ended_ = false;
    bool aborted_ = false;
    bool full_ = false;
};

/// On the pool: asks the guard, chooses the target, and tells the connection to go on. Or answers the request.
void prepare_upload(const std::shared_ptr<Exchange>& exchange);

}  // namespace sluice::http
