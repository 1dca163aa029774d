#pragma once
#include "store/kv.h"

namespace sluice::store {

struct KvName {
    std::string name_space{};
    std::string key{};
};
/// Of each, in their order: empty when there is none.
std::vector<std::optional<KvRow>> kv_get_many(pg::Connection& connection, const std::vector<KvName>& names);

}  // namespace sluice::store
