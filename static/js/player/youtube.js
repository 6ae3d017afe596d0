// YouTube in its frame without cookies, through its own API script, which is fetched only after Play.
import { frameFor, framedState, withTimeout } from "./frame.js";

const API = "https://www.youtube.com/iframe_api";
const POLL = 500; // it sends no time by itself

export async function mount({ box, data, from, hide }) {
  const YT = await withTimeout(api(), 10, "YouTube");
  const frame = frameFor(`${data.src}&playsinline=1&origin=${encodeURIComponent(location.origin)}${from ? `&start=${Math.floor(from)}` : ""}`, data.title);
  box.append(frame);
  hide();
  const shared = framedState();
  const youtube = await withTimeout(ready(YT, frame, shared), 15, "YouTube").catch((error) => {
    frame.remove();
    throw error;
  });
  setInterval(() => poll(youtube, shared), POLL);
  return adapt(youtube, shared);
}

function api() {
  if (window.YT?.Player) return Promise.resolve(window.YT);
  return new Promise((resolve, reject) => {
    window.onYouTubeIframeAPIReady = () => resolve(window.YT);
    const script = document.createElement("script");
    script.src = API;
    script.onerror = () => reject(new Error("YouTube's script did not load"));
    document.head.append(script);
  });
}

function ready(YT, frame, shared) {
  return new Promise((resolve, reject) => {
    const youtube = new YT.Player(frame, {
      events: {
        onReady: () => resolve(youtube),
        onError: ({ data }) => reject(new Error(`YouTube error ${data}`)),
        onStateChange: ({ data }) => changed(YT, data, shared),
        onPlaybackRateChange: ({ data }) => {
          shared.state.rate = data;
          shared.emit("rate");
        },
      },
    });
  });
}

function changed(YT, code, { state, emit }) {
  const { PLAYING, PAUSED, ENDED } = YT.PlayerState;
  if (code === PLAYING) state.paused = false;
  if (code === PAUSED || code === ENDED) state.paused = true;
  const event = { [PLAYING]: "play", [PAUSED]: "pause", [ENDED]: "ended" }[code];
  if (event) emit(event);
}

function poll(youtube, { state, emit }) {
  const time = youtube.getCurrentTime() || 0;
  state.duration = youtube.getDuration() || state.duration;
  if (time === state.time) return;
  state.time = time;
  emit("time");
}

function adapt(youtube, { state, emit, on }) {
  return {
    play: async () => youtube.playVideo(),
    pause: () => youtube.pauseVideo(),
    paused: () => state.paused,
    seek: async (time) => {
      emit("seeking");
      youtube.seekTo(Math.max(0, time), true);
      state.time = time;
      emit("seeked");
    },
    time: () => state.time,
    duration: () => state.duration,
    rate: () => state.rate,
    setRate: (rate) => youtube.setPlaybackRate(rate),
    captions: null, // its API has no call for them; its own button does
    mute: () => (youtube.isMuted() ? youtube.unMute() : youtube.mute()),
    louder: (step) => youtube.setVolume(Math.max(0, Math.min(100, youtube.getVolume() + step * 100))),
    on,
  };
}
