#pragma once
#include "expr/session.h"

namespace sluice::rows {

/// What the readers and writers of Ion and YAML work in. A file may have any number of rows: what bounds it is the
/// memory that one of them takes, and the task's own timeout.
class UnboundedSession {
  public:
    expr::Session& session() { return session_; }

  private:
    class Nowhere : public expr::Environment {
      public:
        Timestamp now() override { return {}; }
    };
    static expr::Limits limits() {
        constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
        return {.text_bytes = static_cast<std::size_t>(kMost),
                .made_bytes = static_cast<std::size_t>(kMost),
                .list_items = static_cast<std::size_t>(kMost),
                .steps = kMost,
                .time = 365 * 24h};
    }

    Nowhere nowhere_{};
    expr::Session session_{nowhere_, limits()};
};

}  // namespace sluice::rows
