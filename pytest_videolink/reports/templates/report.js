"use strict";
// In a task of its own, so that a large page shows before it is ready to filter.
setTimeout(() => {
  const all = (selector, below = document) => [...below.querySelectorAll(selector)];
  const show = (element, is) => {
    if (element.hidden === is) element.hidden = !is;
  };
  const data = (name) => JSON.parse(document.getElementById(`data-${name}`).textContent);

  // What is ticked off stays so in this browser, for this report alone.
  const place = `pytest-videolink ${document.body.dataset.checked}`;
  const kept = () => {
    try {
      return new Set(JSON.parse(localStorage.getItem(place)) || []);
    } catch {
      return new Set();
    }
  };
  const done = kept();
  const tick = (below) => {
    for (const box of all(".job input", below)) box.checked = done.has(box.dataset.key);
  };
  addEventListener("change", ({ target }) => {
    if (!target.matches(".job input")) return;
    if (target.checked) done.add(target.dataset.key);
    else done.delete(target.dataset.key);
    try {
      localStorage.setItem(place, JSON.stringify([...done]));
    } catch {
      // Some browsers keep nothing for a page from a disk.
    }
  });

  // A finding as text for a ticket.
  const spoken = (element) => element.innerText.replace(/\s+/g, " ").trim();
  const written = (element) => {
    if (element.matches(".ticket")) return [];
    if (element.matches("dl")) return [...element.children].map((each) => [...each.children].map(spoken).join(": "));
    if (element.matches("ol")) return [...element.children].map((each, index) => `${index + 1}. ${spoken(each)}`);
    if (element.matches("ul")) return [...element.children].map((each) => `- ${spoken(each)}`);
    if (element.matches("pre")) return element.textContent.split("\n").map((line) => `    ${line}`);
    if (element.matches("h4")) return ["", `${spoken(element)}:`];
    if (element.matches("div, figure")) return ["", ...[...element.children].flatMap(written)];
    return [spoken(element)];
  };
  const ticket = (details) => {
    const what = spoken(details.querySelector(".what"));
    const check = details.querySelector(".check").firstChild.textContent;
    const lines = [`${what} (${check})`, ...[...details.querySelector(".about").children].flatMap(written)];
    return `${lines.join("\n").replace(/\n{3,}/g, "\n\n").trim()}\n`;
  };
  // Where a browser has no clipboard for a page from a disk, it still copies what is selected.
  const copySelected = (text) => {
    const area = document.createElement("textarea");
    area.className = "unseen";
    area.value = text;
    document.body.append(area);
    const before = document.activeElement;
    area.select();
    const is = document.execCommand("copy");
    area.remove();
    before.focus({ preventScroll: true });
    return is;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelected(text);
    }
  };
  const offerCopy = (details) => {
    const about = details.querySelector(":scope > .about");
    if (!about || about.querySelector(".copy")) return;
    const line = document.createElement("p");
    const button = document.createElement("button");
    const said = document.createElement("span");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy as text";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      said.textContent = "";
      said.textContent = (await copy(ticket(details))) ? "Copied" : "This browser does not let a page copy";
    });
    line.append(button, " ", said);
    line.className = "ticket";
    about.append(line);
  };

  // A large page keeps what a finding says as text until it is opened, which is quicker to load.
  const unfold = (details) => {
    const folded = details.querySelector(":scope > noscript");
    if (folded) folded.outerHTML = folded.textContent;
    if (details.matches(".finding")) offerCopy(details);
  };
  const open = (details) => {
    unfold(details);
    details.open = true;
  };
  addEventListener("toggle", (event) => unfold(event.target), true);

  // What the filter goes by; words are found in an entry of their own or of its clinic.
  let wanted = { words: [] };
  const isNarrow = () => Boolean(wanted.severity || wanted.who || wanted.change);
  const fits = (entry) =>
    (!wanted.clinic || entry.clinic === wanted.clinic) &&
    (!wanted.severity || entry.severity === wanted.severity) &&
    (!wanted.who || entry.who === wanted.who) &&
    (!wanted.change || entry.change === wanted.change) &&
    wanted.words.every((word) => entry.words.includes(word));
  const isSeen = (entry) => fits(entry) || Boolean(entry.findings && entry.findings.some(fits));
  const showFindings = (entry, element) => {
    if (!entry.findings || !entry.findings.length) return;
    all(".finding", element).forEach((each, index) => show(each, fits(entry.findings[index])));
  };

  // A list whose rows are there, and are hidden.
  class Standing {
    constructor(element) {
      this.element = element;
      this.rows = [...element.children];
      this.entries = this.rows.map(({ dataset }, index) => ({
        ...dataset,
        findings: all(".finding", this.rows[index]).map((each) => each.dataset),
      }));
      tick(element);
    }
    show(numbers) {
      const seen = new Set(numbers);
      this.rows.forEach((row, index) => {
        show(row, seen.has(index));
        showFindings(this.entries[index], row);
      });
    }
  }

  // A list of a large page. Its rows are made in small slices, when they come into view, and are
  // taken away again far from it; what is open or in use stays.
  const PART = 40;
  const WEIGHT = 40;
  const HEIGHTS = { tiles: 15, lines: 25, jobs: 68, sections: 46 };
  const slices = new Map();
  let onPaper = false;
  const watcher =
    window.IntersectionObserver &&
    new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, boundingClientRect } of entries) {
          const slice = slices.get(target);
          if (slice && isIntersecting) slice.fill();
          else if (slice) slice.empty(boundingClientRect.height);
        }
      },
      { rootMargin: "900px 0px" },
    );
  class Slice {
    constructor(list, numbers, weight) {
      this.list = list;
      this.numbers = numbers;
      this.element = document.createElement(list.tag);
      this.element.className = `${list.kind} slice`;
      this.element.style.minHeight = `${weight * HEIGHTS[list.kind]}px`;
      if (list.tag === "ol") this.element.start = numbers[0] + 1;
      slices.set(this.element, this);
      watcher.observe(this.element);
    }
    fill() {
      if (this.isFull) return;
      this.isFull = true;
      this.element.innerHTML = this.numbers.map((number) => this.list.html(number)).join("\n");
      this.element.style.minHeight = "";
      this.numbers.forEach((number, index) => showFindings(this.list.entries[number], this.element.children[index]));
      tick(this.element);
    }
    empty(height) {
      if (!this.isFull || onPaper || this.element.querySelector("details[open], :focus")) return;
      this.isFull = false;
      this.element.style.minHeight = `${height}px`;
      this.element.replaceChildren();
    }
    end() {
      watcher.unobserve(this.element);
      slices.delete(this.element);
    }
  }
  const lines = document.getElementById("data-lines") ? data("lines") : [];
  const entriesOf = document.getElementById("data-entries") ? data("entries") : {};
  const entryOf = ([clinic, severity, who, change, words, anchor, findings]) => ({
    clinic,
    severity,
    who,
    change,
    words,
    anchor,
    findings: findings.map(entryOf),
  });
  class Made {
    constructor(element) {
      const { list, tag, kind } = element.dataset;
      Object.assign(this, { element, name: list, tag, kind, parts: [], slices: [] });
      this.entries = entriesOf[list].map(entryOf);
      this.show([...this.entries.keys()]);
    }
    html(number) {
      const part = Math.floor(number / PART);
      this.parts[part] = this.parts[part] || data(`${this.name}-${part}`);
      return this.parts[part][number % PART].map((each) => (typeof each === "number" ? lines[each] : each)).join("\n");
    }
    show(numbers) {
      for (const slice of this.slices) slice.end();
      this.slices = [];
      let some = [];
      let weight = 0;
      const cut = () => {
        if (some.length) this.slices.push(new Slice(this, some, weight));
        some = [];
        weight = 0;
      };
      for (const number of numbers) {
        some.push(number);
        weight += this.kind === "sections" ? 5 + this.entries[number].findings.length : 1;
        if (weight >= WEIGHT) cut();
      }
      cut();
      this.element.replaceChildren(...this.slices.map((slice) => slice.element));
    }
    reveal(anchor) {
      const number = this.entries.findIndex(
        (entry) => entry.anchor === anchor || entry.findings.some((each) => each.anchor === anchor),
      );
      const slice = this.slices.find((each) => each.numbers.includes(number));
      if (slice) slice.fill();
      return number >= 0 && !slice; // it is filtered out
    }
  }

  const listIn = (part) => {
    const made = part.querySelector(".rows");
    return made ? new Made(made) : new Standing(part.querySelector("ul, ol, .sections"));
  };
  const parts = all(".part").map((element) => {
    const count = element.querySelector(".count");
    return { element, count, whole: count && count.textContent, list: listIn(element) };
  });
  const sections = parts.find(({ element }) => element.querySelector(".sections, [data-kind=sections]"));
  const wholes = all(".whole").map((element) => ({
    element,
    parts: parts.filter((part) => element.contains(part.element)),
  }));

  // The filter
  const form = document.querySelector(".filters");
  const told = document.querySelector(".told");
  const nothing = document.querySelector(".nothing");
  let waiting;
  const clear = () => {
    form.reset();
    clearTimeout(waiting); // once: what is made now has to stay
    filter();
  };
  const filter = () => {
    const value = (name) => (form.elements[name] ? form.elements[name].value : "");
    wanted = {
      clinic: value("clinic"),
      severity: value("severity"),
      who: value("who"),
      change: value("change"),
      words: value("text").toLowerCase().split(/\s+/).filter(Boolean),
    };
    const isFiltered = Boolean(wanted.clinic || isNarrow() || wanted.words.length);
    const clinics = new Set(sections.list.entries.filter(isSeen).map(({ clinic }) => clinic));
    let findings = 0;
    for (const { findings: some } of sections.list.entries) findings += some.filter(fits).length;
    for (const { element, count, whole, list } of parts) {
      const isTile = element.matches(".verdict");
      const numbers = [...list.entries.keys()].filter((number) => {
        const entry = list.entries[number];
        return isTile ? clinics.has(entry.clinic) : isSeen(entry);
      });
      list.show(numbers);
      show(element, numbers.length > 0 || !isFiltered);
      if (count) count.textContent = isFiltered && numbers.length < list.entries.length ? `${numbers.length} of ${whole}` : whole;
    }
    for (const { element, parts: some } of wholes) {
      if (some.length) show(element, some.some((part) => !part.element.hidden));
    }
    show(nothing, isFiltered && wholes.every(({ element, parts: some }) => !some.length || element.hidden));
    const number = (amount, noun) => `${amount} ${noun}${amount === 1 ? "" : "s"}`;
    told.textContent = isFiltered ? `${number(findings, "finding")} at ${number(clinics.size, "clinic")}` : "";
  };
  form.hidden = false;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  form.addEventListener("reset", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter);
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  // A link leads to its finding: opened, in view, and where the keyboard goes on.
  const lead = () => {
    const anchor = decodeURIComponent(location.hash.slice(1));
    if (!anchor) return;
    const isOut = parts.some(({ list }) => list.reveal && list.reveal(anchor));
    const found = document.getElementById(anchor);
    if (isOut || (found && found.closest("[hidden]"))) {
      clear();
      for (const { list } of parts) if (list.reveal) list.reveal(anchor);
    }
    const target = document.getElementById(anchor);
    if (!target) return;
    for (let each = target; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") open(each);
    }
    // Again in the frames in which what lies above gets its size on a large page.
    let frames = 0;
    const settle = () => {
      target.scrollIntoView();
      if (frames++ < 6) requestAnimationFrame(settle);
    };
    settle();
    (target.querySelector(":scope > summary") || target).focus({ preventScroll: true });
  };
  addEventListener("hashchange", lead);
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) setTimeout(lead); // after the browser's own step
  });

  // On paper nothing can be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    onPaper = true;
    for (const slice of slices.values()) slice.fill();
    closed = all("details:not([open])");
    for (const each of closed) open(each);
  });
  addEventListener("afterprint", () => {
    onPaper = false;
    for (const each of closed) each.open = false;
  });

  if (document.readyState === "complete") lead();
  else addEventListener("load", () => setTimeout(lead));
});
