#pragma once
#include <string_view>

namespace sluice::http {

/// By the ending of a file's name; "application/octet-stream" when it is unknown.
std::string_view content_type_of(std::string_view file_name);

/// Is gzip worth its while for this Content-Type? Text is, pictures and archives are packed already.
bool is_compressible(std::string_view content_type);

}  // namespace sluice::http
