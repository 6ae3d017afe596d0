// Sends the queue: at once when asked, again after 2, 5, 15, then every 60 seconds while it fails, when the network is
// back, and with the next lesson page. Tells what happened through `tell(state, detail)`.
import { entryOf, keep, settle, waiting } from "./memory.js";

const WAITS = [2, 5, 15, 60];

export function reporter({ student, tell, answered }) {
  const busy = new Set();
  const asked = new Set(); // while busy
  let failures = 0;
  let timer = 0;
  let isStopped = false;

  async function send(lesson) {
    const entry = entryOf(student, lesson);
    if (busy.has(lesson)) asked.add(lesson);
    if (!entry || isStopped || busy.has(lesson)) return;
    busy.add(lesson);
    try {
      await settleWith(lesson, entry, await post(entry));
    } catch {
      later();
    } finally {
      busy.delete(lesson);
    }
    if (asked.delete(lesson) && !failures) send(lesson);
  }

  async function settleWith(lesson, entry, response) {
    if (response.ok) {
      failures = 0;
      settle(student, lesson, entry);
      tell("saved", entry.position, lesson);
      answered(lesson, await response.json());
    } else if (response.status === 401) {
      tell("signed-out");
    } else if (response.status === 403) {
      isStopped = true;
      tell("refused", await reason(response));
    } else if (response.status === 400 || response.status === 404) {
      keep(student, lesson, null); // it will never be taken
    } else {
      later();
    }
  }

  function later() {
    tell("waiting");
    clearTimeout(timer);
    const wait = WAITS[Math.min(failures++, WAITS.length - 1)];
    timer = setTimeout(sendAll, wait * 1000 * (0.8 + Math.random() * 0.4));
  }

  function sendAll() {
    waiting(student).forEach(send);
  }

  /** The page may be gone before an answer comes; what was not taken stays in the queue. */
  function leave(lesson) {
    const entry = entryOf(student, lesson);
    if (!entry || isStopped) return;
    if ("keepalive" in Request.prototype) post(entry).then((response) => settleWith(lesson, entry, response)).catch(later);
    else navigator.sendBeacon(entry.url, new URLSearchParams({ csrfmiddlewaretoken: token(), payload: body(entry) }));
  }

  addEventListener("online", () => {
    failures = 0;
    sendAll();
  });
  return { send, sendAll, leave };
}

const token = () => document.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? "";

function body({ position, ranges, duration, at, opened }) {
  return JSON.stringify({ timestamp: position, ranges, at, opened, ...(duration ? { duration } : {}) });
}

function post(entry) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
  return fetch(entry.url, { method: "POST", keepalive: true, credentials: "same-origin", headers, body: body(entry) });
}

async function reason(response) {
  const { error } = await response.json().catch(() => ({}));
  return error?.code === "csrf" ? "Reload the page to go on saving." : (error?.message ?? "Your progress is not saved here.");
}
