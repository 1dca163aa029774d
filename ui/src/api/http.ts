/** Where the API is. One tenant exists, `main`; instance-level paths leave it out. */
export const API = "/api/v1/main";
export const INSTANCE_API = "/api/v1";

export type QueryValue = string | number | boolean | undefined | readonly string[];
export type Query = Record<string, QueryValue>;

/** The server understood the request and refused it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly details: { message: string; path?: string }[] = [],
    readonly requestId?: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** No answer, or one from something in between that could not reach the server. */
export class UnreachableError extends Error {
  constructor(cause: string) {
    super(cause);
    this.name = "UnreachableError";
  }
}

/** What the rest of the page wants to know about every exchange. */
export interface TransportListener {
  reached(serverTime: Date | undefined): void;
  unreachable(): void;
  unauthorized(): void;
}

let listener: TransportListener | undefined;

export function listenToTransport(to: TransportListener): void {
  listener = to;
}

export function toQueryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === "") continue;
    if (typeof value === "object") value.forEach((one) => search.append(key, one));
    else search.append(key, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

interface Request {
  method?: string;
  query?: Query;
  signal?: AbortSignal;
  body?: BodyInit;
  contentType?: string;
  headers?: Record<string, string>;
  /** A refused log-in is an answer to show, not a session that ran out. */
  expectUnauthorized?: boolean;
}

const GATEWAY_STATUS = [502, 503, 504];

export async function request(path: string, options: Request = {}): Promise<Response> {
  const response = await exchange(path, options);
  const date = response.headers.get("date");
  listener?.reached(date === null ? undefined : new Date(date));
  if (response.ok) return response;
  if (response.status === 401 && options.expectUnauthorized !== true) listener?.unauthorized();
  throw toError(response.status, await response.text(), response.headers.get("x-request-id"));
}

async function exchange(path: string, options: Request): Promise<Response> {
  try {
    const headers: Record<string, string> = { accept: "application/json", ...options.headers };
    if (options.contentType !== undefined) headers["content-type"] = options.contentType;
    const response = await fetch(path + toQueryString(options.query ?? {}), {
      method: options.method ?? "GET",
      credentials: "same-origin",
      headers,
      body: options.body,
      signal: options.signal,
    });
    if (!GATEWAY_STATUS.includes(response.status)) return response;
    throw new UnreachableError(`HTTP ${response.status}`);
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    listener?.unreachable();
    throw cause instanceof UnreachableError ? cause : new UnreachableError(String(cause));
  }
}

interface ErrorBody {
  message?: string;
  _embedded?: { errors?: { message: string; path?: string }[] };
}

function toError(status: number, text: string, requestId: string | null): ApiError {
  let body: ErrorBody = {};
  try {
    body = JSON.parse(text) as ErrorBody;
  } catch {
    // a proxy's page or plain text: the status has to do
  }
  return new ApiError(status, body.message ?? `HTTP ${status}`, body._embedded?.errors ?? [], requestId ?? undefined);
}

export async function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request(path, { query, signal })).json()) as T;
}

export async function getText(path: string, query?: Query, signal?: AbortSignal): Promise<string> {
  return (await request(path, { query, signal })).text();
}

/** Sends a JSON body and reads the answer, which may be empty. */
export async function sendJson<T>(method: string, path: string, body?: unknown, query?: Query): Promise<T | undefined> {
  const response = await request(path, {
    method,
    query,
    body: body === undefined ? undefined : JSON.stringify(body),
    contentType: body === undefined ? undefined : "application/json",
  });
  return readOptionalJson<T>(response);
}

export async function sendYaml<T>(method: string, path: string, source: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, { method, body: source, contentType: "application/x-yaml", signal });
  return (await response.json()) as T;
}

export async function sendForm<T>(path: string, form: FormData, query?: Query, signal?: AbortSignal): Promise<T | undefined> {
  return readOptionalJson<T>(await request(path, { method: "POST", body: form, query, signal }));
}

async function readOptionalJson<T>(response: Response): Promise<T | undefined> {
  const text = await response.text();
  return text === "" ? undefined : (JSON.parse(text) as T);
}

/** As sendForm, but tells how much has been sent: `fetch` can't. */
export function uploadForm<T>(path: string, form: FormData, query: Query, onProgress: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const upload = new XMLHttpRequest();
    upload.open("POST", path + toQueryString(query));
    upload.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    upload.onerror = () => {
      listener?.unreachable();
      reject(new UnreachableError("the upload broke off"));
    };
    upload.onload = () => {
      if (upload.status >= 200 && upload.status < 300) return resolve(JSON.parse(upload.responseText) as T);
      if (upload.status === 401) listener?.unauthorized();
      reject(toError(upload.status, upload.responseText, upload.getResponseHeader("x-request-id")));
    };
    upload.send(form);
  });
}
