#include "remote/ftp_files.h"

#include <array>
#include <exception>
#include <new>

#include "remote/ftp_listing.h"

namespace sluice::remote {
namespace {

constexpr int kUnavailableFile = 550;

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// A line break would begin another command.
Result<void> check_path(const std::string& path) {
    if (path.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos) return {};
    return invalid("the path '{}' holds a line break or a zero byte", path);
}

}  // namespace

/// What one transfer needs while libcurl runs it.
struct FtpFiles::Call {
    Take take{};
    net::Source* content = nullptr;
    const std::stop_token& stop;
    std::optional<Error> refused{};
    std::exception_ptr thrown{};
    std::array<char, CURL_ERROR_SIZE> error{};

    static std::size_t take_bytes(char* bytes, std::size_t one, std::size_t size, void* self) {
        Call& call = *static_cast<Call*>(self);
        try {
            if (!call.take) return one * size;
            auto taken = call.take({bytes, one * size});
            if (taken) return one * size;
            call.refused = taken.error();
        } catch (...) {  // libcurl is C: it goes on when libcurl has returned
            call.thrown = std::current_exception();
        }
        return CURL_WRITEFUNC_ERROR;
    }
    static std::size_t give_bytes(char* buffer, std::size_t one, std::size_t size, void* self) {
        Call& call = *static_cast<Call*>(self);
        try {
            return call.content == nullptr ? 0 : call.content->read({buffer, one * size});
        } catch (...) {
            call.thrown = std::current_exception();
            return CURL_READFUNC_ABORT;
        }
    }
    static int look_for_stop(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Call*>(self)->stop.stop_requested() ? 1 : 0;
    }
};

FtpFiles::FtpFiles(FtpTarget target, std::stop_token stop)
    : target_(std::move(target)), stop_(std::move(stop)), handle_(::curl_easy_init(), ::curl_easy_cleanup) {
    if (!handle_) throw std::bad_alloc();
}

template <class T>
void FtpFiles::set(CURLoption option, T value) {
    const CURLcode code = ::curl_easy_setopt(handle_.get(), option, value);
    ensure(code == CURLE_OK, "libcurl refuses option {}: {}", static_cast<int>(option), ::curl_easy_strerror(code));
}

std::string FtpFiles::url_of(const std::string& path, bool is_folder) const {
    const char* scheme = target_.tls == FtpTarget::Tls::Implicit ? "ftps" : "ftp";
    // A path from the root begins with an encoded '/', or libcurl would start where the login leads.
    std::string from_here = path.starts_with('/') ? "%2F" + encoded(path.substr(1)) : encoded(path);
    if (is_folder && !from_here.empty() && !from_here.ends_with('/')) from_here += '/';
    return fmt::format("{}://{}/{}", scheme, target_.address.text(), from_here);
}

void FtpFiles::prepare(const std::string& url, Call& call) {
    ::curl_easy_reset(handle_.get());
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_ERRORBUFFER, call.error.data());
    set(CURLOPT_PROTOCOLS_STR, "ftp,ftps");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERNAME, target_.user.empty() ? "anonymous" : target_.user.c_str());
    set(CURLOPT_PASSWORD, target_.password.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(target_.connect_timeout / 1ms));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(target_.connect_timeout / 1s + 1));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(target_.idle_timeout / 1s + 1));
    set(CURLOPT_FTP_SKIP_PASV_IP, 1L);
    // Never leaves the folder where the login leads, so that relative paths mean the same in every command.
    set(CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_NOCWD));
    if (!target_.passive) set(CURLOPT_FTPPORT, "-");
    if (target_.tls != FtpTarget::Tls::None) {
        set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
        // With 1.3, this libcurl closes an upload's connection with the server's session tickets unread: the server
        // sees a reset instead of an end, and refuses the file (426).
        set(CURLOPT_SSLVERSION,
            static_cast<long>(CURL_SSLVERSION_TLSv1_2) | static_cast<long>(CURL_SSLVERSION_MAX_TLSv1_2));
    }
    if (target_.insecure_tls) {
        set(CURLOPT_SSL_VERIFYPEER, 0L);
        set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (!target_.ca_pem.empty()) {
        curl_blob blob{target_.ca_pem.data(), target_.ca_pem.size(), CURL_BLOB_COPY};
        set(CURLOPT_CAINFO_BLOB, &blob);
    }
    set(CURLOPT_PROXY, "");
    if (target_.proxy) {
        set(CURLOPT_PROXY, target_.proxy->host.c_str());
        set(CURLOPT_PROXYPORT, static_cast<long>(target_.proxy->port));
        const bool socks = target_.proxy->kind == net::Proxy::Kind::Socks;
        set(CURLOPT_PROXYTYPE, static_cast<long>(socks ? CURLPROXY_SOCKS5_HOSTNAME : CURLPROXY_HTTP));
        set(CURLOPT_HTTPPROXYTUNNEL, 1L);
        set(CURLOPT_PROXYUSERNAME, target_.proxy->user.c_str());
        set(CURLOPT_PROXYPASSWORD, target_.proxy->password.c_str());
    }
    set(CURLOPT_WRITEFUNCTION, &Call::take_bytes);
    set(CURLOPT_WRITEDATA, &call);
    set(CURLOPT_READFUNCTION, &Call::give_bytes);
    set(CURLOPT_READDATA, &call);
    set(CURLOPT_XFERINFOFUNCTION, &Call::look_for_stop);
    set(CURLOPT_XFERINFODATA, &call);
    set(CURLOPT_NOPROGRESS, 0L);
}

Result<void> FtpFiles::perform(std::string_view doing, const std::string& path, Call& call) {
    if (stop_.stop_requested()) return refuse(ErrorCode::Cancelled, "stopped before {} {}", doing, path);
    const CURLcode code = ::curl_easy_perform(handle_.get());
    if (call.thrown) std::rethrow_exception(call.thrown);
    if (call.refused) return tl::unexpected(*call.refused);
    if (code != CURLE_OK) return tl::unexpected(explain(code, doing, path, call));
    return {};
}

Error FtpFiles::explain(CURLcode code, std::string_view doing, const std::string& path, const Call& call) const {
    long reply = 0;
    ::curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &reply);
    const char* detail = call.error[0] != '\0' ? call.error.data() : ::curl_easy_strerror(code);
    const auto because = [&](ErrorCode kind, std::string_view reason) {
        return Error{kind, fmt::format("{} {} on {}: {}", doing, path, target_.address.text(), reason)};
    };
    if (stop_.stop_requested()) return {ErrorCode::Cancelled, fmt::format("stopped while {} {}", doing, path)};
    switch (code) {
        case CURLE_LOGIN_DENIED:
            return {ErrorCode::Unauthorized,
                    fmt::format("{} does not let '{}' in with this password", target_.address.text(), target_.user)};
        case CURLE_REMOTE_FILE_NOT_FOUND:
        case CURLE_REMOTE_ACCESS_DENIED:
            return because(ErrorCode::NotFound, "there is no such file or folder, or the user may not see it");
        case CURLE_FTP_COULDNT_RETR_FILE:
        case CURLE_QUOTE_ERROR:
            if (reply == kUnavailableFile)
                return because(ErrorCode::NotFound, "there is no such file or folder, or the user may not do this");
            return because(ErrorCode::Conflict, detail);
        case CURLE_UPLOAD_FAILED:
            return because(ErrorCode::Forbidden, "the server takes no file of that name there");
        case CURLE_USE_SSL_FAILED:
            return because(ErrorCode::Unavailable, "the server offers no TLS; use the ftp types when that is intended");
        case CURLE_PEER_FAILED_VERIFICATION:
            return because(ErrorCode::Unavailable, fmt::format("its certificate is not trusted: {}", detail));
        case CURLE_OPERATION_TIMEDOUT:
            return because(ErrorCode::Timeout, detail);
        default:
            return because(ErrorCode::Unavailable, detail);
    }
}

Result<void> FtpFiles::commands(std::string_view doing, const std::string& path,
                                const std::vector<std::string>& lines) {
    curl_slist* list = nullptr;
    for (const std::string& line : lines) list = ::curl_slist_append(list, line.c_str());
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(list, ::curl_slist_free_all);
    Call call{.stop = stop_};
    const std::string url = url_of("", true);
    prepare(url, call);
    set(CURLOPT_NOBODY, 1L);
    set(CURLOPT_QUOTE, list);
    return perform(doing, path, call);
}

/// Servers answer a LIST of what is not there with nothing, as they do for an empty folder.
Result<void> FtpFiles::check_folder(const std::string& folder) {
    if (folder.empty() || folder == "/") return {};
    const char* home = nullptr;
    ::curl_easy_getinfo(handle_.get(), CURLINFO_FTP_ENTRY_PATH, &home);
    return commands("listing", folder, {"CWD " + folder, fmt::format("CWD {}", home == nullptr ? "/" : home)});
}

Result<Entry> FtpFiles::info(const std::string& path) {
    if (path.empty() || path == "/" || path == ".") return Entry{.path = path, .is_folder = true};
    auto siblings = list(parent_of(path));
    if (!siblings) return tl::unexpected(siblings.error());
    for (Entry& entry : *siblings) {
        if (entry.name() == name_of(path)) return std::move(entry);
    }
    return not_found("looking at {} on {}: there is no such file or folder", path, target_.address.text());
}

Result<std::vector<Entry>> FtpFiles::list(const std::string& folder) {
    if (auto good = check_path(folder); !good) return tl::unexpected(good.error());
    while (true) {
        std::string text;
        Call call{.take = [&](std::string_view bytes) -> Result<void> {
                      text += bytes;
                      return {};
                  },
                  .stop = stop_};
        const std::string url = url_of(folder, true);
        prepare(url, call);
        if (knows_mlsd_) set(CURLOPT_CUSTOMREQUEST, "MLSD");
        auto listed = perform("listing", folder, call);
        if (listed && text.empty()) {
            if (auto there = check_folder(folder); !there) return tl::unexpected(there.error());
        }
        if (listed && knows_mlsd_) return parse_mlsd(text, folder);
        if (listed)
            return parse_list(text, folder, std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
        long reply = 0;
        ::curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &reply);
        if (!knows_mlsd_ || reply < 500 || reply > 504) return tl::unexpected(listed.error());
        knows_mlsd_ = false;  // an older server
    }
}

Result<void> FtpFiles::read(const std::string& path, const Take& take) {
    if (auto good = check_path(path); !good) return good;
    Call call{.take = take, .stop = stop_};
    const std::string url = url_of(path, false);
    prepare(url, call);
    return perform("reading", path, call);
}

Result<void> FtpFiles::write(const std::string& path, net::Source& content) {
    if (auto good = check_path(path); !good) return good;
    Call call{.content = &content, .stop = stop_};
    const std::string url = url_of(path, false);
    prepare(url, call);
    set(CURLOPT_UPLOAD, 1L);
    if (const auto size = content.size_bytes()) set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(*size));
    return perform("writing", path, call);
}

Result<void> FtpFiles::make_folder(const std::string& path) {
    if (auto good = check_path(path); !good) return good;
    auto made = commands("making", path, {"MKD " + path});
    if (made) return made;
    if (const auto there = info(path); there && there->is_folder) return {};
    return made;
}

Result<void> FtpFiles::remove(const Entry& entry) {
    if (auto good = check_path(entry.path); !good) return good;
    return commands("removing", entry.path, {(entry.is_folder ? "RMD " : "DELE ") + entry.path});
}

Result<void> FtpFiles::rename(const std::string& from, const std::string& to) {
    if (auto good = check_path(from); !good) return good;
    if (auto good = check_path(to); !good) return good;
    return commands("renaming", from, {"RNFR " + from, "RNTO " + to});
}

}  // namespace sluice::remote
