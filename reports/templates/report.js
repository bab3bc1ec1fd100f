"use strict";
(() => {
  const form = document.querySelector("nav form");
  const items = [...document.querySelectorAll("[data-verdict]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const none = document.querySelector("#nothing-left");
  const show = () => {
    const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = form.verdict.value;
    for (const item of items) {
      const text = item.textContent.toLowerCase();
      item.hidden = (verdict !== "" && item.dataset.verdict !== verdict)
        || !words.every((word) => text.includes(word));
    }
    for (const group of groups) {
      group.hidden = ![...group.querySelectorAll("[data-verdict]")].some((item) => !item.hidden);
    }
    none.hidden = items.length === 0 || items.some((item) => !item.hidden);
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll(".finding details")) details.open = true;
  });
})();
