#include "pg/actor.h"

namespace sluice::pg {
namespace {
thread_local std::optional<Actor> actor_of_this_thread;
}  // namespace

void set_actor(std::optional<Actor> actor) {
    actor_of_this_thread = std::move(actor);
}

const std::optional<Actor>& this_threads_actor() {
    return actor_of_this_thread;
}

}  // namespace sluice::pg
