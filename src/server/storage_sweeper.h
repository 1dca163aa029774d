#pragma once
#include "base/service.h"
#include "storage/storage.h"

namespace sluice::server {

/// Removes what processes that died had begun to write, and, where files are in the database, the bytes that no file
/// has any more. Every process does; whoever comes second finds nothing.
class StorageSweeper : public Service {
  public:
    explicit StorageSweeper(storage::Storage& storage)
        : Service("storage-sweeper", {.poll = 10min, .longest_poll = 10min}), storage_(storage) {}

  private:
    Turn turn(std::stop_token) override {
        constexpr Duration kAbandonedAfter = 24h;
        if (const std::uint64_t swept = storage_.sweep_abandoned(kAbandonedAfter); swept > 0) {
            log_.info("storage.swept", {{"abandoned", swept}});
        }
        return Turn::Idle;
    }

    storage::Storage& storage_;
};

}  // namespace sluice::server
