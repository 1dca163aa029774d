#pragma once
#include "base/error.h"
#include "value/value.h"

namespace sluice::tasks {

/// How to log in at registries: what a task says in `credentials`, and the text or map of a Docker configuration file.
struct RegistryAuth {
    Value credentials{};
    Value config{};
};

/// "registry.example.com:5000" of "registry.example.com:5000/team/image:1"; "docker.io" where the image names none.
std::string registry_of(const std::string& image);

/// Image and tag; "latest" where neither a tag nor a digest is named. A digest stays with the image.
std::pair<std::string, std::string> image_and_tag(const std::string& image);

/// The value of the header X-Registry-Auth for an image; empty: none.
/// Errors  Invalid: the configuration can't be read
Result<std::string> registry_header(const RegistryAuth& auth, const std::string& image);

/// The value of X-Registry-Config, for builds; empty: none.
Result<std::string> registries_header(const RegistryAuth& auth);

}  // namespace sluice::tasks
