#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "storage/storage.h"

namespace sluice::rows {

/// Between UTF-8 and another charset, piece by piece: a character may be cut by the end of a piece.
class Charset {
  public:
    enum class Direction { ToUtf8, FromUtf8 };
    /// Errors  Invalid: no such charset
    static Result<Charset> named(const std::string& name, Direction direction);
    Charset(Charset&& other) noexcept;
    Charset& operator=(Charset&& other) noexcept;
    ~Charset();

    /// What was converted of `bytes`, and of what was left the last time.
    /// Errors  Invalid: bytes that are none of the charset, or characters that it has not
    Result<std::string> convert(std::string_view bytes);
    /// Errors  Invalid: the text ends within a character
    Result<void> finish() const;

  private:
    Charset(std::string name, void* handle) : name_(std::move(name)), handle_(handle) {}
    std::string name_;
    void* handle_;  // iconv's; null: both sides are UTF-8, which is checked and handed on
    std::string left_{};
};

/// The text of a stored file in UTF-8, piece by piece; a byte order mark at its start is left out.
class TextSource {
  public:
    /// Errors  Invalid: no address of the internal storage, or no such charset; NotFound
    static Result<TextSource> open(const storage::Storage& storage, const std::string& address,
                                   const std::string& charset = "UTF-8");

    /// "": the end. Errors  Invalid: bytes that are no text in this charset
    Result<std::string> next();
    /// The same for a reader with a buffer: what was read of it, up to `at`, gives way to the next piece. false: the
    /// end
    Result<bool> refill(std::string& buffer, std::size_t& at);

  private:
    TextSource(std::unique_ptr<storage::Reader> reader, Charset charset)
        : reader_(std::move(reader)), charset_(std::move(charset)) {}

    std::unique_ptr<storage::Reader> reader_;
    Charset charset_;
    bool at_start_ = true;
    bool over_ = false;
};

/// Writes text in a charset to a stored file.
class TextSink {
  public:
    static Result<TextSink> create(storage::Storage& storage, const storage::Uri& address,
                                   const std::string& charset = "UTF-8");

    /// Errors  Invalid: a character that the charset has not. storage::StorageError
    Result<void> write(std::string_view text);
    Result<void> commit();

  private:
    TextSink(std::unique_ptr<storage::Writer> writer, Charset charset)
        : writer_(std::move(writer)), charset_(std::move(charset)) {}
    Result<void> flush();

    std::unique_ptr<storage::Writer> writer_;
    Charset charset_;
    std::string pending_{};
};

}  // namespace sluice::rows
