#pragma once
#include <map>
#include <string>

#include "pg/connection.h"

namespace sluice::pg {

/// libpq's parameters for a session: ours, and over them those of the URL. To another host a connection is encrypted
/// and its certificate verified (verify-full, by the system's authorities) unless the URL says otherwise.
/// Errors  DatabaseError: the URL can't be read; no password
std::map<std::string, std::string> connection_parameters(const ConnectionConfig& config);

/// What to add to an error of a connection whose encryption nobody asked for; empty: it was asked for, or is not used
std::string tls_hint(const ConnectionConfig& config);

}  // namespace sluice::pg
