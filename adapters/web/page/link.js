// Keeps one connection to a session open: a WebSocket, or a stream with plain requests where sockets do not get through.
// Events: "state" (online | connecting | reconnecting | paused), "message", "ack", "refused", "signal", "gone" (the token is dead).

import * as api from "/assets/api.js";

const STEPS = [400, 1000, 2000, 4000, 8000, 15_000]; // milliseconds; each with a third of chance
const PING = 25_000;
const SILENCE = 12_000; // a ping that is not answered for so long: the connection is dead, whatever the browser thinks
const MAX_FRAME = 60_000; // characters of three bytes at most would be more than a frame may hold: those go by REST
const IDLE = 4408;
const GONE = 4401;
const OPEN = 1; // WebSocket.OPEN

export class Link extends EventTarget {
  constructor(token, seq) {
    super();
    this.token = token;
    this.seq = seq; // of the last log line seen
    this.attempt = 0;
    this.failures = 0; // sockets in a row that never opened
    this.socket = null;
    this.stopped = false;
    this.isOpen = false;
    addEventListener("online", this.wake);
    addEventListener("focus", this.wake);
    document.addEventListener("visibilitychange", this.wake);
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  // The page is looked at again, or the network is back: connect at once, or see whether the connection still lives.
  wake = () => {
    if (document.hidden) return;
    if (this.isOpen) this.ping();
    else this.touch();
  };

  // The person does something: a connection is wanted.
  touch() {
    if (this.stopped || this.isOpen || this.isOpening) return;
    this.attempt = 0;
    this.open();
  }

  stop() {
    this.stopped = true;
    removeEventListener("online", this.wake);
    removeEventListener("focus", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.timer);
    this.drop();
  }

  drop() {
    clearInterval(this.pinging);
    clearTimeout(this.deadline);
    this.isOpen = false;
    this.abort?.abort();
    if (this.socket) {
      this.socket.onclose = this.socket.onmessage = this.socket.onerror = null;
      this.socket.close(1000);
      this.socket = null;
    }
  }

  async open() {
    if (this.stopped || this.isOpening) return;
    clearTimeout(this.timer);
    this.drop();
    this.isOpening = true;
    this.emit("state", this.attempt ? "reconnecting" : "connecting");
    try {
      if (this.failures >= 2) {
        this.failures = 0; // the next round tries a socket again
        await this.stream();
      } else {
        const { ticket } = await api.ticket(this.token);
        if (!this.stopped) await this.connect(ticket);
      }
    } catch (error) {
      if (error instanceof api.Refusal && (error.status === 401 || error.code === "E_ORIGIN")) return this.gone();
      this.again(error.retryAfter);
    } finally {
      this.isOpening = false;
    }
  }

  gone() {
    this.isOpening = false;
    if (this.stopped) return;
    this.stop();
    this.emit("gone");
  }

  again(seconds = 0) {
    if (this.stopped) return;
    this.drop();
    this.emit("state", "reconnecting");
    const wait = STEPS[Math.min(this.attempt++, STEPS.length - 1)];
    const delay = Math.max(seconds * 1000, wait * (0.8 + Math.random() * 0.4));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), delay);
  }

  opened() {
    this.isOpen = true;
    this.attempt = 0;
    this.failures = 0;
    this.emit("state", "online");
  }

  // --- WebSocket ---

  connect(ticket) {
    const url = new URL("/ws", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, ["trunkline.v1", `ticket.${ticket}`]);
    this.socket = socket;
    return new Promise((resolve) => {
      const patience = setTimeout(() => socket.close(), 10_000);
      socket.onopen = () => {
        clearTimeout(patience);
        socket.send(JSON.stringify({ type: "hello", after: this.seq }));
        this.pinging = setInterval(() => this.ping(), PING);
        resolve();
      };
      socket.onmessage = ({ data }) => this.take(JSON.parse(data));
      socket.onclose = ({ code }) => {
        clearTimeout(patience);
        resolve();
        if (this.socket !== socket) return;
        this.socket = null;
        if (!this.isOpen) this.failures += 1;
        if (code === GONE) return this.gone();
        if (code === IDLE) return this.pause();
        this.again();
      };
    });
  }

  pause() {
    this.drop();
    this.emit("state", "paused"); // nothing is lost; the next touch of the page connects again
  }

  ping() {
    if (this.socket?.readyState !== OPEN || this.deadline) return;
    this.socket.send('{"type":"ping"}');
    this.deadline = setTimeout(() => {
      this.deadline = 0;
      this.again();
    }, SILENCE);
  }

  take(frame) {
    clearTimeout(this.deadline); // anything heard proves the connection
    this.deadline = 0;
    switch (frame.type) {
      case "welcome":
        this.opened();
        break;
      case "message":
        this.line(frame);
        break;
      case "ack":
        this.emit("ack", frame);
        break;
      case "error":
        if (frame.code === "E_SEQ") {
          this.seq = 0; // the server knows less than we do (a restored backup): what it has is what there is
          this.again();
        } else this.emit("refused", frame);
        break;
      case "pong":
        break;
      default:
        this.emit("signal", frame);
    }
  }

  line(message) {
    if (message.seq <= this.seq) return;
    this.seq = message.seq;
    this.emit("message", message);
  }

  // --- where sockets do not get through ---

  async stream() {
    const abort = (this.abort = new AbortController());
    const lines = api.events(this.token, this.seq, abort.signal);
    await lines.next();
    this.opened();
    this.follow(lines, abort);
  }

  async follow(lines, abort) {
    try {
      for await (const { event, data } of lines) {
        if (event === "message") this.line(data);
        else if (event === "closed" && data.code === IDLE) return this.pause();
        else if (event === "closed" && data.code === GONE) return this.gone();
        else if (event !== "closed") this.emit("signal", data);
      }
    } catch (error) {
      if (error.status === 401) return this.gone();
    }
    if (!abort.signal.aborted) this.again();
  }

  // --- out ---

  // How it left ("" if it did not); then an "ack" or a "refused" follows, or the connection breaks and it is sent again.
  send(message) {
    if (!this.isOpen) return "";
    const frame = JSON.stringify({ type: "message", ...message });
    if (this.socket?.readyState === OPEN && frame.length * 3 < MAX_FRAME) {
      this.socket.send(frame);
      return "frame";
    }
    this.post(message);
    return "post";
  }

  async post(message) {
    const client_id = message.client_id;
    try {
      await api.postMessage(this.token, message);
      this.emit("ack", { client_id, seq: 0 });
    } catch (error) {
      if (error.status === 401) return this.gone();
      const isRefused = error instanceof api.Refusal && error.status < 500;
      const code = isRefused ? error.code : "E_UNAVAILABLE";
      this.emit("refused", { code, message: error.message, retry_after: error.retryAfter, client_id });
    }
  }
}
