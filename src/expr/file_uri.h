#pragma once
#include <string>
#include <string_view>

namespace sluice::expr {

class Evaluator;

/// The complete uri of what a flow calls a file: kestra:///company/team/_files/a.txt for a text "a.txt", which is a
/// file of the namespace; a complete uri stays as it is, when this execution may read it.
/// Throws  Failure: access denied, or a bad argument for a uri of another kind
std::string readable_uri(const std::string& path, const std::string& name_space, Evaluator& evaluator);

/// The uri of a file of the flow's namespace, which need not exist.
/// Throws  Failure: access denied, for a path that leaves the namespace
std::string namespace_file_uri(std::string_view path, std::string_view name_space);

}  // namespace sluice::expr
