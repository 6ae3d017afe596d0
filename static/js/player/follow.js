// Marks the line of the transcript and the timestamp that are playing. It never scrolls: somebody may be reading.

export function bind(player) {
  const lines = starts("[data-cue]", "cue");
  const stamps = starts(".timestamps [data-seek]", "seek");
  let line = null;
  let stamp = null;
  player.on("time", () => {
    line = mark(line, at(lines, player.time()), "data-now", "");
    stamp = mark(stamp, at(stamps, player.time()), "aria-current", "true");
  });
}

const starts = (selector, name) =>
  [...document.querySelectorAll(selector)].map((element) => ({ element, from: Number(element.dataset[name]) }));

/** The last one that began at or before this time. */
function at(marks, time) {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle].from <= time + 0.05) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1]?.element ?? null;
}

function mark(before, now, name, value) {
  if (before === now) return now;
  before?.removeAttribute(name);
  now?.setAttribute(name, value);
  return now;
}
