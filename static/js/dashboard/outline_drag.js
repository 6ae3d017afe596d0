// Dragging by the handle, on wide screens with a mouse; the library is loaded only there.

const wide = window.matchMedia("(min-width: 60rem) and (pointer: fine)");

export async function makeDraggable(board, place) {
  if (!wide.matches || !board.dataset.sortable) return;
  await import(board.dataset.sortable);
  const { Sortable } = window;
  const options = { handle: "[data-handle]", animation: 120, onEnd: ({ item, from, to, oldIndex, newIndex }) => {
    if (from !== to || oldIndex !== newIndex) place(item);
  } };
  for (const list of board.querySelectorAll("[data-lessons]")) new Sortable(list, { ...options, group: "lessons" });
  new Sortable(board, { ...options, draggable: "[data-module]", handle: ".outline-head > [data-handle]" });
}
