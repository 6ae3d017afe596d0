// [data-magnetic] buttons lean at most 4 px towards the mouse. A focused button stays put, and so does its ring.

const PULL = 4;

for (const button of document.querySelectorAll("[data-magnetic]")) {
  const rest = () => (button.style.transform = "");
  button.addEventListener("pointermove", (event) => {
    const still = document.documentElement.classList.contains("less-motion") || button.matches(":focus-visible");
    if (still || event.pointerType !== "mouse") return rest();
    const box = button.getBoundingClientRect();
    const lean = (at, start, size) => (((at - start) / size - 0.5) * 2 * PULL).toFixed(1);
    button.style.transform = `translate(${lean(event.clientX, box.left, box.width)}px, ${lean(event.clientY, box.top, box.height)}px)`;
  });
  button.addEventListener("pointerleave", rest);
  button.addEventListener("focus", rest);
}
