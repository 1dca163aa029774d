#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sluice::tasks {

struct StreamEvent {
    std::string id{};  // the last one that the stream gave, as its definition has it
    std::string name = "message";
    std::string data{};
};

/// Reads a stream of server-sent events as it comes.
/// Source  HTML standard, "Interpreting an event stream"
class EventStream {
  public:
    explicit EventStream(std::size_t longest_event_bytes) : longest_(longest_event_bytes) {}

    using Take = std::function<Result<void>(StreamEvent&& event)>;
    /// Errors  TooLarge: an event is longer than allowed; and what `take` returns
    Result<void> feed(std::string_view bytes, const Take& take);

  private:
    Result<void> line(std::string_view text, const Take& take);

    std::size_t longest_;
    std::string pending_{};
    bool begun_ = false;
    bool after_return_ = false;
    bool has_data_ = false;
    std::string id_{};
    StreamEvent event_{};
};

}  // namespace sluice::tasks
