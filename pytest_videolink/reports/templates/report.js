"use strict";
// In a task of its own, so that a large page shows before it is ready to filter.
setTimeout(() => {
  const all = (selector, below = document) => [...below.querySelectorAll(selector)];

  // A large page keeps what a finding says as text until it is opened, which is quicker to load.
  const unfold = (details) => {
    const folded = details.querySelector(":scope > noscript");
    if (folded) folded.outerHTML = folded.textContent;
  };
  const open = (details) => {
    unfold(details);
    details.open = true;
  };
  addEventListener("toggle", (event) => unfold(event.target), true);

  // A link leads to its finding: opened, in view, and where the keyboard goes on.
  const lead = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let each = target; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") open(each);
    }
    target.scrollIntoView();
    // Once more, when the clinics above, which a large page lays out only in view, have their size.
    requestAnimationFrame(() => requestAnimationFrame(() => target.scrollIntoView()));
    (target.querySelector(":scope > summary") || target).focus({ preventScroll: true });
  };
  addEventListener("hashchange", lead);
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) setTimeout(lead); // after the browser's own step
  });

  // The filter
  const form = document.querySelector(".filters");
  const told = document.querySelector(".told");
  const nothing = document.querySelector(".nothing");
  const clinics = all(".clinic").map((element) => ({
    element,
    id: element.dataset.clinic,
    words: element.dataset.words,
    findings: all(".finding", element),
  }));
  const groups = all(".group").map((element) => ({ element, jobs: all(".job", element) }));
  const tiles = all(".tiles > li");

  const clear = () => {
    form.reset();
    filter();
  };
  const show = (element, is) => {
    if (element.hidden === is) element.hidden = !is;
  };
  const filter = () => {
    const value = (name) => (form.elements[name] ? form.elements[name].value : "");
    const clinic = value("clinic");
    const severity = value("severity");
    const who = value("who");
    const change = value("change");
    const words = value("text").toLowerCase().split(/\s+/).filter(Boolean);
    const narrowed = Boolean(severity || who || change);
    const fits = ({ dataset }) =>
      (!clinic || dataset.clinic === clinic) &&
      (!severity || dataset.severity === severity) &&
      (!who || dataset.who === who) &&
      (!change || dataset.change === change) &&
      words.every((word) => dataset.words.includes(word));
    const seen = new Set();
    let findings = 0;
    for (const each of clinics) {
      let some = 0;
      for (const finding of each.findings) {
        const is = fits(finding);
        show(finding, is);
        some += is;
      }
      const itself = !narrowed && (!clinic || each.id === clinic) && words.every((word) => each.words.includes(word));
      show(each.element, itself || some > 0);
      if (itself || some) seen.add(each.id);
      findings += some;
    }
    for (const { element, jobs } of groups) {
      let some = 0;
      for (const job of jobs) {
        const is = fits(job);
        show(job, is);
        some += is;
      }
      show(element, some > 0);
    }
    for (const tile of tiles) show(tile, seen.has(tile.dataset.clinic));
    show(nothing, seen.size === 0);
    const filtered = clinic || narrowed || words.length;
    const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
    told.textContent = filtered ? `${count(findings, "finding")} at ${count(seen.size, "clinic")}` : "";
  };
  if (form) {
    let waiting;
    form.hidden = false;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 120);
    });
    form.addEventListener("reset", () => setTimeout(filter));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // What is ticked off stays so in this browser, for this report alone.
  const place = `pytest-videolink ${document.body.dataset.checked}`;
  const boxes = all(".job input");
  const kept = () => {
    try {
      return new Set(JSON.parse(localStorage.getItem(place)) || []);
    } catch {
      return new Set();
    }
  };
  const done = kept();
  for (const box of boxes) {
    box.checked = done.has(box.dataset.key);
    box.addEventListener("change", () => {
      const ticked = boxes.filter((each) => each.checked).map((each) => each.dataset.key);
      try {
        localStorage.setItem(place, JSON.stringify(ticked));
      } catch {
        // Some browsers keep nothing for a page from a disk.
      }
    });
  }

  // On paper nothing can be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const each of closed) open(each);
  });
  addEventListener("afterprint", () => {
    for (const each of closed) each.open = false;
  });

  if (document.readyState === "complete") lead();
  else addEventListener("load", () => setTimeout(lead));
});
