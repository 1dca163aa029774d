#pragma once
#include <string>
#include <vector>

#include "queue/queue.h"

/// Repairs of what must not be: see sql/functions/invariants.sql. Each is one statement on what is broken for longer
/// than `older`, and returns the ids of what it repaired. Nothing of it happens while our own code is right.
namespace sluice::queue {

/// Executions that nothing will ever wake get an event; ids in (after, upto] only.
std::vector<std::string> wake_executions(pg::Transaction& tx, Duration older, const std::string& after,
                                         const std::string& upto);
/// The id that ends a piece of `most` executions; empty: there are fewer
std::string end_of_piece(pg::Transaction& tx, const std::string& after, std::size_t most);

std::vector<std::string> drop_broken_jobs(pg::Transaction& tx, Duration older);
std::vector<std::string> cancel_broken_claims(pg::Transaction& tx, Duration older);
std::vector<std::string> reap_ownerless_claims(pg::Transaction& tx, Duration older);
std::vector<std::string> drop_broken_slots(pg::Transaction& tx, Duration older);
std::vector<std::string> drop_broken_queued(pg::Transaction& tx, Duration older);
std::vector<std::string> drop_broken_timers(pg::Transaction& tx, Duration older);
/// Not a repair: executions that go on under a kill switch, having begun while it was being set, get the event that
/// ends them.
std::vector<std::string> kill_unkilled(pg::Transaction& tx);
/// Under the locks that take_slot and release_slots take.
std::vector<std::string> give_free_slots(pg::Transaction& tx, Duration older);

}  // namespace sluice::queue
