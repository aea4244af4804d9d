// One line of the log as elements. Text is only ever text; formatted parts pass through the sanitiser.

import { fragmentOf } from "/assets/sanitise.js";
import { sizeOf, timeOf, words } from "/assets/words.js";

export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const FEW_EMOJI = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F){1,3}$/u;
const FILE = "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5";

export function elementOf(message, author, onChoice) {
  const parts = message.parts ?? [];
  const content = [textOf(message, parts), ...parts.map(mediaOf).filter(Boolean)].filter(Boolean);
  const bubble = content.length ? element("div", "bubble", ...content) : null;
  if (bubble && !content.some((node) => node.classList.contains("text"))) bubble.classList.add("bare");
  const row = element("article", `message ${message.role}`, element("span", "hidden", `${author}: `), bubble);
  row.append(timeElement(new Date(message.created_at)));
  const suggestions = parts.find((part) => part.type === "suggestions");
  if (suggestions?.options?.length) row.append(suggestionsOf(suggestions, onChoice));
  return row;
}

function timeElement(date) {
  const time = element("time", "", timeOf(date));
  time.dateTime = date.toISOString();
  time.title = date.toLocaleString();
  return time;
}

function textOf(message, parts) {
  const formatted = parts.find((part) => part.type === "formatted");
  if (formatted) return element("div", "text formatted", fragmentOf(formatted.html));
  if (!message.text) return null;
  const text = element("div", FEW_EMOJI.test(message.text) ? "text emoji" : "text", message.text);
  text.dir = "auto";
  return text;
}

// A signed URL may name the public address of this server; from this page its own address is meant.
function localUrl(text) {
  try {
    const url = new URL(text, location.origin);
    return url.pathname.startsWith("/files/") ? url.pathname + url.search : url.protocol === "https:" ? url.href : "";
  } catch {
    return "";
  }
}

function mediaOf(part) {
  const url = part.url ? localUrl(part.url) : "";
  if (!url || !["image", "audio", "video", "file"].includes(part.type)) return null;
  const name = part.name || part.type;
  if (part.type === "image") {
    const picture = element("img");
    Object.assign(picture, { src: url, alt: name, loading: "lazy", decoding: "async" });
    const anchor = element("a", "picture", picture);
    picture.addEventListener("error", () => anchor.replaceWith(card(url, name, part.size)), { once: true });
    return Object.assign(anchor, { href: url, download: name });
  }
  if (part.type === "file") return card(url, name, part.size);
  const player = element(part.type);
  Object.assign(player, { src: url, controls: true, preload: "metadata" });
  player.setAttribute("aria-label", name);
  return player;
}

function card(url, name, size) {
  const label = element("span", "name", name);
  const anchor = element("a", "file", icon(FILE), element("span", "", label, element("small", "", size ? sizeOf(size) : "")));
  return Object.assign(anchor, { href: url, download: name });
}

function suggestionsOf(part, onChoice) {
  const list = element("div", "suggestions");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", words.suggestions);
  list.dataset.prompt = part.prompt ?? "";
  for (const option of part.options) {
    const button = element("button", "", option.title);
    button.type = "button";
    button.dir = "auto";
    button.addEventListener("click", () => onChoice(list, button, { prompt: list.dataset.prompt, id: option.id }, option.title));
    list.append(button);
  }
  return list;
}
