#include "http/io/download.h"

namespace sluice::http {

Download::Download(std::shared_ptr<Exchange> exchange, Exchange::Stream stream, std::unique_ptr<BodySource> source)
    : exchange_(std::move(exchange)),
      channel_(std::move(stream.channel)),
      gzip_(stream.gzip ? std::make_unique<Gzip>() : nullptr),
      source_(std::move(source)),
      missing_(source_->size()) {}

void Download::schedule() {
    channel_->when_room(
        [self = shared_from_this()] { self->exchange_->state()->pool.go_on([self] { self->turn(); }); });
}

/// One piece, then the others' turn.
void Download::turn() {
    bool goes_on = false;
    try {
        goes_on = send_next();
    } catch (const std::exception& failed) {
        give_up(failed.what());
    }
    if (goes_on)
        schedule();
    else
        source_.reset();
}

/// false: the answer is complete, broken off, or nobody wants it any more
bool Download::send_next() {
    if (channel_->closed()) return false;
    auto piece = source_->next();
    if (!piece) {
        give_up(piece.error().text());
        return false;
    }
    if (!*piece) {
        if (missing_.value_or(0) > 0)
            give_up("the body is shorter than was said");
        else if (gzip_)
            channel_->push(gzip_->finish());
        channel_->finish(Channel::End::Complete);
        return false;
    }
    if (missing_ && (*piece)->size() > *missing_) {
        give_up("the body is longer than was said");
        return false;
    }
    if (missing_) *missing_ -= (*piece)->size();
    return channel_->push(gzip_ ? gzip_->add(**piece) : std::move(**piece));
}

void Download::give_up(std::string_view reason) {
    exchange_->state()->log.error(
        "answer.broken_off",
        {{"request_id", exchange_->request.id}, {"pattern", exchange_->request.pattern}, {"reason", reason}});
    channel_->finish(Channel::End::Broken);
}

}  // namespace sluice::http
