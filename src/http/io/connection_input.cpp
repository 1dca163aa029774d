#include "base/id.h"
#include "http/io/connection.h"

namespace sluice::http {
namespace {

// Whoever sends an id may look for it in our log; it must not be able to write there what it likes.
bool is_sane_id(std::string_view id) {
    return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.' || c == ':';
    });
}

std::string request_id(const Headers& headers) {
    const std::string_view sent = headers.find("X-Request-Id").value_or("");
    return is_sane_id(sent) ? std::string(sent) : fmt::format("{:016x}", random_bits());
}

std::string joined_path(const std::vector<std::string>& segments) {
    std::string path;
    for (const std::string& segment : segments) (path += '/') += segment;
    return path.empty() ? "/" : path;
}

/// "GET, HEAD, OPTIONS"
std::string allow_list(const std::vector<Method>& allowed) {
    const auto has = [&](Method method) { return std::find(allowed.begin(), allowed.end(), method) != allowed.end(); };
    std::string list;
    for (const Method method : kMethods) {
        const bool implied = method == Method::Options || (method == Method::Head && has(Method::Get));
        if (!has(method) && !implied) continue;
        if (!list.empty()) list += ", ";
        list += to_text(method);
    }
    return list;
}

}  // namespace

/// false: what is held is not enough, or not wanted now
bool Connection::consume() {
    switch (phase_) {
        case Phase::Head:
            return consume_head();
        case Phase::Body:
            return !upload_is_full_ && consume_body();
        case Phase::Preparing:
        case Phase::Handling:
        case Phase::Sending:
            return false;
        case Phase::Streaming:
        case Phase::Lingering:
        case Phase::Closed:
            in_is_fresh_ = false;
            return false;
    }
    return false;
}

bool Connection::consume_head() {
    if (!parser_) {
        // Some clients send a line break after the body of a form.
        while (held().starts_with("\r\n")) in_at_ += 2;
        if (held().empty() || held() == "\r") {
            in_is_fresh_ = false;
            return false;
        }
        parser_ = std::make_unique<RequestParser>(state_->config.limits);
        deadline_ = Clock::now() + state_->config.timeouts.header;
    }
    const auto fed = parser_->feed(held(), body_);
    in_at_ += fed.used;
    if (fed.progress == RequestParser::Progress::NeedMore) {
        in_is_fresh_ = false;
        return false;
    }
    begin_request();
    return true;
}

void Connection::begin_request() {
    exchange_ = std::make_shared<Exchange>(state_, loop_, weak_from_this());
    ++state_->totals.requests;
    state_->begin_request();
    response_bytes_ = 0;
    body_bytes_ = 0;
    body_time_ = {};
    Exchange& exchange = *exchange_;
    exchange.request.remote = remote_;
    exchange.request.over_tls = state_->tls != nullptr;
    if (const auto failure = fill_request(exchange)) {
        if (exchange.request.id.empty()) exchange.request.id = request_id({});
        ++state_->totals.malformed_requests;
        return refuse(failure->status, ErrorCode::BadRequest, failure->message);
    }
    if (!find_route(exchange) || !expectation_is_known(exchange)) return;
    begin_body(exchange);
}

/// A failure, or nothing when all could be read.
std::optional<RequestParser::Failure> Connection::fill_request(Exchange& exchange) {
    using Failure = RequestParser::Failure;
    RequestHead& head = parser_->head();
    Request& request = exchange.request;
    request.headers = std::move(head.headers);
    request.target = std::move(head.target);
    request.id = request_id(request.headers);
    exchange.version = head.version;
    close_after_ |= !head.keep_alive || state_->draining;
    if (!parser_->failure().message.empty()) {
        close_after_ = true;  // nobody knows where the next request begins
        return parser_->failure();
    }

    const auto method = parse_method(head.method);
    if (!method) return Failure{Status::NotImplemented, "this server knows no method " + head.method};
    request.method = *method;
    const auto target = parse_target(request.target);
    if (!target) return Failure{Status::BadRequest, target.error().message};
    auto segments = split_path(target->path == "*" ? "" : target->path);
    if (!segments) return Failure{Status::BadRequest, segments.error().message};
    auto query = Query::parse(target->query);
    if (!query) return Failure{Status::BadRequest, query.error().message};
    request.segments = std::move(*segments);
    request.path = joined_path(request.segments);
    request.query = std::move(*query);
    exchange.request_is_known = true;
    return {};
}

/// false: answered without a handler
bool Connection::find_route(Exchange& exchange) {
    Request& request = exchange.request;
    RouteMatch match = state_->router.match(request.method, request.segments);
    if (match.route != nullptr) {
        exchange.route = match.route;
        request.pattern = match.route->pattern();
        const auto& names = match.route->variables();
        for (std::size_t i = 0; i < names.size(); ++i)
            request.parameters.emplace_back(names[i], std::move(match.values[i]));
        return true;
    }
    const bool of_server = request.method == Method::Options && request.target == "*";
    if (request.method == Method::Options && (of_server || !match.allowed.empty())) {
        if (of_server) match.allowed.assign(std::begin(kMethods), std::end(kMethods));
        exchange.answer(Response::empty().set("Allow", allow_list(match.allowed)));
    } else if (match.allowed.empty()) {
        refuse(Status::NotFound, ErrorCode::NotFound, "there is nothing at " + request.path);
    } else {
        const std::string allowed = allow_list(match.allowed);
        const Error error{ErrorCode::BadRequest,
                          fmt::format("{} is not possible here; {} are", to_text(request.method), allowed)};
        exchange.refuse(Status::MethodNotAllowed, error, {{"Allow", allowed}});
    }
    return false;
}

bool Connection::expectation_is_known(Exchange& exchange) {
    const auto expected = exchange.request.header("Expect");
    if (!expected || exchange.version < 11 || equal_ignoring_case(*expected, "100-continue")) return true;
    refuse(Status::ExpectationFailed, ErrorCode::BadRequest, "the only expectation that can be met is 100-continue");
    return false;
}

void Connection::begin_body(Exchange& exchange) {
    const RequestHead& head = parser_->head();
    const Limits& limits = state_->config.limits;
    const bool streams = streams_body(*exchange.route, exchange.request);
    body_limit_ = exchange.route->body_limit().value_or(streams ? limits.max_upload : limits.max_body);
    if (head.content_length.value_or(0) > body_limit_) {
        return refuse(Status::ContentTooLarge, ErrorCode::TooLarge,
                      fmt::format("the body has {} bytes; {} are allowed here", *head.content_length, body_limit_));
    }
    if (streams) {
        go_to(Phase::Preparing);
        const bool begun = state_->pool.try_begin([exchange = exchange_] { prepare_upload(exchange); });
        if (begun) return;
        ++state_->totals.rejected_requests;
        return refuse(Status::Unavailable, ErrorCode::Unavailable, "too many requests are waiting; try again later");
    }
    if (!head.has_body()) return end_body();
    go_to(Phase::Body);
    ask_to_continue();
}

/// The client waits for leave to send its body, unless it has begun already.
void Connection::ask_to_continue() {
    last_progress_ = Clock::now();
    if (exchange_->version < 11 || !exchange_->request.headers.has("Expect") || !held().empty()) return;
    if (!parser_->done()) output_.add(std::string("HTTP/1.1 100 Continue\r\n\r\n"));
}

bool Connection::consume_body() {
    std::string piece;
    const auto fed = parser_->feed(held(), piece);
    in_at_ += fed.used;
    if (fed.progress == RequestParser::Progress::Failed) {
        ++state_->totals.malformed_requests;
        refuse(parser_->failure().status, ErrorCode::BadRequest, parser_->failure().message);
        return true;
    }
    body_bytes_ += piece.size();
    if (body_bytes_ > body_limit_) {
        refuse(Status::ContentTooLarge, ErrorCode::TooLarge, fmt::format("a body may have {} bytes here", body_limit_));
        return true;
    }
    if (!piece.empty()) take_body(std::move(piece));
    if (phase_ != Phase::Body) return true;
    if (parser_->done()) {
        end_body();
        return true;
    }
    if (fed.used == 0 || held().empty()) in_is_fresh_ = false;
    return fed.used > 0;
}

void Connection::take_body(std::string piece) {
    if (upload_) {
        upload_is_full_ = !upload_->push(std::move(piece));
    } else if (!exchange_->charge_body(piece.size())) {
        refuse(Status::Unavailable, ErrorCode::Unavailable,
               "the bodies of all requests take too much memory; try again later");
    } else {
        body_ += piece;
    }
}

void Connection::end_body() {
    go_to(Phase::Handling);
    if (upload_) return std::exchange(upload_, nullptr)->end();
    exchange_->request.body = std::exchange(body_, {});
    dispatch();
}

void Connection::dispatch() {
    if (exchange_->route->runs() == Runs::Inline) return exchange_->run();
    if (state_->pool.try_begin([exchange = exchange_] { exchange->run(); })) return;
    ++state_->totals.rejected_requests;
    refuse(Status::Unavailable, ErrorCode::Unavailable, "too many requests are waiting; try again later");
}

/// Answers without a handler. Where the body has not come in full, the connection is closed after it.
void Connection::refuse(Status status, ErrorCode code, std::string message) {
    if (!exchange_) {
        exchange_ = std::make_shared<Exchange>(state_, loop_, weak_from_this());
        exchange_->request.remote = remote_;
        exchange_->request.id = request_id({});
        state_->begin_request();
    }
    exchange_->refuse(status, Error{code, std::move(message)});
    // Another answer was first, and is on its way here.
    const bool reads = phase_ == Phase::Head || phase_ == Phase::Preparing || phase_ == Phase::Body;
    if (reads) go_to(Phase::Handling);
}

void Connection::upload_prepared(Exchange& exchange, const std::shared_ptr<Upload>& upload) {
    if (exchange_.get() != &exchange || phase_ != Phase::Preparing) return upload->abort();
    upload_ = upload;
    upload_is_full_ = false;
    go_to(Phase::Body);
    if (!parser_->head().has_body())
        end_body();
    else
        ask_to_continue();
    progress();
}

void Connection::upload_room(Exchange& exchange) {
    if (exchange_.get() != &exchange || !upload_) return;
    upload_is_full_ = false;
    in_is_fresh_ = true;
    last_progress_ = Clock::now();
    progress();
}

}  // namespace sluice::http
