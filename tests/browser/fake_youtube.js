// YouTube's iframe API as far as our adapter uses it: a clock that runs while it plays.
window.YT = { PlayerState: { PLAYING: 1, PAUSED: 2, ENDED: 0 }, Player: FakePlayer };

function FakePlayer(frame, { events }) {
  let base = 0;
  let since = null;
  const time = () => base + (since ? ((Date.now() - since) / 1000) * 2 : 0);
  const change = (state) => events.onStateChange({ data: state });
  this.getCurrentTime = time;
  this.getDuration = () => 24;
  this.playVideo = () => {
    since = Date.now();
    change(1);
  };
  this.pauseVideo = () => {
    base = time();
    since = null;
    change(2);
  };
  this.seekTo = (seconds) => {
    base = seconds;
    since &&= Date.now();
  };
  setTimeout(() => events.onReady({ target: this }), 20);
}

window.onYouTubeIframeAPIReady();
