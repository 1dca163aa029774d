#pragma once
/// Takes jobs, runs tasks, reports results.
///
/// Promises
/// - Never more claims than free slots; nothing new while heartbeats are missing.
/// - Logs, metrics and results carry the claim's epoch. What is refused is recorded, and changes nothing.
/// - A worker that can't renew its lease holds its tasks before the cluster may give them away: processes stand still,
///   what runs in this process is ended and begins again. When the database answers they go on, or are ended if they
///   were given away.
/// - While the database is away tasks run on until then; what they have to tell is kept on disk and told later, by this
///   process or by the next one on its folder. A task that has more to tell than fits there waits with the rest.
/// - A claim is run, or goes back to the queue: nothing is claimed and forgotten.
/// - A stop takes nothing new, waits for what runs, and then gives the rest back.
#include <memory>

#include "base/service.h"
#include "cluster/membership.h"
#include "pg/signals.h"
#include "plugin/task_catalog.h"
#include "store/environment.h"
#include "store/flows.h"
#include "value/value.h"

namespace sluice::worker {

struct WorkerConfig {
    std::size_t slots = 16;
    std::string group{};
    std::vector<std::string> plugin_types{};  // that this worker has: their jobs wait in queues of their own
    std::size_t most_per_claim = 100;
    Duration poll = 1s;
    Duration longest_poll = 5s;  // when nothing comes
    std::filesystem::path temporary_folder = "/tmp/sluice";
    std::uint64_t most_spooled_bytes = 256ULL << 20;
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

    /// The lease can't be renewed: nothing that runs may do anything until it is, or fence() comes. Threads: any
    void suspend();
    /// The lease is lost: everything that runs is ended at once. Threads: any
    void fence();
    /// Looks for claims that are to be killed. Threads: any
    void look_for_kills();
    std::size_t running() const;
    /// The loops without which nothing is claimed or told, for a watchdog.
    std::vector<const Service*> loops() const;
    /// What it shows of itself in its row of services.
    Map details() const;

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::worker
