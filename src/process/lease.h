#pragma once
#include <atomic>
#include <optional>

#include "base/file_descriptor.h"
#include "base/time.h"

namespace sluice::process {

/// Until when children may run, in a page of memory that the server writes and every guard reads: it costs no message,
/// and it works when the server stands still (SIGSTOP, a frozen machine).
/// Threads  any
class Lease {
  public:
    /// A new page, without a limit.
    /// Errors  OutsideError
    Lease();
    /// The page of another process.
    explicit Lease(FileDescriptor page);
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease();

    int descriptor() const { return page_.get(); }
    /// From now on; empty: without a limit. true: it ends sooner than before, or it was over: a guard that sleeps, or
    /// that holds its child, does not know
    bool set(std::optional<Duration> left);
    /// Empty: without a limit. Negative: over.
    std::optional<Duration> left() const;

  private:
    FileDescriptor page_;
    std::atomic<std::int64_t>* until_ =
        nullptr;  // microseconds of CLOCK_BOOTTIME, which counts while suspended; 0: no limit
};

}  // namespace sluice::process
