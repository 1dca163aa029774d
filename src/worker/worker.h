#pragma once
/// Takes jobs, runs tasks, reports results.
///
/// Promises
/// - Never more claims than free slots; nothing new while heartbeats are missing.
/// - Logs, metrics and results carry the claim's epoch. What is refused is recorded, and changes nothing.
/// - A worker that lost its lease ends its tasks before the cluster gives them away.
/// - While the database is away tasks run on; what they have to tell is kept and told later. A task that has very much
///   to tell waits with the rest.
/// - A claim is run, or goes back to the queue: nothing is claimed and forgotten.
/// - A stop takes nothing new, waits for what runs, and then gives the rest back.
#include <memory>

#include "cluster/membership.h"
#include "pg/signals.h"
#include "plugin/task_catalog.h"
#include "store/environment.h"
#include "store/flows.h"

namespace sluice::worker {

struct WorkerConfig {
    std::size_t slots = 16;
    std::string group{};
    std::vector<std::string> plugin_types{};  // that this worker has: their jobs wait in queues of their own
    std::size_t most_per_claim = 100;
    Duration poll = 1s;
    Duration longest_poll = 5s;  // when nothing comes
    std::filesystem::path temporary_folder = "/tmp/sluice";
};

/// What tasks use besides the database.
struct Tools {
    const plugin::TaskCatalog& tasks;
    store::Flows& flows;
    const store::Instance& instance;
    storage::Storage& storage;
    net::Client& http;
    process::Supervisor& processes;
};

class Worker {
  public:
    Worker(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, Tools tools, WorkerConfig config);
    ~Worker();

    void start();
    /// Takes nothing new, waits up to `grace` for what runs, gives the rest back, and ends.
    void stop(Duration grace);

    /// The lease is lost: everything that runs is ended at once. Threads: any
    void fence();
    /// Looks for claims that are to be killed. Threads: any
    void look_for_kills();
    std::size_t running() const;

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::worker
