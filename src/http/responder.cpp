#include "http/responder.h"

#include "http/gzip.h"
#include "http/io/download.h"

namespace sluice::http {

StreamWriter::StreamWriter(std::shared_ptr<Channel> channel, std::unique_ptr<Gzip> gzip)
    : channel_(std::move(channel)), gzip_(std::move(gzip)) {}
StreamWriter::StreamWriter(StreamWriter&&) noexcept = default;

StreamWriter& StreamWriter::operator=(StreamWriter&& other) noexcept {
    if (channel_ && this != &other) channel_->finish(Channel::End::Broken);
    channel_ = std::move(other.channel_);
    gzip_ = std::move(other.gzip_);
    return *this;
}

StreamWriter::~StreamWriter() {
    if (channel_) channel_->finish(Channel::End::Broken);
}

bool StreamWriter::write(std::string_view piece) {
    return put(piece, false);
}
bool StreamWriter::write_now(std::string_view piece) {
    return put(piece, true);
}

bool StreamWriter::put(std::string_view piece, bool flush) {
    ensure(channel_ != nullptr, "a piece is written after the end of the answer");
    std::string bytes = gzip_ ? gzip_->add(piece, flush) : std::string(piece);
    return channel_->write(std::move(bytes));
}

void StreamWriter::end() {
    ensure(channel_ != nullptr, "an answer is ended twice");
    if (gzip_) channel_->write(gzip_->finish());
    channel_->finish(Channel::End::Complete);
    channel_.reset();
}

bool StreamWriter::client_gone() const {
    return !channel_ || channel_->closed();
}

std::shared_ptr<const std::string> to_text(const Event& event) {
    const auto field = [](std::string& out, std::string_view name, std::string_view value) {
        out += name;
        // A line break in these would begin a field of its own.
        for (const char c : value) {
            if (c != '\n' && c != '\r' && c != '\0') out += c;
        }
        out += '\n';
    };
    std::string out;
    out.reserve(event.data.size() + event.id.size() + 32);
    if (!event.id.empty()) field(out, "id: ", event.id);
    if (!event.name.empty()) field(out, "event: ", event.name);
    if (event.retry) field(out, "retry: ", fmt::format("{}", event.retry->count()));
    std::string_view data = event.data;
    for (;;) {
        const auto end = data.find('\n');
        field(out, "data: ", data.substr(0, end));
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + 1);
    }
    out += '\n';
    return std::make_shared<const std::string>(std::move(out));
}

/// Ends the stream when the last copy of the EventStream goes away.
struct EventStream::Owner {
    explicit Owner(std::shared_ptr<Channel> channel_) : channel(std::move(channel_)) {}
    ~Owner() { channel->finish(Channel::End::Complete); }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;
    std::shared_ptr<Channel> channel;
};

EventStream::EventStream(std::shared_ptr<Channel> channel) : owner_(std::make_shared<Owner>(std::move(channel))) {}

bool EventStream::send(std::shared_ptr<const std::string> text) const {
    return owner_->channel->offer(std::move(text));
}

bool EventStream::comment(std::string_view text) const {
    std::string line = ": ";
    for (const char c : text) line += c == '\n' || c == '\r' ? ' ' : c;
    return send(std::make_shared<const std::string>(line + "\n\n"));
}

void EventStream::end() const {
    owner_->channel->finish(Channel::End::Complete);
}
bool EventStream::closed() const {
    return owner_->channel->closed();
}
std::uint64_t EventStream::backlog() const {
    return owner_->channel->on_the_way();
}
void EventStream::on_close(std::function<void()> closed) const {
    owner_->channel->on_close(std::move(closed));
}

bool EventStream::Handle::closed() const {
    const auto owner = owner_.lock();
    return !owner || owner->channel->closed();
}
void EventStream::Handle::end() const {
    if (const auto owner = owner_.lock()) owner->channel->finish(Channel::End::Complete);
}

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

Responder::~Responder() {
    if (exchange_) exchange_->drop();
}

Responder& Responder::operator=(Responder&& other) noexcept {
    if (exchange_ && this != &other) exchange_->drop();
    exchange_ = std::move(other.exchange_);
    return *this;
}

Exchange& Responder::exchange() {
    ensure(exchange_ != nullptr, "a request is answered twice");
    return *exchange_;
}

const Request& Responder::request() const {
    ensure(exchange_ != nullptr, "a responder that has answered knows its request no more");
    return exchange_->request;
}

void Responder::send(Response response) {
    exchange().answer(std::move(response));
    exchange_.reset();
}

void Responder::fail(const Error& error) {
    exchange().fail(error);
    exchange_.reset();
}

void Responder::send(Result<Response> result) {
    if (result)
        send(std::move(*result));
    else
        fail(result.error());
}

StreamWriter Responder::stream(Response head) {
    auto [channel, gzip] = exchange().stream(std::move(head), StreamKind::Body);
    exchange_.reset();
    return {std::move(channel), gzip ? std::make_unique<Gzip>() : nullptr};
}

void Responder::stream(Response head, std::unique_ptr<BodySource> source) {
    auto stream = exchange().stream(std::move(head), StreamKind::Body, source->size());
    std::make_shared<Download>(exchange_, std::move(stream), std::move(source))->start();
    exchange_.reset();
}

EventStream Responder::events(Response head) {
    head.status = Status::Ok;
    head.set("Content-Type", "text/event-stream");
    head.set("Cache-Control", "no-cache");
    head.set("X-Accel-Buffering", "no");
    EventStream out(exchange().stream(std::move(head), StreamKind::Events).channel);
    const auto answered = std::move(exchange_);
    if (const auto& tell = answered->state()->config.on_events) tell(answered->request, out);
    return out;
}

bool Responder::client_gone() const {
    return !exchange_ || exchange_->client_gone();
}

}  // namespace sluice::http
