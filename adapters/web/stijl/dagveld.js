// A field for a day shows it as the browser's own language writes it; beside it stands the day in the words of the page.
"use strict";
(() => {
  const taal = document.documentElement.lang === "en" ? "en-GB" : "nl-NL";
  const dag = new Intl.DateTimeFormat(taal, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  document.addEventListener("input", ({ target }) => {
    const naast = target.matches?.("[type=date], [type=datetime-local]") && document.getElementById(`${target.id}-dag`);
    if (!naast) return;
    const [uur, minuut] = target.value.slice(11).split(":");
    const tijd = !minuut ? "" : taal === "nl-NL" ? `, ${Number(uur)}.${minuut} uur` : `, ${uur}:${minuut}`;
    naast.textContent = target.value ? dag.format(target.valueAsNumber).replace(",", "") + tijd : "";
  });
})();
