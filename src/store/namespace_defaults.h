#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "flow/parse_flow.h"
#include "pg/pg.h"

namespace sluice::store {

/// Plugin defaults of namespaces, as this process knows them.
///
/// A change tells all processes (tell_namespaces.sql), before it tells them of anything that is made afterwards: so
/// whoever reads a flow after doubt() was called finds the new ones. A lost notification costs ten seconds. Threads any
class NamespaceDefaults {
  public:
    /// Something changed: the next refresh() reads.
    void doubt() { ++doubts_; }
    /// Reads what changed, if there may be something.
    void refresh(pg::Connection& connection);

    bool is_fresh() const;

    /// Its own and those of the namespaces above, the nearest first.
    std::vector<flow::PluginDefault> of(const std::string& name_space) const;
    /// Changes whenever of() does. Empty: there are none
    std::string stamp_of(const std::string& name_space) const;

  private:
    struct Entry {
        std::string stamp{};
        std::vector<flow::PluginDefault> defaults{};
    };
    struct Known {
        std::int64_t doubts = -1;  // as many there were when it was read
        std::chrono::steady_clock::time_point until{};
        std::string stamp{};
        std::map<std::string, Entry> by_namespace{};
    };
    std::shared_ptr<const Known> known() const;
    void keep(Known fresh);
    std::vector<const Entry*> entries_for(const Known& known, const std::string& name_space) const;

    std::atomic<std::int64_t> doubts_{0};
    mutable Guarded<std::shared_ptr<const Known>> known_{std::make_shared<const Known>()};
};

}  // namespace sluice::store
