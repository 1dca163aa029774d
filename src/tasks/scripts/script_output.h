#pragma once
#include "process/process.h"
#include "tasks/scripts/output_protocol.h"

namespace sluice::tasks {

/// Takes what a script writes: messages of the protocol, and lines for the log. Counts the lines.
class ScriptOutput {
  public:
    explicit ScriptOutput(plugin::TaskContext& context) : context_(context), protocol_(context) {}

    void take(process::Line&& line);

    const Map& vars() const { return protocol_.outputs(); }
    std::int64_t output_lines() const { return output_lines_; }
    std::int64_t error_lines() const { return error_lines_; }

  private:
    plugin::TaskContext& context_;
    OutputProtocol protocol_;
    bool in_pieces_ = false;  // the last line was too long, and goes on
    std::int64_t output_lines_ = 0;
    std::int64_t error_lines_ = 0;
};

}  // namespace sluice::tasks
