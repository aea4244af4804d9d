// The conversation as shown: log lines by seq, each once, and the person's own lines that are still on their way.

import { element, elementOf } from "/assets/message.js";
import { dayOf, words } from "/assets/words.js";

const GAP = 5 * 60_000; // milliseconds after which a new group of bubbles begins

export class Transcript {
  constructor(parts, botName, onChoice, onRetry) {
    Object.assign(this, parts); // log, scroller, typing, toEnd
    this.botName = botName;
    this.onChoice = onChoice;
    this.onRetry = onRetry;
    this.rows = new Map(); // seq -> row
    this.pending = new Map(); // client_id -> {row, seq}
    this.lastSeq = 0;
    this.firstSeq = 0;
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.toEnd.addEventListener("click", () => this.scrollToEnd(true));
    new ResizeObserver(() => this.isAtEnd && this.scrollToEnd()).observe(this.scroller.firstElementChild);
    new ResizeObserver(() => this.isAtEnd && this.scrollToEnd()).observe(this.scroller);
    this.isAtEnd = true;
  }

  clear() {
    this.log.replaceChildren();
    this.rows.clear();
    this.pending.clear();
    this.lastSeq = this.firstSeq = 0;
    this.setTyping(0);
    this.isAtEnd = true;
  }

  // --- log lines ---

  add(message) {
    if (this.rows.has(message.seq)) return false;
    if (message.role === "user" && this.adopt(message)) return false;
    const row = this.rowOf(message);
    const before = [...this.pending.values()].find((entry) => !entry.seq)?.row ?? null;
    this.log.insertBefore(row, before);
    this.remember(message, row);
    if (message.role !== "user") this.setTyping(0);
    this.follow(message.role !== "user");
    return true;
  }

  prepend(messages) {
    const height = this.scroller.scrollHeight;
    for (const message of [...messages].reverse()) {
      if (this.rows.has(message.seq)) continue;
      const row = this.rowOf(message);
      this.log.prepend(row);
      this.rows.set(message.seq, row);
      this.firstSeq = message.seq;
    }
    this.settle();
    this.scroller.scrollTop += this.scroller.scrollHeight - height;
  }

  rowOf(message) {
    const author = message.role === "user" ? words.you : this.botName;
    const row = elementOf(message, author, (...args) => this.onChoice(...args));
    row.dataset.at = Date.parse(message.created_at);
    row.dataset.seq = message.seq;
    return row;
  }

  remember(message, row) {
    this.rows.set(message.seq, row);
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    this.firstSeq ||= message.seq;
    this.settle();
  }

  // --- the person's own lines on their way ---

  show(entry) {
    if (this.pending.has(entry.client_id)) return;
    const message = { role: "user", text: entry.label, parts: [], created_at: entry.at, seq: 0 };
    const row = this.rowOf(message);
    row.dataset.seq = "";
    this.log.append(row);
    const text = entry.text ?? (entry.choice ? entry.label : ""); // as the log will have it
    this.pending.set(entry.client_id, { row, seq: 0, text, isAcked: false });
    this.settle();
    this.isAtEnd = true;
    this.scrollToEnd();
  }

  mark(clientId, state, text = "") {
    const row = this.pending.get(clientId)?.row;
    if (!row) return;
    row.classList.toggle("sending", state === "sending");
    row.classList.toggle("failed", state === "failed");
    row.querySelector(".delivery")?.remove();
    if (!text) return;
    const note = element("p", "delivery", text);
    note.setAttribute("role", "status");
    if (state === "failed") {
      const retry = element("button", "", words.retry);
      retry.type = "button";
      retry.addEventListener("click", () => this.onRetry(clientId));
      note.append(" ", retry);
    }
    row.append(note);
    this.follow(false);
  }

  isSending(clientId) {
    const entry = this.pending.get(clientId);
    return Boolean(entry && !entry.isAcked && entry.row.classList.contains("sending"));
  }

  left(clientId, way) {
    const entry = this.pending.get(clientId);
    if (entry) entry.isPosted = way === "post";
  }

  // The server has it: as line seq of the log (0: it did not say which).
  acknowledge(clientId, seq) {
    const entry = this.pending.get(clientId);
    if (!entry) return;
    this.mark(clientId, "");
    if (seq && this.rows.has(seq)) {
      entry.row.remove(); // the log line came first
      this.pending.delete(clientId);
      this.settle();
    } else Object.assign(entry, { seq, isAcked: true });
  }

  forget(clientId) {
    this.pending.get(clientId)?.row.remove();
    this.pending.delete(clientId);
    this.settle();
  }

  // A log line of the person's: if it is one shown already, that row becomes the line.
  adopt(message) {
    const entries = [...this.pending.entries()];
    const found =
      entries.find(([, entry]) => entry.seq === message.seq) ??
      // The answer to a POST does not say which line it became, and may come after that line.
      entries.find(([, entry]) => entry.isPosted && !entry.seq && entry.text === message.text);
    if (!found) return false;
    const [clientId, entry] = found;
    const row = this.rowOf(message);
    row.classList.add("still");
    this.pending.delete(clientId);
    entry.row.remove();
    const before = [...this.pending.values()].find((other) => !other.seq)?.row ?? null;
    this.log.insertBefore(row, before);
    this.remember(message, row);
    return true;
  }

  // --- how lines stand together ---

  settle() {
    let previous = null;
    for (const old of this.log.querySelectorAll(".day")) old.remove();
    for (const row of this.log.querySelectorAll(".message")) {
      const at = Number(row.dataset.at);
      const isNewDay = !previous || dayOf(new Date(at)) !== dayOf(new Date(Number(previous.dataset.at)));
      const isSame = previous && kindOf(previous) === kindOf(row) && at - Number(previous.dataset.at) < GAP && !isNewDay;
      row.classList.toggle("first", !isSame);
      if (previous) previous.classList.toggle("last", !isSame);
      if (isNewDay) row.before(element("p", "day", dayOf(new Date(at))));
      previous = row;
    }
    previous?.classList.add("last");
    this.settleSuggestions();
  }

  // Only the newest question can be answered, and only until the person has said anything after it.
  settleSuggestions() {
    const groups = [...this.log.querySelectorAll(".suggestions")];
    const lastOwn = [...this.log.querySelectorAll(".message.user:not(.failed)")].pop();
    for (const group of groups) {
      const isNewest = group === groups[groups.length - 1];
      const isAnswered = lastOwn && group.compareDocumentPosition(lastOwn) & Node.DOCUMENT_POSITION_FOLLOWING;
      const isLive = isNewest && !isAnswered;
      group.classList.toggle("answered", !isLive);
      for (const button of group.children) button.disabled = !isLive;
      if (!isLive && lastOwn) markChosen(group);
    }
  }

  // --- typing, scrolling ---

  setTyping(milliseconds) {
    clearTimeout(this.typingTimer);
    this.typing.hidden = milliseconds === 0;
    if (milliseconds) this.typingTimer = setTimeout(() => this.setTyping(0), milliseconds);
    if (milliseconds) this.follow(false);
  }

  follow(isNews) {
    if (this.isAtEnd) this.scrollToEnd();
    else if (isNews) this.toEnd.classList.add("news");
    this.toEnd.hidden = this.isAtEnd;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.isAtEnd = scrollHeight - scrollTop - clientHeight < 80;
    this.toEnd.hidden = this.isAtEnd;
    if (this.isAtEnd) this.toEnd.classList.remove("news");
  }

  scrollToEnd(isSmooth = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: isSmooth && !calm ? "smooth" : "instant" });
  }
}

const kindOf = (row) => ["user", "assistant", "system"].find((role) => row.classList.contains(role));

function markChosen(group) {
  if (group.querySelector(".chosen")) return;
  let next = group.closest(".message").nextElementSibling;
  while (next && !next.classList.contains("user")) next = next.nextElementSibling;
  const said = next?.querySelector(".text")?.textContent.trim().toLowerCase();
  for (const button of group.children) if (button.textContent.trim().toLowerCase() === said) button.classList.add("chosen");
}
