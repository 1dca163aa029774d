#include "tasks/fs/file_family.h"

#include <openssl/evp.h>

#include "base/utf8.h"
#include "remote/ftp_files.h"
#include "remote/sftp_files.h"
#include "storage/glob.h"
#include "storage/storage.h"
#include "tasks/fs/local_files.h"

namespace sluice::tasks {
namespace file_family {

constexpr const char* kSftpLines =
    "host: sftp.example.com\nusername: sluice\npassword: \"{{ secret('SFTP_PASSWORD') }}\"\n"
    "knownHosts: \"{{ secret('SFTP_HOST_KEY') }}\"\n";
constexpr const char* kFtpLines =
    "host: ftp.example.com\nusername: sluice\npassword: \"{{ secret('FTP_PASSWORD') }}\"\n";

int usual_port(const FileFamily& family, const FileProperties& want) {
    if (family.kind == FileFamily::Kind::Sftp) return 22;
    return family.kind == FileFamily::Kind::Ftps && want.mode == "IMPLICIT" ? 990 : 21;
}

Result<remote::Address> address_of(const FileFamily& family, const FileProperties& want) {
    const std::int64_t port = want.port.value_or(usual_port(family, want));
    if (want.host.empty()) return invalid("property 'host': a host is needed");
    if (port < 1 || port > 65535) return invalid("property 'port': {} is no port", port);
    return remote::Address{want.host, static_cast<int>(port)};
}

Result<std::optional<net::Proxy>> proxy_of(const FileProperties& want) {
    if (want.proxy_type.empty() || want.proxy_type == "DIRECT") return std::nullopt;
    if (want.proxy_type != "HTTP" && want.proxy_type != "SOCKS") {
        return invalid("property 'proxyType': '{}' is not one of DIRECT, HTTP, SOCKS", want.proxy_type);
    }
    return net::Proxy{want.proxy_type == "HTTP" ? net::Proxy::Kind::Http : net::Proxy::Kind::Socks, want.proxy_address,
                      static_cast<std::uint16_t>(want.proxy_port), want.proxy_username, want.proxy_password};
}

Result<std::shared_ptr<remote::Files>> open_sftp(const FileProperties& want, remote::Address address,
                                                 const Settings& settings, plugin::TaskContext& context) {
    remote::SshTarget target;
    target.address = std::move(address);
    target.user = want.username;
    target.password = want.password;
    target.private_key = want.keyfile;
    target.passphrase = want.passphrase;
    target.check_host_key = want.strict_host_key_checking != "no" && want.strict_host_key_checking != "false";
    target.known_hosts = want.known_hosts;
    target.known_hosts_file = settings.known_hosts_file;
    auto files = remote::SftpFiles::open(target, context.stop_token());
    if (!files) return tl::unexpected(files.error());
    return std::shared_ptr<remote::Files>(std::move(*files));
}

Result<std::shared_ptr<remote::Files>> open_ftp(const FileFamily& family, const FileProperties& want,
                                                remote::Address address, plugin::TaskContext& context) {
    remote::FtpTarget target;
    target.address = std::move(address);
    target.user = want.username;
    target.password = want.password;
    target.passive = want.passive_mode;
    target.insecure_tls = want.insecure_trust_all_certificates;
    target.ca_pem = want.ca;
    if (family.kind == FileFamily::Kind::Ftps) {
        if (want.mode != "EXPLICIT" && want.mode != "IMPLICIT") {
            return invalid("property 'mode': '{}' is not one of EXPLICIT, IMPLICIT", want.mode);
        }
        target.tls = want.mode == "IMPLICIT" ? remote::FtpTarget::Tls::Implicit : remote::FtpTarget::Tls::Explicit;
    }
    auto proxy = proxy_of(want);
    if (!proxy) return tl::unexpected(proxy.error());
    target.proxy = std::move(*proxy);
    return std::make_shared<remote::FtpFiles>(std::move(target), context.stop_token());
}

/// SHA-256 of what passes by.
class Checksum {
  public:
    Checksum() : context_(::EVP_MD_CTX_new(), ::EVP_MD_CTX_free) {
        ::EVP_DigestInit_ex(context_.get(), ::EVP_sha256(), nullptr);
    }
    void add(std::string_view bytes) { ::EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
    std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned int size = 0;
        ::EVP_DigestFinal_ex(context_.get(), bytes.data(), &size);
        std::string out;
        for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", bytes[i]);
        return out;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
};

void declare_ssh(FileType& type) {
    type.property("keyfile", &FileProperties::keyfile, "Private key as text, PEM or OpenSSH")
        .property("passphrase", &FileProperties::passphrase, "Of the private key")
        .property("knownHosts", &FileProperties::known_hosts,
                  "Host keys that are trusted, as lines of a known_hosts file; beside those of tasks.ssh.known-hosts")
        .property("strictHostKeyChecking", &FileProperties::strict_host_key_checking,
                  "no accepts any host key: whoever stands in between reads and changes everything")
        .values({"yes", "no"});
}

void declare_ftp(FileType& type, bool tls) {
    type.property("passiveMode", &FileProperties::passive_mode, "Data connections go from here to the server")
        .property("proxyType", &FileProperties::proxy_type, "Kind of proxy; default: none")
        .values({"DIRECT", "HTTP", "SOCKS"})
        .property("proxyAddress", &FileProperties::proxy_address, "Host of the proxy")
        .property("proxyPort", &FileProperties::proxy_port, "Port of the proxy")
        .property("proxyUsername", &FileProperties::proxy_username, "Name for the proxy")
        .property("proxyPassword", &FileProperties::proxy_password, "Password for the proxy");
    if (!tls) return;
    type.property("mode", &FileProperties::mode,
                  "EXPLICIT asks for TLS on the usual port, IMPLICIT speaks it from the start (port 990)")
        .values({"EXPLICIT", "IMPLICIT"})
        .property("ca", &FileProperties::ca, "Certificates to trust, as PEM text; default: the system's")
        .property("insecureTrustAllCertificates", &FileProperties::insecure_trust_all_certificates,
                  "Accept any certificate");
}

}  // namespace file_family

using namespace file_family;

const std::vector<FileFamily>& file_families() {
    using Kind = FileFamily::Kind;
    static const std::vector<FileFamily> families{
        {Kind::Local, "fs.local.", "this worker's machine", "", "/data/in/"},
        {Kind::Sftp, "fs.sftp.", "an SFTP server", kSftpLines, "/in/"},
        {Kind::Ftp, "fs.ftp.", "an FTP server", kFtpLines, "/in/"},
        {Kind::Ftps, "fs.ftps.", "an FTP server, over TLS", kFtpLines, "/in/"},
    };
    return families;
}

FileType file_type(const FileFamily& family, const char* name, FileType::Run run) {
    FileType type(std::string(family.prefix) + name, std::move(run));
    if (family.is_local()) return type;
    type.property("host", &FileProperties::host, "Name or address of the server", plugin::required)
        .property("port", &FileProperties::port, "Port of the server")
        .property("username", &FileProperties::username, "Who logs in")
        .property("password", &FileProperties::password, "Password");
    if (family.kind == FileFamily::Kind::Sftp)
        declare_ssh(type);
    else
        declare_ftp(type, family.kind == FileFamily::Kind::Ftps);
    type.property("rootDir", &FileProperties::root_dir,
                  "Paths begin in the folder where the login leads, also those with a '/' before them");
    return type;
}

std::string file_example(const FileFamily& family, const char* name, const std::string& lines) {
    std::string out = fmt::format("    type: io.kestra.plugin.{}{}\n", family.prefix, name);
    const std::string all = std::string(family.example) + lines;
    for (std::size_t at = 0; at < all.size();) {
        const auto end = all.find('\n', at);
        out += "    " + all.substr(at, end - at + 1);
        at = end + 1;
    }
    return out;
}

Result<std::shared_ptr<remote::Files>> open_files(const FileFamily& family, const FileProperties& want,
                                                  const Settings& settings, plugin::TaskContext& context) {
    if (family.is_local()) return std::make_shared<LocalFiles>(settings.local_paths);
    auto address = address_of(family, want);
    if (!address) return tl::unexpected(address.error());
    if (family.kind == FileFamily::Kind::Sftp) return open_sftp(want, std::move(*address), settings, context);
    return open_ftp(family, want, std::move(*address), context);
}

std::string server_path(const FileFamily& family, const FileProperties& want, const std::string& text) {
    std::string path = text;
    if (const auto scheme = path.find("://"); scheme != std::string::npos && path.find('/') > scheme) {
        const auto slash = path.find('/', scheme + 3);
        path = slash == std::string::npos ? "/"
                                          : storage::percent_decoded(path.substr(slash)).value_or(path.substr(slash));
    }
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    if (family.is_local() || !want.root_dir) return path;
    return path.substr(std::min(path.find_first_not_of('/'), path.size()));
}

std::string shown_path(const FileFamily& family, const FileProperties& want, const std::string& path) {
    // A server's names may be in any encoding; what we store and show is UTF-8.
    return repaired_utf8(family.is_local() || !want.root_dir || path.starts_with('/') ? path : "/" + path);
}

Value entry_output(const FileFamily& family, const FileProperties& want, const remote::Entry& entry,
                   const std::string& stored) {
    const auto number = [](const std::optional<std::int64_t>& maybe) { return maybe ? Value(*maybe) : Value(); };
    const std::string path = shown_path(family, want, entry.path);
    return Value{{"path", stored.empty() ? path : stored},
                 {"serverPath", path},
                 {"name", repaired_utf8(entry.name())},
                 {"fileType", entry.is_folder ? "FOLDER" : "FILE"},
                 {"symbolicLink", Value(entry.is_link)},
                 {"size", Value(static_cast<std::int64_t>(entry.size_bytes))},
                 {"updatedDate", entry.modified ? Value(to_iso(*entry.modified)) : Value()},
                 {"userId", number(entry.owner)},
                 {"groupId", number(entry.group)},
                 {"permissions", number(entry.permissions)}};
}

Result<std::vector<remote::Entry>> matching_files(remote::Files& files, const FileFamily& family,
                                                  const FileProperties& want, plugin::TaskContext& context,
                                                  bool limit) {
    remote::ListRules rules{.recursive = want.recursive};
    std::optional<storage::Glob> pattern;
    if (!want.reg_exp.empty()) {
        auto parsed = storage::Glob::parse("regex:" + want.reg_exp);
        if (!parsed) return invalid("property 'regExp': {}", parsed.error().message);
        pattern = std::move(*parsed);
        rules.wanted = [&](const remote::Entry& entry) {
            return pattern->matches(shown_path(family, want, entry.path)) || pattern->matches(entry.name());
        };
    }
    if (want.max_files < 1) return invalid("property 'maxFiles': {} is no number of files", want.max_files);
    const auto most = static_cast<std::size_t>(want.max_files);
    if (limit) rules.most = most + 1;
    const std::string folder = server_path(family, want, plugin::text_of(want.from));
    auto found = remote::list_files(files, folder, rules);
    if (found && limit && found->size() > most) {
        context.log(LogLevel::Warn,
                    fmt::format("there are more than {} files; the first {} are taken (maxFiles)", most, most));
        found->resize(most);
    }
    return found;
}

std::string path_below_from(const FileFamily& family, const FileProperties& want, const remote::Entry& entry) {
    const std::string base = server_path(family, want, plugin::text_of(want.from));
    const std::string rest = entry.path.substr(std::min(base.size(), entry.path.size()));
    return rest.substr(std::min(rest.find_first_not_of('/'), rest.size()));
}

Result<Stored> download_file(remote::Files& files, const std::string& path, const std::string& name,
                             plugin::TaskContext& context) {
    auto address = context.file_address(repaired_utf8(name));
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    Checksum checksum;
    Stored out{.address = address->text()};
    auto read = files.read(path, [&](std::string_view bytes) -> Result<void> {
        checksum.add(bytes);
        out.size_bytes += bytes.size();
        (*writer)->write(bytes);
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    out.checksum = checksum.hex();
    return out;
}

Result<FileAction> file_action(const FileProperties& want) {
    if (want.action.empty() || want.action == "NONE") return FileAction::None;
    if (want.action == "DELETE") return FileAction::Delete;
    if (want.action != "MOVE") return invalid("property 'action': '{}' is not one of MOVE, DELETE, NONE", want.action);
    if (want.move_directory.empty()) return invalid("property 'moveDirectory': a folder is needed for the action MOVE");
    return FileAction::Move;
}

std::string version_of(const remote::Entry& entry) {
    return fmt::format("{} {}", entry.size_bytes, entry.modified ? to_iso(*entry.modified) : "");
}

Result<bool> act_on(remote::Files& files, FileAction action, const FileFamily& family, const FileProperties& want,
                    const remote::Entry& taken) {
    if (action == FileAction::None) return true;
    const auto now = files.info(taken.path);
    if (!now && now.error().code != ErrorCode::NotFound) return tl::unexpected(now.error());
    // Of a link, lists tell the link itself, and info() what it leads to.
    if (!now || (!taken.is_link && version_of(*now) != version_of(taken))) return false;
    const auto done = action == FileAction::Delete
                          ? files.remove(taken)
                          : remote::move(files, taken.path,
                                         remote::joined(server_path(family, want, want.move_directory),
                                                        path_below_from(family, want, taken)),
                                         true);
    if (done) return true;
    // FTP has one answer for what is not there and for what may not be done.
    const auto still = files.info(taken.path);
    if (!still && still.error().code == ErrorCode::NotFound) return false;
    return tl::unexpected(done.error());
}

void declare_listing(FileType& type) {
    type.property("from", &FileProperties::from, "The folder", plugin::required)
        .shape(flow::Shape::Text)
        .property("regExp", &FileProperties::reg_exp, "Regular expression for the whole path, or the name, of a file")
        .property("recursive", &FileProperties::recursive, "Folders below it too");
}

void declare_action(FileType& type) {
    type.property("action", &FileProperties::action, "What is done with a file that was taken; default NONE")
        .values({"MOVE", "DELETE", "NONE"})
        .property("moveDirectory", &FileProperties::move_directory,
                  "The folder for the action MOVE; it is made as needed");
}

}  // namespace sluice::tasks
