#include "base/overloaded.h"
#include "net/transfer.h"

namespace sluice::net {
namespace {

constexpr long kMostRedirects = 50;

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

bool is_token(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool breaks_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

long milliseconds(Duration duration) {
    return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

}  // namespace

template <class T>
void Transfer::set(CURLoption option, T value) {
    const CURLcode code = ::curl_easy_setopt(session_.easy(), option, value);
    ensure(code == CURLE_OK, "libcurl refuses option {}: {}", static_cast<int>(option), ::curl_easy_strerror(code));
}

Result<void> Transfer::set_up() {
    if (breaks_line(request_.url)) return invalid("the URL holds a line break or a zero byte");
    const std::string method = upper(request_.method);
    if (!is_token(method)) return invalid("'{}' is no HTTP method", request_.method);
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_URL, request_.url.c_str());
    if (request_.options.path_as_is) set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_USERAGENT, config_.user_agent.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, milliseconds(request_.options.connect_timeout)));
    set(CURLOPT_FOLLOWLOCATION, request_.options.follow_redirects ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, kMostRedirects);
    if (request_.options.decompress) set(CURLOPT_ACCEPT_ENCODING, "");
    if (!request_.options.unix_socket.empty()) set(CURLOPT_UNIX_SOCKET_PATH, request_.options.unix_socket.c_str());
    set_proxy();
    set_authentication();
    set_tls();
    set_callbacks();
    if (auto body = set_body(method); !body) return body;
    return set_headers();
}

Result<void> Transfer::set_headers() {
    std::vector<std::string> lines;
    // A server that does not know it would cost a second; without it a refused body costs its bytes.
    lines.emplace_back("Expect:");
    for (const auto& [name, value] : request_.headers) {
        if (!is_token(name)) return invalid("'{}' is no name of a header", name);
        if (breaks_line(value)) return invalid("the header '{}' holds a line break or a zero byte", name);
        // The length is that of the body; another one would make the next request start in the wrong place.
        if (equals_ignoring_case(name, "Content-Length")) continue;
        lines.push_back(value.empty() ? name + ";" : name + ": " + value);
    }
    const bool is_form = std::holds_alternative<Multipart>(request_.body);
    if (!is_form && !request_.headers.find("Content-Type"))
        lines.emplace_back("Content-Type:");  // libcurl would guess one
    if (const auto* source = std::get_if<std::shared_ptr<Source>>(&request_.body);
        source != nullptr && !(*source)->size_bytes()) {
        lines.emplace_back("Transfer-Encoding: chunked");
    }
    for (const std::string& line : lines) {
        curl_slist* longer = ::curl_slist_append(header_list_.get(), line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        static_cast<void>(header_list_.release());  // it is part of `longer` now
        header_list_.reset(longer);
    }
    set(CURLOPT_HTTPHEADER, header_list_.get());
    return {};
}

/// libcurl ties what a redirect does to the way in which a method was set: GET, HEAD, POST and PUT must be set as such.
Result<void> Transfer::set_body(const std::string& method) {
    const auto custom = [&](std::string_view known) {
        if (method != known) set(CURLOPT_CUSTOMREQUEST, method.c_str());
    };
    std::visit(Overloaded{
                   [&](std::monostate) {
                       if (method == "HEAD") return set(CURLOPT_NOBODY, 1L);
                       if (method != "POST" && method != "PUT" && method != "PATCH") return custom("GET");
                       set(CURLOPT_POST, 1L);
                       set(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{0});
                       set(CURLOPT_POSTFIELDS, "");
                       custom("POST");
                   },
                   [&](const std::string& text) {
                       set(CURLOPT_POST, 1L);
                       set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(text.size()));
                       set(CURLOPT_POSTFIELDS, text.data());
                       custom("POST");
                   },
                   [&](const std::shared_ptr<Source>& source) { set_source(*source, method); },
                   [&](const Multipart& form) {
                       set_multipart(form);
                       custom("POST");
                   },
               },
               request_.body);
    return {};
}

void Transfer::set_source(Source& source, const std::string& method) {
    readers_.push_back(std::make_unique<SourceReader>(SourceReader{source, thrown_}));
    set(CURLOPT_READFUNCTION, &SourceReader::read);
    set(CURLOPT_READDATA, readers_.back().get());
    set(CURLOPT_SEEKFUNCTION, &SourceReader::seek);
    set(CURLOPT_SEEKDATA, readers_.back().get());
    const std::optional<std::uint64_t> known = source.size_bytes();
    const curl_off_t size = known ? static_cast<curl_off_t>(*known) : -1;
    if (method == "PUT") {
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_INFILESIZE_LARGE, size);
        return;
    }
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, size);
    if (method != "POST") set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Transfer::set_multipart(const Multipart& form) {
    mime_.reset(::curl_mime_init(session_.easy()));
    for (const Part& part : form.parts) {
        curl_mimepart* made = ::curl_mime_addpart(mime_.get());
        if (made == nullptr) throw std::bad_alloc();
        ::curl_mime_name(made, part.name.c_str());
        if (part.file_name) ::curl_mime_filename(made, part.file_name->c_str());
        if (!part.content_type.empty()) ::curl_mime_type(made, part.content_type.c_str());
        if (const auto* text = std::get_if<std::string>(&part.content)) {
            ::curl_mime_data(made, text->data(), text->size());
            continue;
        }
        Source& source = *std::get<std::shared_ptr<Source>>(part.content);
        readers_.push_back(std::make_unique<SourceReader>(SourceReader{source, thrown_}));
        const std::optional<std::uint64_t> known = source.size_bytes();
        const curl_off_t size = known ? static_cast<curl_off_t>(*known) : -1;
        ::curl_mime_data_cb(made, size, &SourceReader::read, &SourceReader::seek, nullptr, readers_.back().get());
    }
    set(CURLOPT_MIMEPOST, mime_.get());
}

void Transfer::set_authentication() {
    const auto user = [&](unsigned long kind, const std::string& name, const std::string& password) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(kind));
        set(CURLOPT_USERNAME, name.c_str());
        set(CURLOPT_PASSWORD, password.c_str());
    };
    std::visit(Overloaded{
                   [](std::monostate) {},
                   [&](const BasicAuth& auth) { user(CURLAUTH_BASIC, auth.user, auth.password); },
                   [&](const DigestAuth& auth) { user(CURLAUTH_DIGEST, auth.user, auth.password); },
                   [&](const BearerAuth& auth) {
                       set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
                       set(CURLOPT_XOAUTH2_BEARER, auth.token.c_str());
                   },
               },
               request_.options.auth);
}

void Transfer::set_proxy() {
    const auto& proxy = request_.options.proxy;
    if (!proxy) return set(CURLOPT_PROXY, "");  // not even that of the environment
    set(CURLOPT_PROXY, proxy->host.c_str());
    set(CURLOPT_PROXYPORT, static_cast<long>(proxy->port));
    set(CURLOPT_PROXYTYPE,
        static_cast<long>(proxy->kind == Proxy::Kind::Http ? CURLPROXY_HTTP : CURLPROXY_SOCKS5_HOSTNAME));
    set(CURLOPT_NOPROXY, "");
    if (proxy->user.empty()) return;
    set(CURLOPT_PROXYUSERNAME, proxy->user.c_str());
    set(CURLOPT_PROXYPASSWORD, proxy->password.c_str());
}

void Transfer::set_tls() {
    if (request_.options.insecure_tls) {
        set(CURLOPT_SSL_VERIFYPEER, 0L);
        set(CURLOPT_SSL_VERIFYHOST, 0L);
    }
    const Options& options = request_.options;
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.ca_pem.empty()) set_blob(CURLOPT_CAINFO_BLOB, options.ca_pem);
    if (options.client_certificate_pem.empty()) return;
    set_blob(CURLOPT_SSLCERT_BLOB, options.client_certificate_pem);
    set_blob(CURLOPT_SSLKEY_BLOB,
             options.client_key_pem.empty() ? options.client_certificate_pem : options.client_key_pem);
    if (!options.client_key_password.empty()) set(CURLOPT_KEYPASSWD, options.client_key_password.c_str());
}

void Transfer::set_blob(CURLoption option, const std::string& text) {
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};  // NOLINT: libcurl copies it
    set(option, &blob);
}

void Transfer::set_callbacks() {
    set(CURLOPT_HEADERFUNCTION, &Transfer::take_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::count_progress);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
}

}  // namespace sluice::net
