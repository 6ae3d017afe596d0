// Lesson pages without a player send what an earlier page could not.
import { waiting } from "./memory.js";

const { student } = document.querySelector("[data-student]").dataset;

if (waiting(student).length) {
  const { reporter } = await import("./reporting.js");
  reporter({ student, tell: () => {}, answered: () => {} }).sendAll();
}
