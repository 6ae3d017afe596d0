// Space on a handle picks a lesson or module up; arrows move it, Space drops it, Escape puts it back.

export function lift(event, handle, { say, place }) {
  event.preventDefault();
  const item = handle.closest("[data-move]");
  const from = { parent: item.parentElement, next: item.nextElementSibling };
  let isMoving = false;
  item.classList.add("is-lifted");
  say(`${item.dataset.title} picked up. ${whereIs(item)} Arrow keys move, Space drops, Escape puts back.`);
  handle.addEventListener("keydown", onKey);
  handle.addEventListener("blur", onBlur);

  function onKey(key) {
    const steps = { ArrowUp: -1, ArrowDown: 1 };
    if (key.key in steps) {
      key.preventDefault();
      isMoving = true;
      step(item, steps[key.key]);
      handle.focus();
      isMoving = false;
      item.scrollIntoView({ block: "nearest" });
      say(whereIs(item));
    } else if (key.key === " " || key.key === "Enter") {
      key.preventDefault();
      key.stopPropagation();
      end();
      if (isElsewhere()) place(item);
      else say(`${item.dataset.title} dropped where it was.`);
    } else if (key.key === "Escape") {
      putBack();
      handle.focus();
    }
  }

  function onBlur() {
    if (!isMoving) putBack();
  }

  function putBack() {
    end();
    from.parent.insertBefore(item, from.next);
    say(`${item.dataset.title} is back. ${whereIs(item)}`);
  }

  function isElsewhere() {
    return item.parentElement !== from.parent || item.nextElementSibling !== from.next;
  }

  function end() {
    item.classList.remove("is-lifted");
    handle.removeEventListener("keydown", onKey);
    handle.removeEventListener("blur", onBlur);
  }
}

function step(item, by) {
  const neighbour = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if ("lesson" in item.dataset) stepLesson(item, neighbour, by);
  else if (neighbour?.dataset.module) neighbour[by < 0 ? "before" : "after"](item);
}

function stepLesson(item, neighbour, by) {
  if (neighbour) {
    neighbour[by < 0 ? "before" : "after"](item);
    return;
  }
  const lists = [...document.querySelectorAll("[data-lessons]")];
  const list = lists[lists.indexOf(item.parentElement) + by];
  list?.[by < 0 ? "append" : "prepend"](item);
}

function whereIs(item) {
  const same = [...item.parentElement.children].filter((other) => other.dataset.move);
  const shelf = item.dataset.lesson ? ` ${item.parentElement.dataset.title}` : "";
  return `Position ${same.indexOf(item) + 1} of ${same.length}${shelf}.`;
}
