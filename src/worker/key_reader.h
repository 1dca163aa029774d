#pragma once
#include <condition_variable>
#include <exception>
#include <mutex>

#include "pg/pg.h"
#include "store/kv_many.h"

namespace sluice::worker {

/// Reads keys for the tasks of this worker: what is asked for while a statement is on its way goes together with the
/// next one. An answer is never older than its question.
/// Threads  any
class KeyReader {
  public:
    explicit KeyReader(pg::Pool& pool) : pool_(pool) {}

    /// Errors  DatabaseError, StatementError
    std::optional<store::KvRow> find(store::KvName name);

  private:
    struct Question {
        store::KvName name{};
        std::optional<store::KvRow> found{};
        std::exception_ptr failed{};
        enum class Turn { Waits, Reads, Over } turn = Turn::Waits;
        std::condition_variable changed{};
    };
    void read(const std::vector<Question*>& questions);
    void hand_over(const std::vector<Question*>& answered);

    pg::Pool& pool_;
    std::mutex mutex_{};
    std::vector<Question*> asked_{};  // since the statement that is on its way, if one is
    bool reading_ = false;
};

}  // namespace sluice::worker
