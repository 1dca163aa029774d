#pragma once
/// Incoming HTTP/1.1. What it promises:
///
/// - Answers come in the order of their requests, and each belongs to its own client.
/// - Bytes that were not understood are never read as a request: after a refused body or a malformed header the
///   connection is closed.
/// - A handler may answer from any thread, or never: its client gets exactly one answer, 500 at worst.
/// - No client holds a thread while it sends or reads slowly (but for StreamWriter, whose writer waits by design), and
///   none can make the server keep more for it than the limits of config.h say.
/// - stop() lets requests that were read be answered. A process that dies breaks connections off; nothing is left over.
///
/// It speaks TLS when it is given a certificate (tls.h), which may change while it runs.
///
///     http::Router router;
///     router.get("/ping", [](const http::Request&) { return http::Response::text("pong"); }).run(http::Runs::Inline);
///     http::Server server({.port = 8080}, std::move(router));
///     if (auto started = server.start(); !started) …
///     server.stop(30s);

#include "http/form.h"
#include "http/responder.h"
#include "http/router.h"
#include "http/server.h"
