#pragma once
#include <memory>
#include <unordered_map>

#include "access/capability.h"
#include "http/router.h"

namespace sluice::webserver {

/// Where somebody must have the capability that a route asks for.
enum class Where {
    Open,         // nobody is asked who he is
    LoggedIn,     // whoever he is
    Somewhere,    // in any namespace: what is shown belongs to none
    Everywhere,   // in all of them
    InPath,       // in {namespace}
    InQuery,      // in ?namespace=, which may be left out by who has it in one namespace only, or everywhere
    OfExecution,  // in the namespace of the execution {id} or {executionId}
    Listed,       // somewhere; filters_of() narrows the list to where he has it
    Inside,       // somewhere; the handler asks may() or demand() of each namespace that it meets
};
std::string_view to_text(Where where);

/// What a route asks for.
struct AccessRule {
    Where where = Where::Everywhere;
    access::Capability what{};
};

/// The rules of the routes that there are.
///
/// Every route has a line in access_table.cpp: one without stops the server at its start, and tells what to write.
class AccessRules {
  public:
    /// Errors  BugError: routes without a rule, or rules that don't fit their route, all of them
    explicit AccessRules(const std::vector<const http::Route*>& routes);

    /// Null: no such route
    const AccessRule* find(http::Method method, std::string_view pattern) const;

  private:
    std::unordered_map<std::string, AccessRule> by_route_{};
};

}  // namespace sluice::webserver
