// A provider's player in a frame. By itself it tells the page nothing: Google Drive, Loom, Wistia.

export async function mount({ box, data, hide }) {
  box.append(frameFor(playing(data.src), data.title));
  hide();
  return { isUntracked: true, play: async () => {} };
}

/** Play was pressed here already; where the host knows the word, it need not be pressed there again. */
export function playing(src) {
  const address = new URL(src);
  address.searchParams.set("autoplay", "1");
  return address.href;
}

export function frameFor(src, title) {
  const frame = document.createElement("iframe");
  frame.src = src;
  frame.title = title;
  frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
  frame.allowFullscreen = true;
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  return frame;
}

/** What the framed players share: they answer later, so the last known state is kept here. */
export function framedState() {
  const listeners = new EventTarget();
  const state = { time: 0, duration: 0, rate: 1, paused: true };
  return {
    state,
    emit: (event) => listeners.dispatchEvent(new Event(event)),
    on: (event, listener) => listeners.addEventListener(event, listener),
  };
}

export function withTimeout(promise, seconds, what) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`${what} did not answer`)), seconds * 1000));
  return Promise.race([promise, late]);
}
