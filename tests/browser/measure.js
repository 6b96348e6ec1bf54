// What a page says of itself, and what is wrong with it that can be measured.
() => {
  const shown = (node) => node.checkVisibility?.() ?? true;
  const words = (node) => node.textContent.trim().replace(/\s+/g, " ");
  const titles = [...document.querySelectorAll("h1")].filter(shown);
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown).map((node) => [Number(node.tagName[1]), words(node)]);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  const target = (link) => new URL(link.getAttribute("href"), location.href);
  const lost = ({ href, hash }) =>
    hash.length > 1 && href.split("#")[0] === location.href.split("#")[0] && !document.getElementById(decodeURIComponent(hash.slice(1)));
  const foreign = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const tongue = parent.closest("[lang]")?.lang ?? "";
    if (/\p{Script=Han}/u.test(node.data) && !tongue.startsWith("zh") && shown(parent) && !parent.closest("script, style, option, textarea, svg"))
      foreign.push(`${node.data.trim().slice(0, 60)} in <${parent.tagName.toLowerCase()} class="${parent.getAttribute("class") ?? ""}">`);
  }
  return {
    language: document.documentElement.lang,
    title: document.title,
    titles: titles.map(words),
    skipped: levels.filter(([level], place) => place && level > levels[place - 1][0] + 1).map(([level, said]) => `h${level} ${said}`),
    repeated: [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))],
    dead: [...document.querySelectorAll("a[href]")].map(target).filter(lost).map(({ hash }) => hash),
    foreign,
    said: [...document.querySelectorAll("main :is(h1, h2, h3, blockquote, q, td)")].filter(shown).map(words),
    text: document.body.innerText,
  };
};
