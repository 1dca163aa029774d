#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace sluice::http {

/// Packs piece by piece, so that a long answer can be sent while it is made.
/// Threads  one at a time
class Gzip {
  public:
    Gzip();
    ~Gzip();
    Gzip(Gzip&&) noexcept;
    Gzip& operator=(Gzip&&) noexcept;

    /// What can be sent of `piece` and those before it. `flush` makes it all of them, at the price of a worse ratio.
    std::string add(std::string_view piece, bool flush = false);
    /// The rest; nothing may be added after it.
    std::string finish();

  private:
    struct Stream;
    std::string run(std::string_view piece, int flush);
    std::unique_ptr<Stream> stream_;
};

std::string gzip(std::string_view text);

}  // namespace sluice::http
