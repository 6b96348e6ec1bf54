// Brings up YASGUI in the place of the plain form: our vocabulary only, our links, nothing kept, nothing asked from elsewhere.
import { chinese, translate } from "./sparql-words.js";

const root = document.getElementById("editor");
const plain = document.getElementById("plain");
const { library, endpoint, vocabulary, questions, base, root: own, lang } = root.dataset;
const say = (zh, en) => (lang === "zh" ? zh : en);
const status = document.getElementById("editor-status");
const run = document.getElementById("run");
const MOST_HINTS = 80;
const BLANK = "SELECT * WHERE {\n  \n} LIMIT 10\n";

const [{ default: Yasgui }, words] = await Promise.all([import(library), fetch(vocabulary).then(answer => answer.json())]);
const { Yasqe, Yasr } = Yasgui;

// ---------------------------------------------------------------- completion
const found = (list, token) => {
  const typed = (token?.string ?? "").trim().toLowerCase();
  const fits = ({ name, label }) =>
    name.toLowerCase().startsWith(typed) || [name.split(":").pop(), ...Object.values(label)].some(word => word.toLowerCase().includes(typed));
  return list.filter(word => !word.name.startsWith("<") && (!typed || fits(word))).slice(0, MOST_HINTS).map(word => word.name);
};
const labelled = list => {
  const labels = new Map(list.map(({ name, label }) => [name, label[lang] ?? label.zh ?? label.en ?? ""]));
  return (_yasqe, hints) =>
    hints.map(hint => ({
      ...hint,
      render: line => {
        const label = document.createElement("span");
        label.className = "hint-label";
        label.textContent = labels.get(hint.text) ?? "";
        line.append(hint.text, label);
      },
    }));
};
const own_words = (name, list) => ({
  name,
  bulk: false,
  autoShow: false,
  persistenceId: null,
  get: (_yasqe, token) => found(list, token),
  preProcessToken: (_yasqe, token) => token,
  postProcessSuggestion: (_yasqe, _token, suggested) => suggested,
  postprocessHints: labelled(list),
});
Yasqe.forkAutocompleter("class", own_words("class", words.classes));
Yasqe.forkAutocompleter("property", own_words("property", words.properties));
Yasqe.forkAutocompleter("prefixes", {
  name: "prefixes",
  persistenceId: null,
  get: () => Object.entries(words.prefixes).map(([prefix, space]) => `${prefix}: <${space}>`),
});

// ---------------------------------------------------------------- results
Yasr.plugins.table.defaults.openIriInNewWindow = false;
if (lang === "zh") Yasr.plugins.table.defaults.tableConfig.language = { ...Yasr.plugins.table.defaults.tableConfig.language, ...chinese.table };
Yasr.defaults.errorRenderers = [
  async error => {
    let told;
    try { told = JSON.parse(error.text); } catch { return undefined; }
    const box = document.createElement("div");
    box.className = "query-fault";
    box.setAttribute("role", "alert");
    const what = document.createElement("strong");
    what.textContent = told.detail ?? told.title;
    const at = told.line ? say(`（第 ${told.line} 行，第 ${told.column} 列）`, ` (line ${told.line}, column ${told.column})`) : "";
    box.append(what, at, "\n", told.fix ?? "");
    return box;
  },
];
// An IRI of ours leads to its page here, in the page's language.
const local = link => {
  if (!link.href.startsWith(base)) return;
  const [path, fragment] = link.href.slice(base.length).split("#");
  link.href = own + path + (lang === "en" ? "?lang=en" : "") + (fragment ? `#${fragment}` : "");
  link.removeAttribute("target");
};

const place = document.getElementById("yasgui");
new MutationObserver(changes => {
  for (const link of place.querySelectorAll("a.iri")) local(link);
  for (const select of place.querySelectorAll("select.tableSizer:not([aria-label])")) select.setAttribute("aria-label", say("每页行数", "Rows a page"));
  if (lang === "zh") for (const { target } of changes) translate(target);
}).observe(place, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["title", "aria-label", "placeholder"] });

// ---------------------------------------------------------------- the editor
const address = new URL(endpoint, location.href);
address.searchParams.set("lang", lang);
const yasgui = new Yasgui(place, {
  autofocus: false,
  persistenceId: null,
  populateFromUrl: false,
  autoAddOnInit: false,
  copyEndpointOnNewTab: false,
  tabName: say("查询", "Query"),
  endpointCatalogueOptions: { getData: () => [], keys: [] },
  requestConfig: { endpoint: address.href, method: "POST", acceptHeaderGraph: "text/turtle", acceptHeaderSelect: "application/sparql-results+json" },
  yasqe: { value: BLANK, showQueryButton: false, persistenceId: null },
  yasr: { prefixes: words.prefixes, persistenceId: null },
});
const editing = () => yasgui.getTab().getYasqe();
const named = () => editing().getInputField().setAttribute("aria-label", say("SPARQL 查询", "SPARQL query"));
// Words before datatypes: the library's "simple view".
const PLAIN = { settings: { selectedPlugin: "table", pluginsConfig: { table: { compact: true } } } };
const open = (query, name) => {
  yasgui.addTab(true, { ...(name ? { name: yasgui.createTabName(name) } : {}), yasqe: { value: query }, yasr: PLAIN });
  named();
};
const shared = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.get("query")) open(given.get("query"), given.get("name"));
  return given.has("query");
};
root.hidden = false;
plain.hidden = true;
if (!shared()) open(plain.query.value);
editing().refresh();
yasgui.on("tabSelect", () => setTimeout(named));
addEventListener("hashchange", shared);

// ---------------------------------------------------------------- tools
let busy = false;
const going = now => {
  busy = now;
  run.textContent = now ? say("停止", "Stop") : say("运行", "Run");
};
yasgui.on("query", () => going(true));
for (const end of ["queryResponse", "queryAbort"]) yasgui.on(end, () => going(false));
run.addEventListener("click", () => (busy ? editing().abortQuery() : editing().query().catch(() => {})));

document.getElementById("fresh").addEventListener("click", () => open(BLANK));

document.getElementById("saved").addEventListener("change", async event => {
  const { value, selectedIndex, selectedOptions } = event.target;
  if (!selectedIndex) return;
  const answer = await fetch(`${questions}${value}?format=rq&lang=${lang}`);
  open(await answer.text(), selectedOptions[0].textContent);
  event.target.selectedIndex = 0;
});

document.getElementById("share").addEventListener("click", async () => {
  const tab = yasgui.getTab();
  const given = new URLSearchParams({ query: tab.getQuery(), name: tab.getName() });
  history.replaceState(null, "", `#${given.toString().replaceAll("+", "%20")}`);
  try {
    await navigator.clipboard.writeText(location.href);
    status.textContent = say("链接已复制。", "The link is copied.");
  } catch {
    status.textContent = say("链接在地址栏中。", "The link is in the address bar.");
  }
});
