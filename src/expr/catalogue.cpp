#include "expr/catalogue.h"

#include <algorithm>
#include <tuple>

#include "expr/builtin.h"

namespace sluice::expr {
namespace {

std::vector<Described> described_builtins() {
    std::vector<Described> all;
    for (const Builtin& builtin : builtins()) {
        const BuiltinRow& row = *builtin.row;
        all.push_back({to_text(builtin.kind), row.name, row.parameters, builtin.parameters, row.summary});
    }
    std::sort(all.begin(), all.end(), [](const Described& a, const Described& b) {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    return all;
}

}  // namespace

const std::vector<Described>& catalogue() {
    static const std::vector<Described> all = described_builtins();
    return all;
}

}  // namespace sluice::expr
