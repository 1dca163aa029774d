#pragma once
#include "storage/layout.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// A place below the files of a namespace. `path` may begin with a slash; empty: their root
/// Errors  Invalid "Forbidden path: …": it leads outside, or to what an archive keeps flows in
Result<storage::Uri> namespace_file(const std::string& name_space, const std::string& path);

/// Tells one content of a file from another: `"<size>-<hash>"`; large ones by their time.
/// Errors  NotFound
Result<std::string> etag_of_file(const storage::Storage& storage, const storage::Uri& uri);

/// Takes an upload. With `expected`, the ETag that its author had seen ("*": any, "": none yet), it replaces nothing
/// else. Errors  Conflict: somebody else changed the file meanwhile
std::unique_ptr<http::BodySink> namespace_file_sink(Api& api, storage::Uri uri, std::unique_ptr<storage::Writer> writer,
                                                    std::optional<std::string> expected);

/// Takes an archive: its files below the root, flows of `_flows/` with this namespace.
/// Errors  Forbidden: there are flows in it, and !with_flows
std::unique_ptr<http::BodySink> namespace_archive_sink(Api& api, std::string name_space, std::string user,
                                                       bool with_flows);

/// All files, and `with_flows` the flows below `_flows/`.
/// Errors  TooLarge
Result<std::string> namespace_archive(Api& api, const std::string& name_space, bool with_flows);

}  // namespace sluice::webserver
