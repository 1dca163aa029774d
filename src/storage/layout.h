#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "storage/uri.h"

namespace sluice::storage {

/// An id as it stands in paths: blanks and '_' become '-', accents go, other signs are dropped, lower case.
/// Source  flows.md §7.1
std::string slug(std::string_view id);

/// Which execution files belong to.
struct ExecutionPlace {
    std::string namespace_id{};
    std::string flow_id{};
    std::string execution_id{};
};

// Where things are. Namespaces, ids and input names come checked; what stands in them is not looked at again.
Uri namespace_folder(std::string_view namespace_id);
Uri flow_folder(std::string_view namespace_id, std::string_view flow_id);
Uri execution_folder(const ExecutionPlace& place);
Uri task_folder(const ExecutionPlace& place, std::string_view task_id, std::string_view task_run_id);
Uri trigger_folder(const ExecutionPlace& place, std::string_view trigger_id);
Uri input_folder(const ExecutionPlace& place, std::string_view input_id);
Uri namespace_files(std::string_view namespace_id);
Uri kv_folder(std::string_view namespace_id);
/// The cache of a working directory; `key` tells caches of one task apart.
Uri cache_file(std::string_view namespace_id, std::string_view flow_id, std::string_view task_id,
               const std::optional<std::string>& key = {});

}  // namespace sluice::storage
