// Asked of the page in the browser; each function's answer is plain data.
(() => {
  const colour = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  // WCAG 2.2, relative luminance and contrast ratio
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.alpha === 1) return found.rgb;
      if (found.alpha > 0) throw new Error(`half-seen background of ${at.tagName}`);
    }
    return colour(getComputedStyle(document.documentElement).backgroundColor).alpha ? [0, 0, 0] : [255, 255, 255];
  };
  const meets = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
  const hidden = (element) =>
    element.closest("title, desc, style") || getComputedStyle(element.closest("thead") ?? element).clipPath !== "none";
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || hidden(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const box = range.getBoundingClientRect();
      const lines = [...range.getClientRects()];
      if (box.width && box.height) found.push({ element, box, lines, said: walker.currentNode.data.trim() });
    }
    return found;
  };
  return {
    // texts whose colour is too near to what is behind them
    pale(least) {
      const found = [];
      const note = (said, ink, grounds) => {
        const worst = Math.min(...grounds.map((ground) => contrast(ink, ground)));
        if (worst < least) found.push(`${said.slice(0, 40)}: ${worst.toFixed(2)}`);
      };
      const all = texts();
      for (const { element, box, said } of all) {
        const style = getComputedStyle(element);
        const drawing = element.closest("svg");
        const ink = colour(drawing ? style.fill : style.color);
        if (ink.alpha !== 1 || Number(style.opacity) !== 1) throw new Error(`half-seen text: ${said}`);
        const grounds = [behind(element)];
        for (const shape of drawing ? drawing.querySelectorAll("rect, circle") : []) {
          if (meets(box, shape.getBoundingClientRect())) grounds.push(colour(getComputedStyle(shape).fill).rgb);
        }
        note(said, ink.rgb, grounds);
      }
      for (const cell of document.querySelectorAll("td")) {
        const before = getComputedStyle(cell, "::before");
        if (before.content !== "none" && getComputedStyle(cell).display !== "none")
          note(before.content, colour(before.color).rgb, [behind(cell)]);
      }
      return { found, seen: all.length };
    },
    // what sticks out of the window, and letters of drawings that stick out of their drawing
    outside() {
      const found = [];
      for (const { box, element, said } of texts()) {
        const drawing = element.closest("svg")?.getBoundingClientRect();
        const [left, right] = drawing ? [drawing.left, drawing.right] : [0, innerWidth];
        if (box.left < left - 0.5 || box.right > right + 0.5) found.push(said.slice(0, 60));
      }
      if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
      return found;
    },
    // texts that lie on one another
    overlaps() {
      const found = [];
      const all = texts();
      for (let i = 0; i < all.length; i++)
        for (let j = i + 1; j < all.length && j < i + 60; j++)
          if (all[i].element !== all[j].element && all[i].lines.some((one) => all[j].lines.some((other) => meets(one, other))))
            found.push(`${all[i].said.slice(0, 30)} | ${all[j].said.slice(0, 30)}`);
      return found;
    },
    unseen() {
      return [...document.querySelectorAll("header, nav, main > section, figure, svg, table, footer, h1, h2, h3")]
        .filter((each) => !each.checkVisibility() || each.getBoundingClientRect().height < 1)
        .map((each) => each.id || each.tagName);
    },
    boxes(selector) {
      return [...document.querySelectorAll(selector)].map((each) => {
        const { left, right, width, top, height } = each.getBoundingClientRect();
        return { left, right, width, top, height };
      });
    },
    focus() {
      const at = document.activeElement;
      const box = at.getBoundingClientRect();
      const style = getComputedStyle(at);
      return {
        what: at.getAttribute("href") ?? at.id ?? "",
        seen: box.top >= 0 && box.height > 0 && box.left >= 0,
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      };
    },
    colours() {
      const style = getComputedStyle(document.body);
      return { ink: style.color, heading: getComputedStyle(document.querySelector("h1")).color };
    },
  };
})()
