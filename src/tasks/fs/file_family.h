#pragma once
#include "plugin/task_type.h"
#include "remote/files.h"
#include "tasks/settings.h"

namespace sluice::tasks {

/// The places with files: the same tasks for each.
struct FileFamily {
    enum class Kind { Local, Sftp, Ftp, Ftps } kind;
    const char* prefix;   // "fs.sftp."
    const char* where;    // "an SFTP server", in descriptions
    const char* example;  // lines of a task that name the place, for examples
    const char* folder;   // "/in/"
    bool is_local() const { return kind == Kind::Local; }
};
const std::vector<FileFamily>& file_families();

struct FileProperties {
    // The place
    std::string host;
    std::optional<std::int64_t> port;
    std::string username;
    std::string password;
    std::string keyfile;
    std::string passphrase;
    std::string known_hosts;
    std::string strict_host_key_checking = "yes";
    bool root_dir = true;
    std::string proxy_type;
    std::string proxy_address;
    std::int64_t proxy_port = 0;
    std::string proxy_username;
    std::string proxy_password;
    bool passive_mode = true;
    bool insecure_trust_all_certificates = false;
    std::string ca;
    std::string mode = "EXPLICIT";
    // What to do
    Value from;
    std::string to;
    std::string uri;
    bool overwrite = true;
    bool recursive = false;
    bool error_on_missing = false;
    std::string reg_exp;
    std::int64_t max_files = 25;
    std::string action;
    std::string move_directory;
    std::string interval = "PT60S";
    std::string on = "CREATE_OR_UPDATE";
};

using FileType = plugin::TaskTypeMaker<FileProperties>;
/// "fs.sftp.Upload", with the properties that say where.
FileType file_type(const FileFamily& family, const char* name, FileType::Run run);
/// A flow around one task: `lines` are the task's own, without indentation.
std::string file_example(const FileFamily& family, const char* name, const std::string& lines);

/// Errors  those of the connection; Invalid: a property; Forbidden: local files are not open to flows
Result<std::shared_ptr<remote::Files>> open_files(const FileFamily& family, const FileProperties& want,
                                                  const Settings& settings, plugin::TaskContext& context);

/// A path of a flow ("/in/a.csv", "sftp://host/in/a.csv") as the server wants it, and back.
std::string server_path(const FileFamily& family, const FileProperties& want, const std::string& text);
std::string shown_path(const FileFamily& family, const FileProperties& want, const std::string& path);

/// Entry as outputs show it; `stored`: its address when it was downloaded, else "".
Value entry_output(const FileFamily& family, const FileProperties& want, const remote::Entry& entry,
                   const std::string& stored);

/// The files of property `from` that match regExp, at most maxFiles; more are warned of.
Result<std::vector<remote::Entry>> matching_files(remote::Files& files, const FileFamily& family,
                                                  const FileProperties& want, plugin::TaskContext& context, bool limit);

/// Where a file stands below `from`: its name in the internal storage and in a folder of taken files.
std::string path_below_from(const FileFamily& family, const FileProperties& want, const remote::Entry& entry);

struct Stored {
    std::string address{};
    std::string checksum{};  // SHA-256, hexadecimal
    std::uint64_t size_bytes = 0;
};
/// Copies a file into the internal storage, under this name.
Result<Stored> download_file(remote::Files& files, const std::string& path, const std::string& name,
                             plugin::TaskContext& context);

/// MOVE, DELETE or NONE with a file that was taken.
enum class FileAction { None, Move, Delete };
Result<FileAction> file_action(const FileProperties& want);
/// Moves or deletes a file that was taken. false: it is not there any more, or another file has its name by now, which
/// nobody has taken: that stays.
Result<bool> act_on(remote::Files& files, FileAction action, const FileFamily& family, const FileProperties& want,
                    const remote::Entry& taken);
/// Tells a file from a later one of its name.
std::string version_of(const remote::Entry& entry);

// Properties that several of the tasks have
void declare_listing(FileType& type);
void declare_action(FileType& type);

}  // namespace sluice::tasks
