#pragma once
#include "object_store/client.h"

namespace sluice::object_store {

/// An object being written: in one request when it fits into a part, else in parts. Destroyed without finish(), it
/// leaves nothing.
/// Threads  one
class Upload {
  public:
    Upload(Client client, Place place, net::Headers headers, std::size_t part_bytes = kPartBytes);
    ~Upload();
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;

    Result<void> write(std::string_view bytes);
    Result<Written> finish();

    static constexpr std::size_t kPartBytes = 8 * 1024 * 1024;  // a server takes no less than 5 MiB, but for the last

  private:
    Result<void> send_part();
    std::size_t part_bytes() const;

    Client client_;
    Place place_;
    net::Headers headers_;
    std::size_t first_part_bytes_;
    std::string buffer_{};
    std::string upload_{};  // empty: none begun
    std::vector<std::string> etags_{};
};

}  // namespace sluice::object_store
