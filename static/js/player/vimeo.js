// Vimeo in its frame, through the vendored @vimeo/player.
import { frameFor, framedState, withTimeout } from "./frame.js";

const EVENTS = { timeupdate: "time", play: "play", pause: "pause", ended: "ended", seeking: "seeking", seeked: "seeked", playbackratechange: "rate" };

export async function mount({ box, data, from, hide }) {
  const { default: Vimeo } = await import(data.vimeo);
  const frame = frameFor(data.src, data.title);
  box.append(frame);
  hide();
  const vimeo = new Vimeo(frame);
  await withTimeout(vimeo.ready(), 15, "Vimeo").catch((error) => {
    frame.remove();
    throw error;
  });
  const shared = framedState();
  shared.state.duration = await vimeo.getDuration();
  listen(vimeo, shared);
  if (from) await vimeo.setCurrentTime(from);
  return adapt(vimeo, shared, await captionsOf(vimeo));
}

function listen(vimeo, { state, emit }) {
  for (const [theirs, ours] of Object.entries(EVENTS)) {
    vimeo.on(theirs, ({ seconds, duration, playbackRate } = {}) => {
      state.time = seconds ?? state.time;
      state.duration = duration || state.duration;
      state.rate = playbackRate ?? state.rate;
      if (ours === "play") state.paused = false;
      if (ours === "pause" || ours === "ended") state.paused = true;
      emit(ours);
    });
  }
}

function adapt(vimeo, { state, on }, captions) {
  return {
    play: () => vimeo.play(),
    pause: () => vimeo.pause(),
    paused: () => state.paused,
    seek: (time) => vimeo.setCurrentTime(Math.max(0, Math.min(time, state.duration))),
    time: () => state.time,
    duration: () => state.duration,
    rate: () => state.rate,
    setRate: (rate) => vimeo.setPlaybackRate(rate).catch(() => {}), // the owner may forbid it
    captions,
    mute: async () => vimeo.setMuted(!(await vimeo.getMuted())),
    louder: async (step) => vimeo.setVolume(Math.max(0, Math.min(1, (await vimeo.getVolume()) + step))),
    on,
  };
}

async function captionsOf(vimeo) {
  const tracks = await vimeo.getTextTracks().catch(() => []);
  if (!tracks.length) return null;
  let isOn = tracks.some(({ mode }) => mode === "showing");
  const [{ language, kind }] = tracks;
  return {
    isOn: () => isOn,
    toggle: () => (isOn ? vimeo.disableTextTrack() : vimeo.enableTextTrack(language, kind)),
    onChange: (listener) => vimeo.on("texttrackchange", ({ label }) => {
      isOn = Boolean(label);
      listener();
    }),
  };
}
