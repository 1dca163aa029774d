#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "http/body_sink.h"
#include "http/method.h"
#include "http/request.h"
#include "http/responder.h"
#include "http/response.h"

namespace sluice::http {

/// Where a handler runs. Inline: on the reactor's thread, it must not block. Pooled: in the request pool.
enum class Runs { Pooled, Inline };

using Handler = std::function<void(const Request&, Responder)>;

/// A method, a pattern, its handler, and how its body is taken in.
class Route {
  public:
    Route(Method method, std::string pattern, Handler handler);

    Route& run(Runs where);
    /// For the description of the API: a sentence, and the names of query parameters.
    Route& describe(std::string summary, std::vector<std::string> parameters = {});
    /// The longest body; over it 413. The default is Limits::max_body, for streamed bodies Limits::max_upload.
    Route& limit_body(std::uint64_t bytes);
    /// The body goes to a sink while it arrives, and Request::stored holds what its finish() said.
    Route& stream_body(SinkFactory choose);
    /// The parts of multipart/form-data go to sinks while they arrive, and Request::parts holds them all. Other content
    /// types are kept in memory.
    Route& stream_parts(PartSinkFactory choose);

    Method method() const { return method_; }
    const std::string& pattern() const { return pattern_; }
    const Handler& handler() const { return handler_; }
    Runs runs() const { return runs_; }
    std::optional<std::uint64_t> body_limit() const { return body_limit_; }
    const SinkFactory& body_sink() const { return body_sink_; }
    const PartSinkFactory& part_sink() const { return part_sink_; }
    const std::vector<std::string>& variables() const { return variables_; }
    const std::string& summary() const { return summary_; }
    const std::vector<std::string>& query_parameters() const { return query_parameters_; }

  private:
    friend class Router;
    Method method_;
    std::string pattern_;
    Handler handler_;
    Runs runs_ = Runs::Pooled;
    std::optional<std::uint64_t> body_limit_{};
    SinkFactory body_sink_{};
    PartSinkFactory part_sink_{};
    std::vector<std::string> variables_{};
    std::string summary_{};
    std::vector<std::string> query_parameters_{};
};

/// A callable that answers by its return value: `Response f(const Request&)` or `Result<Response> f(const Request&)`.
template <class F>
concept Answers = std::invocable<F&, const Request&> &&
    (std::same_as<std::invoke_result_t<F&, const Request&>, Response> ||
     std::same_as<std::invoke_result_t<F&, const Request&>, Result<Response>>);

/// Looks at a request before its body is taken in by a sink or its handler runs, on the same thread: the place for
/// authentication. A response ends the request there. It may put what it found into Request::context.
using Guard = std::function<std::optional<Response>(Request&)>;

/// Called on the thread that runs a handler, right before it: the guard may have run on another one, when a body was
/// taken in by a sink in between.
using Prologue = std::function<void(const Request&)>;

/// What is asked of a path.
struct RouteMatch {
    const Route* route = nullptr;
    std::vector<std::string> values{};  // of the pattern's variables, in their order
    std::vector<Method> allowed{};      // where the path is known and the method is not
};

/// Finds the handler of a request. A pattern is made of literal segments, `{name}` for one segment, and `/**` at its
/// end for any number of them, whose value is the variable "**". The most literal pattern wins, segment by segment
/// from the left, whatever the order in which they were added.
/// Threads  filled by one before the server starts, then read by all
class Router {
  public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Errors  BugError: a malformed pattern, or one of the same shape and method was added before
    Route& add(Method method, std::string pattern, Handler handler);
    template <Answers F>
    Route& add(Method method, std::string pattern, F answer) {
        return add(method, std::move(pattern),
                   Handler([answer = std::move(answer)](const Request& request, Responder responder) {
                       responder.send(answer(request));
                   }));
    }
    template <class F>
    Route& get(std::string pattern, F handler) {
        return add(Method::Get, std::move(pattern), std::move(handler));
    }
    template <class F>
    Route& post(std::string pattern, F handler) {
        return add(Method::Post, std::move(pattern), std::move(handler));
    }
    template <class F>
    Route& put(std::string pattern, F handler) {
        return add(Method::Put, std::move(pattern), std::move(handler));
    }
    template <class F>
    Route& patch(std::string pattern, F handler) {
        return add(Method::Patch, std::move(pattern), std::move(handler));
    }
    template <class F>
    Route& del(std::string pattern, F handler) {
        return add(Method::Delete, std::move(pattern), std::move(handler));
    }

    void set_guard(Guard guard) { guard_ = std::move(guard); }
    const Guard& guard() const { return guard_; }
    void set_prologue(Prologue prologue) { prologue_ = std::move(prologue); }
    const Prologue& prologue() const { return prologue_; }

    /// HEAD falls back to GET. Without a route, `allowed` says which methods the path knows: 405, or 404 when empty.
    RouteMatch match(Method method, const std::vector<std::string>& segments) const;
    std::vector<const Route*> routes() const;

  private:
    struct Node;
    struct Search;
    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<Route>> routes_{};
    Guard guard_{};
    Prologue prologue_{};
};

}  // namespace sluice::http
