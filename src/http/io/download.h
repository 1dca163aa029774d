#pragma once
#include <memory>

#include "http/body_source.h"
#include "http/gzip.h"
#include "http/io/exchange.h"

namespace sluice::http {

/// Carries the body of an answer from its source to its channel, on the pool, whenever the client has taken enough.
class Download : public std::enable_shared_from_this<Download> {
  public:
    Download(std::shared_ptr<Exchange> exchange, Exchange::Stream stream, std::unique_ptr<BodySource> source);

    void start() { schedule(); }

  private:
    void schedule();
    void turn();
    bool send_next();
    void give_up(std::string_view reason);

    const std::shared_ptr<Exchange> exchange_;
    const std::shared_ptr<Channel> channel_;
    std::unique_ptr<Gzip> gzip_;
    std::unique_ptr<BodySource> source_;
    std::optional<std::uint64_t> missing_;  // of a body whose size was told
};

}  // namespace sluice::http
