// The page of checking: drops, progress, the report in place, downloads from the same file. Without it the forms work by themselves.
import { Progress, Problem, fetched, judged } from "./judged.js";

const root = document.documentElement;
const form = document.querySelector("#files");
let kept = null; // what was sent last, in this browser only

function sent(from) {
  const body = new FormData();
  const names = from.querySelector("#file").files;
  for (const file of names) body.append("file", file, file.name);
  for (const name of ["kind", "as-of"]) {
    const value = from.elements[name]?.value;
    if (value) body.append(name, value);
  }
  return body;
}

const size = (body) => [...body.values()].reduce((sum, part) => sum + (part instanceof File ? part.size : part.length), 0);

function show(page) {
  const found = new DOMParser().parseFromString(page, "text/html");
  document.title = found.title;
  document.querySelector("main").replaceWith(found.querySelector("main"));
  history.pushState({ report: true }, "");
  scrollTo(0, 0);
  document.querySelector("main").focus({ preventScroll: true });
  again();
}

async function check(event) {
  event.preventDefault();
  const body = sent(form);
  const progress = new Progress(form);
  const page = await progress.during((way) => {
    if (size(body) > Number(form.dataset.most)) throw new Problem(form.dataset.mostSaid, "");
    return judged(form, body, async (id, _, signal) => (await fetched(form.dataset.report.replace("/-", `/${id}`), signal, "text/html")).text(), way);
  });
  if (page === null) return;
  kept = body;
  show(page);
}

function again() {
  const ask = document.querySelector("#again");
  if (!ask || !kept) return;
  root.classList.add("scripting");
  ask.querySelector("[type=file]").required = false;
  ask.addEventListener("submit", async (event) => {
    event.preventDefault();
    const format = ask.elements.format.value;
    const progress = new Progress(ask);
    const done = await progress.during((way) =>
      judged(ask, kept, async (_, place, signal) => {
        place.searchParams.set("format", format);
        const response = await fetched(place, signal);
        return { body: await response.blob(), format };
      }, way),
    );
    if (!done) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(done.body);
    link.download = `check.${{ text: "txt", turtle: "ttl" }[format] ?? format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
}

if (form) {
  root.classList.add("scripting");
  const input = form.querySelector("#file");
  const drop = form.querySelector("#drop");
  const list = form.querySelector("#chosen");
  const listed = () => {
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const item = document.createElement("li");
        item.textContent = `${file.name} · ${(file.size / 1024).toFixed(file.size < 10_240 ? 1 : 0)} KB`;
        return item;
      }),
    );
    list.hidden = input.files.length < 2; // one is named by the control itself
  };
  input.addEventListener("change", listed);
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        listed();
      }
    });
  }
  form.addEventListener("submit", check);
  addEventListener("popstate", () => location.reload());
}
