// [data-tabs]: the links to the parts of a lesson become a tab list, the parts its panels. A hidden panel is still found
// by the browser's search and by links into it.

const root = document.querySelector("[data-tabs]");
const bar = root.querySelector(".tabs");
const tabs = [...(bar?.querySelectorAll("a") ?? [])];
const panels = [...root.querySelectorAll(".lesson-part")];

if (tabs.length > 1) enhance();

function enhance() {
  bar.setAttribute("role", "tablist");
  tabs.forEach((tab, number) => prepare(tab, panels[number]));
  bar.addEventListener("keydown", move);
  show(panelOf(location.hash) ?? panels[0]);
  addEventListener("hashchange", () => follow(location.hash));
  document.addEventListener("tabs:show", ({ detail }) => {
    follow(`#${detail}`);
    tabs.find((tab) => tab.hash === `#${detail}`)?.focus();
  });
}

function prepare(tab, panel) {
  tab.setAttribute("role", "tab");
  tab.id = `tab-${panel.id}`;
  tab.setAttribute("aria-controls", panel.id);
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  panel.removeAttribute("aria-label");
  panel.addEventListener("beforematch", () => show(panel));
  tab.addEventListener("click", (event) => {
    event.preventDefault();
    show(panel);
    history.replaceState(null, "", tab.hash);
  });
}

function show(chosen) {
  tabs.forEach((tab, number) => {
    const isChosen = panels[number] === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    if (isChosen) panels[number].removeAttribute("hidden");
    else panels[number].setAttribute("hidden", "until-found");
  });
}

function move(event) {
  const now = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined || now < 0) return;
  event.preventDefault();
  const tab = tabs.at(to % tabs.length);
  tab.click();
  tab.focus();
}

function panelOf(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  return target ? panels.find((panel) => panel.contains(target)) : undefined;
}

function follow(hash) {
  const panel = panelOf(hash);
  if (!panel) return;
  show(panel);
  document.getElementById(decodeURIComponent(hash.slice(1))).scrollIntoView({ block: "nearest" });
}
