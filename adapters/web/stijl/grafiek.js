// The year as a chart of uPlot, in place of the server's drawing of its bands; and the button that prints.
"use strict";
(() => {
  const kaal = (tekst) => (tekst === null ? "–" : tekst);

  function teken(figuur) {
    const beeld = JSON.parse(figuur.dataset.verloop);
    const doek = figuur.querySelector(".verloop-doek");
    const vlak = figuur.querySelector(".verloop-vlak");
    const dagveld = figuur.querySelector("[data-dag]");
    const velden = Object.fromEntries([...figuur.querySelectorAll("[data-band]")].map((veld) => [veld.dataset.band, veld]));
    const eerst = { dag: dagveld.textContent, velden: Object.fromEntries(Object.entries(velden).map(([naam, veld]) => [naam, veld.innerHTML])) };
    const aantal = beeld.totalen.length;
    if (!aantal || !beeld.breed) return;
    const heel = (aantal - 1) / (beeld.breed / 100);
    const getal = new Intl.NumberFormat(beeld.taal === "en" ? "en-GB" : "nl-NL");
    const datum = new Intl.DateTimeFormat(beeld.taal === "en" ? "en-GB" : "nl-NL", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const op = (dag) => new Date(Date.parse(beeld.van + "T00:00:00Z") + dag * 864e5);

    // Cumulative from the ground up; drawn from the top down, so that each lower one covers what lies under it.
    let onder = new Array(aantal).fill(0);
    const gestapeld = beeld.banden.map((waarden) => (onder = onder.map((som, dag) => som + (waarden[dag] ?? 0))));
    const gegevens = [[...Array(aantal).keys()], ...gestapeld.slice().reverse()];
    const stijl = getComputedStyle(figuur);
    const proef = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    figuur.querySelector(".verloop-tekening").append(proef);
    const kleur = (naam) => {
      proef.setAttribute("class", "band vul-" + naam);
      return getComputedStyle(proef).fill;
    };
    const gearceerd = new Set(["leerplicht_ingeschakeld", "leerplicht_afgehandeld", "verborgen", "afgewezen", "niet_verschenen"]);

    function vulling(naam) {
      const grond = kleur(naam);
      if (!gearceerd.has(naam)) return grond;
      const maat = 8 * devicePixelRatio;
      const tegel = document.createElement("canvas");
      tegel.width = tegel.height = maat;
      const pen = tegel.getContext("2d");
      pen.fillStyle = grond;
      pen.fillRect(0, 0, maat, maat);
      proef.setAttribute("class", "arcering-streep");
      pen.strokeStyle = getComputedStyle(proef).fill;
      pen.globalAlpha = 0.65;
      pen.lineWidth = maat / 4;
      for (const van of [-maat, 0, maat]) {
        pen.beginPath();
        pen.moveTo(van - 2, maat + 2);
        pen.lineTo(van + maat + 2, -2);
        pen.stroke();
      }
      return pen.createPattern(tegel, "repeat");
    }

    function opties() {
      proef.setAttribute("class", "band");
      const rand = getComputedStyle(proef).stroke;
      const reeksen = beeld.namen.slice().reverse().map((naam) => ({ label: naam, fill: vulling(naam), stroke: rand, width: 1.5, points: { show: false } }));
      return {
        width: doek.clientWidth,
        height: doek.clientHeight,
        padding: [0, 0, 0, 0],
        legend: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: { x: { time: false, range: () => [0, heel] }, y: { range: () => [0, beeld.hoogst] } },
        series: [{}, ...reeksen],
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        hooks: { setCursor: [(grafiek) => wijs(grafiek.cursor.left < 0 ? null : grafiek.cursor.idx)] },
      };
    }

    function wijs(dag) {
      if (dag === null || dag === undefined) {
        dagveld.textContent = eerst.dag;
        for (const [naam, veld] of Object.entries(velden)) veld.innerHTML = eerst.velden[naam];
        return;
      }
      dagveld.textContent = datum.format(op(dag));
      const tonen = (naam, waarde) => (velden[naam].textContent = waarde === null ? kaal(null) : getal.format(waarde));
      beeld.namen.forEach((naam, plek) => tonen(naam, beeld.banden[plek][dag]));
      tonen("totaal", beeld.totalen[dag]);
    }

    let grafiek = null;
    function opnieuw() {
      grafiek?.destroy();
      grafiek = new uPlot(opties(), gegevens, doek);
      grafiek.over.addEventListener("click", () => {
        const dag = grafiek.cursor.idx;
        if (dag === null || dag === undefined) return;
        const adres = new URL(beeld.adres, location.href);
        adres.searchParams.set("peildatum", op(dag).toISOString().slice(0, 10));
        location.assign(adres);
      });
    }
    opnieuw();
    figuur.classList.add("met-doek");
    figuur.parentElement.querySelectorAll(".met-script").forEach((uitleg) => (uitleg.hidden = false));
    new ResizeObserver(() => grafiek.setSize({ width: vlak.clientWidth, height: vlak.clientHeight })).observe(vlak);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", opnieuw);
  }

  document.querySelectorAll("[data-verloop]").forEach(teken);
  document.querySelectorAll("[data-druk]").forEach((knop) => {
    knop.hidden = false;
    knop.addEventListener("click", () => print());
  });
})();
