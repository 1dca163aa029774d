#pragma once
#include <string>
#include <sys/stat.h>

#include "base/file_descriptor.h"
#include "storage/storage.h"

/// Walking the folders of a LocalStorage by descriptors, so that nothing outside can be reached.
namespace sluice::storage {

inline constexpr std::string_view kMetadataPrefix = ".sluice-metadata.";

/// Why the last system call on this file failed, as an exception; for what no caller can act on.
[[noreturn]] void throw_storage_error(std::string_view doing, const Uri& uri, int error);

enum class Missing { Refuse, Create, CreateDurably };

/// The open folder; it and those above are made where `missing` says so.
/// Errors  NotFound: a folder is missing; Conflict: one is a file or a symbolic link; Invalid: a name is too long.
///         StorageError
Result<FileDescriptor> open_folder(int root, const Uri& folder, Missing missing);

/// The folder that holds the file. Errors  as open_folder; Invalid: the root, or a reserved name
Result<FileDescriptor> open_parent(int root, const Uri& uri, Missing missing);

/// What is there, not following a link. Errors  NotFound (also for anything but files and folders), StorageError
Result<struct stat> status_of(int folder, const std::string& name, const Uri& uri);

FileInfo info_of(int folder, const std::string& name, const Uri& uri, const struct stat& status);

/// Makes the entries of a folder survive a power failure.
void sync_folder(int folder, const Uri& uri);

/// The names in a folder, sorted, without those that are ours.
std::vector<std::string> names_in(int folder, const Uri& uri);

std::string metadata_name(std::string_view file_name);
std::string encode_metadata(const Metadata& metadata);
Metadata decode_metadata(std::string_view text);

}  // namespace sluice::storage
