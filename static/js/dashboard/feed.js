// [data-feed]: asks every 30 s how much is new and offers it; what one reads never moves. A button pauses it, and a page
// out of sight does not ask. Without this the feed has a link to load it again.

const EVERY = 30_000;
let isPaused = false;
let announced = "";

function ask() {
  if (isPaused || document.hidden) return;
  const news = document.querySelector("[data-feed-news]");
  if (news) window.htmx.trigger(news, "feed:ask");
}

function addPause() {
  const reload = document.querySelector("[data-feed-reload]");
  if (!reload || document.querySelector("[data-feed-pause]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.id = "feed-pause";
  button.className = "btn btn-quiet btn-small";
  button.dataset.feedPause = "";
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    say(button);
    ask();
  });
  say(button);
  reload.before(button);
}

function say(button) {
  button.textContent = isPaused ? "Go on" : "Pause";
  button.title = isPaused ? "Look for new activity every 30 seconds" : "Stop looking for new activity";
}

// The same news every 30 s is told once.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.target.matches("[data-feed-news]")) return;
  const text = detail.xhr.responseText.trim();
  if (text === announced) detail.shouldSwap = false;
  announced = text;
});

document.body.addEventListener("htmx:afterSwap", addPause);
document.addEventListener("visibilitychange", ask);
setInterval(ask, EVERY);
addPause();
