#include "net/smtp.h"

#include <algorithm>
#include <array>
#include <exception>

#include "net/session.h"
#include "net/source_reader.h"

namespace sluice::net {
namespace smtp {

constexpr Duration kLongestNap = 60s;

/// A line break may only begin a folded line.
bool breaks_out(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0') return true;
        if (text[i] != '\r' && text[i] != '\n') continue;
        const bool folds = text.substr(i, 2) == "\r\n" && i + 2 < text.size() && text[i + 2] == ' ';
        if (!folds) return true;
        i += 2;
    }
    return false;
}

/// Every line break as mail wants it.
std::string with_mail_lines(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
        if (text[i] == '\n' || text[i] == '\r')
            out += "\r\n";
        else
            out += text[i];
    }
    return out;
}

/// One mail on its way.
class Delivery {
  public:
    Delivery(const SmtpServer& server, const OutgoingMail& mail) : server_(server), mail_(mail) {}
    ~Delivery() { ::curl_easy_reset(session_.easy()); }
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    Result<void> run(const std::stop_token& stop);

  private:
    template <class T>
    void set(CURLoption option, T value) {
        const CURLcode code = ::curl_easy_setopt(session_.easy(), option, value);
        ensure(code == CURLE_OK, "libcurl refuses option {}: {}", static_cast<int>(option), ::curl_easy_strerror(code));
    }
    void set_connection();
    void set_tls();
    void set_envelope();
    Result<void> set_headers();
    void set_body();
    curl_mime* new_mime() { return ::curl_mime_init(session_.easy()); }
    curl_mimepart* add_part(curl_mime* to);
    void nest(curl_mime* to, curl_mime* parts, const char* type);
    void add_text(curl_mime* to, const std::string& text, const char* type);
    void add_file(curl_mime* to, const MailFile& file);
    curl_mime* words();
    curl_mime* words_and_images();
    Result<void> wait(const std::stop_token& stop);
    Result<void> finish();
    Error explain(CURLcode code) const;
    static std::size_t take_answer(char* bytes, std::size_t one, std::size_t size, void* self);
    static void append(std::unique_ptr<curl_slist, FreeList>& list, const std::string& line);

    const SmtpServer& server_;
    const OutgoingMail& mail_;
    Session session_{};
    std::exception_ptr thrown_{};
    std::string url_{};
    std::string refusal_{};  // the last one that the server answered
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::unique_ptr<curl_slist, FreeList> recipients_{};
    std::unique_ptr<curl_slist, FreeList> headers_{};
    std::unique_ptr<curl_mime, FreeMime> mime_{};
    std::vector<std::unique_ptr<SourceReader>> readers_{};
};

void Delivery::append(std::unique_ptr<curl_slist, FreeList>& list, const std::string& line) {
    curl_slist* longer = ::curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());  // it is part of `longer` now
    list.reset(longer);
}

std::size_t Delivery::take_answer(char* bytes, std::size_t one, std::size_t size, void* self) {
    Delivery& delivery = *static_cast<Delivery*>(self);
    try {
        std::string line(bytes, one * size);
        while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
        // What refuses begins with 4 or 5; good-byes follow it.
        if (line.starts_with('4') || line.starts_with('5')) delivery.refusal_ = std::move(line);
    } catch (...) {
        delivery.thrown_ = std::current_exception();
        return 0;
    }
    return one * size;
}

void Delivery::set_connection() {
    using Security = SmtpServer::Security;
    const auto milliseconds = static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(server_.timeout).count());
    const long seconds = std::max(1L, (milliseconds + 999) / 1000);
    url_ = fmt::format("{}://{}:{}", server_.security == Security::Tls ? "smtps" : "smtp", server_.host, server_.port);
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_URL, url_.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, milliseconds));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, seconds);
    set(CURLOPT_HEADERFUNCTION, &Delivery::take_answer);
    set(CURLOPT_HEADERDATA, this);
    if (server_.user.empty()) return;
    set(CURLOPT_USERNAME, server_.user.c_str());
    set(CURLOPT_PASSWORD, server_.password.c_str());
}

void Delivery::set_tls() {
    using Security = SmtpServer::Security;
    set(CURLOPT_USE_SSL,
        static_cast<long>(server_.security == Security::WhenOffered ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    const bool checks = server_.checks_identity && server_.security != Security::WhenOffered;
    set(CURLOPT_SSL_VERIFYPEER, checks ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, checks ? 2L : 0L);
    if (!server_.ca_file.empty()) set(CURLOPT_CAINFO, server_.ca_file.c_str());
}

void Delivery::set_envelope() {
    const auto bracketed = [](const std::string& address) { return "<" + address + ">"; };
    set(CURLOPT_MAIL_FROM, bracketed(mail_.sender).c_str());
    for (const std::string& one : mail_.recipients) append(recipients_, bracketed(one));
    set(CURLOPT_MAIL_RCPT, recipients_.get());
}

Result<void> Delivery::set_headers() {
    for (const auto& [name, value] : mail_.headers) {
        if (breaks_out(name) || breaks_out(value)) return invalid("the header '{}' holds a line break", name);
        append(headers_, name + ": " + value);
    }
    set(CURLOPT_HTTPHEADER, headers_.get());
    return {};
}

curl_mimepart* Delivery::add_part(curl_mime* to) {
    curl_mimepart* made = to != nullptr ? ::curl_mime_addpart(to) : nullptr;
    if (made == nullptr) throw std::bad_alloc();
    return made;
}

void Delivery::nest(curl_mime* to, curl_mime* parts, const char* type) {
    curl_mimepart* made = add_part(to);
    ::curl_mime_subparts(made, parts);
    ::curl_mime_type(made, type);
    curl_slist* inline_header = ::curl_slist_append(nullptr, "Content-Disposition: inline");
    ::curl_mime_headers(made, inline_header, 1);
}

void Delivery::add_text(curl_mime* to, const std::string& text, const char* type) {
    curl_mimepart* made = add_part(to);
    const std::string lines = with_mail_lines(text);
    ::curl_mime_data(made, lines.data(), lines.size());
    ::curl_mime_type(made, type);
    ::curl_mime_encoder(made, "quoted-printable");
}

void Delivery::add_file(curl_mime* to, const MailFile& file) {
    curl_mimepart* made = add_part(to);
    readers_.push_back(std::make_unique<SourceReader>(SourceReader{*file.content, thrown_}));
    const std::optional<std::uint64_t> known = file.content->size_bytes();
    const curl_off_t size = known ? static_cast<curl_off_t>(*known) : -1;
    ::curl_mime_data_cb(made, size, &SourceReader::read, &SourceReader::seek, nullptr, readers_.back().get());
    ::curl_mime_type(made, file.content_type.c_str());
    ::curl_mime_encoder(made, "base64");
    std::unique_ptr<curl_slist, FreeList> lines;
    for (const std::string& line : file.header_lines) append(lines, line);
    ::curl_mime_headers(made, lines.release(), 1);
}

/// The text, the HTML, or both for the reader to choose from.
curl_mime* Delivery::words() {
    curl_mime* out = new_mime();
    if (!mail_.text.empty() || mail_.html.empty()) add_text(out, mail_.text, "text/plain; charset=utf-8");
    if (!mail_.html.empty()) add_text(out, mail_.html, "text/html; charset=utf-8");
    return out;
}

curl_mime* Delivery::words_and_images() {
    curl_mime* out = new_mime();
    nest(out, words(), "multipart/alternative");
    for (const MailFile& image : mail_.images) add_file(out, image);
    return out;
}

void Delivery::set_body() {
    mime_.reset(new_mime());
    if (mail_.images.empty())
        nest(mime_.get(), words(), "multipart/alternative");
    else
        nest(mime_.get(), words_and_images(), "multipart/related");
    for (const MailFile& file : mail_.attachments) add_file(mime_.get(), file);
    set(CURLOPT_MIMEPOST, mime_.get());
}

Result<void> Delivery::run(const std::stop_token& stop) {
    set_connection();
    set_tls();
    set_envelope();
    if (auto headers = set_headers(); !headers) return headers;
    set_body();
    ::curl_multi_add_handle(session_.multi(), session_.easy());
    Result<void> done;
    {
        const std::stop_callback wake(stop, [this] { ::curl_multi_wakeup(session_.multi()); });
        done = wait(stop);
    }
    if (done) done = finish();
    ::curl_multi_remove_handle(session_.multi(), session_.easy());
    if (thrown_) std::rethrow_exception(thrown_);
    return done;
}

Result<void> Delivery::wait(const std::stop_token& stop) {
    for (int running = 1;;) {
        if (stop.stop_requested()) return refuse(ErrorCode::Cancelled, "the mail was stopped before it was sent");
        const CURLMcode code = ::curl_multi_perform(session_.multi(), &running);
        if (code != CURLM_OK) return refuse(ErrorCode::Unavailable, "libcurl: {}", ::curl_multi_strerror(code));
        if (running == 0) return {};
        const auto nap = std::chrono::ceil<std::chrono::milliseconds>(kLongestNap).count();
        ::curl_multi_poll(session_.multi(), nullptr, 0, static_cast<int>(nap), nullptr);
    }
}

Result<void> Delivery::finish() {
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(session_.multi(), &left)) {
        if (message->msg != CURLMSG_DONE || message->data.result == CURLE_OK) continue;
        return tl::unexpected(explain(message->data.result));
    }
    return {};
}

Error Delivery::explain(CURLcode code) const {
    const std::string where = fmt::format("{}:{}", server_.host, server_.port);
    const std::string detail = error_text_[0] != '\0' ? error_text_.data() : ::curl_easy_strerror(code);
    const std::string said = refusal_.empty() ? "" : fmt::format(" ({})", refusal_);
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {ErrorCode::Unavailable, fmt::format("the mail server {} can't be found", server_.host)};
        case CURLE_COULDNT_CONNECT:
            return {ErrorCode::Unavailable, fmt::format("no connection to the mail server {}: {}", where, detail)};
        case CURLE_OPERATION_TIMEDOUT:
            return {ErrorCode::Timeout, fmt::format("the mail server {} did not answer within {}: {}", where,
                                                    for_people(server_.timeout), detail)};
        case CURLE_LOGIN_DENIED:
            return {ErrorCode::Unauthorized,
                    fmt::format("the mail server {} refuses this user and password{}", where, said)};
        case CURLE_USE_SSL_FAILED:
            return {
                ErrorCode::Unavailable,
                fmt::format("the mail server {} offers no STARTTLS: use transportStrategy SMTPS, or SMTP to send in "
                            "the clear",
                            where)};
        case CURLE_PEER_FAILED_VERIFICATION:
            return {ErrorCode::Unavailable,
                    fmt::format("the certificate of the mail server {} is not trusted: {}", where, detail)};
        case CURLE_SSL_CONNECT_ERROR:
            return {ErrorCode::Unavailable, fmt::format("no TLS connection to the mail server {}: {}", where, detail)};
        default:
            return {ErrorCode::Unavailable,
                    fmt::format("the mail server {} refused the mail: {}{}", where, detail, said)};
    }
}

}  // namespace smtp

Result<void> send_mail(const SmtpServer& server, const OutgoingMail& mail, std::stop_token stop) {
    return smtp::Delivery(server, mail).run(stop);
}

}  // namespace sluice::net
