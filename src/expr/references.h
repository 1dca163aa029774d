#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "expr/template.h"

namespace sluice::expr {

/// What a template reads, as far as its text tells. Names that it sets itself, loop variables and arguments of macros
/// do not count.
struct References {
    struct Root {
        std::set<std::string> members{};        // outputs.load, outputs['load']: "load"
        bool is_used_as_a_whole = false;        // {{ outputs }}, outputs[x], or passed on to something
        std::map<std::string, Place> places{};  // where a member is named first; "" is the root itself
    };
    struct Used {
        std::string name{};
        Place place{};
        bool is_known = false;
    };

    /// By the name of the variable: inputs, outputs, vars …
    std::map<std::string, Root> roots{};
    std::vector<Used> filters{};
    std::vector<Used> functions{};  // macros of the template itself are left out
    std::vector<Used> tests{};
    /// render() or fetchContext() is called: it may read more than is told here.
    bool reads_anything = false;

    /// Whether it may look at this member: outputs of the task "load"
    bool may_read(const std::string& root, const std::string& member) const;
};

References references(const Template& text);

/// An error for each filter, function and test that does not exist, with the nearest name that does.
std::vector<Error> unknown_names(const Template& text);

}  // namespace sluice::expr
