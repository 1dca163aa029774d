#include "server/local_database.h"

#include <fcntl.h>
#include <fstream>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/waker.h"

extern char** environ;

namespace sluice::server {
namespace {

namespace fs = std::filesystem;
const Logger kDatabaseLog("local-database");
constexpr std::size_t kLongestSocketFolder = 90;  // a unix socket's whole path must be shorter than 108 bytes

fs::path data_folder(const fs::path& folder) {
    return folder / "postgres";
}
fs::path log_file(const fs::path& folder) {
    return folder / "postgres.log";
}

/// Beside the data, or in /tmp when that path is too long for a socket.
fs::path socket_folder(const fs::path& folder) {
    const fs::path absolute = fs::absolute(folder).lexically_normal();
    const fs::path beside = absolute / "socket";
    if (beside.string().size() <= kLongestSocketFolder) return beside;
    return fs::path("/tmp") / fmt::format("sluice-{:016x}", std::hash<std::string>{}(absolute.string()));
}

pid_t spawn(const std::vector<std::string>& command, int output) {
    std::vector<char*> argv;
    for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // Ctrl-C in a terminal goes to us alone; we stop the database when everything else has stopped.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    pid_t pid = -1;
    const int failed = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? pid : -1;
}

int version_of(const fs::path& folder) {
    return std::atoi(folder.filename().c_str());
}

std::string read_all(int fd) {
    std::string out;
    char buffer[4096];
    while (true) {
        const ssize_t got = read(fd, buffer, sizeof buffer);
        if (got <= 0) return out;
        out.append(buffer, static_cast<std::size_t>(got));
    }
}

}  // namespace

Result<std::unique_ptr<LocalDatabase>> LocalDatabase::start(const LocalDatabaseConfig& config) {
    std::unique_ptr<LocalDatabase> database(new LocalDatabase());
    database->config_ = config;
    std::error_code failed;
    fs::create_directories(config.folder, failed);
    if (failed) return invalid("the data folder {} can't be made: {}", config.folder.string(), failed.message());
    database->config_.folder = fs::canonical(config.folder);
    for (auto step : {&LocalDatabase::lock, &LocalDatabase::find_programs, &LocalDatabase::find_user,
                      &LocalDatabase::make, &LocalDatabase::launch}) {
        if (auto done = ((*database).*step)(); !done) return tl::unexpected(done.error());
    }
    return database;
}

LocalDatabase::~LocalDatabase() {
    if (pid_ > 0) {
        kill(pid_, SIGINT);  // fast shutdown: sessions end, everything is written
        int status = 0;
        waitpid(pid_, &status, 0);
    }
    if (lock_ >= 0) close(lock_);
}

std::string LocalDatabase::url_in(const fs::path& folder) {
    const fs::path absolute = fs::exists(folder) ? fs::canonical(folder) : fs::absolute(folder);
    return "host='" + socket_folder(absolute).string() + "' port=5432 user=sluice dbname=sluice";
}

std::string LocalDatabase::url(const std::string& database) const {
    return "host='" + socket_folder(config_.folder).string() + "' port=5432 user=sluice dbname=" + database;
}

Result<void> LocalDatabase::lock() {
    const fs::path file = config_.folder / "sluice.lock";
    lock_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock_ < 0) return invalid("{} can't be opened: {}", file.string(), strerror(errno));
    if (flock(lock_, LOCK_EX | LOCK_NB) == 0) {
        const std::string pid = std::to_string(getpid()) + "\n";
        if (ftruncate(lock_, 0) != 0 || pwrite(lock_, pid.data(), pid.size(), 0) < 0) {
            return invalid("{} can't be written: {}", file.string(), strerror(errno));
        }
        return {};
    }
    char pid[32] = {};
    [[maybe_unused]] const auto got = pread(lock_, pid, sizeof pid - 1, 0);
    return conflict("the data folder {} is in use by process {}; stop it first, or choose another folder with --data",
                    config_.folder.string(), std::atoi(pid));
}

Result<void> LocalDatabase::find_programs() {
    if (const char* given = getenv("SLUICE_PG_BIN")) {
        programs_ = given;
    } else {
        std::error_code none;
        int best = 0;
        for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
            if (!fs::exists(entry.path() / "bin" / "postgres") || version_of(entry.path()) <= best) continue;
            best = version_of(entry.path());
            programs_ = entry.path() / "bin";
        }
        // An existing folder keeps the version that made it.
        std::ifstream made(data_folder(config_.folder) / "PG_VERSION");
        std::string version;
        if (made >> version) programs_ = fs::path("/usr/lib/postgresql") / version / "bin";
    }
    if (!programs_.empty() && fs::exists(programs_ / "postgres")) return {};
    return not_found(
        "PostgreSQL is not installed{}; install it (Debian: apt-get install postgresql), or set SLUICE_PG_BIN",
        programs_.empty() ? "" : " in " + programs_.string());
}

/// PostgreSQL refuses to run as root.
Result<void> LocalDatabase::find_user() {
    if (geteuid() != 0) return {};
    const passwd* found = getpwnam("postgres");
    if (found == nullptr) found = getpwnam("nobody");
    if (found == nullptr) return not_found("there is no user postgres or nobody to run the database as");
    user_ = found->pw_name;
    fs::create_directories(socket_folder(config_.folder));
    fs::create_directories(data_folder(config_.folder));
    for (const fs::path& mine : {data_folder(config_.folder), socket_folder(config_.folder)}) {
        if (chown(mine.c_str(), found->pw_uid, found->pw_gid) != 0) {
            return invalid("{} can't be given to the user {}: {}", mine.string(), user_, strerror(errno));
        }
    }
    if (run(as_user({"test", "-w", data_folder(config_.folder).string()}))) return {};
    return invalid(
        "the user {}, as whom the database runs, can't reach {}; choose another folder with --data (for example "
        "/var/lib/sluice)",
        user_, config_.folder.string());
}

std::vector<std::string> LocalDatabase::as_user(std::vector<std::string> command) const {
    // The child ends when we do, however that happens.
    std::vector<std::string> out{"setpriv", "--pdeathsig", "INT"};
    if (!user_.empty())
        out.insert(out.end(), {"--reuid", user_, "--regid", user_ == "nobody" ? "nogroup" : user_, "--init-groups"});
    out.emplace_back("--");
    out.insert(out.end(), command.begin(), command.end());
    return out;
}

/// Its output; an error when it fails.
Result<std::string> LocalDatabase::run(const std::vector<std::string>& command) const {
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) return refuse(ErrorCode::Unavailable, "no pipe: {}", strerror(errno));
    const pid_t pid = spawn(command, pipe_ends[1]);
    close(pipe_ends[1]);
    const std::string output = read_all(pipe_ends[0]);
    close(pipe_ends[0]);
    int status = -1;
    if (pid > 0) waitpid(pid, &status, 0);
    if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
    return refuse(ErrorCode::Unavailable, "{} failed: {}", command.back(), output);
}

Result<void> LocalDatabase::make() {
    fs::create_directories(socket_folder(config_.folder));
    const fs::path data = data_folder(config_.folder);
    if (fs::exists(data / "sluice.conf")) return {};
    is_new_ = true;
    kDatabaseLog.info("database.making", {{"folder", data.string()}});
    // A folder that was left half made is made again: sluice.conf is written last.
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(data, failed)) fs::remove_all(entry.path(), failed);
    fs::create_directories(data, failed);
    auto made = run(as_user({(programs_ / "initdb").string(), "-N", "-A", "trust", "-U", "sluice", "-E", "UTF8",
                             "--locale=C", "-D", data.string()}));
    if (!made) return tl::unexpected(made.error());
    if (config_.durable) sync();
    std::ofstream settings(data / "sluice.conf");
    settings << "# Written by sluice when it made this database; loaded by postgresql.conf.\n"
             << "listen_addresses = ''\nmax_connections = 60\nshared_buffers = 128MB\nmax_wal_size = 4GB\n"
             << "checkpoint_timeout = 15min\nwal_compression = on\nlog_min_duration_statement = 1000\n"
             << "autovacuum_naptime = 10s\njit = off\n";
    std::ofstream(data / "postgresql.conf", std::ios::app) << "\ninclude 'sluice.conf'\n";
    settings.close();
    if (!settings) return invalid("{} can't be written", (data / "sluice.conf").string());
    return {};
}

/// A server that outlived a killed predecessor for a moment is stopped, and waited for.
void LocalDatabase::stop_leftover() const {
    std::ifstream in(data_folder(config_.folder) / "postmaster.pid");
    pid_t pid = 0;
    if (!(in >> pid) || pid <= 1 || kill(pid, 0) != 0) return;
    std::ifstream name("/proc/" + std::to_string(pid) + "/comm");
    std::string word;
    if (!(name >> word) || word != "postgres") return;
    kDatabaseLog.warn("database.leftover", {{"pid", pid}});
    kill(pid, SIGINT);
    Waker pause;
    for (int i = 0; i < 1500 && kill(pid, 0) == 0; ++i) pause.wait({}, 20ms);
}

std::string LocalDatabase::log_tail() const {
    std::ifstream in(log_file(config_.folder));
    std::string line;
    std::vector<std::string> lines;
    while (std::getline(in, line)) lines.push_back(line);
    std::string out;
    for (std::size_t i = lines.size() > 8 ? lines.size() - 8 : 0; i < lines.size(); ++i) out += "\n  " + lines[i];
    return out;
}

Result<void> LocalDatabase::launch() {
    stop_leftover();
    const fs::path data = data_folder(config_.folder);
    std::vector<std::string> command{(programs_ / "postgres").string(), "-D", data.string(), "-k",
                                     socket_folder(config_.folder).string()};
    std::vector<std::string> settings = config_.settings;
    if (!config_.durable)
        settings.insert(settings.end(), {"fsync=off", "synchronous_commit=off", "full_page_writes=off"});
    for (const std::string& one : settings) {
        command.emplace_back("-c");
        command.push_back(one);
    }
    const int log = open(log_file(config_.folder).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    pid_ = spawn(as_user(command), log);
    close(log);
    if (pid_ <= 0) return refuse(ErrorCode::Unavailable, "PostgreSQL could not be started: {}", strerror(errno));
    Waker pause;
    const std::string address = url("postgres");
    for (int i = 0; i < 6000; ++i) {
        if (PQping(address.c_str()) == PQPING_OK) break;
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            return refuse(ErrorCode::Unavailable, "PostgreSQL ended while it started:{}", log_tail());
        }
        pause.wait({}, 10ms);
    }
    PGconn* connection = PQconnectdb(address.c_str());
    if (PQstatus(connection) != CONNECTION_OK) {
        const std::string reason = PQerrorMessage(connection);
        PQfinish(connection);
        return refuse(ErrorCode::Unavailable, "PostgreSQL does not answer: {}{}", reason, log_tail());
    }
    PGresult* there = PQexec(connection, "select 1 from pg_database where datname = 'sluice'");
    const bool exists = PQntuples(there) == 1;
    PQclear(there);
    if (!exists) PQclear(PQexec(connection, "create database sluice"));
    PQfinish(connection);
    return {};
}

}  // namespace sluice::server
