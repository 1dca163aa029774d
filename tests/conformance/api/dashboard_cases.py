"""Boards that people describe in YAML: kept, checked, and the rows of their charts."""
import base64
import csv
import io

from api import YAML
from cluster import PASSWORD

CHART = "io.kestra.plugin.core.dashboard.chart."
DATA = "io.kestra.plugin.core.dashboard.data."
LONG_AGO = "2020-01-01T00:00:00Z"
BOARD = f"""id: {{}}
title: What {{}} runs
description: of everybody
timeWindow: {{{{default: P7D, max: P30D}}}}
charts:
  - id: by_day
    type: {CHART}TimeSeries
    chartOptions: {{{{displayName: By day, column: date, colorByColumn: state, legend: {{{{enabled: true}}}}}}}}
    data:
      type: {DATA}Executions
      columns:
        date: {{{{field: START_DATE, displayName: Date}}}}
        state: {{{{field: STATE}}}}
        total: {{{{agg: COUNT, graphStyle: BARS}}}}
        longest: {{{{agg: MAX, field: DURATION, graphStyle: LINES}}}}
  - id: words
    type: {CHART}Markdown
    content: "## Hello"
"""


def ran(api, namespace):
    """Executions of three flows: two that are over well with labels, one that failed."""
    api.save(f"id: good\nnamespace: {namespace}\ntasks:\n  - {{id: say, type: core.log.Log, message: 'a, \"b\"', level: WARN}}\n")
    api.save(f"id: bad\nnamespace: {namespace}.below\ntasks:\n  - {{id: no, type: core.execution.Fail}}\n")
    made = [api.run(namespace, "good", query=f"?wait=true&labels=team:{team}")["id"] for team in ("data", "web", "data")]
    return made, api.run(namespace + ".below", "bad")["id"]


def chart(data, kind="Table", options="", source="Executions"):
    return f"id: c\ntype: {CHART}{kind}\n{options}data:\n  type: {DATA}{source}\n{data}"


def rows(api, text, namespace, status=200, **more):
    answer = api.ask("POST", "/dashboards/charts/preview", {"chart": text, "namespace": namespace, **more})
    assert answer.status == status, answer.text
    return answer.json["results"] if status == 200 else answer.json["message"]


def dashboards_are_kept_read_changed_and_deleted(api):
    text = BOARD.format("ops", "ops")
    made = api.ok("POST", "/dashboards", text, headers=YAML).json
    assert (made["id"], made["title"], made["sourceCode"], made["deleted"]) == ("ops", "What ops runs", text, False), made
    assert [one["id"] for one in made["charts"]] == ["by_day", "words"] and made["created"] and made["timeWindow"]["max"] == "P30D"
    again = api.ask("POST", "/dashboards", text, headers=YAML)
    assert again.status == 422 and "already exists: ops" in again.json["message"], again.text
    unnamed = api.ok("POST", "/dashboards", text.replace("id: ops\n", "", 1), headers=YAML).json["id"]
    assert unnamed and unnamed != "ops"
    found = api.ok("GET", "/dashboards?q=ops&sort=id:desc").json
    assert {one["id"] for one in found["results"]} == {"ops", unnamed} and found["total"] == 2
    assert api.get("/dashboards?q=nothing").json == {"results": [], "total": 0} and api.get("/dashboards?sort=colour:asc").status == 422
    changed = api.ok("PUT", "/dashboards/ops", text.replace("of everybody", "of all"), headers=YAML).json
    assert changed["description"] == "of all" and changed["created"] == made["created"]
    assert api.ok("GET", "/dashboards/ops").json == changed
    other = api.ask("PUT", "/dashboards/ops", BOARD.format("else", "x"), headers=YAML)
    assert other.status == 422 and "Illegal dashboard id update" in other.text
    assert api.ask("PUT", "/dashboards/none", BOARD.format("none", "x"), headers=YAML).status == 404
    noted = api.ok("GET", "/auditlogs/search?filters[resource][EQUALS]=DASHBOARD").json["results"]
    assert {("CREATE", "ops"), ("UPDATE", "ops")} <= {(row["act"], row["subject"]) for row in noted}, noted
    for one in ("ops", unnamed):
        assert api.ask("DELETE", f"/dashboards/{one}").status == 204
    assert api.ask("DELETE", "/dashboards/ops").status == 404 and api.get("/dashboards/ops").status == 404
    assert api.ask("POST", "/dashboards", BOARD.format("charts", "x"), headers=YAML).status == 422
    assert api.ok("GET", "/dashboards/settings/default-dashboards").json == {}


def mistakes_in_a_dashboard_are_told_with_their_lines(api):
    text = BOARD.format("wrong", "x")
    assert "constraints" not in api.ok("POST", "/dashboards/validate", text, headers=YAML).json
    for old, new, path, words in (
            ("title: What x runs\n", "titel: x\n", "titel", "did you mean 'title'"),
            ("TimeSeries", "Timeseries", "charts[0].type", "Invalid type"),
            (f"{DATA}Executions", f"{DATA}Cows", "charts[0].data.type", "Invalid type"),
            ("field: STATE", "field: STATUS", "charts[0].data.columns.state.field", "STATUS"),
            ("agg: MAX", "agg: BEST", "charts[0].data.columns.longest.agg", "BEST"),
            ("agg: MAX, field: DURATION", "agg: SUM, field: STATE", "charts[0].data.columns.longest.agg", "number"),
            ("column: date", "column: day", "charts[0].chartOptions.column", "day"),
            ("id: words", "id: by_day", "charts[1].id", "Duplicate"),
            ("default: P7D", "default: P60D", "timeWindow.default", "longer")):
        assert old in text, old
        answer = api.ok("POST", "/dashboards/validate", text.replace(old, new, 1), headers=YAML).json
        told = [one for one in answer["violations"] if one["path"] == path]
        assert told and words in told[0]["message"] and told[0]["line"] > 0, (new, answer)
        refused = api.ask("POST", "/dashboards", text.replace(old, new, 1), headers=YAML)
        assert refused.status == 422 and path in refused.text, refused.text
    wrong = chart("  columns:\n    a: {field: LABELS}\n  where:\n    - {field: DURATION, type: GREATER_THAN, value: long}\n"
                  "    - {field: STATE, type: LIKE, value: x}\n  orderBy:\n    - {column: b}\n")
    told = api.ok("POST", "/dashboards/validate/chart", wrong, headers=YAML).json["violations"]
    assert [one["path"] for one in told] == ["data.columns.a.labelKey", "data.where[0].value", "data.where[1].type", "data.orderBy[0].column"], told


def charts_of_a_dashboard_have_their_rows(api):
    ran(api, "boards.kept")
    api.ok("POST", "/dashboards", BOARD.format("kept", "x"), headers=YAML)
    body = {"namespace": "boards.kept", "startDate": "2020-01-01T00:00:00Z"}
    refused = api.ask("POST", "/dashboards/kept/charts/by_day", body)
    assert refused.status == 422 and "timeWindow.max" in refused.json["message"], refused.text
    assert "startDate" in api.ask("POST", "/dashboards/kept/charts/by_day", {"namespace": "boards.kept"}).json["message"]
    body = {"namespace": "boards.kept", "filters": [{"field": "TIME_RANGE", "operation": "EQUALS", "value": "P2D"}]}
    found = api.ok("POST", "/dashboards/kept/charts/by_day", body).json
    counts = {}
    for row in found["results"]:
        assert row["date"].endswith("T00:00:00Z") and row["longest"] >= 0, row
        counts[row["state"]] = counts.get(row["state"], 0) + row["total"]
    assert counts == {"SUCCESS": 3, "FAILED": 1} and found["total"] == len(found["results"]), found
    table = api.ok("POST", "/dashboards/kept/charts/by_day/export/to-csv", body)
    assert table.headers["Content-Type"].startswith("text/csv") and "by_day.csv" in table.headers["Content-Disposition"]
    assert [row["total"] for row in csv.DictReader(io.StringIO(table.text, newline=""))] == [str(row["total"]) for row in found["results"]]
    assert api.ask("POST", "/dashboards/kept/charts/words", body).status == 422
    assert api.ask("POST", "/dashboards/kept/charts/none", body).status == 404 == api.ask("POST", "/dashboards/none/charts/a", body).status
    api.ok("DELETE", "/dashboards/kept")


def rows_are_filtered_ordered_and_counted(api):
    place = "boards.rows"
    good, bad = ran(api, place)
    labelled = chart("  columns:\n    team: {field: LABELS, labelKey: team}\n    n: {agg: COUNT, field: ID}\n"
                     "  where:\n    - {field: STATE, type: IN, values: [SUCCESS]}\n  orderBy:\n    - {column: n, order: DESC}\n", "Bar")
    assert rows(api, labelled, place) == [{"team": "data", "n": 2}, {"team": "web", "n": 1}]
    assert rows(api, labelled, place, labels={"team": "web"}) == [{"team": "web", "n": 1}]
    assert rows(api, labelled, place, pageSize=1, pageNumber=2) == [{"team": "web", "n": 1}]
    ids = chart("  columns:\n    id: {field: ID}\n    at: {field: START_DATE}\n    flow: {field: FLOW_ID}\n")
    assert [row["id"] for row in rows(api, ids, place)] == [bad, *good[::-1]]
    only = lambda where: {row["id"] for row in rows(api, ids + "  where:\n" + "".join(f"    - {one}\n" for one in where), place)}  # noqa: E731
    assert only(["{field: FLOW_ID, type: EQUAL_TO, value: bad}"]) == {bad}
    assert only(["{field: FLOW_ID, type: NOT_EQUAL_TO, value: bad}"]) == set(good)
    assert only(["{field: LABELS, labelKey: team, type: EQUAL_TO, value: web}"]) == {good[1]}
    assert only(["{field: LABELS, labelKey: team, type: NOT_IN, values: [web, data]}"]) == {bad}
    assert only(["{type: OR, values: [{field: LABELS, labelKey: team, type: EQUAL_TO, value: web}, {field: STATE, type: EQUAL_TO, value: FAILED}]}"]) == {good[1], bad}
    assert only(["{field: NAMESPACE, type: ENDS_WITH, value: .below}", "{field: DURATION, type: GREATER_THAN_OR_EQUAL_TO, value: 0}"]) == {bad}
    assert only(["{field: START_DATE, type: LESS_THAN, value: '2020-01-01T00:00:00Z'}"]) == set()
    assert only(["{field: TRIGGER_EXECUTION_ID, type: IS_NULL}", "{field: FLOW_ID, type: REGEX, value: '^g.+d$'}"]) == set(good)
    assert rows(api, ids, place, filters=[{"field": "FLOW_ID", "operation": "EQUALS", "value": "bad"}])[0]["id"] == bad
    for filters in ([{"field": "FLOW_ID", "operation": "SOUNDS_LIKE", "value": "x"}], [{"operation": "EQUALS"}], ["x"],
                    [{"logical": "or", "children": []}]):
        assert "Invalid query filters" in rows(api, ids, place, status=400, filters=filters)
    assert "regular" in rows(api, ids + "  where:\n    - {field: FLOW_ID, type: REGEX, value: '('}\n", place, status=400)
    one = chart("  columns: {field: ID, agg: COUNT}\n  numerator:\n    - {field: STATE, type: EQUAL_TO, value: SUCCESS}\n", "KPI",
                "chartOptions: {numberType: PERCENTAGE}\n", "ExecutionsKPI")
    assert rows(api, one, place) == [{"value": 75}] and rows(api, one, "boards.nowhere") == [{"value": None}]
    assert rows(api, one.replace("PERCENTAGE", "FLAT"), place) == [{"value": 3}]


def other_things_are_charted_too(api):
    place = "boards.other"
    good, _ = ran(api, place)
    api.save(f"id: timed\nnamespace: {place}\ntasks:\n  - {{id: say, type: core.log.Log, message: hi}}\n"
             "triggers:\n  - {id: yearly, type: core.trigger.Schedule, cron: '0 3 1 1 *'}\n")
    logs = chart("  columns:\n    level: {field: LEVEL}\n    message: {field: MESSAGE}\n    of: {field: EXECUTION_ID}\n"
                 "  where:\n    - {field: LEVEL, type: EQUAL_TO, value: WARN}\n", source="Logs")
    assert rows(api, logs, place) == [{"level": "WARN", "message": 'a, "b"', "of": one} for one in good]
    flows = chart("  columns:\n    id: {field: ID}\n    revision: {field: REVISION}\n", source="Flows")
    assert rows(api, flows, place) == [{"id": "bad", "revision": 1}, {"id": "good", "revision": 1}, {"id": "timed", "revision": 1}]
    triggers = chart("  columns:\n    id: {field: TRIGGER_ID}\n    next: {field: NEXT_EXECUTION_DATE}\n", source="Triggers")
    found = rows(api, triggers, place)
    assert [row["id"] for row in found] == ["yearly"] and found[0]["next"][4:] == "-01-01T03:00:00Z", found
    api.save(f"id: measured\nnamespace: {place}\ntasks:\n  - {{id: m, type: core.metric.Publish, metrics: [{{name: rows, type: counter, value: 5}}]}}\n")
    api.run(place, "measured")
    metrics = chart("  columns:\n    name: {field: NAME}\n    sum: {agg: SUM, field: VALUE}\n", "Pie", source="Metrics")
    assert {"name": "rows", "sum": 5} in rows(api, metrics, place)
    table = api.ok("POST", "/dashboards/charts/export/to-csv", {"chart": logs, "namespace": place}).text
    assert table.splitlines()[:2] == ["level,message,of", f'WARN,"a, ""b""",{good[0]}'], table


def a_chart_shows_nobody_what_a_list_would_not(api):
    good, _ = ran(api, "boards.mine")
    ran(api, "boards.others")
    api.ok("POST", "/users", {"username": "boards.ann", "password": PASSWORD})
    api.ok("POST", "/bindings", {"username": "boards.ann", "role": "viewer", "namespace": "boards.mine"})
    ids = chart("  columns:\n    id: {field: ID}\n    at: {field: START_DATE}\n  where:\n    - {field: STATE, type: EQUAL_TO, value: SUCCESS}\n")
    basic = {"Authorization": "Basic " + base64.b64encode(f"boards.ann:{PASSWORD}".encode()).decode()}
    seen = api.ok("POST", "/dashboards/charts/preview", {"chart": ids, "namespace": "boards"}, headers=basic).json["results"]
    assert [row["id"] for row in seen] == good[::-1], seen
    assert api.ask("POST", "/dashboards", BOARD.format("hers", "x"), headers={**YAML, **basic}).status == 403


CASES = [dashboards_are_kept_read_changed_and_deleted, mistakes_in_a_dashboard_are_told_with_their_lines,
         charts_of_a_dashboard_have_their_rows, rows_are_filtered_ordered_and_counted, other_things_are_charted_too,
         a_chart_shows_nobody_what_a_list_would_not]
