// Forms made from shapes: adds rows in place. Without it, the button sends the form and the server adds the row.

const MOST = 100;

function added(button) {
  const rows = button.closest("details").querySelector(".rows");
  const last = rows.lastElementChild;
  const from = Number(last.dataset.row);
  if (from >= MOST) return;
  const row = last.cloneNode(true);
  const number = from + 1;
  row.dataset.row = String(number);
  const renamed = (text) => text.replaceAll(`.${from}.`, `.${number}.`).replaceAll(`-${from}-`, `-${number}-`);
  for (const node of row.querySelectorAll("*")) {
    for (const name of ["id", "for", "name", "aria-describedby"]) {
      if (node.hasAttribute(name)) node.setAttribute(name, renamed(node.getAttribute(name)));
    }
    node.removeAttribute("aria-invalid");
    if (node.matches("input:not([type=radio])")) {
      node.removeAttribute("value");
      node.value = "";
    }
    if (node.matches("[type=radio]")) node.checked = node.value === "";
    if (node.matches("option")) node.removeAttribute("selected");
    if (node.matches("select")) node.selectedIndex = 0;
  }
  for (const node of row.querySelectorAll(".said")) node.remove();
  for (const node of row.querySelectorAll(".field.marked")) node.className = "field";
  const legend = row.querySelector("legend");
  legend.textContent = legend.textContent.replace(String(from), String(number));
  rows.append(row);
  row.querySelector("input, select").focus();
}

for (const button of document.querySelectorAll("button.add")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    added(button);
  });
}
