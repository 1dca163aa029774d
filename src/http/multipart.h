#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/body_sink.h"

namespace sluice::http {

struct MultipartLimits {
    std::size_t max_parts = 1000;
    std::size_t max_header_bytes = 16 * 1024;  // of one part
    std::size_t max_text_part = 1024 * 1024;   // bytes of a part that is kept in memory
    std::size_t max_text_total = 16 * 1024 * 1024;
};

/// Takes the parts of a form as they are found.
class PartReceiver {
  public:
    virtual ~PartReceiver() = default;
    virtual Result<void> begin_part(PartHead head) = 0;
    virtual Result<void> add_content(std::string_view piece) = 0;
    virtual Result<void> end_part() = 0;
};

/// Reads multipart/form-data in pieces of any size; it holds back no more than a boundary's length.
/// Threads  one at a time
class MultipartReader {
  public:
    /// The receiver must outlive the reader.
    MultipartReader(std::string_view boundary, const MultipartLimits& limits, PartReceiver& receiver);

    /// Errors  BadRequest: malformed; TooLarge: over a limit; those of the receiver
    Result<void> write(std::string_view piece);
    /// Errors  BadRequest: the form ends before its last boundary
    Result<void> finish();

  private:
    enum class State { Preamble, AfterBoundary, Head, Content, Epilogue };
    enum class Step { Again, NeedMore };

    Result<Step> step();
    Result<Step> read_preamble();
    Result<Step> read_after_boundary();
    Result<Step> read_head();
    Result<Step> read_content();
    std::string_view rest() const { return std::string_view(held_).substr(at_); }

    const std::string delimiter_;  // CRLF, two dashes and the boundary
    const MultipartLimits limits_;
    PartReceiver& receiver_;
    State state_ = State::Preamble;
    std::string held_ = "\r\n";  // the first boundary may do without a line break before it
    std::size_t at_ = 0;
    std::size_t parts_ = 0;
};

/// The boundary of a Content-Type.
/// Errors  BadRequest: not multipart/form-data, or no usable boundary
Result<std::string> boundary_of(std::string_view content_type);

/// Reads the header lines of a part.
/// Errors  BadRequest: malformed, or no form-data with a name
Result<PartHead> parse_part_head(std::string_view lines);

}  // namespace sluice::http
