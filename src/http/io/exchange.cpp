#include "http/io/exchange.h"

#include "http/io/connection.h"
#include "http/responder.h"

namespace sluice::http {

Exchange::Exchange(std::shared_ptr<ServerState> state, std::shared_ptr<Loop> loop, std::weak_ptr<Connection> connection)
    : state_(std::move(state)), loop_(std::move(loop)), connection_(std::move(connection)) {}

Exchange::~Exchange() {
    state_->totals.bodies_in_memory -= charged_;
}

bool Exchange::charge_body(std::uint64_t bytes) {
    auto& total = state_->totals.bodies_in_memory;
    charged_ += bytes;
    if ((total += bytes) <= state_->config.limits.max_bodies_in_memory) return true;
    total -= std::exchange(charged_, 0);
    return false;
}

void Exchange::run() {
    within_boundary([this] {
        if (passes_guard()) handle();
    });
}

void Exchange::run_handler() {
    within_boundary([this] { handle(); });
}

void Exchange::handle() {
    if (const Prologue& prologue = state_->router.prologue()) prologue(request);
    route->handler()(request, Responder(shared_from_this()));
}

bool Exchange::passes_guard() {
    const Guard& guard = state_->router.guard();
    if (!guard) return true;
    auto refusal = guard(request);
    if (!refusal) return true;
    answer(std::move(*refusal));
    return false;
}

void Exchange::within_boundary(const std::function<void()>& work) {
    handler_thread_ = std::this_thread::get_id();
    try {
        work();
    } catch (const OutsideError& outside) {
        state_->log.warn(
            "request.outside_error",
            {{"request_id", request.id}, {"pattern", request.pattern}, {"reason", std::string_view(outside.what())}});
        fail({ErrorCode::Unavailable, "something this server needs does not answer now; try again later"});
    } catch (const std::exception& bug) {
        state_->log.error(
            "request.failed",
            {{"request_id", request.id}, {"pattern", request.pattern}, {"reason", std::string_view(bug.what())}});
        fail({ErrorCode::Internal, "Internal server error: the log says more under request id " + request.id});
    }
    handler_thread_ = std::thread::id{};
}

void Exchange::decorate(Response& response) const {
    if (state_->config.decorate && request_is_known) state_->config.decorate(request, response);
}

void Exchange::answer(Response response) {
    if (!claim() || client_gone_) return;
    deliver(composed(std::move(response)), nullptr, StreamKind::Body);
}

/// Whatever the caller's hooks throw: a request that was claimed must be answered, or its client waits for ever.
Wire Exchange::composed(Response response) const {
    const ComposeOptions options{.version = version, .on_reactor = loop_->is_current()};
    try {
        decorate(response);
        return compose(request, std::move(response), options);
    } catch (const std::exception& bug) {
        state_->log.error("request.compose_failed",
                          {{"request_id", request.id}, {"reason", std::string_view(bug.what())}});
        const Error error{ErrorCode::Internal, "Internal server error: the answer could not be made"};
        return compose(request, plain_error_body(&request, error, Status::InternalError), options);
    }
}

Response Exchange::render(Status status, const Error& error) const {
    const Request* known = request_is_known ? &request : nullptr;
    try {
        return state_->config.error_renderer(known, error, status);
    } catch (const std::exception& bug) {
        state_->log.error("request.render_failed",
                          {{"request_id", request.id}, {"reason", std::string_view(bug.what())}});
        return plain_error_body(known, error, status);
    }
}

void Exchange::refuse(Status status, const Error& error, const Headers& extra) {
    Response response = render(status, error);
    response.status = status;
    for (const auto& [name, value] : extra) response.headers.set(name, value);
    if (status == Status::Unavailable && !response.headers.has("Retry-After")) response.headers.add("Retry-After", "1");
    answer(std::move(response));
}

Exchange::Stream Exchange::stream(Response head, StreamKind kind, std::optional<std::uint64_t> size) {
    decorate(head);
    Wire wire = compose_stream(request, std::move(head), {.version = version, .size = size});
    const Limits& limits = state_->config.limits;
    const std::size_t window = kind == StreamKind::Events ? limits.event_backlog : limits.stream_window;
    auto channel = std::make_shared<Channel>(loop_, connection_, wire.framing, window);
    const bool gzip = wire.gzip;
    if (!claim() || client_gone_)
        channel->close();
    else
        deliver(std::move(wire), channel, kind);
    return {std::move(channel), gzip};
}

void Exchange::deliver(Wire wire, const std::shared_ptr<Channel>& channel, StreamKind kind) {
    auto hand_over = [self = shared_from_this(), wire = std::move(wire), channel, kind]() mutable {
        const auto connection = self->connection_.lock();
        if (connection)
            connection->take_answer(*self, std::move(wire), channel, kind);
        else if (channel)
            channel->close();
    };
    if (loop_->is_current()) {
        hand_over();
    } else if (!loop_->post(std::move(hand_over)) && channel) {
        channel->close();
    }
}

void Exchange::drop() noexcept {
    // A handler that throws destroys its responder on the way out: its boundary answers, and knows the reason.
    if (std::uncaught_exceptions() > 0 && handler_thread_.load() == std::this_thread::get_id()) return;
    if (answered_ || client_gone_) return;
    try {
        ++state_->totals.dropped_responders;
        state_->log.error("responder.dropped", {{"request_id", request.id}, {"pattern", request.pattern}});
        fail({ErrorCode::Internal,
              "Internal server error: the request was not answered; the log says more under request id " + request.id});
    } catch (const std::exception& failed) {
        state_->log.error("responder.drop_failed", {{"reason", std::string_view(failed.what())}});
    }
}

}  // namespace sluice::http
