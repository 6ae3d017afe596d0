// Files, Cloudinary and audio: the browser's own player. The interface every adapter gives:
// play, pause, paused, seek, time, duration, rate, setRate, captions (or null), mute, louder, on(event, listener).

export async function mount({ media, from }) {
  media.preload = "auto";
  media.controls = true;
  if (from) await seekWhenKnown(media, from);
  return adapt(media);
}

async function seekWhenKnown(media, from) {
  if (media.readyState < 1) {
    media.load();
    await new Promise((resolve, reject) => {
      media.addEventListener("loadedmetadata", resolve, { once: true });
      media.addEventListener("error", reject, { once: true });
    });
  }
  media.currentTime = from;
}

const EVENTS = { time: "timeupdate", play: "playing", pause: "pause", ended: "ended", seeking: "seeking", seeked: "seeked", rate: "ratechange" };

function adapt(media) {
  return {
    play: () => {
      if (media.error) media.load();
      return media.play();
    },
    pause: () => media.pause(),
    paused: () => media.paused || media.seeking,
    seek: async (time) => {
      media.currentTime = Math.max(0, Math.min(time, media.duration || time));
    },
    time: () => media.currentTime,
    duration: () => (Number.isFinite(media.duration) ? media.duration : 0),
    rate: () => media.playbackRate,
    setRate: (rate) => (media.playbackRate = rate),
    captions: media.textTracks.length ? captionsOf(media) : null,
    mute: () => (media.muted = !media.muted),
    louder: (step) => (media.volume = Math.max(0, Math.min(1, media.volume + step))),
    on: (event, listener) => media.addEventListener(EVENTS[event], listener),
  };
}

function captionsOf(media) {
  const track = media.textTracks[0];
  return {
    isOn: () => track.mode === "showing",
    toggle: () => (track.mode = track.mode === "showing" ? "disabled" : "showing"),
    onChange: (listener) => media.textTracks.addEventListener("change", listener),
  };
}
