#pragma once
#include <stop_token>

#include "process/channel.h"
#include "process/line_splitter.h"

namespace sluice::process {

/// One pipe of a child: the server's end.
class OutputPipe {
  public:
    OutputPipe(FileDescriptor reading, Stream stream, std::size_t longest)
        : reading_(std::move(reading)), stream_(stream), splitter_(longest) {}

    int descriptor() const { return reading_.get(); }
    bool is_open() const { return static_cast<bool>(reading_); }
    /// Reads what is there. false: nothing was there, or it is at its end
    bool read(const std::function<Timestamp()>& clock, const Callbacks& callbacks);
    /// No more will be read.
    void finish(const std::function<Timestamp()>& clock, const Callbacks& callbacks);

  private:
    LineSplitter::Take taker(Timestamp at, const Callbacks& callbacks) const;

    FileDescriptor reading_;
    Stream stream_;
    LineSplitter splitter_;
};

/// A child from its start to its end, seen from the thread that runs it.
class Running {
  public:
    Running(int control, OutputPipe output, OutputPipe error, const Command& command, const Callbacks& callbacks,
            const std::function<Timestamp()>& clock)
        : control_(control),
          output_(std::move(output)),
          error_(std::move(error)),
          command_(command),
          callbacks_(callbacks),
          clock_(clock) {}

    /// Errors  as Supervisor::run
    Result<Outcome> wait(std::stop_token stop);

  private:
    using Clock = std::chrono::steady_clock;

    void wait_for_something(int woken);
    Result<void> take_report();
    void check_limits(const std::stop_token& stop);
    void order(Order order);
    void read_rest();
    Outcome outcome() const;

    int control_;  // the connection to the guard
    OutputPipe output_;
    OutputPipe error_;
    const Command& command_;
    const Callbacks& callbacks_;
    const std::function<Timestamp()>& clock_;
    std::optional<Clock::time_point> deadline_{};
    std::optional<End> ended_by_us_{};
    bool finishing_ = false;  // the main process has ended by itself; what is left may finish its output
    std::optional<Report> last_{};
};

}  // namespace sluice::process
