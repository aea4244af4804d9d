// The chat page: opens or resumes the bot's session and brings transcript, composer and connection together.

import * as api from "/assets/api.js";
import { Attachments } from "/assets/attachments.js";
import { Composer } from "/assets/composer.js";
import { host, onHost, tell } from "/assets/embed.js";
import { Keep, isKept } from "/assets/keep.js";
import { Link } from "/assets/link.js";
import { element } from "/assets/message.js";
import { Outbox } from "/assets/outbox.js";
import { Transcript } from "/assets/transcript.js";
import { language, words } from "/assets/words.js";

const RECENT = 60; // log lines shown at first
const PAGE = 100;
const at = (id) => document.getElementById(id);
const { bot, title, logo } = document.body.dataset;
const keep = new Keep(bot);
let session = null; // {token, session_id}
let link = null;
let unread = 0;
let tuning = 0;
let lost = 0;

// --- the page's furniture ---

function furnish() {
  document.documentElement.lang = language;
  const labels = { restart: words.restart, close: words.close, attach: words.attach, send: words.send, "to-end": words.toEnd };
  for (const [id, label] of Object.entries(labels)) Object.assign(at(id), { ariaLabel: label, title: label });
  at("to-end-text").textContent = words.newMessages;
  at("earlier").textContent = words.earlier;
  at("drop-text").textContent = words.drop;
  at("log").ariaLabel = words.log;
  at("composer").ariaLabel = words.placeholder;
  at("typing").setAttribute("aria-label", `${title} ${words.typing}`);
  at("typing").setAttribute("role", "img");
  at("avatar").textContent = [...title][0]?.toUpperCase() ?? "•";
  if (logo) showLogo();
  document.body.classList.toggle("embedded", host !== null);
  at("close").hidden = host === null;
}

function showLogo() {
  const picture = element("img");
  picture.alt = "";
  picture.addEventListener("load", () => {
    at("avatar").replaceChildren(picture);
    const favicon = document.querySelector("link[rel=icon]");
    favicon.removeAttribute("type"); // whatever kind of picture it is
    favicon.href = logo;
  }, { once: true });
  picture.src = logo;
}

function setState(state) {
  at("state").dataset.state = state;
  at("state-text").textContent = words[state];
  clearTimeout(lost);
  if (state === "online" || state === "paused") return banner("");
  // A hiccup shorter than this is nobody's business.
  lost = setTimeout(() => banner(navigator.onLine ? words.lost : words.offline), navigator.onLine ? 1500 : 0);
}

function banner(text) {
  at("banner").hidden = !text;
  if (at("banner").textContent !== text) at("banner").textContent = text;
}

function notice(text) {
  const line = element("p", "notice", text);
  line.setAttribute("role", "status");
  at("log").append(line);
}

// --- the session ---

async function start(announce = "") {
  setState("connecting");
  composer.setReady(false);
  for (let attempt = 0; ; attempt++) {
    let opened = null;
    try {
      opened = (await resume()) ?? (await underLock(async () => (await resume()) ?? open()));
    } catch (error) {
      if (error instanceof api.Refusal && error.status < 500 && error.status !== 429) return stopWith(error.message);
      if (!(error instanceof api.Refusal)) console.info(`trunkline: ${error}`);
      banner(error.code === "E_CAPACITY" || error.status === 429 ? words.full : navigator.onLine ? words.away : words.offline);
      at("state").dataset.state = "reconnecting";
      const delay = Math.max((error.retryAfter ?? 0) * 1000, Math.min(15_000, 1000 * 2 ** attempt) * (0.8 + Math.random() * 0.4));
      await Promise.race([new Promise((go) => setTimeout(go, delay)), new Promise((go) => addEventListener("online", go, { once: true }))]);
    }
    if (opened) return begin(opened, announce || (opened.renewed ? words.renewed : ""));
  }
}

// Two tabs that open together shall find one session.
async function underLock(work) {
  try {
    return await navigator.locks.request(keep.key, work);
  } catch (error) {
    if (error instanceof api.Refusal || navigator.locks?.request && error.name !== "SecurityError") throw error;
    return work(); // a foreign frame may have neither locks nor storage
  }
}

let wasRefused = false;

async function resume() {
  const kept = keep.session;
  if (!kept) return null;
  try {
    const shown = await api.showSession(kept.token);
    return { token: kept.token, session_id: shown.session_id, messages: [], isResumed: true, waiting_for: shown.waiting_for };
  } catch (error) {
    if (error.status !== 401) throw error;
    keep.session = null;
    wasRefused = true;
    return null;
  }
}

async function open() {
  const opened = await api.openSession(bot);
  keep.session = { token: opened.token, session_id: opened.session_id };
  const renewed = wasRefused;
  wasRefused = false;
  return { ...opened, renewed };
}

function begin(opened, announce) {
  link?.stop();
  session = { token: opened.token, session_id: opened.session_id };
  transcript.clear();
  attachments.clear();
  banner("");
  at("log").ariaLive = opened.isResumed ? "off" : "polite"; // a whole history is not news
  if (announce) notice(announce);
  if (!isKept) notice(words.blocked);
  const seen = opened.isResumed ? Math.max(0, keep.seen(session.session_id) - RECENT) : 0;
  at("earlier").hidden = seen === 0;
  for (const message of opened.messages) transcript.add(message);
  outbox.begin(session.session_id);
  at("restart").hidden = false;
  at("attach").disabled = false;
  composer.tune(opened.waiting_for ?? null);
  composer.setReady(true);
  connect(Math.max(seen, transcript.lastSeq));
  if (!opened.isResumed) tuneSoon();
  if (!host || document.hasFocus()) composer.focus(); // a frame takes no focus from the page around it
}

function stopWith(text) {
  at("state").dataset.state = "reconnecting";
  at("state-text").textContent = "";
  banner(text);
}

function connect(seq) {
  link = outbox.link = new Link(session.token, seq);
  link.addEventListener("state", ({ detail }) => {
    setState(detail);
    if (detail === "online") outbox.flush();
    else outbox.lost();
  });
  link.addEventListener("message", ({ detail }) => took(detail));
  link.addEventListener("ack", ({ detail }) => {
    outbox.acknowledge(detail);
    if (transcript.pending.has(detail.client_id)) transcript.setTyping(4000);
  });
  link.addEventListener("refused", ({ detail }) => outbox.refused(detail));
  link.addEventListener("signal", ({ detail }) => detail.type === "typing" && transcript.setTyping(10_000));
  link.addEventListener("gone", () => {
    composer.restore(outbox.abandon());
    keep.session = keep.session?.token === session.token ? null : keep.session;
    start(words.renewed);
  });
  link.open();
}

function took(message) {
  const isNew = transcript.add(message);
  keep.setSeen(session.session_id, Math.max(transcript.lastSeq, keep.seen(session.session_id)));
  setTimeout(() => (at("log").ariaLive = "polite"), 500);
  if (message.role !== "user" && isNew && (document.hidden || (host && !isShown))) count(unread + 1);
  tuneSoon();
}

// What the bot waits for decides how the keyboard looks; it is asked for once the lines have stopped coming.
function tuneSoon() {
  clearTimeout(tuning);
  tuning = setTimeout(async () => {
    const asked = session.token;
    const shown = await api.showSession(asked).catch(() => null);
    if (shown && asked === session.token) composer.tune(shown.waiting_for);
  }, 250);
}

// --- the parts, wired ---

const transcript = new Transcript(
  { log: at("log"), scroller: at("scroller"), typing: at("typing"), toEnd: at("to-end") },
  title,
  (group, button, choice, label) => {
    for (const other of group.children) other.disabled = true;
    button.classList.add("chosen");
    outbox.add(choice.prompt ? { choice } : { text: label }, label);
    composer.focus();
  },
  (clientId) => outbox.retry(clientId),
);

const outbox = new Outbox(keep, transcript, notice);

const attachments = new Attachments(
  { list: at("attachments"), file: at("file"), attach: at("attach"), drop: at("drop"), app: at("app") },
  () => session?.token,
  () => composer.refresh(),
  notice,
);

const composer = new Composer(
  { form: at("composer"), text: at("text"), send: at("send"), attach: at("attach"), file: at("file") },
  attachments,
  (text, files, isSecret) => {
    const content = { text: text || undefined, attachments: files.length ? files.map((file) => file.attachment_id) : undefined };
    const label = isSecret ? "••••••" : [text, ...files.map((file) => `📎 ${file.name}`)].filter(Boolean).join("\n");
    outbox.add(content, label, isSecret);
  },
);

at("earlier").addEventListener("click", async () => {
  const after = Math.max(0, transcript.firstSeq - 1 - PAGE);
  const { messages } = await api.readLog(session.token, after, PAGE).catch(() => ({ messages: null }));
  if (!messages) return;
  transcript.prepend(messages.filter((message) => message.seq < transcript.firstSeq));
  at("earlier").hidden = after === 0;
});

at("restart").addEventListener("click", async () => {
  if (!confirm(words.confirmRestart)) return;
  link?.stop();
  await api.endSession(session.token).catch(() => {});
  keep.session = null;
  start();
});

addEventListener("pointerdown", () => link?.touch(), { passive: true });
addEventListener("keydown", (event) => {
  link?.touch();
  if (event.key === "Escape" && host) tell("close");
});
addEventListener("offline", () => setState("reconnecting"));
addEventListener("online", () => link?.isOpen && setState("online"));

keep.onChange((kept) => {
  if (kept && kept.token !== session?.token) start();
});

// --- unread, and the widget's frame ---

let isShown = host === null;

function count(number) {
  unread = number;
  document.title = unread ? `(${unread}) ${title}` : title;
  tell("unread", { count: unread });
}

document.addEventListener("visibilitychange", () => document.hidden || count(0));
at("close").addEventListener("click", () => tell("close"));
onHost(({ type }) => {
  if (type === "shown" || type === "seen") {
    isShown = true;
    count(0);
    transcript.scrollToEnd();
    if (type === "shown") composer.text.focus({ preventScroll: true });
  } else if (type === "hidden") isShown = false;
});

furnish();
tell("ready"); // whether the server answers is the page's own affair: it says so itself
start();
