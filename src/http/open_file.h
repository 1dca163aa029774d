#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"

namespace sluice::http {

/// A regular file, open for reading for as long as somebody holds it.
class OpenFile {
  public:
    /// Errors  NotFound: no such regular file; Internal: it cannot be read
    static Result<std::shared_ptr<const OpenFile>> open(const std::string& path);
    ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    int descriptor() const { return descriptor_; }
    std::uint64_t size() const { return size_; }
    std::int64_t modified() const { return modified_; }  // seconds since 1970
    /// Changes when the file was replaced or written to.
    const std::string& etag() const { return etag_; }

  private:
    OpenFile() = default;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    std::int64_t modified_ = 0;
    std::string etag_{};
};

/// A part of an open file, sent without being copied through this process.
struct FilePiece {
    std::shared_ptr<const OpenFile> file{};
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

}  // namespace sluice::http
