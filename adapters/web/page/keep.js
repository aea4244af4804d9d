// What survives a reload: the token, how far the log was read, and messages that nobody has acknowledged yet.
// One key a bot. A browser may refuse to keep anything (private modes, foreign frames): then memory has to do.

const memory = new Map();
export let isKept = true;

function read(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    isKept = false;
    return memory.get(key) ?? null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    memory.delete(key);
  } catch {
    isKept = false;
    if (value === null) memory.delete(key);
    else memory.set(key, value);
  }
}

function parse(text, fallback) {
  try {
    return JSON.parse(text) ?? fallback;
  } catch {
    return fallback;
  }
}

export class Keep {
  constructor(bot) {
    this.key = `trunkline:${bot}`;
    this.secrets = new Map(); // client_id -> entry: what is secret is never written down
  }

  get session() {
    const kept = parse(read(this.key), null);
    return kept && typeof kept.token === "string" ? kept : null;
  }

  set session(session) {
    write(this.key, session && JSON.stringify(session));
  }

  // The outbox belongs to one session: what was meant for another conversation is never sent into this one.
  pending(sessionId) {
    const kept = parse(read(`${this.key}:outbox`), []);
    const all = [...(Array.isArray(kept) ? kept : []), ...this.secrets.values()];
    return all.filter((entry) => entry?.session === sessionId && entry.client_id);
  }

  written(sessionId) {
    return this.pending(sessionId).filter((entry) => !this.secrets.has(entry.client_id));
  }

  add(entry, isSecret) {
    if (isSecret) return this.secrets.set(entry.client_id, entry);
    const others = this.written(entry.session).filter((kept) => kept.client_id !== entry.client_id);
    write(`${this.key}:outbox`, JSON.stringify([...others, entry]));
  }

  replace(entry) {
    if (this.secrets.has(entry.client_id)) return this.secrets.set(entry.client_id, entry);
    const all = this.written(entry.session).map((kept) => (kept.client_id === entry.client_id ? entry : kept));
    write(`${this.key}:outbox`, JSON.stringify(all));
  }

  remove(sessionId, clientId) {
    if (this.secrets.delete(clientId)) return;
    const rest = this.written(sessionId).filter((kept) => kept.client_id !== clientId);
    write(`${this.key}:outbox`, rest.length ? JSON.stringify(rest) : null);
  }

  seen(sessionId) {
    const kept = parse(read(`${this.key}:seen`), null);
    return kept?.session === sessionId && Number.isSafeInteger(kept.seq) ? kept.seq : 0;
  }

  setSeen(sessionId, seq) {
    write(`${this.key}:seen`, JSON.stringify({ session: sessionId, seq }));
  }

  // Another tab has started or ended a conversation.
  onChange(callback) {
    addEventListener("storage", (event) => {
      if (event.key === this.key) callback(this.session);
    });
  }
}
