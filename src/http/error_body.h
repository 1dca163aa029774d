#pragma once
#include <functional>

#include "base/error.h"
#include "http/request.h"
#include "http/response.h"
#include "http/status.h"

namespace sluice::http {

/// Makes the answer to a failed request. The status is given, because the protocol has failures (405, 408, 431 …) that
/// are no ErrorCode of ours; the server sets it on the answer in any case. The request is null when it could not be
/// read far enough.
/// Threads  any, also a reactor thread: it must not block
using ErrorRenderer = std::function<Response(const Request*, const Error&, Status)>;

/// The one table from our errors to HTTP.
Status status_of(ErrorCode code);

/// {"message": …, "status": 404, "code": "not_found", "requestId": …}
Response plain_error_body(const Request* request, const Error& error, Status status);

}  // namespace sluice::http
