#pragma once
/// Operations: the same act on many executions, flows or triggers, as rows that outlive whoever carries them out.
///
/// A piece of an operation, what it made of its members and how far the operation is then, commit in one transaction
/// under the lock of its row. So no member is done twice or left out, no lease is needed, and whatever dies, another
/// web server goes on at the next piece.
#include "base/service.h"
#include "store/filter.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// What somebody asks for. Members are ids of executions, "namespace/flow" or "namespace/flow/trigger".
struct OperationWish {
    std::string resource{};
    std::string action{};
    Value options{Map()};                                 // what the action takes: parameters, labels
    std::optional<std::vector<store::Filter>> filters{};  // executions by query
    std::vector<std::string> members{};                   // without filters: these
    std::int64_t total = 0;
    access::Scope within{.everywhere = true};  // members elsewhere are none that whoever asks knows of
    pg::Actor by{};
};

/// Stores it, to be carried out by any web server. Returns its id.
std::string put_operation(pg::Transaction& tx, const OperationWish& wish);

/// How far an operation is, as the API tells it.
std::optional<Value> operation_on_wire(pg::Connection& connection, const std::string& id);
/// Those of a user, and all that are about one of the resources.
List latest_operations_on_wire(pg::Connection& connection, std::int64_t most, const std::string& user,
                               const std::vector<std::string>& resources);

Value filters_on_wire(const std::vector<store::Filter>& filters);
std::vector<store::Filter> filters_of_wire(const Value& value);

/// Carries out one piece after the other, of each open operation in turn.
///
/// A member whose change throws is found by going on one by one, and fails with that reason: it never holds up the
/// others. Threads  as Service
class OperationRunner : public Service {
  public:
    explicit OperationRunner(Api& api);
    ~OperationRunner() override;

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override;
    bool is_woken() override { return api_.services.signals.connected(); }

  private:
    Result<void> piece(pg::Transaction& tx, std::size_t most);
    void give_up(const std::string& reason);
    void member_failed(std::size_t most, const std::string& reason);
    void fail_first(const std::string& reason);

    Api& api_;
    std::string at_work_{};       // the operation of this turn
    bool members_known_ = false;  // of its piece: what breaks from then on is a member's
    std::size_t one_by_one_ = 0;  // so many members are still to be done in pieces of one
};

void add_operation_routes(http::Router& router, Api& api);

}  // namespace sluice::webserver
