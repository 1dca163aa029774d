#pragma once

namespace sluice {

/// Several lambdas as one visitor: std::visit(Overloaded{[](int) {…}, [](const std::string&) {…}}, variant)
template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace sluice
