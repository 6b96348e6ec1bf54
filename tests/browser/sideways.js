// What is wider than the window, where the page scrolls sideways; what scrolls in a place of its own is well.
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const held = (node) => {
    for (let above = node.parentElement; above && above !== document.body; above = above.parentElement)
      if (getComputedStyle(above).overflowX !== "visible") return true;
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter((node) => node.getBoundingClientRect().right > root.clientWidth + 0.5 && !held(node));
  return [`${root.scrollWidth} px`, ...wide.slice(0, 8).map((node) => `${node.outerHTML.slice(0, 140)} (${Math.round(node.getBoundingClientRect().right)})`)];
};
