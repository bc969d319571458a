// A chart as a file of its own, with the style that the page gives it written into it.

import { drawn } from "./elements.js";

const WIDTH = 800;
const LEFT = 76;
const RIGHT = 24;
const TITLE = 44;
const FOOT = 36;
const STYLES = ["fill", "stroke", "stroke-width", "paint-order", "font-weight"];

/**
 * Write a chart as SVG; points link to where they are cited.
 *
 * @param {SVGSVGElement} chart as it is shown
 * @param {string} title
 * @param {string} key what its marks mean
 */
export function writeChart(chart, title, key) {
  const plot = /** @type {SVGSVGElement} */ (styledCopy(chart));
  const height = Number(chart.getAttribute("height"));
  plot.setAttribute("x", `${LEFT}`);
  plot.setAttribute("y", `${TITLE}`);
  plot.setAttribute("width", `${WIDTH - LEFT - RIGHT}`);
  plot.setAttribute("overflow", "visible");
  const { color, fontFamily } = getComputedStyle(chart);
  const paper = getComputedStyle(document.body).backgroundColor;
  const whole = drawn(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: WIDTH,
      height: TITLE + height + FOOT,
      "font-family": fontFamily,
      "font-size": 13,
      fill: color,
    },
    drawn("title", {}, title),
    drawn("rect", { width: "100%", height: "100%", fill: paper }),
    drawn("text", { x: RIGHT, y: 28, "font-size": 16, "font-weight": 600 }, title),
    plot,
    drawn("text", { x: RIGHT, y: TITLE + height + FOOT - 14 }, key),
  );
  return new XMLSerializer().serializeToString(whole);
}

/**
 * @param {Element} original
 * @returns {Element}
 */
function styledCopy(original) {
  const copy = /** @type {Element} */ (original.cloneNode(false));
  const style = getComputedStyle(original);
  for (const name of original.childElementCount === 0 ? STYLES : []) {
    copy.setAttribute(name, style.getPropertyValue(name));
  }
  copy.removeAttribute("class");
  copy.removeAttribute("data-follow");
  if (original instanceof SVGAElement) {
    copy.setAttribute("href", new URL(original.href.baseVal, document.baseURI).href);
  }
  const shown = [...original.childNodes].filter(
    (child) => !(child instanceof Element && child.matches(".reach")),
  );
  copy.append(
    ...shown.map((child) => (child instanceof Element ? styledCopy(child) : child.cloneNode())),
  );
  return copy;
}
