// What the pages do in the browser: buttons of answers raise events, marks open their source, tables sort, files are saved.
(() => {
  const events = { ask: "submit", filters: "select", save: "download", open: "expand", forget: "delete", sheet: "expand" };

  function openSource(mark) {
    const answer = mark.closest(".answer");
    const source = answer && answer.querySelector(`.source[data-number="${mark.dataset.source}"]`);
    if (!source) return;
    source.open = true;
    source.querySelector("summary").focus({ preventScroll: true });
    source.scrollIntoView({ block: "nearest" });
  }

  function sort(head) {
    const cell = head.closest("th");
    const table = cell.closest("table");
    const column = Number(head.dataset.column);
    const down = cell.getAttribute("aria-sort") === "ascending";
    for (const other of table.querySelectorAll("th")) other.setAttribute("aria-sort", "none");
    cell.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows];
    const key = (row) => row.cells[column].dataset.sort;
    rows.sort((a, b) => key(a).localeCompare(key(b), document.documentElement.lang, { numeric: true }) * (down ? -1 : 1));
    table.tBodies[0].append(...rows);
  }

  window.assistantSave = (file) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.text], { type: `${file.type};charset=utf-8` }));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-source], [data-event], .sort, [data-language]");
    if (!target) return;
    if (target.dataset.source) openSource(target);
    else if (target.dataset.column) sort(target);
    else if (target.dataset.language) localStorage.setItem("assistant-language", target.dataset.language);
    else if (window.assistantSend) window.assistantSend(events[target.dataset.event], JSON.parse(target.dataset.sent));
  });

  // Messages are HTML: what is copied is what is read.
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("#conversation .message-buttons button[title^=Cop]");
    if (!copy) return;
    event.stopPropagation();
    event.preventDefault();
    navigator.clipboard.writeText(copy.closest(".message-buttons").previousElementSibling.querySelector(".message-content").innerText.trim());
    copy.setAttribute("aria-pressed", "true");
  }, true);

  // A question that is edited is text too.
  function editText(field) {
    if (!field.value.startsWith("<p>")) return;
    field.value = new DOMParser().parseFromString(field.value.replaceAll("</p><p>", "\n"), "text/html").body.textContent;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The page keeps its language, whatever the browser's; which page, by the browser's language unless one was chosen.
  const here = document.documentElement.lang;
  new MutationObserver(() => {
    if (document.documentElement.lang !== here) document.documentElement.lang = here;
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  const wanted = localStorage.getItem("assistant-language") || ((navigator.language || "fr").startsWith("fr") ? "fr" : "en");
  if (here === "fr" && wanted === "en" && !location.pathname.startsWith("/en")) location.replace("/en" + location.pathname + location.search);

  // A new question goes to the top of the conversation, so that its answer is read from its beginning.
  let asked = 0;
  new MutationObserver(() => {
    const questions = document.querySelectorAll("#conversation .user-row");
    if (questions.length > asked) questions[questions.length - 1].scrollIntoView({ block: "start" });
    asked = questions.length;
    document.querySelectorAll("#conversation .message-row textarea").forEach(editText);
    document.querySelector(".examples[role=list]")?.removeAttribute("role"); // its buttons are no list items
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
