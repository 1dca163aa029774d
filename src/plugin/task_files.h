#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "plugin/task_context.h"

namespace sluice::plugin {

/// Puts a file of this machine into the internal storage, as a file of this attempt. Returns its address.
/// Errors  NotFound: no such file; Invalid: a name that can't be stored. StorageError
Result<std::string> store_file(TaskContext& context, const std::filesystem::path& file, std::string_view name);

/// The same with a text.
Result<std::string> store_text(TaskContext& context, std::string_view text, std::string_view name);

/// Puts a file of this machine anywhere into the internal storage.
Result<void> put_file(const std::filesystem::path& file, const storage::Uri& address, storage::Storage& storage);

/// Copies a file of the internal storage to this machine; folders above are made as needed.
/// Errors  Invalid: `address` is none of the internal storage's; NotFound. OutsideError: the disk
Result<void> fetch_file(TaskContext& context, std::string_view address, const std::filesystem::path& to);

/// kestra:// or the path alone
bool is_storage_address(std::string_view text);

}  // namespace sluice::plugin
