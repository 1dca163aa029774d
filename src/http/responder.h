#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/body_source.h"
#include "http/request.h"
#include "http/response.h"

namespace sluice::http {

class Exchange;
class Channel;
class Gzip;

/// An answer of unknown length, sent while it is made. Dropping it before end() breaks the connection off, so that the
/// client cannot take a part for the whole. A slow client makes the writing thread wait: where there may be many of
/// them, answer by a BodySource.
/// Threads  any but the reactor's, one at a time
class StreamWriter {
  public:
    StreamWriter(std::shared_ptr<Channel> channel, std::unique_ptr<Gzip> gzip);
    StreamWriter(StreamWriter&&) noexcept;
    StreamWriter& operator=(StreamWriter&&) noexcept;
    ~StreamWriter();

    /// Waits while the client is more than Limits::stream_window behind. false: nobody wants more. The
    /// client is gone, took nothing for Timeouts::stall, or asked for the head only.
    bool write(std::string_view piece);
    /// As write(), and all so far is on its way when it returns, even where the answer is packed.
    bool write_now(std::string_view piece);
    /// The answer is complete.
    void end();
    bool client_gone() const;

  private:
    bool put(std::string_view piece, bool flush);
    std::shared_ptr<Channel> channel_;
    std::unique_ptr<Gzip> gzip_;
};

/// One message of a stream of server-sent events.
struct Event {
    std::string id{};
    std::string data{};  // may have several lines
    std::string name{};  // the "event:" field; most clients want none
    std::optional<std::chrono::milliseconds> retry{};
};

/// The text of an event as it is sent: made once, it can go to many streams.
std::shared_ptr<const std::string> to_text(const Event& event);

/// A stream of server-sent events. Sending never waits: a client that is more than Limits::event_backlog behind is
/// closed. The server sends a comment when nothing else was sent for ServerConfig::event_keep_alive, and ends the
/// stream when it stops. The last copy that goes away ends it too.
/// Threads  any
class EventStream {
  public:
    explicit EventStream(std::shared_ptr<Channel> channel);

    /// false: the stream is closed
    bool send(const Event& event) const { return send(to_text(event)); }
    bool send(std::shared_ptr<const std::string> text) const;
    bool comment(std::string_view text) const;
    void end() const;
    bool closed() const;
    /// Bytes that the client has not taken yet: whoever has much to send sends it when there is room.
    std::uint64_t backlog() const;
    /// Calls `closed` once when the stream is closed for whatever reason, at once when it is already.
    /// It runs on a reactor thread: it must not block.
    void on_close(std::function<void()> closed) const;

  private:
    struct Owner;

  public:
    /// Ends a stream that others send to, and does not keep it.
    class Handle {
      public:
        explicit Handle(const std::shared_ptr<Owner>& owner) : owner_(owner) {}
        bool closed() const;
        void end() const;

      private:
        std::weak_ptr<Owner> owner_;
    };
    Handle handle() const { return Handle(owner_); }

  private:
    std::shared_ptr<Owner> owner_;
};

/// The duty and the means to answer one request, now or later. One that is dropped unanswered answers 500 and leaves
/// a log line; answering a client that has gone does nothing.
/// Threads  any; answering never waits for the client
class Responder {
  public:
    explicit Responder(std::shared_ptr<Exchange> exchange);
    Responder(Responder&&) noexcept = default;
    Responder& operator=(Responder&&) noexcept;
    ~Responder();

    /// Lives as long as this responder, or the handler's call, whichever is longer.
    const Request& request() const;

    /// Errors  BugError: answered before
    void send(Response response);
    /// By the server's error renderer.
    void fail(const Error& error);
    void send(Result<Response> result);
    /// Sends the head now and the body piece by piece; packed when its type is worth it and the client accepts it.
    StreamWriter stream(Response head);
    /// The same, with the pieces asked for one by one.
    void stream(Response head, std::unique_ptr<BodySource> source);
    /// 200 with text/event-stream; `head` adds header fields.
    EventStream events(Response head = {});

    bool client_gone() const;

  private:
    Exchange& exchange();
    std::shared_ptr<Exchange> exchange_;
};

}  // namespace sluice::http
