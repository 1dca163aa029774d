#pragma once
#include <optional>
#include <string>

namespace sluice::pg {

/// On whose behalf a thread acts, for the rows of the audit (sluice.note): each transaction that it begins says so, in
/// the round trip of its first statement. Empty: the server itself.
struct Actor {
    std::string name{};
    std::string via{};     // PAGE, API, CLI
    std::string remote{};  // address
    std::string act{};     // "KILL", for what no trigger can name
};
void set_actor(std::optional<Actor> actor);
const std::optional<Actor>& this_threads_actor();

}  // namespace sluice::pg
