// Puts a chat behind a button on any page:
//   <script src="https://chat.example/widget.js" data-bot="default" data-title="Chat" async></script>
// Optional: data-color="#0f766e", data-position="left", data-open. docs/howto/embed.md explains them.
// The chat lives in a frame of its own origin; this script touches nothing of the page but adds one element,
// sets no cookie, and shows the frame only once it has reported itself from the right origin. The tab remembers
// (sessionStorage) whether the chat was open, so that a walk through the site does not close it.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || document.querySelector("trunkline-chat")) return;
  const base = new URL(script.src).origin;
  const { bot = "default", title = "Chat", color = "#0f766e", position = "right" } = script.dataset;
  const PATIENCE = 10_000; // milliseconds for the frame to report itself
  const GRACE = 1500; // milliseconds after something has loaded that is not the chat: an error page, a refusal
  const SMALL = "(max-width: 480px), (max-height: 420px)"; // a phone, upright or lying: the chat fills the screen
  const KEPT = `trunkline-chat:${bot}`;
  const words = navigator.language.toLowerCase().startsWith("pt")
    ? { open: "Abrir conversa", close: "Fechar conversa", away: "O chat não está disponível agora. Tente mais tarde." }
    : { open: "Open chat", close: "Close chat", away: "The chat is not available right now. Please try again later." };
  const side = position === "left" ? "left" : "right";
  // !important in a shadow tree outranks every rule of the page.
  const STYLE = `
    :host { all: initial !important; display: block !important; position: fixed !important; z-index: 2147483000 !important;
      bottom: max(20px, env(safe-area-inset-bottom)) !important; ${side}: 20px !important;
      font: 15px/1.4 system-ui, sans-serif !important; color-scheme: light dark !important; }
    @media print { :host { display: none !important; } }
    button { all: unset; box-sizing: border-box; cursor: pointer; display: grid; place-items: center; position: relative;
      width: 60px; height: 60px; border-radius: 50%; background: var(--color); color: var(--on-color);
      box-shadow: 0 1px 3px rgb(0 0 0 / .2), 0 8px 24px rgb(0 0 0 / .22); transition: transform .15s, box-shadow .15s; }
    button:hover { transform: translateY(-2px); box-shadow: 0 2px 5px rgb(0 0 0 / .2), 0 12px 30px rgb(0 0 0 / .28); }
    button:focus-visible { outline: 3px solid var(--color); outline-offset: 3px; }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    button[aria-busy=true] svg { animation: breathe 1s infinite alternate; }
    @keyframes breathe { to { opacity: .35 } }
    .count { position: absolute; top: -2px; right: -2px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box;
      border-radius: 11px; background: #d92d20; color: #fff; font-size: 13px; font-weight: 600; line-height: 22px; text-align: center; }
    .note { position: absolute; bottom: 72px; ${side}: 0; width: max-content; max-width: min(280px, 80vw);
      margin: 0; padding: 12px 16px; border-radius: 14px; background: Canvas; color: CanvasText; box-shadow: 0 4px 24px rgb(0 0 0 / .2); }
    iframe { position: absolute; border: 0; bottom: 76px; ${side}: 0; width: 0; height: 0; visibility: hidden;
      border-radius: 18px; background: Canvas; box-shadow: 0 2px 8px rgb(0 0 0 / .12), 0 16px 48px rgb(0 0 0 / .24); }
    iframe.shown { visibility: visible; width: min(400px, calc(100vw - 40px)); height: min(680px, calc(100vh - 120px)); animation: rise .18s ease-out; }
    @keyframes rise { from { opacity: 0; transform: translateY(12px) } }
    @media ${SMALL} {
      iframe.shown { position: fixed; inset: 0; width: 100%; height: 100%; height: 100dvh; border-radius: 0; }
    }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
    [hidden] { display: none !important; }`;

  const OPEN = "M6 4h12a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-6l-5 4v-4H6a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z";
  const CLOSE = "M6 9l6 6 6-6";
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

  const element = make("trunkline-chat");
  const root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // allowed under any Content-Security-Policy of the page
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const button = make("button", { type: "button" });
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawing.append(line);
  const badge = make("span", { className: "count", hidden: true });
  button.append(drawing, badge);
  const note = make("p", { className: "note", hidden: true });
  note.setAttribute("role", "status");
  root.append(button, note);

  let frame = null;
  let isReady = false;
  let isOpen = false;
  let isAsked = false;
  let patience = 0;

  function draw() {
    line.setAttribute("d", isOpen && isReady ? CLOSE : OPEN);
    button.setAttribute("aria-label", isOpen ? words.close : `${words.open}: ${title}`);
    button.setAttribute("aria-expanded", String(isOpen && isReady));
    button.setAttribute("aria-busy", String(isOpen && !isReady));
    frame?.classList.toggle("shown", isOpen && isReady);
    if (frame) frame.inert = !(isOpen && isReady);
  }

  function say(text) {
    note.textContent = text;
    note.hidden = !text;
    if (text) setTimeout(() => say(""), 8000);
  }

  function load() {
    frame = make("iframe", { title, referrerPolicy: "no-referrer" });
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals");
    frame.addEventListener("load", () => !isReady && setTimeout(() => !isReady && giveUp(), GRACE));
    frame.src = `${base}/${encodeURIComponent(bot)}?embed=${encodeURIComponent(location.origin)}`;
    root.append(frame);
    patience = setTimeout(giveUp, PATIENCE);
  }

  function giveUp() {
    if (!frame) return;
    clearTimeout(patience);
    console.warn(`trunkline: the chat did not answer. Is ${base} up, and is ${location.origin} in allowed-origins of the bot?`);
    frame.remove();
    frame = null;
    if (isOpen && isAsked) say(words.away);
    isOpen = false;
    draw();
  }

  // A page may be denied storage: then nothing is remembered.
  function remember(state) {
    try {
      sessionStorage.setItem(KEPT, state);
    } catch {}
  }

  function remembered() {
    try {
      return sessionStorage.getItem(KEPT) ?? "";
    } catch {
      return "";
    }
  }

  function tell(type) {
    frame?.contentWindow?.postMessage({ source: "trunkline", type }, base);
  }

  // *asked*: the person pressed the button. What opens by itself neither takes the focus nor complains.
  function open(asked) {
    isOpen = true;
    isAsked = asked;
    if (asked) remember("open");
    say("");
    if (!frame) load();
    draw();
    if (isReady) appear();
  }

  function appear() {
    badge.hidden = true;
    if (isAsked) frame.focus();
    tell(isAsked ? "shown" : "seen");
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    remember("closed");
    draw();
    tell("hidden");
    button.focus();
  }

  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base || event.data?.source !== "trunkline") return;
    const { type, count } = event.data;
    if (type === "ready") {
      clearTimeout(patience);
      isReady = true;
      draw();
      if (isOpen) appear();
    } else if (type === "close") close();
    else if (type === "unread" && Number.isInteger(count)) {
      badge.textContent = count > 9 ? "9+" : String(count);
      badge.hidden = isOpen || count === 0;
    }
  });
  button.addEventListener("click", () => (isOpen ? close() : open(true)));
  root.addEventListener("keydown", (event) => event.key === "Escape" && close());

  function onColor(hex) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#111" : "#fff";
  }

  function mount() {
    const own = /^#[0-9a-f]{6}$/i.test(color) ? color : "#0f766e";
    element.style.setProperty("--color", own);
    element.style.setProperty("--on-color", onColor(own));
    document.body.append(element);
    draw();
    const wouldHidePage = matchMedia(SMALL).matches;
    const state = remembered();
    if (!wouldHidePage && (state === "open" || (state === "" && "open" in script.dataset))) open(false);
  }

  if (document.body) mount();
  else addEventListener("DOMContentLoaded", mount, { once: true });
})();
