#include <map>

#include "expr/jq/interpreter.h"
#include "expr/jq/parser.h"

namespace sluice::expr::jq {
namespace {

// The functions that are best said in jq itself.
constexpr std::string_view kPrelude = R"jq(
def error($message): $message | error;
def map(f): [.[] | f];
def map_values(f): .[] |= f;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def finites: select(isinfinite or isnan | not);
def normals: select(isnormal);
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def scalars: select(type != "array" and type != "object");
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def recurse_down: recurse;
def add(f): reduce f as $x (null; . + $x);
def any: any(.[]; .);
def any(f): any(.[]; f);
def all: all(.[]; .);
def all(f): all(.[]; f);
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);
def isvalid(f): try (f | true) catch false;
def isempty(g): first((g | false), true);
def with_entries(f): to_entries | map(f) | from_entries;
def paths: path(..) | select(length > 0);
def paths(f): path(.. | select(f)) | select(length > 0);
def leaf_paths: paths(scalars);
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def nth($n; f): if $n < 0 then error("Out of bounds negative array index") else last(limit($n + 1; f)) end;
def sort_by(f): _sorted_by(map([f]));
def group_by(f): _grouped_by(map([f]));
def unique_by(f): [_grouped_by(map([f]))[] | .[0]];
def min_by(f): _least_by(map([f]));
def max_by(f): _greatest_by(map([f]));
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
def match($re): if ($re | type) == "array" then _match($re[0]; $re[1]) else _match($re; null) end | .[];
def match($re; $flags): _match($re; $flags) | .[];
def test($re): if ($re | type) == "array" then _test($re[0]; $re[1]) else _test($re; null) end;
def test($re; $flags): _test($re; $flags);
def capture($re): match($re) | _captures;
def capture($re; $flags): match($re; $flags) | _captures;
def scan($re): scan($re; null);
def scan($re; $flags): match($re; "g" + $flags) | if (.captures | length) > 0 then [.captures[].string] else .string end;
def split($re; $flags): . as $in | [foreach (match($re; "g" + $flags), null) as $m ({next: 0};
    {part: (if $m == null then $in[.next:] else $in[.next:$m.offset] end), next: (if $m == null then null else $m.offset + $m.length end)};
    .part)];
def splits($re): splits($re; null);
def splits($re; $flags): split($re; $flags) | .[];
def sub($re; text; $flags): . as $in
    | reduce match($re; $flags) as $m ({out: "", next: 0};
        .out = .out + $in[.next:$m.offset] + ($m | _captures | text) | .next = $m.offset + $m.length)
    | .out + $in[.next:];
def sub($re; text): sub($re; text; null);
def gsub($re; text; $flags): sub($re; text; $flags + "g");
def gsub($re; text): sub($re; text; "g");
def ascii: [.] | implode;
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] = $row);
def INDEX(f): INDEX(.[]; f);
)jq";

using Key = std::pair<std::string_view, std::size_t>;

std::map<Key, std::shared_ptr<const Function>> parsed_prelude() {
    std::map<Key, std::shared_ptr<const Function>> functions;
    for (const auto& function : parse_definitions(kPrelude)) {
        functions.emplace(Key{function->name, function->parameters.size()}, function);
    }
    return functions;
}

}  // namespace

const Function* find_prelude(std::string_view name, std::size_t arity) {
    static const auto functions = parsed_prelude();
    const auto found = functions.find({name, arity});
    return found != functions.end() ? found->second.get() : nullptr;
}

}  // namespace sluice::expr::jq
