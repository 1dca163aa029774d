#include "http/io/connection.h"

namespace sluice::http {

void Connection::take_answer(Exchange& exchange, Wire wire, const std::shared_ptr<Channel>& channel, StreamKind kind) {
    const bool waits =
        phase_ == Phase::Head || phase_ == Phase::Preparing || phase_ == Phase::Body || phase_ == Phase::Handling;
    if (exchange_.get() != &exchange || !waits) {
        if (channel) channel->close();
        return;
    }
    begin_sending(exchange, wire);
    if (channel) begin_streaming(channel, kind, wire);
    progress();
}

void Connection::begin_sending(Exchange& exchange, Wire& wire) {
    // A body that has not come in full must not be read as the next request.
    if (!parser_ || !parser_->done() || state_->draining) close_after_ = true;
    if (wire.framing == Framing::UntilClose) close_after_ = true;
    if (upload_) std::exchange(upload_, nullptr)->abort();
    upload_is_full_ = false;
    body_ = {};

    response_status_ = wire.status;
    const auto family = static_cast<std::size_t>(number(wire.status) / 100);
    if (family < state_->totals.responses_by_class.size()) ++state_->totals.responses_by_class[family];
    if (close_after_)
        wire.head += "Connection: close\r\n";
    else if (exchange.version < 11)
        wire.head += "Connection: keep-alive\r\n";
    wire.head += "\r\n";
    output_.add(std::move(wire.head));
    output_.add(std::move(wire.body));
    last_progress_ = Clock::now();
    go_to(Phase::Sending);
}

void Connection::begin_streaming(const std::shared_ptr<Channel>& channel, StreamKind kind, Wire& wire) {
    if (wire.no_body) {
        channel->close();
        return;
    }
    channel_ = channel;
    stream_kind_ = kind;
    stream_end_ = Channel::End::None;
    last_event_ = last_progress_;
    go_to(Phase::Streaming);
    if (kind == StreamKind::Events) {
        ++state_->totals.open_event_streams;
        close_after_ = true;
        parser_.reset();
        in_ = {};
        in_at_ = 0;
        if (state_->draining) channel->finish(Channel::End::Complete);
    }
    take_pieces(*channel);
}

void Connection::take_pieces(Channel& channel) {
    if (channel_.get() != &channel || phase_ != Phase::Streaming) return;
    if (output_.empty()) last_progress_ = Clock::now();
    std::vector<Body> pieces;
    stream_end_ = channel.take(pieces);
    // Asked after take(): from then on a writer that gives up sends for us again.
    if (channel.gave_up()) {
        ++state_->totals.slow_clients_closed;
        return close();
    }
    for (Body& piece : pieces) output_.add(std::move(piece));
    if (!pieces.empty()) last_event_ = Clock::now();
    // Cut off in the middle, so that the client cannot take it for the whole.
    if (stream_end_ == Channel::End::Broken) return close();
    progress();
}

void Connection::finish_response() {
    if (channel_) {
        if (stream_kind_ == StreamKind::Events) --state_->totals.open_event_streams;
        std::exchange(channel_, nullptr)->close();
    }
    stream_end_ = Channel::End::None;
    report(true);
    parser_.reset();
    if (close_after_ || state_->draining) return shut();
    deadline_ = Clock::now() + state_->config.timeouts.idle;
    go_to(Phase::Head);
}

void Connection::report(bool complete) {
    const std::shared_ptr<Exchange> exchange = std::exchange(exchange_, nullptr);
    const Request& request = exchange->request;
    if (state_->config.on_access) {
        state_->config.on_access({.method = request.method,
                                  .path = request.path,
                                  .pattern = request.pattern,
                                  .remote = request.remote,
                                  .request_id = request.id,
                                  .status = number(response_status_),
                                  .bytes = response_bytes_,
                                  .took = since(exchange->started, Clock::now()),
                                  .complete = complete});
    }
    response_status_ = {};
    state_->end_request();
}

void Connection::on_tick(Clock::time_point now) {
    const Timeouts& limits = state_->config.timeouts;
    const Duration tick = since(std::exchange(last_tick_, now), now);
    switch (phase_) {
        case Phase::Head:
            if (now < deadline_) return;
            if (parser_) return time_out("the header did not come in time");
            return close();
        case Phase::Body:
            if (!upload_is_full_ && body_is_too_slow(tick)) time_out("the body comes too slowly");
            return;
        case Phase::Streaming:
            if (stream_kind_ == StreamKind::Events) keep_events_alive(now);
            [[fallthrough]];
        case Phase::Sending:
            if (output_.empty() || since(last_progress_, now) < limits.stall) return;
            ++state_->totals.slow_clients_closed;
            return close();
        case Phase::Lingering:
            if (now >= deadline_) close();
            return;
        case Phase::Preparing:
        case Phase::Handling:
        case Phase::Closed:
            return;
    }
}

bool Connection::body_is_too_slow(Duration tick) {
    const Timeouts& limits = state_->config.timeouts;
    body_time_ += tick;
    if (since(last_progress_, last_tick_) > limits.stall) return true;
    if (body_time_ <= limits.body_grace) return false;
    const double expected = static_cast<double>(limits.min_body_rate) * in_seconds(body_time_ - limits.body_grace);
    return static_cast<double>(body_bytes_) < expected;
}

void Connection::time_out(std::string_view what) {
    ++state_->totals.timed_out_connections;
    refuse(Status::RequestTimeout, ErrorCode::Timeout, std::string(what));
}

/// A line that says nothing, so that nobody on the way takes the stream for dead.
void Connection::keep_events_alive(Clock::time_point now) {
    if (!output_.empty() || since(last_event_, now) < state_->config.event_keep_alive) return;
    channel_->offer(std::make_shared<const std::string>(": keep-alive\n\n"));
}

void Connection::on_drain() {
    close_after_ = true;
    if (phase_ == Phase::Head) return close();
    if (phase_ == Phase::Streaming && stream_kind_ == StreamKind::Events) channel_->finish(Channel::End::Complete);
}

}  // namespace sluice::http
