// The person's messages on their way: kept until the server has them, sent once and in the order of writing.

import { words } from "/assets/words.js";

const SLOW = 1500; // milliseconds after which a person is told that a message is still on its way
const PAUSE = 2; // seconds, at least, before a message that the server could not take is sent again

export class Outbox {
  // *onNotice*(text): something that the person should know about a message that is gone.
  constructor(keep, transcript, onNotice) {
    this.keep = keep;
    this.transcript = transcript;
    this.onNotice = onNotice;
    this.link = null;
    this.sessionId = "";
    this.held = 0; // timer: nothing is sent while the server wants a pause
  }

  // A session is on the page now: what it had not yet taken is shown again.
  begin(sessionId) {
    this.release();
    this.sessionId = sessionId;
    for (const entry of this.entries) {
      this.transcript.show(entry);
      if (entry.failed) this.transcript.mark(entry.client_id, "failed", entry.failed);
    }
  }

  get entries() {
    return this.keep.pending(this.sessionId);
  }

  add(content, label, isSecret = false) {
    const entry = { ...content, client_id: makeId(), session: this.sessionId, label, at: new Date().toISOString() };
    this.keep.add(entry, isSecret);
    this.transcript.show(entry);
    this.dispatch(entry);
  }

  flush() {
    for (const entry of this.entries) if (!entry.failed) this.dispatch(entry);
  }

  // The connection is gone: whatever has no receipt will be sent again.
  lost() {
    for (const { client_id, failed } of this.entries) if (!failed) this.transcript.mark(client_id, "sending", words.waiting);
  }

  // The session has ended: nothing of it goes into another. Returns the texts that had not arrived.
  abandon() {
    const unsent = this.entries.filter((entry) => entry.text && !this.keep.secrets.has(entry.client_id));
    for (const { client_id } of this.entries) this.drop(client_id);
    return unsent.map((entry) => entry.text);
  }

  acknowledge({ client_id, seq }) {
    this.keep.remove(this.sessionId, client_id);
    this.transcript.acknowledge(client_id, seq);
  }

  refused({ code, message, retry_after, client_id }) {
    const entry = this.entries.find((kept) => kept.client_id === client_id);
    if (!entry) return;
    if (code === "E_UNAVAILABLE" || retry_after) return this.hold(entry, code, retry_after ?? 0);
    if (code === "E_STALE_CHOICE") {
      this.drop(client_id);
      return this.onNotice(words.stale);
    }
    const failed = `${words.failed}: ${message}`;
    this.keep.replace({ ...entry, failed });
    this.transcript.mark(client_id, "failed", failed);
    this.transcript.settleSuggestions();
  }

  retry(clientId) {
    const entry = this.entries.find((kept) => kept.client_id === clientId);
    if (!entry) return;
    const isSecret = this.keep.secrets.has(clientId);
    this.drop(clientId);
    const { text, choice, attachments, label } = entry;
    this.add({ text, choice, attachments }, label, isSecret);
  }

  // --- how one leaves ---

  dispatch(entry) {
    const { text, choice, attachments, client_id } = entry;
    if (this.held) return this.transcript.mark(client_id, "sending", words.sending);
    const way = this.link.send({ client_id, text, choice, attachments }); // JSON leaves out what is undefined
    if (!way) this.link.touch();
    this.transcript.left(client_id, way);
    this.transcript.mark(client_id, "sending", way ? "" : words.waiting);
    if (way) setTimeout(() => this.slow(client_id), SLOW);
  }

  slow(clientId) {
    const isOut = this.transcript.isSending(clientId);
    if (isOut && !this.held) this.transcript.mark(clientId, "sending", navigator.onLine ? words.sending : words.waiting);
  }

  // One timer for all that the server sent back, so that they go again once each, and in order.
  hold(entry, code, seconds) {
    const isFirst = !this.held; // of several, one explains
    this.transcript.mark(entry.client_id, "sending", isFirst && code !== "E_UNAVAILABLE" ? words.tooFast : words.sending);
    this.held ||= setTimeout(() => {
      this.release();
      this.flush();
    }, Math.max(PAUSE, seconds) * 1000);
  }

  release() {
    clearTimeout(this.held);
    this.held = 0;
  }

  drop(clientId) {
    this.keep.remove(this.sessionId, clientId);
    this.transcript.forget(clientId);
  }
}

function makeId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
