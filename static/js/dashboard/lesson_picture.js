// [data-insert-picture]: the link becomes a button that uploads a picture and writes its line where the cursor is.

const root = document.querySelector("[data-insert-picture]");
const area = document.getElementById(root.dataset.into);
const note = root.querySelector("[data-picture-note]");
const link = root.querySelector("a");
const input = document.createElement("input");
input.type = "file";
input.accept = "image/png,image/jpeg,image/gif,image/webp";
input.hidden = true;
input.addEventListener("input", (event) => event.stopPropagation()); // it is no field of the form
input.addEventListener("change", (event) => {
  event.stopPropagation();
  if (input.files.length) send(input.files[0]);
});
root.append(input);
link.addEventListener("click", (event) => {
  event.preventDefault();
  input.click();
});

async function send(file) {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
  data.append("picture", file);
  note.textContent = `Uploading ${file.name}…`;
  input.value = "";
  try {
    const answer = await fetch(root.dataset.insertPicture, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    const line = part.querySelector("[data-markdown]")?.dataset.markdown;
    if (line) insert(line);
    note.textContent = line ? "The picture is in the text." : part.querySelector("li")?.textContent || "The picture was not kept.";
  } catch {
    note.textContent = "The picture could not be sent. Try again.";
  }
}

function insert(line) {
  area.setRangeText(line, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}
