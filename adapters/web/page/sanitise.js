// The last of three walls between what a bot says and the page: a copy is made of known elements and attributes,
// node by node. Nothing that was parsed is ever put into the page itself.

import { words } from "/assets/words.js";

const TAGS = new Set(
  ("A BLOCKQUOTE BR CODE DEL EM H1 H2 H3 H4 H5 H6 HR LI OL P PRE S STRONG TABLE TBODY TD TH THEAD TR UL").split(" "),
);
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const policy = globalThis.trustedTypes?.createPolicy("trunkline", { createHTML: (html) => html });

export function fragmentOf(html) {
  const parsed = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
  const fragment = document.createDocumentFragment();
  copyInto(fragment, parsed.body);
  for (const block of fragment.children) block.dir = block.tagName === "PRE" ? "ltr" : "auto"; // each block reads its own way
  return fragment;
}

function copyInto(target, source) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && TAGS.has(node.tagName)) target.append(copyOf(node));
  }
}

function copyOf(node) {
  const copy = document.createElement(node.tagName);
  if (node.tagName === "A") link(copy, node.getAttribute("href") ?? "");
  if (node.tagName === "OL" && /^\d{1,9}$/.test(node.getAttribute("start") ?? "")) copy.start = node.getAttribute("start");
  copyInto(copy, node);
  if (node.tagName === "PRE") copy.tabIndex = 0; // wide code scrolls by itself, with the keyboard as well
  if (node.tagName !== "TABLE") return copy;
  const frame = document.createElement("div"); // a wide table scrolls by itself
  frame.className = "table";
  frame.tabIndex = 0;
  frame.append(copy);
  return frame;
}

function link(anchor, href) {
  let url;
  try {
    url = new URL(href);
  } catch {
    return;
  }
  if (!SCHEMES.has(url.protocol)) return;
  anchor.href = url.href;
  anchor.rel = "noopener noreferrer nofollow";
  if (url.protocol.startsWith("http")) {
    anchor.target = "_blank";
    anchor.title = `${url.host} (${words.opensNew})`;
  }
}
