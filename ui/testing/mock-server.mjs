// A stand-in for the server: the built page under /ui/, and an API that answers with made-up but lively data.
// Only for developing the page and for its browser tests. No dependencies.
//
//   node testing/mock-server.mjs [--port 8089] [--dist dist] [--seed 7] [--empty]
//
// User admin@sluice.local, password Sluice2026. POST /mock/away?ms=3000 makes it refuse connections for a while.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createApi } from "./mock/api.mjs";
import { createWorld } from "./mock/world.mjs";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: process.env.MOCK_PORT ?? "8089" },
    dist: { type: "string", default: fileURLToPath(new URL("../dist", import.meta.url)) },
    seed: { type: "string", default: "7" },
    empty: { type: "boolean", default: false },
  },
});

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

const world = createWorld({ seed: Number(options.seed), empty: options.empty });
const api = createApi(world);
const sockets = new Set();

/** Unknown paths below /ui/ answer the page: deep links work. The server that this stands in for sends this policy, too. */
function sendPage(path, response) {
  const wanted = join(options.dist, normalize(path.replace(/^\/ui\/?/, "/")));
  const file = wanted.startsWith(options.dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(options.dist, "index.html");
  if (!existsSync(file)) return response.writeHead(503).end("npm run build first\n");
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "cache-control": path.includes("/assets/") ? "public, max-age=86400, immutable" : "no-cache",
    "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:",
  });
  createReadStream(file).pipe(response);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  try {
    if (url.pathname === "/") response.writeHead(302, { location: "/ui/" }).end();
    else if (url.pathname === "/ping") response.writeHead(200, { "content-type": "text/plain" }).end("pong");
    else if (url.pathname === "/mock/away") goAway(Number(url.searchParams.get("ms") ?? 3000), response);
    else if (url.pathname.startsWith("/ui")) sendPage(url.pathname, response);
    else await api(request, response, url);
  } catch (error) {
    console.error(error);
    if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: `Internal server error: ${error.message}` }));
  }
});

function goAway(ms, response) {
  response.writeHead(200).end("away\n", () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    setTimeout(() => server.listen(Number(options.port), "127.0.0.1"), ms);
  });
}

server.on("connection", (socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
});
server.listen(Number(options.port), "127.0.0.1");
server.once("listening", () => console.log(`listening on ${options.port}`));
