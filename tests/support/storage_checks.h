#pragma once
#include <span>

#include "storage/storage.h"

namespace sluice::test {

/// What every kind of storage promises. Each begins with an empty one.
struct StorageCheck {
    const char* name;
    void (*run)(storage::Storage& storage);
};
std::span<const StorageCheck> storage_checks();

}  // namespace sluice::test
