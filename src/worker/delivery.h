#pragma once
#include <span>

#include "pg/pg.h"
#include "worker/report.h"

namespace sluice::worker {

/// Tells the database the reports of one spool, each once, whatever becomes of a COMMIT on its way.
///
/// How far it is, is a row that is written in the transaction which stores the reports. After any failure it is read
/// again: what was told by then is left out. Should the transaction that we gave up still be on its way, the next one
/// fails.
///
/// Threads  one
class Delivery {
  public:
    Delivery(pg::Pool& pool, std::string spool_id) : pool_(pool), spool_id_(std::move(spool_id)) {}

    struct Refused {
        std::size_t results = 0;
        std::size_t lines = 0;
        std::size_t metrics = 0;
    };
    struct Told {
        bool events = false;                 // executors have something to do
        std::vector<ExecutionId> changed{};  // have new lines
        Refused refused{};                   // they belong to no claim any more
    };
    /// In the order of their numbers.
    /// Errors  DatabaseError; call it again with the same reports, or the same and more
    Told tell(std::span<const Report> reports);

    /// It is empty, and nothing will follow.
    void forget();

  private:
    Told write(std::span<const Report> reports);

    pg::Pool& pool_;
    const std::string spool_id_;
    std::optional<std::int64_t> told_{};  // empty: to be asked
};

}  // namespace sluice::worker
