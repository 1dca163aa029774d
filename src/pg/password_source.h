#pragma once
#include <string>

namespace sluice::pg {

/// Where the passwords of new connections come from: they may change, or expire. Threads  any
class PasswordSource {
  public:
    virtual ~PasswordSource() = default;
    /// Empty: the URL's own, or none. Errors  DatabaseError: there is none to be had now
    virtual std::string password() = 0;
    /// The server did not let us in with it.
    virtual void refused() = 0;
};

}  // namespace sluice::pg
