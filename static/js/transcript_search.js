// [data-transcript]: a search box above it marks what was found and goes from one place to the next.

const text = document.querySelector("[data-transcript]");
const bar = document.createElement("form");
bar.className = "transcript-search";
bar.setAttribute("role", "search");
bar.innerHTML = `<input class="input" type="search" placeholder="Search in the transcript" aria-label="Search in the transcript">
  <button class="btn btn-secondary btn-small" type="submit" hidden>Next</button><span class="muted" role="status"></span>`;
text.before(bar);

const [field, next, count] = bar.children;
let found = [];
let chosen = -1;

field.addEventListener("input", () => {
  found = rangesOf(field.value.trim().toLowerCase());
  chosen = -1;
  CSS.highlights?.set("transcript-match", new Highlight(...found));
  next.hidden = found.length < 1;
  count.textContent = field.value.trim() ? `${found.length || "No"} ${found.length === 1 ? "place" : "places"}` : "";
});

bar.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!found.length) return;
  chosen = (chosen + 1) % found.length;
  found[chosen].startContainer.parentElement.scrollIntoView({ block: "center" });
  count.textContent = `${chosen + 1} of ${found.length}`;
});

function rangesOf(words) {
  if (!words) return [];
  const ranges = [];
  const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const content = nodes.currentNode.data.toLowerCase();
    for (let at = content.indexOf(words); at >= 0; at = content.indexOf(words, at + words.length)) {
      const range = new Range();
      range.setStart(nodes.currentNode, at);
      range.setEnd(nodes.currentNode, at + words.length);
      ranges.push(range);
    }
  }
  return ranges;
}
