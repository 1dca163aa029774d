#pragma once
#include <optional>
#include <string>

#include "base/error.h"

namespace sluice::server {

/// A secret in a folder of files, as containers and orchestrators mount them: FOLDER/company.team/NAME, of the
/// namespace or of the nearest one above it, else FOLDER/NAME, for all. The file's name is that of the secret as it is
/// asked for, or in capitals; one line break at its end does not count. Read anew each time: who mounts them changes
/// them. Errors  Invalid: a file that can't be read
Result<std::optional<std::string>> secret_in_folder(const std::string& folder, const std::string& name_space,
                                                    const std::string& key);

}  // namespace sluice::server
