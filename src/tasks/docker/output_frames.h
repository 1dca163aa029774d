#pragma once
#include "process/line_splitter.h"
#include "process/process.h"

namespace sluice::tasks {

/// What a container wrote, as the engine sends it: frames of eight bytes of head (which stream, how long) and the
/// bytes. Lines come out as those of a process do.
class OutputFrames {
  public:
    OutputFrames(std::function<void(process::Line&&)> on_line, std::size_t longest_line);

    /// Errors  Unavailable: it is no such stream
    Result<void> feed(std::string_view bytes);
    void finish();

  private:
    process::LineSplitter::Take taker(process::Stream stream) const;
    void body(std::string_view bytes);

    std::function<void(process::Line&&)> on_line_;
    process::LineSplitter output_;
    process::LineSplitter error_;
    std::string head_{};
    std::size_t left_ = 0;  // of the frame
    process::Stream stream_ = process::Stream::Output;
};

}  // namespace sluice::tasks
