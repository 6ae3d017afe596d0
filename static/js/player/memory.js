// What this browser remembers across pages and being closed: choices, and what was watched and not yet saved, one entry
// per student and lesson: {url, position, at, duration, ranges: [[from, to], ...] in whole seconds, opened}.
// It never throws: a full or forbidden store only means that less is remembered.

export function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing to do: the page still reports what it holds in memory.
  }
}

function keysWith(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

const key = (student, lesson) => `progress:${student}:${lesson}`;

export const entryOf = (student, lesson) => load(key(student, lesson));

export const keep = (student, lesson, entry) => store(key(student, lesson), entry);

export const waiting = (student) => keysWith(`progress:${student}:`).map((name) => name.split(":")[2]);

/** The union of ranges, sorted; touching ranges become one. */
export function merge(ranges) {
  const merged = [];
  for (const [from, to] of ranges.filter(([from, to]) => to > from).sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** What `ranges` covers and `gone` does not. */
export function subtract(ranges, gone) {
  return gone.reduce((rest, [from, to]) => rest.flatMap((range) => cut(range, from, to)), ranges);
}

function cut([from, to], goneFrom, goneTo) {
  if (goneTo <= from || goneFrom >= to) return [[from, to]];
  return [[from, goneFrom], [goneTo, to]].filter(([start, end]) => end > start);
}

/** After the server took `sent`: keep only what has come since, or nothing. */
export function settle(student, lesson, sent) {
  const now = entryOf(student, lesson);
  if (!now) return;
  const ranges = subtract(now.ranges, sent.ranges);
  keep(student, lesson, ranges.length || now.at > sent.at ? { ...now, ranges } : null);
}
