// Where the person writes. It grows with the text and suits itself to what the bot is waiting for.

import { words } from "/assets/words.js";

const KINDS = {
  integer: { inputmode: "numeric", placeholder: words.typeNumber },
  float: { inputmode: "decimal", placeholder: words.typeNumber },
  money: { inputmode: "decimal", placeholder: words.typeNumber },
  email: { inputmode: "email", placeholder: words.typeEmail, lower: true },
  mobile: { inputmode: "tel", placeholder: words.typePhone },
  url: { inputmode: "url", placeholder: "https://", lower: true },
  date: { placeholder: words.typeDate },
  file: { placeholder: words.sendFile, file: true },
  document: { placeholder: words.sendFile, file: true },
  image: { placeholder: words.sendImage, file: true, accept: "image/*" },
  audio: { placeholder: words.sendFile, file: true, accept: "audio/*" },
  video: { placeholder: words.sendFile, file: true, accept: "video/*" },
  password: { placeholder: words.secret, secret: true },
  creditcard: { inputmode: "numeric", placeholder: words.secret },
};

export class Composer {
  constructor(parts, attachments, onSend) {
    Object.assign(this, parts); // form, text, send, attach, file
    this.attachments = attachments;
    this.onSend = onSend;
    this.isReady = false; // before there is a session, what is written waits in the field
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("keydown", (event) => {
      // While an input method composes, Enter chooses a candidate.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
    this.text.addEventListener("input", () => this.refresh());
    this.text.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length) {
        event.preventDefault();
        this.attachments.addAll(event.clipboardData.files);
      }
    });
    this.tune(null);
  }

  refresh() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    const hasContent = this.text.value.trim() !== "" || this.attachments.items.some((item) => item.id);
    this.send.disabled = !this.isReady || !hasContent || this.attachments.isBusy;
  }

  setReady(isReady) {
    this.isReady = isReady;
    this.refresh();
  }

  // What could not be sent any more goes back to where it was written.
  restore(texts) {
    this.text.value = [...texts, this.text.value].filter(Boolean).join("\n");
    this.refresh();
  }

  submit() {
    if (this.send.disabled) return;
    const text = this.text.value.trim();
    const files = this.attachments.take();
    this.text.value = "";
    this.refresh();
    this.onSend(text, files, this.isSecret);
    this.text.focus();
  }

  // *waiting*: waiting_for of GET /api/session, or null.
  tune(waiting) {
    const kind = KINDS[(waiting?.type ?? "").toLowerCase()] ?? {};
    this.isSecret = Boolean(kind.secret);
    this.text.placeholder = kind.placeholder ?? words.placeholder;
    this.text.inputMode = kind.inputmode ?? "text";
    this.text.autocapitalize = kind.lower ? "none" : "sentences";
    this.text.classList.toggle("secret", this.isSecret);
    this.text.setAttribute("aria-label", kind.placeholder ?? words.placeholder);
    this.attach.classList.toggle("wanted", Boolean(kind.file));
    this.file.accept = kind.accept ?? "";
  }

  focus() {
    // On a touch screen the keyboard would cover what the person came to read.
    if (matchMedia("(hover: hover) and (pointer: fine)").matches) this.text.focus({ preventScroll: true });
  }
}
