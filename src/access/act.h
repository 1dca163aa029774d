#pragma once
#include "pg/pg.h"

namespace sluice::access {

/// Rolls a transaction back.
struct Refused {
    Error error{};
};

/// What people can mend of what the database refused: a name that is taken, one that is not there. Throws the rest
/// again.
Error refusal_of(const pg::StatementError& refused);

/// Runs `use(Transaction&)`, which returns a Result, in a transaction that is rolled back where it refuses.
template <class Use>
auto in_act(pg::Pool& pool, Use use) -> std::invoke_result_t<Use&, pg::Transaction&> {
    try {
        return pool.in_transaction([&](pg::Transaction& tx) {
            auto out = use(tx);
            if (!out) throw Refused{out.error()};
            return out;
        });
    } catch (const Refused& refused) {
        return tl::unexpected(refused.error);
    } catch (const pg::StatementError& refused) {
        return tl::unexpected(refusal_of(refused));
    }
}

}  // namespace sluice::access
