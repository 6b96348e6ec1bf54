// Conveniences for saved questions: all of this also works without, by links and forms.
const words = text => text.toLowerCase().normalize("NFKC").split(/\s+/).filter(Boolean);
const holds = (text, wanted) => wanted.every(word => text.includes(word));

// The list narrows while one types.
const finder = document.getElementById("questions-filter");
if (finder) {
  const items = [...document.querySelectorAll(".questions > li")];
  const count = document.getElementById("questions-count");
  const narrow = () => {
    const wanted = words(finder.value);
    let shown = 0;
    for (const item of items) {
      item.hidden = !holds(item.dataset.words, wanted);
      shown += item.hidden ? 0 : 1;
    }
    for (const topic of document.querySelectorAll(".topic")) topic.hidden = !topic.querySelector(".questions > li:not([hidden])");
    count.textContent = wanted.length ? `${shown} / ${items.length}` : "";
  };
  if (items.length && !new URLSearchParams(location.search).get("q")) finder.addEventListener("input", narrow);
}

// A list of choices opens whole: browsers offer only what fits the words that stand in the field.
for (const field of document.querySelectorAll("input[list]")) {
  field.addEventListener("focus", () => {
    field.dataset.before = field.value;
    field.placeholder = field.value;
    field.value = "";
  });
  field.addEventListener("blur", () => { if (!field.value) field.value = field.dataset.before; });
  field.addEventListener("change", () => { if (field.value) field.dataset.before = field.value; });
  field.form.addEventListener("submit", () => { if (!field.value) field.value = field.dataset.before || field.defaultValue; });
}

// Rows sort and narrow in place.
const table = document.getElementById("answer-table");
if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const compare = new Intl.Collator("zh-u-co-pinyin", { numeric: true }).compare;
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => {
    head.querySelector("a").addEventListener("click", event => {
      event.preventDefault();
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) {
        other.setAttribute("aria-sort", "none");
        other.querySelector(".mark").textContent = "↕";
      }
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      head.querySelector(".mark").textContent = down ? "▼" : "▲";
      const text = row => row.cells[at].textContent;
      const sorted = rows.filter(text).sort((a, b) => compare(text(a), text(b)) * (down ? -1 : 1));
      body.append(...sorted, ...rows.filter(row => !text(row)));
    });
  });
  const filter = document.getElementById("answer-filter");
  const count = document.getElementById("answer-count");
  const whole = count.textContent;
  if (filter && !filter.value) {
    filter.addEventListener("input", () => {
      const wanted = words(filter.value);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !holds(row.textContent.toLowerCase(), wanted);
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = wanted.length ? `${shown} / ${rows.length}` : whole;
    });
  }
}
