// Dragging by the handle, on wide screens with a mouse; the library is loaded only there.

const wide = window.matchMedia("(min-width: 60rem) and (pointer: fine)");

export async function makeDraggable(board, place) {
  if (!wide.matches || !board.dataset.sortable) return;
  await import(board.dataset.sortable);
  const { Sortable } = window;
  const onEnd = ({ item, from, to, oldIndex, newIndex }) => {
    if (from !== to || oldIndex !== newIndex) place(item);
  };
  // The browser's own dragging shows a ghost of its own and loses moves on a slow machine.
  const options = { handle: "[data-handle]", animation: 120, forceFallback: true, fallbackTolerance: 4, onEnd };
  for (const list of board.querySelectorAll("[data-lessons]")) new Sortable(list, { ...options, group: "lessons" });
  new Sortable(board, { ...options, draggable: "[data-module]", handle: ".builder-head > [data-handle]" });
}
