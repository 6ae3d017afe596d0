// <a href="/…/delete/" data-dialog="id"> opens <dialog id="id"> instead of the page; [data-close] inside closes it.
// Without script the link leads to the same form as a page. The browser returns the focus to the opener.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector("[autofocus], [aria-current], h2")?.scrollIntoView({ block: "nearest" });
  }
  event.target.closest("[data-close]")?.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close(); // a click on the backdrop
});
