// Files on their way: chosen, dropped or pasted, uploaded with progress, shown above the text until they are sent.

import * as api from "/assets/api.js";
import { element, icon } from "/assets/message.js";
import { sizeOf, words } from "/assets/words.js";

const MAX = 10;
const CROSS = "M7 7l10 10M17 7L7 17";

export class Attachments {
  constructor(parts, tokenOf, onChange, onNotice) {
    Object.assign(this, parts); // list, file, attach, drop, app
    this.tokenOf = tokenOf;
    this.onChange = onChange;
    this.onNotice = onNotice;
    this.items = [];
    this.attach.addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => {
      this.addAll(this.file.files);
      this.file.value = "";
    });
    this.listenForDrops();
  }

  listenForDrops() {
    let depth = 0; // dragenter and dragleave come for every element below
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    const show = (isOver) => (this.drop.hidden = !isOver);
    this.app.addEventListener("dragenter", (event) => hasFiles(event) && (event.preventDefault(), show(++depth > 0)));
    this.app.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    this.app.addEventListener("dragleave", (event) => hasFiles(event) && show(--depth > 0));
    this.app.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      show((depth = 0) > 0);
      this.addAll(event.dataTransfer.files);
    });
  }

  addAll(files) {
    if (!this.tokenOf()) return;
    const room = MAX - this.items.length;
    for (const file of [...files].slice(0, room)) this.add(file);
    if (files.length > room) this.onNotice(words.tooMany.replace("{max}", MAX));
  }

  add(file) {
    const bar = element("progress");
    Object.assign(bar, { max: 1, value: 0 });
    bar.setAttribute("aria-label", `${words.uploading}: ${file.name}`);
    const remove = element("button", "icon-button", icon(CROSS));
    remove.type = "button";
    remove.setAttribute("aria-label", `${words.remove}: ${file.name}`);
    const note = element("small", "", sizeOf(file.size));
    const row = element("li", "", thumbnail(file), element("span", "about", element("span", "name", file.name), note, bar), remove);
    const item = { file, row, id: null, failed: false };
    remove.addEventListener("click", () => this.remove(item));
    this.items.push(item);
    this.list.append(row);
    this.upload(item, bar, note);
    this.changed();
  }

  async upload(item, bar, note) {
    const { done, cancel } = api.upload(this.tokenOf(), item.file, (part) => (bar.value = part));
    item.cancel = cancel;
    try {
      const stored = await done;
      Object.assign(item, { id: stored.attachment_id, stored });
    } catch (error) {
      item.failed = true;
      item.row.classList.add("failed");
      const known = { 413: words.tooLarge, 415: words.badType };
      note.textContent = known[error.status] ?? (error.status < 500 ? error.message : words.uploadFailed);
      note.setAttribute("role", "alert");
    }
    bar.remove();
    this.changed();
  }

  remove(item) {
    item.cancel?.();
    item.row.remove();
    this.items = this.items.filter((other) => other !== item);
    this.changed();
    this.attach.focus();
  }

  changed() {
    this.list.hidden = this.items.length === 0;
    this.onChange();
  }

  get isBusy() {
    return this.items.some((item) => !item.id && !item.failed);
  }

  // The uploaded files, taken out of the list.
  take() {
    const ready = this.items.filter((item) => item.id);
    this.list.replaceChildren(); // those that failed have said so
    this.items = [];
    this.changed();
    return ready.map((item) => item.stored);
  }

  clear() {
    for (const item of this.items) item.cancel?.();
    this.items = [];
    this.list.replaceChildren();
    this.changed();
  }
}

function thumbnail(file) {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(file.type)) return element("span", "thumb", (file.name.split(".").pop() ?? "").slice(0, 4));
  const picture = element("img", "thumb");
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  return picture;
}
