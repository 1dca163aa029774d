"""What namespaces say of themselves: variables that expressions read, and defaults of plugins."""

PLACE = "/namespaces/api.said"
SAYS = "id: {0}\nnamespace: {1}\ntasks:\n  - {{id: say, type: core.debug.Return, format: \"{2}\"}}\n"


def put(api, body, place=PLACE, query="", headers=None):
    return api.ask("PUT", place + query, body, headers=headers)


def said(api, namespace, flow):
    run = api.run(namespace, flow)
    assert run["state"]["current"] == "SUCCESS", run
    return run["taskRunList"][0]["outputs"]["value"]


def a_namespace_is_made_changed_and_never_overwritten_unseen(api):
    assert api.ok("GET", PLACE).json == {"id": "api.said", "variables": {}, "pluginDefaults": []}
    made = api.ok("POST", "/namespaces", {"id": "api.said.first", "description": "before it has flows"})
    assert made.json["description"] == "before it has flows" and made.headers["ETag"]
    assert api.ask("POST", "/namespaces", {"id": "api.said.first"}).status == 409
    for bad in ("", "Capitals", "a b", "x" * 200):
        assert api.ask("POST", "/namespaces", {"id": bad}).status == 422, bad
    assert "api.said.first" in {one["id"] for one in api.ok("GET", "/namespaces/search?size=1000").json["results"]}
    text = "region: eu  # where it is\n"
    first = put(api, {"variablesSource": text}, headers={"If-Match": '""'})
    assert (first.status, first.json["variables"], first.json["variablesSource"]) == (200, {"region": "eu"}, text), first.text
    second = put(api, {"variablesSource": "region: us\n"}, headers={"If-Match": first.headers["ETag"]})
    assert second.status == 200 and second.headers["ETag"] != first.headers["ETag"]
    late = put(api, {"variablesSource": "region: asia\n"}, headers={"If-Match": first.headers["ETag"]})
    assert late.status == 409 and "somebody else" in late.json["message"], late.text
    put(api, {"description": "kept"})
    kept = api.ok("GET", PLACE).json
    assert (kept["variablesSource"], kept["description"]) == ("region: us\n", "kept"), "what is not named stays"
    api.ok("DELETE", "/namespaces/api.said.first")
    assert api.ask("DELETE", "/namespaces/api.said.first").status == 404


def mistakes_in_a_namespace_s_texts_are_told_with_their_lines(api):
    before = api.ok("GET", PLACE).json
    for body, line, words in (({"variablesSource": "a: 1\n- b\n"}, 2, ""), ({"variablesSource": "\n[1]\n"}, 2, "a map"),
                              ({"pluginDefaultsSource": "- type: core.log.Log\n  values:\n    colour: red\n"}, 3, "No property 'colour'"),
                              ({"pluginDefaultsSource": "- values: {a: b}\n"}, 1, "No 'type'"),
                              ({"pluginDefaultsSource": "- type: core.log.Log\n"}, 1, "No 'values'")):
        for query in ("", "?dryRun=true"):
            answer = put(api, body, query=query)
            assert answer.status == 422, f"{body}: {answer.status} {answer.text}"
            detail = answer.json["_embedded"]["errors"][0]
            assert detail["line"] == line and words in detail["message"], detail
    assert put(api, {"variables": [1]}).status == 422 and put(api, {"pluginDefaults": {"a": 1}}).status == 422
    assert put(api, {"variablesSource": "region: mars\n"}, query="?dryRun=true").json["variables"] == {"region": "mars"}
    assert api.ok("GET", PLACE).json == before, "nothing of it was stored"


def variables_of_namespaces_are_read_by_their_flows(api):
    api.ok("PUT", "/namespaces/api.vars", {"variables": {"region": "eu", "bucket": {"name": "top"}, "raw": "{{ 1 + 1 }}"}})
    api.ok("PUT", "/namespaces/api.vars.team", {"variablesSource": "region: us\n"})
    api.save(SAYS.format("reads", "api.vars.team", "{{ namespace.region }} {{ namespace.bucket.name }} {{ namespace.raw }} {{ namespace.none ?? '-' }}"))
    assert said(api, "api.vars.team", "reads") == "us top {{ 1 + 1 }} -"
    api.cluster.sql("""update sluice.namespaces set variables = '{"region": "sql"}' where namespace = 'api.vars.team'""")
    assert said(api, "api.vars.team", "reads").startswith("sql top"), "the next execution reads what is there now"
    assert "variablesSource" not in api.ok("GET", "/namespaces/api.vars.team").json, "the text said something else"
    assert api.ok("GET", "/namespaces/api.vars.team/inherited-variables").json == [
        {"namespace": "api.vars", "variables": {"region": "eu", "bucket": {"name": "top"}, "raw": "{{ 1 + 1 }}"}}]
    api.save(SAYS.format("elsewhere", "api.other", "{{ namespace.region ?? 'none' }}"))
    assert said(api, "api.other", "elsewhere") == "none"
    api.save("id: asks\nnamespace: api.vars\ninputs:\n  - {id: where, type: STRING, defaults: \"{{ namespace.region }}\"}\n"
             "tasks:\n  - {id: say, type: core.debug.Return, format: \"{{ inputs.where }}\"}\n")
    assert said(api, "api.vars", "asks") == "eu"


def plugin_defaults_of_namespaces_count_from_the_next_execution_on(api):
    defaults = "- type: core.debug.Return\n  values: {{format: \"{0}\"}}\n  forced: {1}\n"
    empty = "id: {0}\nnamespace: api.defaults.team\ntasks:\n  - {{id: say, type: core.debug.Return}}\n"
    api.ok("PUT", "/namespaces/api.defaults", {"pluginDefaultsSource": defaults.format("from above {{ flow.id }}", "false")})
    revision = api.save(empty.format("open"))["revision"]
    api.save(SAYS.format("full", "api.defaults.team", "own"))
    assert [said(api, "api.defaults.team", flow) for flow in ("open", "full")] == ["from above open", "own"]
    api.ok("PUT", "/namespaces/api.defaults.team", {"pluginDefaultsSource": defaults.format("nearer", "false")})
    assert said(api, "api.defaults.team", "open") == "nearer"
    above = api.ok("GET", "/namespaces/api.defaults.team/inherited-plugindefaults").json
    assert above == [{"namespace": "api.defaults", "pluginDefaults": [
        {"type": "core.debug.Return", "forced": False, "values": {"format": "from above {{ flow.id }}"}}]}], above
    api.ok("PUT", "/namespaces/api.defaults", {"pluginDefaultsSource": defaults.format("forced", "true")})
    assert [said(api, "api.defaults.team", flow) for flow in ("open", "full")] == ["forced", "forced"]
    # A row that somebody spoilt in SQL gives no defaults, and stops nothing.
    api.cluster.sql("""update sluice.namespaces set plugin_defaults = '[1, {"type": "x"}, {"values": {}}]' where namespace = 'api.defaults'""")
    assert [said(api, "api.defaults.team", flow) for flow in ("open", "full")] == ["nearer", "own"]
    assert api.ok("GET", "/flows/api.defaults.team/open").json["revision"] == revision, "flows are not rewritten"


def names_of_secrets_above_and_the_newest_executions_of_flows_are_told(api):
    api.ok("PUT", "/namespaces/api.above/secrets", {"key": "TOKEN", "value": "hidden"})
    api.ok("PUT", "/namespaces/api.above.team/secrets", {"key": "OWN", "value": "hidden"})
    assert api.ok("GET", "/namespaces/api.above.team.deep/inherited-secrets").json == {"api.above.team": ["OWN"], "api.above": ["TOKEN"]}
    assert api.ok("GET", "/namespaces/api/inherited-secrets").json == {}
    api.save(SAYS.format("newest", "api.above", "x"))
    runs = [api.run("api.above", "newest")["id"] for _ in range(2)]
    flows = {"flows": [{"namespace": "api.above", "id": name} for name in ("newest", "nothing")]}
    found = api.ok("POST", "/stats/executions/latest/group-by-flow", flows).json
    assert [(one["id"], one["state"]["current"]) for one in found] == [(runs[-1], "SUCCESS")], found
    assert api.ask("POST", "/stats/executions/latest/group-by-flow", {"flows": 1}).status == 422


CASES = [
    names_of_secrets_above_and_the_newest_executions_of_flows_are_told,
    a_namespace_is_made_changed_and_never_overwritten_unseen,
    mistakes_in_a_namespace_s_texts_are_told_with_their_lines,
    variables_of_namespaces_are_read_by_their_flows,
    plugin_defaults_of_namespaces_count_from_the_next_execution_on,
]
