#pragma once
#include <curl/curl.h>
#include <exception>

#include "net/message.h"

namespace sluice::net {

/// A Source as libcurl reads it.
struct SourceReader {
    Source& source;
    std::exception_ptr& thrown;  // where its exceptions wait until libcurl has returned
    bool started = false;

    static std::size_t read(char* buffer, std::size_t one, std::size_t size, void* self);
    static int seek(void* self, curl_off_t offset, int origin);
};

}  // namespace sluice::net
