"use strict";

const MAX_DECISIONS = 30;
const RETRY_MILLIS = 2000;
const STATES = {
  OBSERVING: "good", CLOSED: "good", SUSPECT: "warn", PENDING_APPROVAL: "warn", TRIPPING: "bad",
  OPEN: "bad", HALF_OPEN: "warn", FAILED_ACTION: "bad", REVERTED: "bad", FORCED_OPEN: "bad",
  FORCED_CLOSED: "warn", DISABLED: "none",
};
const VERDICTS = { PASS: "good", BREACH: "bad", NO_DATA: "none" };
const STANDINGS = { GOOD: "good", TRIPPED: "bad", UNKNOWN: "none" };
const KINDS = {
  TRIPPED: "bad", FAILED: "bad", REVERTED: "bad", LATCHED: "bad", FORCED_OPEN: "bad",
  NO_SAFE_TARGET: "bad", UPSTREAM: "bad", INSTANCE: "warn", REFERENCE_PINNED: "good", WOULD_TRIP: "warn", APPROVAL_REQUESTED: "warn",
  BREACHED: "warn", BLIND: "warn", PROBING: "warn", PROBE_FAILED: "warn", REASSERTED: "warn",
  VERIFIED: "good", RESET: "good", RELEASED: "good", PROMOTED: "good", PROVEN: "good",
  APPROVED: "good", SEEING_AGAIN: "good",
};

const SIGNALS_SHOWN = 25;
const SIGNALS_MILLIS = 5000;

const models = new Map();
const signals = new Map();
const records = new Map();

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function word(text, kinds) {
  return element("span", { class: "word", "data-kind": kinds[text] ?? "none" }, text);
}

function clock(iso) {
  const time = new Date(iso);
  const day = time.toDateString() === new Date().toDateString() ? "" : time.toLocaleDateString() + " ";
  return day + time.toLocaleTimeString();
}

function percent(share) {
  return (share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0) + " %";
}

function verdict(one) {
  const seen = one.seen.toLocaleString();
  const counts = one.guardrail.endsWith(" native") ? `${seen} rows` : `${one.bad.toLocaleString()} of ${seen}`;
  const told = one.note || (one.seen > 0 ? counts : "");
  return element("span", { class: "rule" }, word(one.verdict, VERDICTS),
    element("span", { class: "detail" }, ` ${one.guardrail}${told ? ": " + told : ""}`));
}

function verdicts(version) {
  const drift = version.drift;
  const more = drift && drift.judged > drift.shown
    ? [element("span", { class: "detail" }, `${drift.judged - drift.shown} more signals below`)] : [];
  return [...version.verdicts.map(verdict), ...more];
}

function versionRow(model, version) {
  const breaker = version.breaker;
  const state = element("td", {}, word(breaker.state, STATES),
    element("span", { class: "detail" },
      `${breaker.latched ? " latched" : ""} since ${clock(breaker.since)}`));
  const meter = element("meter", { min: 0, max: 1, value: version.share,
    "aria-label": "share of traffic" });
  return element("tr", {},
    element("td", { class: "version" }, version.version,
      element("span", { class: "detail" }, version.version === model.stable ? " stable" : "")),
    element("td", { class: "share" }, meter, percent(version.share)),
    element("td", {}, ...verdicts(version)),
    state,
    element("td", {}, word(version.standing, STANDINGS)));
}

function head(...names) {
  return element("thead", {}, element("tr", {},
    ...names.map((name) => element("th", { scope: "col" }, name))));
}

function number(value) {
  return value === undefined || value === null ? "" : Number(value.toPrecision(4)).toString();
}

function middle(one) {
  if (!one) return "";
  if (one.most !== undefined) return `${one.most} ${percent(one.share)}`;
  return one.p50 === undefined ? "" : `${number(one.p50)} / ${number(one.p90)}`;
}

function distance(row, name) {
  const found = (row.statistics ?? []).find((one) => one.statistic === name);
  return found ? number(found.value) + (found.enoughRows ? "" : " (few rows)") : "";
}

function signalRow(row) {
  return element("tr", {},
    element("td", {}, row.signal),
    element("td", {}, row.verdict ? word(row.verdict, VERDICTS) : "",
      element("span", { class: "detail" }, row.note ? " " + row.note : "")),
    element("td", { class: "number" }, number(row.evidenceRatio)),
    element("td", { class: "number" }, middle(row.reference)),
    element("td", { class: "number" }, middle(row.current)),
    element("td", { class: "number" }, distance(row, "psi")),
    element("td", { class: "number" }, distance(row, "ks")));
}

function signalTable(rows) {
  const judged = rows.filter((row) => row.kind !== "calls" && row.kind !== "seconds")
    .sort((a, b) => (b.evidenceRatio ?? -1) - (a.evidenceRatio ?? -1));
  const shown = judged.slice(0, SIGNALS_SHOWN);
  if (shown.length === 0) return [element("p", { class: "empty" }, "No score, class or feature was seen yet.")];
  const rest = judged.length > shown.length
    ? [element("p", { class: "detail" }, `and ${judged.length - shown.length} more with less evidence`)] : [];
  return [element("table", {}, head("signal", "verdict", "evidence (breaches at 1)",
    "reference p50 / p90", "last 5 minutes", "PSI", "KS"),
    element("tbody", {}, ...shown.map(signalRow))), ...rest];
}

function signalKey(model, version) {
  return `/api/v1/models/${encodeURIComponent(model.model)}/versions/${encodeURIComponent(version.version)}/signals`;
}

function signalDetails(model, version) {
  const key = signalKey(model, version);
  const details = element("details", {}, element("summary", {}, `signals of version ${version.version}`),
    ...(signals.has(key) ? signalTable(signals.get(key)) : []));
  details.open = signals.has(key);
  details.addEventListener("toggle", () => {
    if (details.open === signals.has(key)) return;
    if (details.open) {
      signals.set(key, []);
      loadSignals(key);
    } else {
      signals.delete(key);
    }
  });
  return details;
}

async function loadSignals(key) {
  try {
    const answer = await ask(key);
    const rows = answer.ok ? (await answer.json()).signals : [];
    if (signals.has(key)) signals.set(key, rows);
    draw();
  } catch (failure) {
    // the connection's line at the top says that nothing comes; the next round tries again
  }
}

setInterval(() => signals.forEach((rows, key) => loadSignals(key)), SIGNALS_MILLIS);

function modelCard(model) {
  const silent = model.instances.filter((instance) => instance.blind).length;
  const facts = [`mode ${model.mode}`,
    model.backend ? `traffic by ${model.backend}` : "no backend",
    `processes: ${model.instances.length - silent} heard${silent ? `, ${silent} silent` : ""}`];
  const card = element("article", { class: "model" },
    element("h3", {}, model.model), element("span", { class: "facts" }, facts.join(" · ")),
    ...model.findings.map((finding) => element("span", { class: "facts" },
      word(finding, { [finding]: "warn" }))));
  if (model.versions.length === 0) {
    card.append(element("p", { class: "empty" }, "No call was seen yet."));
  } else {
    card.append(element("table", {}, head("version", "share of calls, 10 s", "guardrails", "breaker", "standing"),
      element("tbody", {}, ...model.versions.map((version) => versionRow(model, version)))),
      ...model.versions.map((version) => signalDetails(model, version)));
  }
  return card;
}

function decisionItem(entry) {
  const change = entry.from === entry.to ? entry.to : `${entry.from} → ${entry.to}`;
  return element("li", {},
    element("time", { datetime: entry.at }, clock(entry.at)), " ",
    word(entry.kind, KINDS),
    ` ${entry.model}${entry.version ? " version " + entry.version : ""}`,
    element("span", { class: "detail" }, `  ${change}`),
    element("p", {}, entry.reason),
    element("code", {}, `breakwater decisions ${entry.decision}`));
}

let drawing = false;

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const names = [...models.keys()].sort();
    if (names.length > 0) {
      document.getElementById("models").replaceChildren(...names.map((name) => modelCard(models.get(name))));
    }
    const newest = [...records.values()].sort((a, b) => b.seq - a.seq).slice(0, MAX_DECISIONS);
    if (newest.length > 0) {
      document.getElementById("decisions").replaceChildren(...newest.map(decisionItem));
    }
  });
}

function keep(entry) {
  records.set(entry.seq, entry);
  if (records.size > 2 * MAX_DECISIONS) {
    const oldest = Math.min(...records.keys());
    records.delete(oldest);
  }
}

function take(event, data) {
  if (event === "model") models.set(data.model, data);
  if (event === "decision") keep(data);
  draw();
}

function say(state, text) {
  const line = document.getElementById("connection");
  line.dataset.state = state;
  line.textContent = text;
}

function ask(path) {
  const token = sessionStorage.getItem("token");
  return fetch(path, { headers: token ? { Authorization: "Bearer " + token } : {}, cache: "no-store" });
}

async function readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block);
      const data = /^data: (.*)$/m.exec(block);
      if (event && data) take(event[1], JSON.parse(data[1]));
    }
  }
}

async function follow() {
  const answer = await ask("/api/v1/events");
  if (answer.status === 401 || answer.status === 403) {
    const explained = await answer.json();
    say("lost", explained.error);
    document.getElementById("login").hidden = answer.status === 403 && !sessionStorage.getItem("token");
    return false;
  }
  if (!answer.ok) throw new Error("answered " + answer.status);
  document.getElementById("login").hidden = true;
  const decisions = await ask("/api/v1/decisions?limit=" + MAX_DECISIONS);
  (await decisions.json()).forEach(keep);
  say("live", "live");
  draw();
  await readEvents(answer.body);
  throw new Error("the collector ended the connection");
}

async function followAlways() {
  try {
    if (!(await follow())) return;
  } catch (failure) {
    say("lost", "no connection, trying again");
    setTimeout(followAlways, RETRY_MILLIS);
  }
}

document.getElementById("login").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", document.getElementById("token").value);
  followAlways();
});

followAlways();
