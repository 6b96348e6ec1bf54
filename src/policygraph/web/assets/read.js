// Conveniences of the reader; without them every link and form does the same by itself.
const words = document.documentElement.lang === "en" ? { copy: "Copy", done: "Copied" } : { copy: "复制", done: "已复制" };

function offerCopying(root) {
  if (!navigator.clipboard) return;
  for (const each of root.querySelectorAll(".copy")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet copying";
    button.textContent = words.copy;
    button.setAttribute("aria-describedby", (each.id ||= `copy-${document.querySelectorAll(".copying").length}`));
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(each.href ?? each.textContent);
      button.textContent = words.done;
      setTimeout(() => (button.textContent = words.copy), 2000);
    });
    each.after(button);
  }
}

// A clause is opened in place: only the panel and the marked link change, and the text does not move.
async function open(address, pushed) {
  const reply = await fetch(address, { headers: { Accept: "text/html" } });
  if (!reply.ok) return location.assign(address);
  const next = new DOMParser().parseFromString(await reply.text(), "text/html");
  const text = document.querySelector("#text"), top = scrollY;
  for (const selector of ["#text", ".reader > aside"]) {
    const fresh = next.querySelector(selector);
    if (!fresh) return location.assign(address);
    document.querySelector(selector).replaceWith(document.adoptNode(fresh));
  }
  if (text && pushed) history.pushState({ reader: true }, "", address);
  scrollTo({ top, behavior: "instant" });
  const panel = document.querySelector(".reader > aside");
  offerCopying(panel);
  panel.scrollTop = 0;
  // Who opened a clause goes on in its panel; who closed it, where the clause stands.
  (panel.id === "provision" ? panel : document.querySelector(`${location.hash || "#text"} a.c`))?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.c, a.close");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  open(link.href, true).catch(() => location.assign(link.href));
});
addEventListener("popstate", () => location.reload());
offerCopying(document);
