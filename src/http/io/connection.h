#pragma once
#include <memory>
#include <optional>
#include <string>

#include "http/io/channel.h"
#include "http/io/compose.h"
#include "http/io/exchange.h"
#include "http/io/loop.h"
#include "http/io/output.h"
#include "http/io/request_parser.h"
#include "http/io/transport.h"
#include "http/io/upload.h"

namespace sluice::http {

/// One client: reads a request, waits for its answer, sends it, and only then looks at the next request. So answers
/// are in order, and a client that does not read its answers is not read either.
/// Threads  its loop's only
class Connection final : public Watched, public std::enable_shared_from_this<Connection> {
  public:
    Connection(std::shared_ptr<ServerState> state, std::shared_ptr<Loop> loop, OwnedFd socket, std::string remote);

    /// Begins to watch the socket.
    void open();
    /// Tells the client that there are too many, and closes.
    void open_to_refuse();

    void on_ready(Readiness readiness) override;
    void on_tick(Clock::time_point now) override;
    void on_drain() override;
    void on_stop() override { close(); }

    /// The answer to `exchange`, or with a channel the head of one. Ignored unless that is the request in progress.
    void take_answer(Exchange& exchange, Wire wire, const std::shared_ptr<Channel>& channel, StreamKind kind);
    void take_pieces(Channel& channel);
    void upload_prepared(Exchange& exchange, const std::shared_ptr<Upload>& upload);
    void upload_room(Exchange& exchange);

  private:
    enum class Phase {
        Head,       // between requests, or in the header of one
        Preparing,  // the pool chooses where the body goes
        Body,
        Handling,
        Sending,
        Streaming,
        Lingering,  // all is sent; the client may still be reading it
        Closed,
    };

    // connection.cpp: what moves, and when it has moved enough
    void progress();
    bool step();
    bool flush();
    bool receive();
    void answer_plainly();
    bool wants_input() const;
    bool is_stuck() const;
    void shut();
    void close();
    void go_to(Phase phase);
    std::string_view held() const { return std::string_view(in_).substr(in_at_); }
    void drop_used_input();

    // connection_input.cpp: from bytes to requests
    bool consume();
    bool consume_head();
    bool consume_body();
    void begin_request();
    std::optional<RequestParser::Failure> fill_request(Exchange& exchange);
    bool find_route(Exchange& exchange);
    bool expectation_is_known(Exchange& exchange);
    void begin_body(Exchange& exchange);
    void ask_to_continue();
    void take_body(std::string piece);
    void end_body();
    void dispatch();
    void refuse(Status status, ErrorCode code, std::string message);

    // connection_output.cpp: from answers to bytes
    void begin_sending(Exchange& exchange, Wire& wire);
    void begin_streaming(const std::shared_ptr<Channel>& channel, StreamKind kind, Wire& wire);
    void finish_response();
    void report(bool complete);
    void keep_events_alive(Clock::time_point now);
    bool body_is_too_slow(Duration tick);
    void time_out(std::string_view what);

    const std::shared_ptr<ServerState> state_;
    const std::shared_ptr<Loop> loop_;
    OwnedFd socket_;
    const std::string remote_;
    std::unique_ptr<Transport> transport_;

    Phase phase_ = Phase::Head;
    bool readable_ = true;  // edge-triggered: until a call says otherwise
    bool writable_ = true;
    bool moving_ = false;  // progress() is on the stack
    bool end_of_input_ = false;
    bool close_after_ = false;
    std::uint64_t budget_ = 0;
    Clock::time_point deadline_{};       // of Head and Lingering
    Clock::time_point last_progress_{};  // a byte went or came
    Clock::time_point last_tick_{};

    std::string in_{};
    std::size_t in_at_ = 0;
    bool in_is_fresh_ = false;  // there may be something to do with what is held
    std::unique_ptr<RequestParser> parser_{};

    std::shared_ptr<Exchange> exchange_{};
    std::string body_{};
    std::uint64_t body_bytes_ = 0;
    std::uint64_t body_limit_ = 0;
    Duration body_time_{};
    std::shared_ptr<Upload> upload_{};
    bool upload_is_full_ = false;

    Output output_{};
    std::shared_ptr<Channel> channel_{};
    StreamKind stream_kind_ = StreamKind::Body;
    Channel::End stream_end_ = Channel::End::None;
    bool discards_stream_ = false;  // HEAD
    Clock::time_point last_event_{};
    std::uint64_t response_bytes_ = 0;
    Status response_status_{};
};

}  // namespace sluice::http
