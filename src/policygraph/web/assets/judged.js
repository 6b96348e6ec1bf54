// Sends files to be checked later, shows how far it is, and hands back what the caller asks of the report; nothing stays behind.

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Problem extends Error {
  constructor(detail, fix) {
    super(detail);
    this.fix = fix;
  }
}

async function ok(response) {
  if (response.ok) return response;
  let told = {};
  try {
    told = await response.json();
  } catch {
    // no problem document: the status is all that is known
  }
  throw new Problem(told.detail ?? `HTTP ${response.status}`, told.fix ?? "");
}

const inLanguage = (url, language) => {
  const found = new URL(url, location.href);
  if (language === "en") found.searchParams.set("lang", "en");
  return found;
};

// What went wrong, in the words that people read on a page rather than those for programs.
async function readable(form, job, signal) {
  const response = await fetch(form.dataset.report.replace("/-", `/${job.id}`), { headers: { Accept: "text/html" }, signal });
  const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#problem");
  const lines = found ? [...found.querySelectorAll("p")].map((line) => line.textContent) : [job.problem.detail, job.problem.fix];
  return new Problem(lines[0], lines.slice(1).join(" "));
}

// `fetchReport(id, place)` is called when the job is done; the job is forgotten whatever happens.
export async function judged(form, body, fetchReport, { signal, told }) {
  const language = document.documentElement.lang === "en" ? "en" : "zh";
  const accepted = await ok(await fetch(form.dataset.check, { method: "POST", body, headers: { Prefer: "respond-async" }, signal }));
  const place = new URL(accepted.headers.get("Location"), location.href);
  let job = await accepted.json();
  try {
    for (let pause = 60; job.state === "waiting" || job.state === "running"; pause = Math.min(pause * 1.5, 1000)) {
      await wait(pause);
      job = await (await ok(await fetch(inLanguage(place, language), { headers: { Accept: "application/json" }, signal }))).json();
      if (job.progress) told(job.progress.doing[language], job.progress.done, job.progress.of);
    }
    if (job.problem) throw await readable(form, job, signal);
    return await fetchReport(job.id, inLanguage(job.report, language), signal);
  } finally {
    fetch(place, { method: "DELETE", keepalive: true }).catch(() => {});
  }
}

export const fetched = async (url, signal, accept) => ok(await fetch(url, { headers: accept ? { Accept: accept } : {}, signal }));

// Shows progress in a form, and what went wrong.
export class Progress {
  constructor(form) {
    this.form = form;
    this.box = form.querySelector("#progress");
    this.bar = form.querySelector("#bar");
    this.doing = form.querySelector("#doing");
    this.said = this.doing.textContent;
    this.cancel = form.querySelector("#cancel");
  }

  async during(work) {
    const stop = new AbortController();
    const button = this.form.querySelector("button[type=submit]");
    this.form.querySelector(".trouble")?.remove();
    this.doing.textContent = this.said;
    this.bar.removeAttribute("value");
    this.box.hidden = false;
    button.disabled = true;
    this.cancel.onclick = () => stop.abort();
    try {
      return await work({ signal: stop.signal, told: (words, done, of) => this.tell(words, done, of) });
    } catch (error) {
      if (error.name !== "AbortError") this.fail(error);
      return null;
    } finally {
      this.box.hidden = true;
      button.disabled = false;
    }
  }

  tell(words, done, of) {
    this.doing.textContent = of ? `${words} ${done.toLocaleString()} / ${of.toLocaleString()}` : `${words} ${done ? done.toLocaleString() : ""}`;
    if (of) {
      this.bar.max = of;
      this.bar.value = done;
    } else this.bar.removeAttribute("value");
  }

  fail(error) {
    const box = document.createElement("div");
    box.className = "trouble";
    box.setAttribute("role", "alert");
    const known = error instanceof Problem;
    for (const words of [known ? error.message : this.form.dataset.failed, known ? error.fix : ""]) {
      if (!words) continue;
      const line = document.createElement("p");
      line.textContent = words;
      box.append(line);
    }
    this.box.before(box);
  }
}
