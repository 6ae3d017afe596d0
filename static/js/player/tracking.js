// Notes which seconds were really played, and when to report them.
import { entryOf, keep, merge } from "./memory.js";

const KEEP_EVERY = 5; // seconds of play between writes to the store
const SEND_EVERY = 30;
const MAX_RATE = 2.25; // time that advances faster than this was skipped, not watched
const AT_THE_END = 0.5;

export function track(player, { student, lesson, url, opened, end, reporter }) {
  let from = null; // where the running stretch began
  let last = 0; // where it has come to, and when that was
  let seen = 0;
  let sent = performance.now();
  let timer = 0;

  function moved(time) {
    const now = performance.now();
    const wall = (now - seen) / 1000;
    if (from !== null && (time < last || time - last > wall * MAX_RATE + 1)) interrupt();
    from ??= time;
    last = time;
    seen = now;
    if (time - from >= KEEP_EVERY) note();
    if (now - sent >= SEND_EVERY * 1000) send();
  }

  /** Write the running stretch and the position into the queue; the next stretch begins there. */
  function note(position = last) {
    const duration = player.duration();
    const isOver = duration > 0 && duration - last < AT_THE_END;
    const played = from === null ? [] : [[Math.floor(from), isOver ? Math.ceil(duration) : Math.floor(last)]];
    keep(student, lesson, {
      url,
      opened,
      duration,
      position: Math.round(Math.min(position, duration || Infinity, end) * 10) / 10,
      at: Date.now() / 1000,
      ranges: merge([...(entryOf(student, lesson)?.ranges ?? []), ...played]),
    });
    if (from !== null) from = last;
  }

  function interrupt() {
    if (from !== null) note();
    from = null;
  }

  function send() {
    if (from !== null) note();
    sent = performance.now();
    reporter.send(lesson);
  }

  function stop() {
    if (from !== null) moved(player.time()); // the last moment came after the last news of time
    interrupt();
    send();
  }

  function leave() {
    if (from !== null) {
      moved(player.time());
      note();
    }
    reporter.leave(lesson);
  }

  player.on("time", () => player.paused() || moved(player.time()));
  player.on("pause", stop);
  player.on("ended", stop);
  player.on("seeking", interrupt);
  player.on("seeked", () => {
    note(player.time());
    clearTimeout(timer);
    timer = setTimeout(send, 1000); // dragging seeks many times
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  addEventListener("pagehide", leave);
  // Undo makes the server forget what was watched; so must we.
  document.addEventListener("lesson:undone", () => {
    keep(student, lesson, null);
    from = null;
  });
}
