#include "tasks/examples/examples.h"

namespace sluice::tasks {
namespace {

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

void add_examples(flow::Catalog& catalog) {
    for (const auto& all : {core_examples(), language_examples()}) {
        for (const SharedExample& example : all) {
            for (const std::string& type : words_of(example.types)) {
                catalog.amend(type, [&](flow::TypeInfo& info) {
                    info.examples.push_back({std::string(example.title), std::string(example.yaml)});
                });
            }
        }
    }
    for (const Explanation& one : explanations()) {
        catalog.amend(one.type, [&](flow::TypeInfo& info) {
            if (info.description.empty()) info.description = one.text;
        });
    }
}

}  // namespace sluice::tasks
