// Bunny Stream in its frame, through the vendored player.js, a classic script that leaves `playerjs` behind.
import { frameFor, framedState, withTimeout } from "./frame.js";

export async function mount({ box, data, from, hide }) {
  await script(data.bunny);
  const frame = frameFor(data.src, data.title);
  box.append(frame);
  hide();
  const bunny = new window.playerjs.Player(frame);
  await withTimeout(new Promise((resolve) => bunny.on("ready", resolve)), 15, "Bunny Stream").catch((error) => {
    frame.remove();
    throw error;
  });
  const shared = framedState();
  listen(bunny, shared);
  bunny.getDuration((seconds) => (shared.state.duration = seconds));
  if (from) bunny.setCurrentTime(from);
  return adapt(bunny, shared);
}

function script(src) {
  if (window.playerjs) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    Object.assign(element, { src, onload: resolve, onerror: reject });
    document.head.append(element);
  });
}

function listen(bunny, { state, emit }) {
  bunny.on("timeupdate", ({ seconds, duration }) => {
    state.time = seconds;
    state.duration = duration || state.duration;
    emit("time");
  });
  for (const event of ["play", "pause", "ended", "seeked"]) {
    bunny.on(event, () => {
      if (event !== "seeked") state.paused = event !== "play";
      emit(event);
    });
  }
}

function adapt(bunny, { state, emit, on }) {
  let isMuted = false;
  return {
    play: async () => bunny.play(),
    pause: () => bunny.pause(),
    paused: () => state.paused,
    seek: async (time) => {
      emit("seeking");
      bunny.setCurrentTime(Math.max(0, time));
      state.time = time;
    },
    time: () => state.time,
    duration: () => state.duration,
    rate: () => state.rate,
    setRate: (rate) => {
      bunny.send({ method: "setPlaybackRate", value: rate });
      state.rate = rate;
      emit("rate");
    },
    captions: null, // player.js knows none; Bunny's own button does
    mute: () => {
      isMuted = !isMuted;
      isMuted ? bunny.mute() : bunny.unmute();
    },
    louder: (step) => bunny.getVolume((volume) => bunny.setVolume(Math.max(0, Math.min(100, volume + step * 100)))),
    on,
  };
}
