#include "process/lease.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <sys/mman.h>

#include "process/channel.h"

namespace sluice::process {
namespace {

constexpr std::size_t kPageBytes = 4096;
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t boot_time() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

Lease::Lease() : Lease(file_with("sluice-lease", std::string(kPageBytes, '\0'))) {}

Lease::Lease(FileDescriptor page) : page_(std::move(page)) {
    void* memory = ::mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, page_.get(), 0);
    if (memory == MAP_FAILED) throw OutsideError(fmt::format("cannot map the lease page: {}", std::strerror(errno)));
    until_ = static_cast<std::atomic<std::int64_t>*>(memory);
}

Lease::~Lease() {
    ::munmap(until_, kPageBytes);
}

bool Lease::set(std::optional<Duration> left) {
    const std::int64_t until = left ? std::max<std::int64_t>(1, boot_time() + left->count()) : 0;
    const std::int64_t before = until_->exchange(until);
    // Asked after the exchange: whoever has seen the old page and found that it is over has seen it before now.
    const bool was_over = before != 0 && before <= boot_time();
    return was_over || (until != 0 && (before == 0 || until < before));
}

std::optional<Duration> Lease::left() const {
    const std::int64_t until = *until_;
    if (until == 0) return {};
    return Duration{until - boot_time()};
}

}  // namespace sluice::process
