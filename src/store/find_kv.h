#pragma once
#include "store/kv.h"
#include "store/search.h"

namespace sluice::store {

/// Keys of all namespaces, without those that have expired.
/// Fields  q namespace key updated
/// Errors  BadRequest: a filter; Invalid: a sort field
Result<Found<KvRow>> find_kv(pg::Connection& connection, const Search& search);

}  // namespace sluice::store
