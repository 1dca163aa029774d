#include "server/version.h"

#include "version/version.h"

namespace sluice::server {

std::string version() {
    return SLUICE_VERSION;
}
std::string commit() {
    return SLUICE_COMMIT;
}
std::string commit_date() {
    return SLUICE_COMMIT_DATE;
}

}  // namespace sluice::server
