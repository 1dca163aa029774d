#pragma once
#include <string_view>
#include <vector>

namespace sluice::webserver {

/// A flow to begin with. Its namespace is the reader's to change.
struct BlueprintText {
    std::string_view id;
    std::string_view title;
    std::string_view description;
    std::vector<std::string_view> tags;
    std::string_view yaml;
};

const std::vector<BlueprintText>& blueprint_texts();

}  // namespace sluice::webserver
