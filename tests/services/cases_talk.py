"""Tasks that talk to others: alerts, mail, git, the API itself, models."""
import json

from cluster import PASSWORD, USER
from sinks import GitServer, HttpSink, MailSink, Repository, certificate

TOKEN = "tok-5e3f9a1c"  # a secret that must not be seen anywhere
HTTP = CLEAR = STARTTLS = TLS = GIT = REPOSITORIES = None


def services(stack, folder):
    global HTTP, CLEAR, STARTTLS, TLS, GIT, REPOSITORIES
    context, _ = certificate(folder)
    HTTP = HttpSink()
    stack.callback(HTTP.end)
    CLEAR, STARTTLS, TLS = MailSink("plain"), MailSink("starttls", context, "bot", TOKEN), MailSink("tls", context)
    for one in (CLEAR, STARTTLS, TLS):
        stack.callback(one.end)
    REPOSITORIES = folder / "repositories"
    REPOSITORIES.mkdir()
    GIT = GitServer(REPOSITORIES, "bot", TOKEN)
    stack.callback(GIT.end)
    return {"ENV_SINK": HTTP.url, "ENV_CLEAR": str(CLEAR.port), "ENV_STARTTLS": str(STARTTLS.port),
            "ENV_TLS": str(TLS.port), "ENV_GIT": GIT.url, "ENV_TOKEN": TOKEN}


def rows(execution, task, output):
    return [json.loads(line) for line in execution.file(execution.outputs(task)[output]).decode().splitlines()]


def begin(rig, flow):
    """A flow that is stored once. Returns what runs it: run(state=…, input=…)"""
    id = rig.save(flow)

    def run(state="SUCCESS", **inputs):
        return rig.ended(rig.api.run(rig.namespace, id, query="", body={"inputs": inputs})["id"], state)
    return run


# ---- alerts

def case_a_failed_flow_tells_slack_what_failed_and_why(rig):
    rig.run("""
id: unreliable
namespace: company.team
tasks:
  - id: load
    type: io.kestra.plugin.scripts.shell.Commands
    commands: ["echo 'disk <full>' >&2; exit 1"]
errors:
  - id: alert
    type: io.kestra.plugin.slack.notifications.SlackExecution
    url: "{{ envs.sink }}/slack"
    channel: "#alerts"
    customMessage: "see the \\"runbook\\""
    customFields:
      team: data
""", state="FAILED")
    sent = HTTP.json("/slack")
    assert sent["channel"] == "#alerts"
    assert sent["text"] == f"{rig.namespace}.unreliable: the task load failed", sent
    [attachment] = sent["attachments"]
    assert attachment["pretext"] == 'see the "runbook"'
    fields = {one["title"]: one["value"] for one in attachment["fields"]}
    assert fields["Failed task"] == "load" and fields["team"] == "data"
    assert "disk &lt;full&gt;" in fields["Error"], fields
    assert attachment["title_link"].endswith(f"/ui/main/executions/{rig.namespace}/unreliable/{fields['Execution']}")


def case_an_execution_is_told_of_by_the_flow_that_it_triggers(rig):
    rig.save("""
id: watcher
namespace: company.team
tasks:
  - id: tell
    type: io.kestra.plugin.notifications.discord.DiscordExecution
    url: "{{ envs.sink }}/discord"
    username: Sluice
    executionId: "{{ trigger.executionId }}"
triggers:
  - id: watch
    type: io.kestra.plugin.core.trigger.Flow
    conditions:
      - type: io.kestra.plugin.core.condition.ExecutionFlow
        namespace: company.team
        flowId: watched
""")
    rig.run("id: watched\nnamespace: company.team\ntasks:\n  - {id: log, type: io.kestra.plugin.core.log.Log, message: hi}\n")
    rig.triggered("watcher", 1)
    sent = HTTP.json("/discord")
    assert sent["username"] == "Sluice"
    [embed] = sent["embeds"]
    assert embed["title"].startswith(f"{rig.namespace}.watched SUCCESS after ")
    assert {one["name"]: one["value"] for one in embed["fields"]}["State"] == "SUCCESS"


def case_a_busy_service_is_tried_again_and_its_address_stays_unseen(rig):
    HTTP.answer("/busy/s3cret", (429, {"Retry-After": "0"}, "slow down"), (503, {"Retry-After": "0"}, "away"), (200, {}, "ok"))
    HTTP.answer("/gone/s3cret", (404, {}, "no_such_webhook"))
    flow = """
id: busy
namespace: company.team
inputs:
  - {id: where, type: STRING}
tasks:
  - id: alert
    type: io.kestra.plugin.microsoft365.teams.TeamsIncomingWebhook
    url: "{{ envs.sink }}/{{ inputs.where }}"
    messageText: late
"""
    run = begin(rig, flow)
    done = run(where="busy/s3cret")
    assert len(HTTP.posts("/busy/s3cret")) == 3
    assert json.loads(HTTP.posts("/busy/s3cret")[2]["body"])["attachments"][0]["content"]["body"][0]["text"] == "late"
    failed = run("FAILED", where="gone/s3cret")
    assert len(HTTP.posts("/gone/s3cret")) == 1
    assert "Microsoft Teams answered with status 404: no_such_webhook" in failed.log(), failed.log()
    assert "s3cret" not in done.log() + failed.log()


# ---- mail

MAIL = """
id: mail
namespace: company.team
tasks:
  - id: file
    type: io.kestra.plugin.core.storage.Write
    content: "a;b"
    extension: .csv
  - id: send
    type: io.kestra.plugin.email.MailSend
    host: localhost
    port: "{{ envs.starttls }}"
    transportStrategy: SMTP_TLS
    trustedHosts: [localhost]
    username: bot
    password: "{{ inputs.password }}"
    from: Bérénice <bot@example.org>
    to: anna@example.org; "Müller, Ben" <ben@example.org>
    cc: [carl@example.org]
    bcc: "{{ inputs.bcc }}"
    subject: Größe ✓ and a long subject that does not fit into one encoded word at all
    htmlTextContent: "<p>Grüße</p>"
    plainTextContent: "Grüße\\n.\\nend"
    attachments:
      - {name: größe.csv, uri: "{{ outputs.file.uri }}", contentType: text/csv}
    embeddedImages:
      - {name: logo.png, uri: "{{ outputs.file.uri }}", contentType: image/png}
inputs:
  - {id: password, type: STRING}
  - {id: bcc, type: STRING}
"""


def case_a_mail_has_both_forms_files_and_all_recipients(rig):
    rig.run(MAIL, password=TOKEN, bcc="dora@example.org")
    [(envelope, mail)] = STARTTLS.mails
    assert envelope.mail_from == "bot@example.org"
    assert envelope.rcpt_tos == ["anna@example.org", "ben@example.org", "carl@example.org", "dora@example.org"]
    assert mail["From"] == "Bérénice <bot@example.org>"
    assert [one.display_name for one in mail["To"].addresses] == ["", "Müller, Ben"]
    assert mail["Bcc"] is None and mail["Date"].datetime and mail["Message-ID"]
    assert mail["Subject"].startswith("Größe ✓ and a long subject")
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == "Grüße\n.\nend"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Grüße</p>"
    [file] = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    assert file.get_filename() == "größe.csv" and file.get_content().strip() == "a;b", (file.items(), file.get_content())
    [image] = [part for part in mail.walk() if part["Content-ID"]]
    assert image["Content-ID"] == "<logo.png>" and image.get_content() == b"a;b"


def case_a_mail_that_can_not_go_says_why_and_not_the_password(rig):
    STARTTLS.mails.clear()
    run = begin(rig, MAIL)
    wrong = run("FAILED", password="wr0ng-pass", bcc="")
    assert "refuses this user and password" in wrong.log() and "wr0ng-pass" not in wrong.log(), wrong.log()
    refused = run("FAILED", password=TOKEN, bcc="nobody@example.org")
    assert "there is no such mailbox" in refused.log() and not STARTTLS.mails, refused.log()
    strict = MAIL.replace("    trustedHosts: [localhost]\n", "").replace("id: mail\n", "id: strict\n")
    untrusted = rig.run(strict, "FAILED", password=TOKEN, bcc="")
    assert "certificate" in untrusted.log() and not STARTTLS.mails, untrusted.log()


def case_a_failed_execution_is_told_of_by_mail(rig):
    TLS.mails.clear()
    rig.run("""
id: mailed
namespace: company.team
tasks:
  - id: fail
    type: io.kestra.plugin.scripts.shell.Commands
    commands: ["echo '<boom>' >&2; exit 1"]
errors:
  - id: tell
    type: io.kestra.plugin.notifications.mail.MailExecution
    host: localhost
    port: "{{ envs.tls }}"
    verifyServerIdentity: false
    from: sluice@example.org
    to: operators@example.org
""", state="FAILED")
    [(_, mail)] = TLS.mails
    assert mail["Subject"] == f"{rig.namespace}.mailed: the task fail failed"
    assert "&lt;boom&gt;" in mail.get_body(("html",)).get_content()
    assert "Failed task: fail" in mail.get_body(("plain",)).get_content()


def case_sendgrid_is_one_post(rig):
    HTTP.answer("/v3/mail/send", (202, {"X-Message-Id": "m1"}, ""))
    done = rig.run("""
id: sendgrid
namespace: company.team
tasks:
  - id: send
    type: io.kestra.plugin.notifications.sendgrid.SendGridMailSend
    endpoint: "{{ envs.sink }}/v3/mail/send"
    sendgridApiKey: "{{ envs.token }}"
    from: Reports <r@example.org>
    to: [a@example.org, b@example.org]
    subject: ready
    htmlContent: <p>yes</p>
""")
    sent = HTTP.json("/v3/mail/send")
    assert [one["email"] for one in sent["personalizations"][0]["to"]] == ["a@example.org", "b@example.org"]
    assert sent["from"] == {"email": "r@example.org", "name": "Reports"}
    assert HTTP.posts("/v3/mail/send")[0]["headers"]["Authorization"] == f"Bearer {TOKEN}"
    assert done.outputs("send")["statusCode"] == 202 and done.outputs("send")["headers"]["X-Message-Id"] == "m1"


# ---- git

def case_a_clone_is_there_for_the_next_tasks(rig):
    repository = Repository(REPOSITORIES, "scripts")
    first = repository.put({"run.sh": "echo '::{\"outputs\":{\"said\":\"one\"}}::'\n"})
    repository.put({"run.sh": "echo '::{\"outputs\":{\"said\":\"two\"}}::'\n"})
    flow = """
id: ID
namespace: company.team
inputs:
  - {id: commit, type: STRING, required: false}
tasks:
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    inputFiles: {mine.txt: hello}
    tasks:
      - id: clone
        type: io.kestra.plugin.git.Clone
        url: URL
        commit: "{{ inputs.commit ?? '' }}"
        username: bot
        password: "{{ envs.token }}"
      - id: run
        type: io.kestra.plugin.scripts.shell.Commands
        commands: ["sh run.sh", "cat mine.txt", "if grep -r TOKEN .git; then exit 3; fi"]
""".replace("TOKEN", TOKEN)
    by_http = rig.run(flow.replace("URL", GIT.url + "/scripts.git").replace("ID", "by_http"))
    assert by_http.outputs("run")["vars"] == {"said": "two"} and "hello" in by_http.log()
    by_file = rig.run(flow.replace("URL", f"file://{repository.bare}").replace("ID", "by_file"), commit=first)
    assert by_file.outputs("run")["vars"] == {"said": "one"}


def case_a_wrong_password_is_told_without_it(rig):
    Repository(REPOSITORIES, "locked").put({"a": "1"})
    flow = """
id: ID
namespace: company.team
tasks:
  - id: clone
    type: io.kestra.plugin.git.Clone
    url: "URL"
    username: bot
    password: wr0ng-pass
"""
    failed = rig.run(flow.replace("URL", "{{ envs.git }}/locked.git").replace("ID", "wrong"), "FAILED")
    assert "Authentication failed" in failed.log() and "wr0ng-pass" not in failed.log(), failed.log()
    in_url = rig.run(flow.replace("URL", "http://bot:wr0ng-pass@127.0.0.1:1/locked.git").replace("ID", "in_url"), "FAILED")
    assert "it holds a password" in in_url.log() and "wr0ng-pass" not in in_url.log(), in_url.log()


def flow_text(id, message, namespace="whatever"):
    return f"id: {id}\nnamespace: {namespace}\n# kept\ntasks:\n  - id: log\n    type: io.kestra.plugin.core.log.Log\n    message: {message}\n"


def case_flows_of_a_repository_are_stored_all_or_none(rig):
    repository = Repository(REPOSITORIES, "flows")
    repository.put({"flows/a.yml": flow_text("a", "one"), "flows/sub/b.yaml": flow_text("b", "two"), "flows/README.md": "no"})
    target = rig.namespace + ".prod"
    rig.api.save(flow_text("old", "x", target))
    sync = f"""
id: sync
namespace: company.team
inputs:
  - {{id: dry, type: BOOL, defaults: false}}
  - {{id: lenient, type: BOOL, defaults: false}}
tasks:
  - id: sync
    type: io.kestra.plugin.git.SyncFlows
    url: "{{{{ envs.git }}}}/flows.git"
    username: bot
    password: "{{{{ envs.token }}}}"
    gitDirectory: flows
    targetNamespace: {target}
    includeChildNamespaces: true
    delete: true
    dryRun: "{{{{ inputs.dry }}}}"
    ignoreInvalidFlows: "{{{{ inputs.lenient }}}}"
"""
    wanted = {("a", target): "ADDED", ("b", target + ".sub"): "ADDED", ("old", target): "DELETED"}
    state = lambda done: {(row["flowId"], row["namespace"]): row["syncState"] for row in rows(done, "sync", "flows")}
    run = begin(rig, sync)
    assert state(run(dry=True)) == wanted
    exists = lambda id, namespace=target: rig.api.ask("GET", f"/flows/{namespace}/{id}?source=true")
    assert exists("a").status == 404 and exists("old").status == 200
    assert state(run()) == wanted
    assert exists("a").json["source"] == flow_text("a", "one", target) and exists("old").status == 404
    assert exists("b", target + ".sub").status == 200
    assert set(state(run()).values()) == {"UNCHANGED"}
    repository.put({"flows/a.yml": flow_text("a", "three"), "flows/sub/b.yaml": "id: b\nnamespace: x\ntasks: 7\n"})
    failed = run("FAILED")
    assert "flows/sub/b.yaml" in failed.log() and "one" in exists("a").json["source"], failed.log()
    assert state(run(lenient=True)) == {("a", target): "UPDATED"}
    assert exists("b", target + ".sub").status == 200, "a flow with mistakes is not one that is gone"


def case_files_of_a_repository_become_a_namespaces(rig):
    repository = Repository(REPOSITORIES, "files")
    repository.put({"_files/sql/a.sql": "select 1", "_files/b.txt": "b", "_files/.kestraignore": "*.tmp\n", "_files/c.tmp": "c"})
    (repository.clone / "_files/link").symlink_to("/etc/hostname")
    repository.put({"_files/b.txt": "bb"})
    sync = """
id: files
namespace: company.team
tasks:
  - id: sync
    type: io.kestra.plugin.git.SyncNamespaceFiles
    url: "{{ envs.git }}/files.git"
    username: bot
    password: "{{ envs.token }}"
    delete: true
  - id: read
    type: io.kestra.plugin.core.namespace.DownloadFiles
    namespace: company.team
    files: ["**"]
"""
    run = begin(rig, sync)
    done = run()
    state = lambda: {row["kestraPath"]: row["syncState"] for row in rows(done, "sync", "files")}
    assert state() == {"/sql/a.sql": "ADDED", "/b.txt": "ADDED"}
    assert done.file(done.outputs("read")["files"]["/b.txt"]) == b"bb"
    repository.put({"_files/b.txt": None, "_files/sql/a.sql": "select 2"})
    done = run()
    assert state() == {"/sql/a.sql": "OVERWRITTEN", "/b.txt": "DELETED"}


def case_flows_and_files_are_pushed_once(rig):
    repository = Repository(REPOSITORIES, "pushed")
    repository.put({"_flows/gone.yml": flow_text("gone", "x"), "README.md": "stays"})
    source = rig.namespace + ".src"
    rig.api.save(flow_text("a", "one", source))
    rig.api.save(flow_text("b", "two", source + ".sub"))
    push = f"""
id: push
namespace: company.team
tasks:
  - id: flows
    type: io.kestra.plugin.git.PushFlows
    url: "{{{{ envs.git }}}}/pushed.git"
    username: bot
    password: "{{{{ envs.token }}}}"
    branch: develop
    sourceNamespace: {source}
    targetNamespace: prod
    includeChildNamespaces: true
    commitMessage: "from {{{{ flow.id }}}}"
    authorName: Ada
    authorEmail: ada@example.org
  - id: write
    type: io.kestra.plugin.core.storage.Write
    content: hi
  - id: put
    type: io.kestra.plugin.core.namespace.UploadFiles
    namespace: {source}
    filesMap:
      dir/a.txt: "{{{{ outputs.write.uri }}}}"
  - id: files
    type: io.kestra.plugin.git.PushNamespaceFiles
    url: "{{{{ envs.git }}}}/pushed.git"
    username: bot
    password: "{{{{ envs.token }}}}"
    branch: develop
    namespace: {source}
"""
    run = begin(rig, push)
    done = run()
    files = repository.files("develop")
    assert set(files) == {"_flows/a.yml", "_flows/sub/b.yml", "_files/dir/a.txt", "README.md"}, files
    assert files["_flows/sub/b.yml"] == flow_text("b", "two", "prod.sub") and files["_files/dir/a.txt"] == "hi"
    log = repository.log("develop")
    assert log[1].endswith("|Ada|ada@example.org|from push"), log
    assert done.outputs("flows")["commitId"] == log[1].split("|")[0]
    assert done.outputs("flows")["commitURL"] == f"{GIT.url}/pushed/commit/{done.outputs('flows')['commitId']}"
    assert {row["file"]: row["additions"] for row in rows(done, "flows", "flows")}["_flows/gone.yml"] == "+0"
    again = run()
    assert repository.log("develop") == log and "commitId" not in again.outputs("flows")


def case_a_namespace_and_a_repository_are_made_alike(rig):
    repository = Repository(REPOSITORIES, "both")
    sync = """
id: both_SOURCE
namespace: company.team
tasks:
  - id: sync
    type: io.kestra.plugin.git.NamespaceSync
    url: "{{ envs.git }}/both.git"
    username: bot
    password: "{{ envs.token }}"
    branch: main
    namespace: TARGET
    sourceOfTruth: SOURCE
"""
    target = rig.namespace + ".both"
    sync = sync.replace("TARGET", target)
    rig.api.save(flow_text("mine", "one", target))
    rig.run(sync.replace("SOURCE", "KESTRA"))
    path = f"{target}/flows/mine.yaml"
    assert repository.files() == {path: flow_text("mine", "one", target)}
    repository._git("pull", "-q", "origin", "main")
    repository.put({path: None, f"{target}/flows/theirs.yaml": flow_text("theirs", "two", target), f"{target}/files/x.txt": "x"})
    done = rig.run(sync.replace("SOURCE", "GIT"))
    assert {row.get("id"): row["syncState"] for row in rows(done, "sync", "diff")} == {
        "theirs": "ADDED", "mine": "DELETED", None: "ADDED"}
    assert rig.api.ask("GET", f"/flows/{target}/mine").status == 404
    assert rig.api.ask("GET", f"/flows/{target}/theirs").status == 200


# ---- the API itself

def case_tasks_call_the_api_of_their_own_server(rig):
    rig.run("id: seen\nnamespace: company.team\nlabels: {team: data}\ntasks:\n  - {id: log, type: io.kestra.plugin.core.log.Log, message: hi}\n"
            "triggers:\n  - {id: nightly, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 0 1 1 *'}\n")
    auth = f'    auth: {{username: "{USER}", password: "{PASSWORD}"}}\n    kestraUrl: "http://127.0.0.1:{rig.cluster.port}"\n'
    done = rig.run(f"""
id: caller
namespace: company.team
tasks:
  - id: query
    type: io.kestra.plugin.kestra.executions.Query
{auth}    namespace: company.team
    labels: {{team: data}}
    size: 1
  - id: one
    type: io.kestra.plugin.kestra.executions.Query
{auth}    namespace: company.team
    flowId: seen
    fetchType: FETCH_ONE
  - id: count
    type: io.kestra.plugin.kestra.executions.Count
{auth}    namespaces: [company.team]
    states: [SUCCESS]
    expression: "{{{{ count > 0 }}}}"
  - id: flows
    type: io.kestra.plugin.kestra.flows.List
{auth}
  - id: zip
    type: io.kestra.plugin.kestra.flows.Export
{auth}    namespace: company.team
  - id: namespaces
    type: io.kestra.plugin.kestra.namespaces.List
{auth}    prefix: company.team
  - id: logs
    type: io.kestra.plugin.kestra.logs.Fetch
{auth}    executionId: "{{{{ outputs.one.row.id }}}}"
  - id: off
    type: io.kestra.plugin.kestra.triggers.Toggle
{auth}    flowId: seen
    trigger: nightly
    enabled: false
  - id: gone
    type: io.kestra.plugin.kestra.executions.Delete
{auth}    executionId: "{{{{ outputs.one.row.id }}}}"
""")
    [row] = rows(done, "query", "uri")
    assert row["flowId"] == "seen" and done.outputs("query")["size"] == 1
    assert done.outputs("count")["count"] == 1
    assert {flow["id"] for flow in done.outputs("flows")["flows"]} == {"seen", "caller"}
    assert done.file(done.outputs("zip")["flowsZip"])[:2] == b"PK"
    assert done.outputs("namespaces")["namespaces"] == [rig.namespace]
    assert "hi" in [row["message"] for row in rows(done, "logs", "uri")]
    [trigger] = [one for one in rig.api.ok("GET", f"/triggers/{rig.namespace}/seen").json["results"]]
    assert trigger["disabled"] is True, trigger
    assert rig.api.ask("GET", f"/executions/{row['id']}").status == 404
    assert PASSWORD not in done.log()
    unknown = rig.run(f"id: nobody\nnamespace: company.team\ntasks:\n  - id: list\n    type: io.kestra.plugin.kestra.flows.List\n"
                      f"    kestraUrl: http://127.0.0.1:{rig.cluster.port}\n", state="FAILED")
    assert "auth.username" in unknown.log()


# ---- models

ANSWERS = {
    "OpenAI": ("/openai/chat/completions", {"choices": [{"message": {"content": "four"}, "finish_reason": "stop"}],
                                            "usage": {"prompt_tokens": 3, "completion_tokens": 2}}),
    "Anthropic": ("/anthropic/messages", {"content": [{"type": "text", "text": "four"}], "stop_reason": "end_turn",
                                          "usage": {"input_tokens": 3, "output_tokens": 2}}),
    "GoogleGemini": ("/gemini/models/m1:generateContent", {
        "candidates": [{"content": {"parts": [{"text": "four"}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2}}),
    "Ollama": ("/ollama/api/chat", {"message": {"content": "four"}, "done_reason": "stop", "prompt_eval_count": 3,
                                    "eval_count": 2}),
}


def case_every_kind_of_provider_answers_in_the_same_form(rig):
    tasks = ""
    for name, (path, answer) in ANSWERS.items():
        HTTP.answer(path, (200, {}, answer))
        base = path[1:].split("/")[0]
        key = "" if name == "Ollama" else '      apiKey: "{{ envs.token }}"\n'
        tasks += f"""  - id: {name}
    type: io.kestra.plugin.ai.completion.ChatCompletion
    provider:
      type: io.kestra.plugin.ai.provider.{name}
{key}      modelName: m1
      baseUrl: "{{{{ envs.sink }}}}/{base}"
    messages:
      - {{type: SYSTEM, content: be brief}}
      - {{type: USER, content: "two and two?"}}
    configuration: {{temperature: 0.5, maxToken: 100, logRequests: true}}
"""
    done = rig.run(f"id: models\nnamespace: company.team\ntasks:\n{tasks}")
    for name in ANSWERS:
        out = done.outputs(name)
        assert out["textOutput"] == "four" and out["finishReason"] == "STOP", out
        assert out["tokenUsage"] == {"inputTokenCount": 3, "outputTokenCount": 2, "totalTokenCount": 5}
    asked = HTTP.json("/openai/chat/completions")
    assert asked["messages"] == [{"role": "system", "content": "be brief"}, {"role": "user", "content": "two and two?"}]
    assert asked["temperature"] == 0.5 and asked["max_tokens"] == 100
    assert HTTP.json("/anthropic/messages")["system"] == "be brief"
    assert HTTP.json("/gemini/models/m1:generateContent")["systemInstruction"]["parts"] == [{"text": "be brief"}]
    assert HTTP.json("/ollama/api/chat")["options"]["num_predict"] == 100
    assert TOKEN not in done.log() and "two and two?" in done.log()


def case_openai_answers_in_its_own_form_and_an_agent_with_tools_is_refused(rig):
    HTTP.answer("/v1/chat/completions", (200, {}, {"id": "c1", "choices": [{"message": {"content": '{"a":1}'}}], "usage": {"total_tokens": 5}}))
    done = rig.run("""
id: openai
namespace: company.team
tasks:
  - id: ask
    type: io.kestra.plugin.openai.ChatCompletion
    baseUrl: "{{ envs.sink }}/v1"
    apiKey: "{{ envs.token }}"
    model: gpt
    prompt: a?
    jsonResponseSchema: '{"type": "object"}'
  - id: agent
    type: io.kestra.plugin.ai.agent.AIAgent
    provider: {type: io.kestra.plugin.ai.provider.OpenAI, apiKey: k, modelName: m, baseUrl: "{{ envs.sink }}/v1"}
    prompt: a?
    configuration: {responseFormat: {type: JSON}}
""")
    assert done.outputs("ask")["choices"][0]["message"]["content"] == '{"a":1}' and done.outputs("ask")["id"] == "c1"
    assert done.outputs("agent")["jsonOutput"] == {"a": 1}
    assert json.loads(HTTP.posts("/v1/chat/completions")[0]["body"])["response_format"]["json_schema"]["schema"] == {"type": "object"}
    refused = rig.run("""
id: agent
namespace: company.team
tasks:
  - id: agent
    type: io.kestra.plugin.ai.agent.AIAgent
    provider: {type: io.kestra.plugin.ai.provider.OpenAI, apiKey: k, modelName: m}
    prompt: a?
    tools: [{type: io.kestra.plugin.ai.tool.TavilyWebSearch, apiKey: k}]
""", state="FAILED")
    assert "not supported here" in refused.log()
