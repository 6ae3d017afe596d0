// "Pause motion": stops every effect of the landing page and remembers it. Runs before the other effects, which only ask
// whether <html> has the class. A device that asks for less motion gets it without the button.

const root = document.documentElement;
const device = window.matchMedia("(prefers-reduced-motion: reduce)");
const slot = document.querySelector("[data-motion-controls]");

const asked = () => localStorage.getItem("less-motion") === "yes";

function apply() {
  const less = device.matches || asked();
  root.classList.toggle("less-motion", less);
  if (button) button.textContent = less ? "Play motion" : "Pause motion";
  document.dispatchEvent(new CustomEvent("motionchange", { detail: { less } }));
}

function makeButton() {
  const made = document.createElement("button");
  made.type = "button";
  made.addEventListener("click", () => {
    if (asked()) localStorage.removeItem("less-motion");
    else localStorage.setItem("less-motion", "yes");
    apply();
  });
  return made;
}

const button = slot && !device.matches ? makeButton() : null;
if (button) slot.append(button);
device.addEventListener("change", apply);
apply();
