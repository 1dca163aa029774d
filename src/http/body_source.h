#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"

namespace sluice::http {

/// Makes the body of an answer, piece by piece. It is asked only when the client has taken most of what came before, so
/// that a slow client holds no thread; it is destroyed when the answer is complete or its client gone.
/// Threads  threads of the request pool, one at a time; it may block
class BodySource {
  public:
    virtual ~BodySource() = default;

    /// The next piece, of 64 kB or so; empty: that was all.
    /// Errors  any; it is logged, and the answer broken off so that nobody takes the part for the whole
    virtual Result<std::optional<std::string>> next() = 0;
    /// How long all pieces together are, where that is known: the client is told, and nothing is packed.
    virtual std::optional<std::uint64_t> size() const { return {}; }
};

}  // namespace sluice::http
