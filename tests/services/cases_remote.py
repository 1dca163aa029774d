"""SFTP, SSH, FTP and S3: sshd, pyftpdlib, vsftpd and s3rver, started here. Who logs in by SSH is the user that runs the
tests, with a key; pyftpdlib has a user of its own, vsftpd lets everybody in, but only with TLS."""
import os
import pathlib
import pwd
import socket
import subprocess

from api import Api, multipart
from cluster import Cluster, Process, free_port, wait_for
from rig import Rig

HERE = pathlib.Path(__file__).resolve().parent
ME = pwd.getpwuid(os.getuid()).pw_name


class Sshd:
    """OpenSSH with a configuration, keys and a port of its own."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.home = folder / "home"  # what shells read at their start is not that of who runs the tests
        self.home.mkdir()
        for name, kind in (("host", "ed25519"), ("user", "rsa"), ("locked", "ed25519"), ("stranger", "ed25519")):
            subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "open sesame" if name == "locked" else "", "-f",
                            str(folder / name)], check=True)
        (folder / "authorized").write_text((folder / "user.pub").read_text() + (folder / "locked.pub").read_text())
        (folder / "sshd_config").write_text(f"""Port {self.port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
Subsystem sftp internal-sftp
SetEnv HOME={self.home}
""")
        if os.getuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)  # its empty folder, which the package's unit would make
        self.process = Process(["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd_config")], folder / "log",
                               dict(os.environ))
        wait_for("sshd listens", lambda: "Server listening" in (folder / "log").read_text(), 10)

    @property
    def host_key(self):
        kind, key = (self.folder / "host.pub").read_text().split()[:2]
        return f"[127.0.0.1]:{self.port} {kind} {key}"

    def key(self, name):
        return (self.folder / name).read_text()


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


class Pyftpdlib:
    """It answers MLSD."""

    def __init__(self, folder):
        self.port, self.home = free_port(), folder / "ftp"
        self.home.mkdir()
        self.process = Process(["/usr/bin/python3", "-B", str(HERE / "ftp_server.py"), str(self.port), str(self.home)],
                               folder / "ftp.log", dict(os.environ))
        wait_for("pyftpdlib listens", lambda: listens(self.port), 10)


class Vsftpd:
    """It knows no MLSD, and wants data connections to go on with the TLS session of the control connection."""

    def __init__(self, folder):
        self.port, self.home = free_port(), folder / "ftps"
        self.home.mkdir()
        (folder / "vsftpd.conf").write_text(f"""listen=YES
listen_address=127.0.0.1
listen_port={self.port}
background=NO
run_as_launching_user=YES
seccomp_sandbox=NO
isolate_network=NO
local_enable=NO
anonymous_enable=YES
anon_root={self.home}
anon_umask=022
anon_world_readable_only=NO
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
write_enable=YES
allow_writeable_chroot=YES
secure_chroot_dir={folder}
ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
ssl_ciphers=HIGH
rsa_cert_file={folder}/certificate.pem
""")
        self.process = Process(["/usr/sbin/vsftpd", str(folder / "vsftpd.conf")], folder / "vsftpd.log", dict(os.environ))
        wait_for("vsftpd listens", lambda: listens(self.port), 10)


class ObjectStore:
    def __init__(self, folder):
        if not (HERE / "node_modules/.package-lock.json").exists():
            subprocess.run(["npm", "--prefix", str(HERE), "ci", "--no-audit", "--no-fund", "--loglevel=error"], check=True)
        self.folder = folder / "objects"
        self.folder.mkdir()
        # Its tokens for further pages are made with DES.
        self.process = Process(["node", "--openssl-legacy-provider", str(HERE / "object_store.mjs"), str(self.folder)],
                               folder / "objects.log", dict(os.environ))
        self.port = int(wait_for("the object store listens", lambda: (folder / "objects.log").read_text().strip(), 20).splitlines()[-1])


SSH = FTP = FTPS = STORE = None


def services(stack, folder):
    global SSH, FTP, FTPS, STORE
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key.pem"),
                    "-out", str(folder / "ca.pem")], check=True, capture_output=True)
    (folder / "certificate.pem").write_text((folder / "ca.pem").read_text() + (folder / "key.pem").read_text())
    SSH, FTP, FTPS, STORE = Sshd(folder), Pyftpdlib(folder), Vsftpd(folder), ObjectStore(folder)
    for one in (SSH, FTP, FTPS, STORE):
        stack.callback(one.process.end)
    (folder / "local").mkdir()
    return {"ENV_SSH_PORT": str(SSH.port), "ENV_FTP_PORT": str(FTP.port), "ENV_FTPS_PORT": str(FTPS.port), "ENV_ME": ME,
            "ENV_KEY": SSH.key("user"), "ENV_HOST_KEY": SSH.host_key, "ENV_CA": (folder / "ca.pem").read_text(),
            "ENV_STORE": f"http://127.0.0.1:{STORE.port}", "ENV_LOCAL": str(folder / "local"), "ENV_HOME_FOLDER": str(SSH.home),
            "SLUICE_TASKS_LOCAL_FILES_ALLOWED_PATHS": str(folder / "local"),
            "AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{STORE.port}"}


def task(kind, indent=4):
    """The lines of a task that say where: `kind` is sftp, ftp, ftps or local."""
    lines = {
        "sftp": ["host: 127.0.0.1", 'port: "{{ envs.ssh_port }}"', 'username: "{{ envs.me }}"', 'keyfile: "{{ envs.key }}"',
                 'knownHosts: "{{ envs.host_key }}"', "rootDir: false"],
        "ftp": ["host: 127.0.0.1", 'port: "{{ envs.ftp_port }}"', "username: ada", "password: lovelace"],
        "ftps": ["host: 127.0.0.1", 'port: "{{ envs.ftps_port }}"', "username: anonymous", "password: guest", 'ca: "{{ envs.ca }}"'],
        "local": [],
    }[kind]
    return "".join(" " * indent + line + "\n" for line in lines).rstrip("\n")


def root(kind):
    """Where a kind's files are: for the flow, and here."""
    return {"sftp": (str(SSH.home), SSH.home), "ftp": ("", FTP.home), "ftps": ("", FTPS.home)}[kind]


def journey(rig, kind):
    """All tasks of a kind, one after the other."""
    base, here = root(kind)
    ran = rig.run(f"""
id: journey
namespace: company.team
tasks:
  - id: big
    type: io.kestra.plugin.scripts.shell.Commands
    outputFiles: ["*"]
    commands:
      - seq 1 200000 > big.txt
      - printf 'a,b\\n' > "naïve name.csv"
  - id: up
    type: io.kestra.plugin.fs.{kind}.Upload
{task(kind)}
    from: "{{{{ outputs.big.outputFiles['big.txt'] }}}}"
    to: {base}/in/deep/big.txt
  - id: ups
    type: io.kestra.plugin.fs.{kind}.Uploads
{task(kind)}
    from: "{{{{ outputs.big.outputFiles }}}}"
    to: {base}/in/
  - id: list
    type: io.kestra.plugin.fs.{kind}.List
{task(kind)}
    from: {base}/in/
    recursive: true
  - id: down
    type: io.kestra.plugin.fs.{kind}.Download
{task(kind)}
    from: {base}/in/deep/big.txt
  - id: moved
    type: io.kestra.plugin.fs.{kind}.Move
{task(kind)}
    from: {base}/in/big.txt
    to: {base}/out/renamed.txt
  - id: downs
    type: io.kestra.plugin.fs.{kind}.Downloads
{task(kind)}
    from: {base}/in/
    regExp: .*\\.csv
    action: MOVE
    moveDirectory: {base}/archive/
  - id: deleted
    type: io.kestra.plugin.fs.{kind}.Delete
{task(kind)}
    uri: {base}/in
    recursive: true
  - id: missing
    type: io.kestra.plugin.fs.{kind}.Delete
{task(kind)}
    uri: {base}/in
""")
    big = "".join(f"{n}\n" for n in range(1, 200001)).encode()
    assert ran.outputs("up")["to"] == f"{base}/in/deep/big.txt", ran.outputs("up")
    listed = [one["name"] for one in ran.outputs("list")["files"]]
    assert sorted(listed) == ["big.txt", "big.txt", "naïve name.csv"], listed
    assert ran.outputs("list")["count"] == 3
    assert ran.file(ran.outputs("down")["uri"]) == big
    assert (here / "out/renamed.txt").read_bytes() == big
    assert ran.file(ran.outputs("downs")["outputFiles"]["naïve name.csv"]) == b"a,b\n"
    assert (here / "archive/naïve name.csv").read_text() == "a,b\n"
    assert not (here / "in").exists()
    assert ran.outputs("deleted")["deleted"] and not ran.outputs("missing")["deleted"]


def case_sftp_tasks_go_there_and_back(rig):
    journey(rig, "sftp")


def case_ftp_tasks_go_there_and_back(rig):
    journey(rig, "ftp")


def case_ftps_tasks_go_there_and_back(rig):
    journey(rig, "ftps")


def watcher(kind, name, base):
    return f"""
id: {name}
namespace: company.team
tasks:
  - id: show
    type: io.kestra.plugin.core.debug.Return
    format: "{{{{ trigger.files | jq('.[].name') | json }}}} {{{{ read(trigger.files[0].path) }}}}"
triggers:
  - id: watch
    type: io.kestra.plugin.fs.{kind}.Trigger
{task(kind)}
    from: {base}/watched/
    interval: PT0.2S
    action: MOVE
    moveDirectory: {base}/taken/
"""


def arrives_once(rig, kind, base, here):
    (here / "watched").mkdir(parents=True)
    flow = rig.save(watcher(kind, f"on_{kind}", base))
    for number in (1, 2):
        # Written beside it and renamed into it: it arrives as a whole.
        (here / "new").write_text(f"content {number}")
        os.rename(here / "new", here / f"watched/file {number}")
        ran = rig.triggered(flow, number)[-1]
        assert ran.outputs("show")["value"] == f'["file {number}"] content {number}', ran.outputs("show")
        wait_for("it was moved", lambda: (here / f"taken/file {number}").exists(), 60)
    assert len(rig.executions(flow)) == 2
    rig.api.ok("DELETE", f"/flows/{rig.namespace}/{flow}")


def case_sftp_trigger_takes_each_file_once(rig):
    base, here = root("sftp")
    arrives_once(rig, "sftp", base, here)


def case_ftp_trigger_takes_each_file_once(rig):
    base, here = root("ftp")
    arrives_once(rig, "ftp", base, here)


def case_local_trigger_takes_each_file_once(rig):
    here = rig.folder / "local"
    arrives_once(rig, "local", str(here), here)


def failure(rig, flow):
    return rig.run(flow, state="FAILED").log("ERROR")


def case_an_ssh_host_key_that_is_not_known_is_refused_with_the_line_to_add(rig):
    told = failure(rig, f"""
id: unknown_host
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.fs.sftp.List
    host: 127.0.0.1
    port: {SSH.port}
    username: {ME}
    keyfile: "{{{{ envs.key }}}}"
    from: /
""")
    assert SSH.host_key in told and "SHA256:" in told and "knownHosts" in told, told
    other = (SSH.folder / "stranger.pub").read_text().split()
    told = failure(rig, f"""
id: changed_host
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.fs.sftp.List
    host: 127.0.0.1
    port: {SSH.port}
    username: {ME}
    keyfile: "{{{{ envs.key }}}}"
    knownHosts: "[127.0.0.1]:{SSH.port} {other[0]} {other[1]}"
    from: /
""")
    assert "another host key" in told, told


def case_ssh_says_who_is_not_let_in_and_which_key_can_not_be_read(rig):
    def with_key(name, **more):
        lines = "".join(f"    {key}: {value}\n" for key, value in more.items())
        key = "\n".join("      " + line for line in SSH.key(name).splitlines())
        return f"""
id: key_{name}
namespace: company.team
tasks:
  - id: command
    type: io.kestra.plugin.fs.ssh.Command
    host: 127.0.0.1
    port: {SSH.port}
    username: {ME}
    authMethod: PUBLIC_KEY
    strictHostKeyChecking: "no"
    privateKey: |
{key}
{lines}    commands: ["true"]
"""
    assert "does not let" in failure(rig, with_key("stranger"))
    assert "passphrase" in failure(rig, with_key("locked"))
    rig.run(with_key("locked", privateKeyPassphrase="open sesame"))


SSH_COMMAND = """
    type: io.kestra.plugin.fs.ssh.Command
    host: 127.0.0.1
    port: "{{ envs.ssh_port }}"
    username: "{{ envs.me }}"
    authMethod: PUBLIC_KEY
    privateKey: "{{ envs.key }}"
    knownHosts: "{{ envs.host_key }}"
"""


def case_ssh_commands_give_outputs_lines_and_exit_code(rig):
    ran = rig.run(f"""
id: ssh
namespace: company.team
tasks:
  - id: command{SSH_COMMAND}
    env:
      NAME: "it's"
    commands:
      - echo "hello $NAME"
      - echo '::{{"outputs":{{"answer":42}}}}::'
      - echo trouble >&2
""", state="WARNING")
    out = ran.outputs("command")
    assert out["vars"] == {"answer": 42} and out["exitCode"] == 0, out
    assert (out["stdOutLineCount"], out["stdErrLineCount"]) == (2, 1), out
    assert "hello it's" in ran.log() and "trouble" in ran.log("ERROR")
    failed = rig.run(f"""
id: ssh_fails
namespace: company.team
tasks:
  - id: command{SSH_COMMAND}
    commands: ["echo before", "exit 3"]
""", state="FAILED")
    assert failed.outputs("command")["exitCode"] == 3 and "exit code 3" in failed.log("ERROR")


def case_a_killed_ssh_command_ends_over_there(rig):
    mark = SSH.home / "running"
    id = rig.start(f"""
id: ssh_kill
namespace: company.team
tasks:
  - id: command{SSH_COMMAND}
    # As root, sshd passes no signals on; then what the command writes finds nobody.
    commands: ["trap 'rm -f {mark}; exit' TERM PIPE", "echo $$ > {mark}", "while :; do echo alive; sleep 0.1; done"]
""")
    wait_for("the command runs", mark.exists, 20)
    rig.api.ok("DELETE", f"/executions/{id}/kill")
    rig.ended(id, "KILLED")
    wait_for("the command has ended over there", lambda: not mark.exists(), 20)


def case_s3_tasks_are_signed_whatever_the_key(rig):
    ran = rig.run("""
id: s3
namespace: company.team
tasks:
  - id: make
    type: io.kestra.plugin.scripts.shell.Commands
    outputFiles: ["*"]
    commands:
      - seq 1 3000000 > big.txt
      - echo small > small.txt
  - id: bucket
    type: io.kestra.plugin.minio.CreateBucket
    endpoint: "{{ envs.store }}"
    accessKeyId: S3RVER
    secretKeyId: S3RVER
    bucket: made-here
  - id: up
    type: io.kestra.plugin.aws.s3.Upload
    bucket: made-here
    from: "{{ outputs.make.outputFiles['big.txt'] }}"
    key: "in/a b+c=d é名(1)~!.txt"
    contentType: text/plain
    metadata: {flow: s3}
  - id: ups
    type: io.kestra.plugin.aws.s3.Upload
    bucket: made-here
    from: "{{ outputs.make.outputFiles }}"
    key: more/
  - id: list
    type: io.kestra.plugin.aws.s3.List
    bucket: made-here
  - id: folders
    type: io.kestra.plugin.aws.s3.List
    bucket: made-here
    delimiter: /
    filter: DIRECTORY
  - id: down
    type: io.kestra.plugin.aws.s3.Download
    bucket: made-here
    key: "in/a b+c=d é名(1)~!.txt"
  - id: size
    type: io.kestra.plugin.core.storage.Size
    uri: "{{ outputs.down.uri }}"
  - id: copy
    type: io.kestra.plugin.aws.s3.Copy
    # The server reads an address in a header less exactly than one in a path.
    from: {bucket: made-here, key: more/big.txt}
    to: {bucket: second, key: copy of it}
  - id: downs
    type: io.kestra.plugin.minio.Downloads
    endpoint: "{{ envs.store }}"
    accessKeyId: S3RVER
    secretKeyId: S3RVER
    bucket: made-here
    prefix: more/
    regexp: .*small.*
    action: MOVE
    moveTo: {bucket: second, key: archive}
  - id: delete
    type: io.kestra.plugin.aws.s3.Delete
    bucket: made-here
    key: "in/a b+c=d é名(1)~!.txt"
  - id: rest
    type: io.kestra.plugin.aws.s3.DeleteList
    bucket: made-here
  - id: second
    type: io.kestra.plugin.aws.s3.List
    bucket: second
""")
    key = "in/a b+c=d é名(1)~!.txt"
    assert ran.outputs("up")["key"] == key and ran.outputs("up")["eTag"]
    listed = [one["key"] for one in ran.outputs("list")["objects"]]
    assert listed == [key, "more/big.txt", "more/small.txt"], listed
    assert [one["key"] for one in ran.outputs("folders")["objects"]] == ["in/", "more/"]
    assert ran.outputs("down")["metadata"] == {"flow": "s3"} and ran.outputs("down")["contentType"] == "text/plain"
    size = sum(len(str(n)) + 1 for n in range(1, 3000001))
    assert ran.outputs("size")["size"] == size == ran.outputs("down")["contentLength"]
    assert ran.file(ran.outputs("downs")["outputFiles"]["more/small.txt"]) == b"small\n"
    assert ran.outputs("rest")["count"] == 1
    assert [one["key"] for one in ran.outputs("second")["objects"]] == ["archive/small.txt", "copy of it"]


def case_s3_refusals_say_what_to_do(rig):
    told = failure(rig, """
id: wrong_secret
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.aws.s3.List
    accessKeyId: S3RVER
    secretKeyId: wrong
    bucket: first
""")
    assert "SignatureDoesNotMatch" in told and "secret key" in told, told
    told = failure(rig, """
id: no_bucket
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.aws.s3.List
    bucket: nowhere
""")
    assert "NoSuchBucket" in told and "nowhere" in told, told


def case_an_s3_trigger_takes_each_object_once(rig):
    flow = rig.save("""
id: on_object
namespace: company.team
tasks:
  - id: show
    type: io.kestra.plugin.core.debug.Return
    format: "{{ trigger.objects[0].key }} {{ read(trigger.objects[0].uri) }}"
triggers:
  - id: watch
    type: io.kestra.plugin.aws.s3.Trigger
    bucket: first
    prefix: in/
    interval: PT0.2S
""")
    for number in (1, 2):
        rig.run(f"""
id: put
namespace: company.team
tasks:
  - id: content
    type: io.kestra.plugin.core.storage.Write
    content: content {number}
  - id: up
    type: io.kestra.plugin.aws.s3.Upload
    bucket: first
    from: "{{{{ outputs.content.uri }}}}"
    key: in/{number}
""")
        assert rig.triggered(flow, number)[-1].outputs("show")["value"] == f"in/{number} content {number}"
    assert len(rig.executions(flow)) == 2
    rig.api.ok("DELETE", f"/flows/{rig.namespace}/{flow}")


def without_common_disk(rig, **storage):
    """A web server and a worker on folders of their own: what a task stores and what a client uploads must meet."""
    with Cluster(rig.cluster.binary, durable=False) as cluster:
        cluster.environment |= storage | {"SLUICE_STORAGE_PATH": "/nowhere/at/all"}
        web = cluster.web()
        worker = cluster.start("worker")
        cluster.start("executor")
        api = Api(cluster)
        there = Rig(cluster, api, "services.storage", rig.folder)
        flow = there.save("""
id: files
namespace: company.team
inputs:
  - id: upload
    type: FILE
tasks:
  - id: script
    type: io.kestra.plugin.scripts.shell.Commands
    outputFiles: ["*.txt"]
    commands:
      - seq 1 300000 > large.txt
      - cat {{ inputs.upload }} > copy.txt
  - id: read
    type: io.kestra.plugin.core.debug.Return
    format: "{{ read(outputs.script.outputFiles['copy.txt']) }}"
  - id: purge
    type: io.kestra.plugin.core.storage.Delete
    uri: "{{ outputs.script.outputFiles['copy.txt'] }}"
""")
        body, headers = multipart({}, [("upload", "up.txt", b"from a client")])
        id = api.ok("POST", f"/executions/{there.namespace}/{flow}", body, headers=headers).json["id"]
        ran = there.ended(id)
        large = "".join(f"{n}\n" for n in range(1, 300001)).encode()
        assert ran.file(ran.outputs("script")["outputFiles"]["large.txt"]) == large
        assert ran.outputs("read")["value"] == "from a client"
        missing = api.get(f"/executions/{id}/file?path={ran.outputs('script')['outputFiles']['copy.txt']}")
        assert missing.status in (404, 422), missing.status
        for one in (web, worker):
            assert one.child.poll() is None
        return cluster.sql("select count(*) from sluice.stored_files where not is_folder")


def case_servers_without_a_common_disk_share_files_in_the_database(rig):
    assert without_common_disk(rig, SLUICE_STORAGE_TYPE="postgres") == "2"  # large.txt, and the upload


def case_servers_without_a_common_disk_share_files_in_a_bucket(rig):
    count = without_common_disk(rig, SLUICE_STORAGE_TYPE="s3", SLUICE_STORAGE_S3_BUCKET="storage", SLUICE_STORAGE_S3_PREFIX="a/b",
                                SLUICE_STORAGE_S3_ENDPOINT=f"http://127.0.0.1:{STORE.port}", SLUICE_STORAGE_S3_PATH_STYLE="true",
                                SLUICE_STORAGE_S3_ACCESS_KEY="S3RVER", SLUICE_STORAGE_S3_SECRET_KEY="S3RVER")
    assert count == "0"
    assert any((STORE.folder / "storage/a/b/main/services/storage/files").rglob("*large*"))
