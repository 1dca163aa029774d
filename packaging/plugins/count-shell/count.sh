#!/bin/sh
# Counts the lines of a file of the internal storage: a plugin of Sluice in shell. It needs jq.
of() { printf '%s' "$1" | jq -c "$2" 2>/dev/null; }  # a text may be longer than an argument may be
fail() {
  jq -cn --arg why "$1" '{type: "result", state: "FAILED", message: $why}'
  exit 0
}

read -r start || exit 1
[ "$(of "$start" .protocol)" = 1 ] || fail "expected protocol 1"
[ "$(of "$start" '.properties.uri // "" | length > 0')" = true ] || fail "the property 'uri' is required"

of "$start" '{type: "file", id: 1, get: .properties.uri, name: "lines"}'
read -r answer || exit 1
[ "$(of "$answer" .type)" != '"kill"' ] || exit 1
[ "$(of "$answer" 'has("path")')" = true ] || fail "the file can't be had: $(of "$answer" .error)"

lines=$(wc -l <lines)
of "$lines" '{type: "log", message: "\(.) lines"}'
of "$lines" '{type: "metric", name: "lines", kind: "gauge", value: .}'
of "$lines" '{type: "result", outputs: {lines: .}}'
