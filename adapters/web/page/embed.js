// Inside the widget's frame: talks to the embedding page, and to that page only.

const wanted = new URLSearchParams(location.search).get("embed");
const isFramed = parent !== window;
const listed = document.body.dataset.origins.split(" ");

export const host = isFramed && wanted && (wanted === location.origin || listed.includes(wanted)) ? wanted : null;

export function tell(type, detail = {}) {
  if (host) parent.postMessage({ source: "trunkline", type, ...detail }, host);
}

export function onHost(callback) {
  if (!host) return;
  addEventListener("message", (event) => {
    if (event.source === parent && event.origin === host && event.data?.source === "trunkline") callback(event.data);
  });
}
