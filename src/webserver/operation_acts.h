#pragma once
#include "webserver/operations.h"

namespace sluice::webserver {

/// What an operation does to one of its members, in the transaction of its piece. One that refuses has written nothing.
using MemberAct = std::function<Result<void>(pg::Transaction& tx, const std::string& member)>;

/// By its name, in the name of whoever asked, and no further than he reaches. The transaction's own actor, for the
/// audit, is said by take_operation.sql. Errors  Invalid: no such resource or action, or an option that it can't take
Result<MemberAct> act_of(Api& api, const OperationWish& wish);

/// What is asked of whoever wants it: the same as by the route of that act, see access_table.cpp.
access::Capability capability_for(const std::string& resource, const std::string& action);

/// The state that executions must be in for an action; empty: the action itself decides for each
std::optional<State> state_wanted_by(Api& api, const std::string& action);

}  // namespace sluice::webserver
