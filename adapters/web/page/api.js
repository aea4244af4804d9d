// The REST surface. Every call resolves to the JSON body or throws a Refusal (the server said no) or a TypeError (nobody answered).

export class Refusal extends Error {
  constructor(status, error, retryAfter) {
    super(error?.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = error?.code ?? "";
    this.retryAfter = retryAfter;
  }
}

async function call(method, path, { token, body, signal } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal ?? AbortSignal.timeout(40_000),
    credentials: "omit",
    cache: "no-store",
  });
  if (response.ok) return response.status === 204 ? null : response.json();
  const error = await response.json().then((answer) => answer.error, () => null);
  throw new Refusal(response.status, error, Number(response.headers.get("Retry-After")) || 0);
}

export const openSession = (bot) => call("POST", "/api/session", { body: { bot } });
export const showSession = (token) => call("GET", "/api/session", { token });
export const endSession = (token) => call("DELETE", "/api/session", { token });
export const ticket = (token) => call("POST", "/api/ws-ticket", { token });
export const postMessage = (token, message) => call("POST", "/api/chat", { token, body: message });
export const readLog = (token, after, limit) => call("GET", `/api/chat?after=${after}&limit=${limit}`, { token });

export function upload(token, file, onProgress) {
  const request = new XMLHttpRequest(); // fetch cannot tell how far an upload has come
  const done = new Promise((resolve, reject) => {
    request.open("POST", "/api/chat/upload");
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / (event.total || 1)));
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response);
      else reject(new Refusal(request.status, request.response?.error, 0));
    });
    request.addEventListener("error", () => reject(new TypeError("upload failed")));
    request.addEventListener("abort", () => reject(new DOMException("cancelled", "AbortError")));
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}

// The log as server-sent events. EventSource cannot send a token, so the stream is read by hand.
export async function* events(token, after, signal) {
  const headers = { Authorization: `Bearer ${token}`, Accept: "text/event-stream", "Last-Event-ID": String(after) };
  const response = await fetch("/api/chat/events", { headers, signal, cache: "no-store", credentials: "omit" });
  if (!response.ok) throw new Refusal(response.status, (await response.json().catch(() => null))?.error, 0);
  yield { event: "open", data: null };
  let text = "";
  for await (const chunk of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
    text += chunk;
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const fields = Object.fromEntries(text.slice(0, end).split("\n").map((line) => line.split(/: (.*)/s, 2)));
      text = text.slice(end + 2);
      if (fields.data) yield { event: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

async function* chunks(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
