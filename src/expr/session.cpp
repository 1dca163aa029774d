#include "expr/session.h"

#include "expr/jq/parser.h"

namespace sluice::expr {

const Zone& Session::zone() {
    if (!zone_) zone_ = Zone::named(environment_.time_zone());
    return *zone_;
}

const JavaRegex& Session::regex(const std::string& pattern) {
    constexpr std::size_t kMostPatterns = 256;
    if (regexes_.size() >= kMostPatterns && !regexes_.contains(pattern)) {
        throw limit_reached("more than {} different regular expressions in one render", kMostPatterns);
    }
    return regexes_.try_emplace(pattern, pattern, *this).first->second;
}

std::shared_ptr<const jq::Program> Session::jq_program(const std::string& text) {
    constexpr std::size_t kMostPrograms = 256;
    const auto found = jq_programs_.find(text);
    if (found != jq_programs_.end()) return found->second;
    if (jq_programs_.size() >= kMostPrograms)
        throw limit_reached("more than {} different jq programs in one render", kMostPrograms);
    return jq_programs_.emplace(text, jq::parse(text)).first->second;
}

const Value* Session::find_in(const LazyMap& lazy, std::string_view key) {
    auto at = std::pair(&lazy, std::string(key));
    auto found = entries_.find(at);
    if (found == entries_.end()) found = entries_.emplace(std::move(at), lazy.find(key)).first;
    return found->second ? &*found->second : nullptr;
}

const Value& Session::all_of(const LazyMap& lazy) {
    const auto found = whole_.find(&lazy);
    if (found != whole_.end()) return found->second;
    return whole_.emplace(&lazy, lazy.force()).first->second;
}

}  // namespace sluice::expr
