#pragma once
#include "base/guarded.h"
#include "base/service.h"
#include "cluster/membership.h"
#include "pg/signals.h"
#include "plugin/external/plugin_folder.h"

namespace sluice::server {

/// How processes without the folders of plugins know their types: workers publish what they have, everybody learns what
/// was published. A type is learnt before a flow that names it is read: at start, when a process joins, every ten
/// seconds, and whenever a stored flow can't be read (see store/flows.h).
/// Threads  learn() any
class PluginExchange : public Service {
  public:
    /// own        of this process's folders; they are published, and never replaced by what others publish
    /// publishes  this process is a worker, which runs them
    PluginExchange(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership,
                   plugin::TaskCatalog& catalog, const std::vector<plugin::FoundType>& own, bool publishes);
    ~PluginExchange() override { stop(); }

    /// true: something new was there
    bool learn(pg::Connection& connection);
    /// Once for each service that this process is: it may be fenced, and come back as another.
    void publish();

  protected:
    Turn turn(std::stop_token stop) override;

  private:
    pg::Pool& pool_;
    pg::Signals& signals_;
    const cluster::Membership& membership_;
    plugin::TaskCatalog& catalog_;
    const std::vector<plugin::FoundType>& own_;
    const bool publishes_;
    ServiceId published_as_{};
    Guarded<std::map<std::string, std::string>> known_{};  // hashes by type
};

}  // namespace sluice::server
