#include "access/capability.h"

#include <algorithm>
#include <array>

namespace sluice::access {
namespace {

constexpr std::array<std::string_view, kResources> kResourceNames{
    "FLOW",   "EXECUTION", "TASKRUN",   "LOG",  "TRIGGER", "FILE",   "KV",
    "SECRET", "NAMESPACE", "DASHBOARD", "USER", "AUDIT",   "CLUSTER"};
constexpr std::array<std::string_view, kActions> kActionNames{"READ", "CREATE", "UPDATE", "DELETE"};

}  // namespace

std::string to_text(Capability capability) {
    return fmt::format("{}:{}", kResourceNames[static_cast<std::size_t>(capability.resource)],
                       kActionNames[static_cast<std::size_t>(capability.action)]);
}

bool Capabilities::add(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view resource = text.substr(0, colon);
    const std::string_view action = text.substr(colon + 1);
    bool known = false;
    for (std::size_t r = 0; r < kResources; ++r) {
        for (std::size_t a = 0; a < kActions; ++a) {
            if (resource != "*" && resource != kResourceNames[r]) continue;
            if (action != "*" && action != kActionNames[a]) continue;
            bits_.set(r * kActions + a);
            known = true;
        }
    }
    return known;
}

Result<Capabilities> Capabilities::parse(const std::vector<std::string>& texts) {
    Capabilities out;
    for (const std::string& text : texts) {
        if (out.add(text)) continue;
        return invalid("'{}' is no capability; expected RESOURCE:ACTION, with one of {} or *, and one of {} or *", text,
                       fmt::join(kResourceNames, ", "), fmt::join(kActionNames, ", "));
    }
    return out;
}

Capabilities Capabilities::known_of(const std::vector<std::string>& texts) {
    Capabilities out;
    for (const std::string& text : texts) out.add(text);
    return out;
}

std::vector<std::string> Capabilities::texts() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < bits_.size(); ++i) {
        if (bits_.test(i))
            out.push_back(to_text({static_cast<Resource>(i / kActions), static_cast<Action>(i % kActions)}));
    }
    return out;
}

bool is_within(std::string_view name, std::string_view root) {
    return root.empty() || name == root ||
           (name.size() > root.size() && name.starts_with(root) && name[root.size()] == '.');
}

bool Scope::has(std::string_view name) const {
    return everywhere ||
           std::any_of(namespaces.begin(), namespaces.end(), [&](const auto& root) { return is_within(name, root); });
}

void Grants::add(Capabilities what, std::string name_space) {
    if (!what.none()) all_.push_back({what, std::move(name_space)});
}

Grants Grants::of_everything() {
    Grants out;
    out.add(Capabilities::all(), "");
    return out;
}

bool Grants::allow(Capability one, std::string_view name_space) const {
    return std::any_of(all_.begin(), all_.end(), [&](const Grant& grant) {
        return grant.what.has(one) && is_within(name_space, grant.name_space);
    });
}

bool Grants::allow_somewhere(Capability one) const {
    return std::any_of(all_.begin(), all_.end(), [&](const Grant& grant) { return grant.what.has(one); });
}

bool Grants::allow_everywhere(Capability one) const {
    return allow(one, "");
}

Scope Grants::scope_of(Capability one) const {
    Scope out{.everywhere = allow_everywhere(one)};
    if (out.everywhere) return out;
    for (const Grant& grant : all_) {
        if (grant.what.has(one)) out.namespaces.push_back(grant.name_space);
    }
    std::sort(out.namespaces.begin(), out.namespaces.end());
    out.namespaces.erase(std::unique(out.namespaces.begin(), out.namespaces.end()), out.namespaces.end());
    return out;
}

Capabilities Grants::anywhere() const {
    Capabilities out;
    for (const Grant& grant : all_) out = out | grant.what;
    return out;
}

Grants Grants::narrowed(const Capabilities& what, std::string_view name_space) const {
    Grants out;
    for (const Grant& grant : all_) {
        if (is_within(grant.name_space, name_space))
            out.add(grant.what & what, grant.name_space);
        else if (is_within(name_space, grant.name_space)) {
            out.add(grant.what & what, std::string(name_space));
        }
    }
    return out;
}

}  // namespace sluice::access
