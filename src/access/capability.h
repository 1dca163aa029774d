#pragma once
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sluice::access {

/// What is guarded. The order is that of kResourceNames in capability.cpp.
enum class Resource : unsigned char {
    Flow,
    Execution,
    TaskRun,
    Log,
    Trigger,
    File,  // of namespaces
    Kv,
    Secret,
    Namespace,
    Dashboard,
    User,  // users, groups, roles, bindings, tokens of others
    Audit,
    Cluster,  // services, queues, parked events, maintenance
};
inline constexpr std::size_t kResources = 13;

enum class Action : unsigned char { Read, Create, Update, Delete };
inline constexpr std::size_t kActions = 4;

/// "FLOW:READ"
struct Capability {
    Resource resource{};
    Action action{};
};
std::string to_text(Capability capability);

/// A set of them.
class Capabilities {
  public:
    /// Of "FLOW:READ", "FLOW:*", "*:READ" and "*:*".
    /// Errors  Invalid: a word that is none of these
    static Result<Capabilities> parse(const std::vector<std::string>& texts);
    /// The same; what this version does not know gives nothing.
    static Capabilities known_of(const std::vector<std::string>& texts);

    bool has(Capability one) const { return bits_.test(place_of(one)); }
    bool none() const { return bits_.none(); }
    Capabilities operator&(const Capabilities& other) const { return Capabilities(bits_ & other.bits_); }
    Capabilities operator|(const Capabilities& other) const { return Capabilities(bits_ | other.bits_); }
    static Capabilities all() { return Capabilities(Bits().set()); }
    Capabilities() = default;

    /// One by one, in the order of the enums.
    std::vector<std::string> texts() const;

  private:
    using Bits = std::bitset<kResources * kActions>;
    explicit Capabilities(Bits bits) : bits_(bits) {}
    static std::size_t place_of(Capability one) {
        return static_cast<std::size_t>(one.resource) * kActions + static_cast<std::size_t>(one.action);
    }
    /// false: it is no such text
    bool add(std::string_view text);

    Bits bits_{};
};

/// Is `name` the namespace `root` or below it? Everything is below "".
bool is_within(std::string_view name, std::string_view root);

/// The namespaces, each with those below it, in which somebody may do one thing.
struct Scope {
    bool everywhere = false;
    std::vector<std::string> namespaces{};

    bool has(std::string_view name) const;
    bool empty() const { return !everywhere && namespaces.empty(); }
};

/// What somebody may, and where.
class Grants {
  public:
    void add(Capabilities what, std::string name_space);
    static Grants of_everything();

    bool allow(Capability one, std::string_view name_space) const;
    bool allow_somewhere(Capability one) const;
    bool allow_everywhere(Capability one) const;
    Scope scope_of(Capability one) const;
    /// All that is granted in one namespace or another: what a page need not hide.
    Capabilities anywhere() const;

    /// What is left of them for a token that reaches no further than `what` below `name_space`.
    Grants narrowed(const Capabilities& what, std::string_view name_space) const;

    struct Grant {
        Capabilities what{};
        std::string name_space{};  // with those below it; "": everywhere
    };
    const std::vector<Grant>& all() const { return all_; }

  private:
    std::vector<Grant> all_{};
};

}  // namespace sluice::access
