#pragma once
#include "pg/pg.h"

namespace sluice::access {

/// What people can mend of what the database refused: a name that is taken, one that is not there. Throws the rest
/// again.
Error refusal_of(const pg::StatementError& refused);

/// Runs `use(Transaction&)`, which returns a Result, in a transaction; what the database refuses is an error of it, too.
template <class Use>
auto in_act(pg::Pool& pool, Use use) -> std::invoke_result_t<Use&, pg::Transaction&> {
    try {
        return pool.in_transaction(use);
    } catch (const pg::StatementError& refused) {
        return tl::unexpected(refusal_of(refused));
    }
}

}  // namespace sluice::access
