#pragma once
#include <span>
#include <string_view>

#include "flow/catalog.h"

namespace sluice::tasks {

/// A flow that shows several types at work.
struct SharedExample {
    std::string_view title;
    std::string_view types;  // short names, with blanks between them
    std::string_view yaml;
};

// A file for each area.
std::span<const SharedExample> core_examples();
std::span<const SharedExample> language_examples();

/// What a type is good for, where its declaration says no more than a title.
struct Explanation {
    std::string_view type;  // short name
    std::string_view text;  // Markdown
};
std::span<const Explanation> explanations();

/// Adds them to the types that they are for.
void add_examples(flow::Catalog& catalog);

}  // namespace sluice::tasks
