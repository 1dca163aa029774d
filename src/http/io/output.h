#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "http/io/transport.h"
#include "http/response.h"

namespace sluice::http {

/// The bytes of a connection that wait for its client, in their order.
/// Threads  the loop's
class Output {
  public:
    enum class Wrote { All, Blocked, Budget, Failed };

    void add(Body body);
    bool empty() const { return pending_ == 0; }
    std::uint64_t pending() const { return pending_; }

    /// Hands bytes to the transport until it takes no more, or `budget` is used up, so that one fast client does not
    /// keep the others waiting. `written` is increased by what went.
    Wrote write_to(Transport& transport, std::uint64_t budget, std::uint64_t& written);

  private:
    std::int64_t write_memory(Transport& transport);
    std::int64_t write_file(Transport& transport, const FilePiece& piece);
    void drop(std::uint64_t bytes);

    std::vector<Body> bodies_{};
    std::size_t first_ = 0;  // those before it are sent
    std::uint64_t sent_of_first_ = 0;
    std::uint64_t pending_ = 0;
};

}  // namespace sluice::http
