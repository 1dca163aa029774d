#pragma once
#include <curl/curl.h>
#include <memory>
#include <string>

namespace sluice::net {

struct CloseEasy {
    void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
};
struct CloseMulti {
    void operator()(CURLM* handle) const { ::curl_multi_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
struct FreeMime {
    void operator()(curl_mime* mime) const { ::curl_mime_free(mime); }
};

/// libcurl's handles, with the connections that earlier requests left open. One thread at a time.
class Session {
  public:
    /// Errors  OutsideError: no memory
    Session();
    CURL* easy() const { return easy_.get(); }
    CURLM* multi() const { return multi_.get(); }

  private:
    std::unique_ptr<CURLM, CloseMulti> multi_;  // lives longer than its easy handle
    std::unique_ptr<CURL, CloseEasy> easy_;
};

}  // namespace sluice::net
