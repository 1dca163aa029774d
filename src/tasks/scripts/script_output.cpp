#include "tasks/scripts/script_output.h"

namespace sluice::tasks {

void ScriptOutput::take(process::Line&& line) {
    const bool whole = !line.continues && !in_pieces_;
    in_pieces_ = line.continues;
    const bool is_error = line.stream == process::Stream::Error;
    if (!line.continues) ++(is_error ? error_lines_ : output_lines_);
    if (whole ? protocol_.take(line.text) : protocol_.take_piece(line.text, line.continues)) return;
    context_.log(is_error ? LogLevel::Error : LogLevel::Info, std::move(line.text));
}

}  // namespace sluice::tasks
