#include "net/source_reader.h"

#include <cstdio>

namespace sluice::net {

std::size_t SourceReader::read(char* buffer, std::size_t one, std::size_t size, void* self) {
    SourceReader& reader = *static_cast<SourceReader*>(self);
    try {
        reader.started = true;
        return reader.source.read({buffer, one * size});
    } catch (...) {  // libcurl is C: the exception goes on when it has returned
        reader.thrown = std::current_exception();
        return CURL_READFUNC_ABORT;
    }
}

int SourceReader::seek(void* self, curl_off_t offset, int origin) {
    SourceReader& reader = *static_cast<SourceReader*>(self);
    if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    if (!reader.started) return CURL_SEEKFUNC_OK;
    try {
        if (!reader.source.rewind()) return CURL_SEEKFUNC_FAIL;
        reader.started = false;
        return CURL_SEEKFUNC_OK;
    } catch (...) {
        reader.thrown = std::current_exception();
        return CURL_SEEKFUNC_FAIL;
    }
}

}  // namespace sluice::net
