#pragma once
#include "http/http.h"
#include "storage/storage.h"

namespace sluice::webserver {

/// A file of the internal storage as the body of an answer.
class FileSource : public http::BodySource {
  public:
    explicit FileSource(std::unique_ptr<storage::Reader> reader) : reader_(std::move(reader)) {}

    Result<std::optional<std::string>> next() override {
        std::string piece(64 * 1024, '\0');
        piece.resize(reader_->read(piece));
        if (piece.empty()) return std::optional<std::string>();
        return std::optional(std::move(piece));
    }
    std::optional<std::uint64_t> size() const override { return reader_->size_bytes(); }

  private:
    std::unique_ptr<storage::Reader> reader_;
};

}  // namespace sluice::webserver
