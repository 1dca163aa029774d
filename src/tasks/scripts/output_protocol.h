#pragma once
#include <string_view>

#include "plugin/task_context.h"

namespace sluice::tasks {

/// What a script tells its task on lines of the form ::{"outputs": {…}, "metrics": […], "logs": […]}::
/// Source  flows.md §4.6
class OutputProtocol {
  public:
    explicit OutputProtocol(plugin::TaskContext& context) : context_(context) {}

    /// true: the line is one of the protocol, and is not for the log. One whose JSON can't be read is warned of.
    /// Several may stand on one line.
    bool take(std::string_view line);
    /// A piece of a line that was too long; `continues`: there is more of it. true: it is not for the log
    bool take_piece(std::string_view piece, bool continues);

    /// All outputs so far; later ones replace earlier ones.
    const Map& outputs() const { return outputs_; }

  private:
    void take_message(const Value& message);
    void take_outputs(const Value& outputs);
    void take_metrics(const Value& metrics);
    void take_logs(const Value& logs);

    plugin::TaskContext& context_;
    Map outputs_{};
    bool in_long_message_ = false;
};

}  // namespace sluice::tasks
